#include "core/wire/relay.hpp"

#include <cerrno>

#include "core/model/errno_text.hpp"
#include "core/model/problem.hpp"
#include "core/wire/relay_ports.hpp"
#include "core/wire/wire_thread.hpp"

namespace socketscope::wire {

struct Relay::Impl {
    explicit Impl(std::unique_ptr<RelayPorts> made)
        : ports(*made), thread(Carrier::Form::payloads, std::move(made)) {}

    RelayPorts& ports;  // owned by the thread, and used in it only
    WireThread thread;
};

Relay::Relay() : impl_(std::make_unique<Impl>(std::make_unique<RelayPorts>())) {}
Relay::~Relay() = default;

socket::Address Relay::publish(model::Host host, const socket::Address& real) {
    socket::Address published;
    int error = 0;
    impl_->thread.in_thread([&] {
        published = impl_->ports.publish(host, real);
        error = errno;
    });
    if (published.empty()) {
        throw model::Failure({"no relay for " + socket::to_text(real), "", model::errno_sentence(error), ""});
    }
    return published;
}

void Relay::begin_lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& log) {
    impl_->thread.begin_lane(link, seed, log);
}
bool Relay::wait_quiet(model::TimeNs quiet_ns, model::TimeNs limit_ns) {
    return impl_->thread.wait_quiet(quiet_ns, limit_ns);
}
void Relay::end_run() {
    impl_->thread.end_run();
    impl_->thread.in_thread([this] { impl_->ports.forget_all(); });
}
void Relay::command(Command command) {
    impl_->thread.command(command);
}
std::string Relay::failure() const {
    return impl_->thread.failure();
}

}  // namespace socketscope::wire
