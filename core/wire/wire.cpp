#include "core/wire/wire.hpp"

#include <utility>

#include "core/wire/device_ports.hpp"
#include "core/wire/wire_thread.hpp"

namespace socketscope::wire {

struct Wire::Impl {
    WireThread thread;
};

Wire::Wire(host::LinkEnd client, host::LinkEnd server)
    : impl_(new Impl{WireThread(Carrier::Form::ip_packets,
                                std::make_unique<DevicePorts>(std::move(client), std::move(server)))}) {}
Wire::~Wire() = default;

void Wire::begin_lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& log) {
    impl_->thread.begin_lane(link, seed, log);
}
bool Wire::wait_quiet(model::TimeNs quiet_ns, model::TimeNs limit_ns) {
    return impl_->thread.wait_quiet(quiet_ns, limit_ns);
}
void Wire::end_run() {
    impl_->thread.end_run();
}
void Wire::command(Command command) {
    impl_->thread.command(command);
}
std::string Wire::failure() const {
    return impl_->thread.failure();
}

}  // namespace socketscope::wire
