#include "core/host/hosts.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "core/host/helper_process.hpp"
#include "core/host/ladder.hpp"
#include "core/host/message.hpp"
#include "core/model/errno_text.hpp"
#include "core/model/problem.hpp"

namespace socketscope::host {
struct Hosts::Impl {
    RungReport report;
    std::unique_ptr<HelperProcess> helper;  // on rungs 1 and 2
    std::string last_missing;               // without the rung in front

    // "TUN: …. veth: ….", or "TUN, veth: …." where the same is in the way of both.
    void say_missing(Rung rung, const std::string& why) {
        const std::string word = rung == Rung::tun ? "TUN" : rung == Rung::veth ? "veth" : rung_name(rung);
        if (why == last_missing)
            report.missing.insert(report.missing.size() - why.size() - 2, ", " + word);
        else
            report.missing += (report.missing.empty() ? "" : " ") + word + ": " + why;
        last_missing = why;
    }

    // Puts us on that rung if the machine allows it; else adds why not to report.missing.
    bool stand_on(Rung rung) {
        std::string why;
        if (rung == Rung::tun || rung == Rung::veth) {
            auto started = std::make_unique<HelperProcess>();
            const Refusal refusal = started->start(rung);
            if (refusal.step.empty())
                helper = std::move(started);
            else
                why = explain(refusal);
        } else if (rung == Rung::loopback && !loopback_works()) {
            why = "neither 127.0.0.1 nor UNIX sockets can be used.";
        }
        if (!why.empty()) {
            say_missing(rung, why);
            return false;
        }
        report.rung = rung;
        report.name = rung_name(rung);
        return true;
    }
};

Hosts::Hosts() : impl_(std::make_unique<Impl>()) {}
Hosts::~Hosts() = default;

std::unique_ptr<Hosts> Hosts::open() {
    std::unique_ptr<Hosts> hosts(new Hosts);
    Impl& impl = *hosts->impl_;
    if (const std::optional<Rung> forced = forced_rung()) {
        impl.report.forced = true;
        if (impl.stand_on(*forced)) return hosts;
        throw model::NotPossible(
            {"the rung \"" + rung_name(*forced) + "\" that SOCKETSCOPE_RUNG asks for is not possible here",
             "", impl.report.missing, "leave SOCKETSCOPE_RUNG unset for the best rung there is"});
    }
    for (const Rung rung : {Rung::tun, Rung::veth, Rung::loopback, Rung::replay}) {
        if (impl.stand_on(rung)) break;
    }
    return hosts;
}

const RungReport& Hosts::report() const {
    return impl_->report;
}

MadeSocket Hosts::make_socket(model::Host host, int domain, int type, int protocol) {
    if (impl_->report.rung == Rung::replay) {
        throw model::NotPossible(
            {"no socket is made on the rung \"replay only\"", "", impl_->report.missing, ""});
    }
    if (!impl_->helper) return make_socket_here(domain, type | SOCK_CLOEXEC, protocol);
    Message request{Op::make_socket, host, 0, {domain, type, protocol, 0}, "", {}};
    Message reply = impl_->helper->ask(request);
    MadeSocket made;
    made.error = reply.error;
    made.enter_ns = reply.numbers[0];
    made.exit_ns = reply.numbers[1];
    made.send_buffer = static_cast<int>(reply.numbers[2]);
    made.receive_buffer = static_cast<int>(reply.numbers[3]);
    if (!reply.descriptors.empty()) made.fd = std::move(reply.descriptors[0]);
    // The kernel hands descriptors over up to RLIMIT_NOFILE and drops the rest (unix(7)).
    if (!made.fd && !made.error) made.error = EMFILE;
    return made;
}

void Hosts::hurry_when(const std::atomic<bool>& stop) {
    if (impl_->helper) impl_->helper->hurry_when(stop);
}

LinkEnd Hosts::take_link_end(model::Host host) {
    return impl_->helper ? impl_->helper->take_link_end(host) : LinkEnd{};
}

std::vector<std::string> Hosts::addresses(model::Host host) const {
    std::vector<std::string> addresses;
    if (impl_->report.rung == Rung::replay) return addresses;
    const auto has = [&](bool ipv6) {
        if (impl_->helper) return !ipv6 || impl_->helper->has_ipv6(host);
        return loopback_problem(ipv6).empty();
    };
    for (const bool ipv6 : {false, true})
        if (has(ipv6)) addresses.push_back(address_of(impl_->report.rung, host, ipv6));
    return addresses;
}

std::string Hosts::set_sysctl(const std::string& name, const std::string& value) {
    if (!impl_->helper)
        return name + " can't be set on the rung \"" + impl_->report.name + "\": it has no hosts of its own";
    const Message reply = impl_->helper->ask({Op::set_sysctl, {}, 0, {}, name + "=" + value, {}});
    if (!reply.error) return "";
    if (!reply.numbers[0]) return name + " is not among the settings that may be changed";
    std::string why = name + " = " + value + ": " + model::errno_name(reply.error) + " (" +
                      std::strerror(reply.error) + ")";
    if (reply.error == ENOENT) why += "; this kernel has no such setting";
    if (reply.error == EROFS) why += "; /proc/sys is read-only here, as containers have it";
    return why;
}

void Hosts::restore_sysctls() {
    if (impl_->helper) impl_->helper->ask({Op::restore_sysctls, {}, 0, {}, "", {}});
}

std::uint64_t Hosts::device_drops(model::Host host) {
    if (!impl_->helper) return 0;
    return static_cast<std::uint64_t>(impl_->helper->ask({Op::device_drops, host, 0, {}, "", {}}).numbers[0]);
}

int Hosts::start_program(model::Host host, const std::string& command, int output_fd) {
    const model::Problem problem{"`" + command + "` could not be started",
                                 host == model::Host::client ? "client" : "server", "", ""};
    auto fail = [&](std::string why) {
        model::Problem said = problem;
        said.why = std::move(why);
        throw model::Failure(said);
    };
    if (!impl_->helper) fail("the rung \"" + impl_->report.name + "\" has no hosts to run it in");
    Message request{Op::start_program, host, 0, {}, command, {}};
    request.descriptors.emplace_back(::fcntl(output_fd, F_DUPFD_CLOEXEC, 0));
    if (!request.descriptors[0]) fail(model::errno_sentence(errno));
    if (command.size() > kLongestText) fail("the command is longer than 64 KB");
    const Message reply = impl_->helper->ask(request);
    if (reply.error) fail(model::errno_sentence(reply.error));
    return static_cast<int>(reply.numbers[0]);
}

void Hosts::end_program(int pid) {
    if (impl_->helper) impl_->helper->ask({Op::end_program, {}, 0, {pid, 0, 0, 0}, "", {}});
}

int Hosts::helper_pid() const {
    return impl_->helper ? impl_->helper->pid() : 0;
}

int Hosts::helper_socket() const {
    return impl_->helper ? impl_->helper->socket() : -1;
}

}  // namespace socketscope::host
