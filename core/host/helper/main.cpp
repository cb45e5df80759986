// socketscope-hosts: keeps the two hosts' namespaces and makes sockets in them, for as long as its parent lives.
//
// Started by host::Hosts with one argument, the rung (tun or veth), and its end of a SOCK_SEQPACKET pair as
// descriptor 3. It ends at end of file on that pair. PR_SET_PDEATHSIG would not do: it fires when the *thread* that
// started us ends (prctl(2)), and says nothing of a parent that closed the pair.
#include <fcntl.h>
#include <linux/if_packet.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "core/host/helper/device.hpp"
#include "core/host/helper/namespaces.hpp"
#include "core/host/helper/programs.hpp"
#include "core/host/helper/step.hpp"
#include "core/host/helper/sysctl.hpp"
#include "core/host/make_socket.hpp"
#include "core/host/message.hpp"
#include "core/model/sysctl.hpp"

namespace socketscope::host::helper {
namespace {

class Server {
public:
    Server(Namespaces namespaces, const DeviceEnds& ends)
        : namespaces_(std::move(namespaces)),
          packet_sockets_{packet_socket(ends.client), packet_socket(ends.server)} {}

    // Serves until the other side is gone.
    void serve() {
        Message request;
        while (receive_message(kHelperSocket, request) == 0) {
            programs_.reap();
            if (send_message(kHelperSocket, answer(request)) != 0) return;
        }
    }

private:
    Message answer(const Message& request) {
        Message reply;
        reply.op = request.op;
        try {
            switch (request.op) {
                case Op::ready:
                    reply.error = EPROTO;
                    break;
                case Op::make_socket:
                    make_socket(request, reply);
                    break;
                case Op::set_sysctl:
                    set_sysctl(request, reply);
                    break;
                case Op::restore_sysctls:
                    restore_sysctls();
                    break;
                case Op::device_drops:
                    count_drops(request, reply);
                    break;
                case Op::start_program:
                    start_program(request, reply);
                    break;
                case Op::end_program:
                    programs_.end(static_cast<int>(request.numbers[0]));
                    break;
            }
        } catch (const StepFailed& failed) {
            reply.error = failed.error;
            reply.text = failed.step;
        }
        return reply;
    }

    void make_socket(const Message& request, Message& reply) {
        namespaces_.enter(request.host);
        const auto [domain, type, protocol, unused] = request.numbers;
        MadeSocket made =
            make_socket_here(static_cast<int>(domain), static_cast<int>(type), static_cast<int>(protocol));
        reply.error = made.error;
        reply.numbers = {made.enter_ns, made.exit_ns, made.send_buffer, made.receive_buffer};
        if (made.fd) reply.descriptors.push_back(std::move(made.fd));
    }

    void set_sysctl(const Message& request, Message& reply) {
        const std::size_t equals = request.text.find('=');
        const std::string name = request.text.substr(0, equals);
        const std::string value = equals == std::string::npos ? "" : request.text.substr(equals + 1);
        reply.numbers[0] = model::sysctl_allowed(name);
        for (const model::Host host : {model::Host::client, model::Host::server}) {
            namespaces_.enter(host);
            reply.error = sysctls_[static_cast<int>(host)].set(name, value);
            if (reply.error) return;
        }
    }

    void restore_sysctls() {
        for (const model::Host host : {model::Host::client, model::Host::server}) {
            namespaces_.enter(host);
            sysctls_[static_cast<int>(host)].restore();
        }
    }

    // What never reached the wire: dropped by the device, or (veth) for want of room in the packet socket.
    void count_drops(const Message& request, Message& reply) {
        namespaces_.enter(request.host);
        const int host = static_cast<int>(request.host);
        const std::uint64_t now = dropped_by_device();
        reply.numbers[0] = static_cast<std::int64_t>(now - drops_[host]);
        drops_[host] = now;
        tpacket_stats since{};  // reading them starts them anew (packet(7), PACKET_STATISTICS)
        socklen_t size = sizeof since;
        const int fd = packet_sockets_[host].get();
        if (fd >= 0 && ::getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &since, &size) == 0) {
            reply.numbers[0] += since.tp_drops;
        }
    }

    // A descriptor of our own for the same socket; none on the TUN rung.
    static socket::Fd packet_socket(const DeviceEnd& end) {
        return socket::Fd(end.ifindex ? ::fcntl(end.fd.get(), F_DUPFD_CLOEXEC, 0) : -1);
    }

    void start_program(const Message& request, Message& reply) {
        if (request.descriptors.empty()) {
            reply.error = EMFILE;
            return;
        }
        namespaces_.enter(request.host);
        const int pid = programs_.start(request.text, request.descriptors[0]);
        if (pid < 0) reply.error = -pid;
        reply.numbers[0] = pid;
    }

    Namespaces namespaces_;
    socket::Fd packet_sockets_[2];
    Sysctls sysctls_[2];
    std::uint64_t drops_[2]{};
    Programs programs_;
};

// Nothing of the parent but the pair and stderr: an inherited pipe would never reach its end of file.
void keep_only_what_is_ours() {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        ::dup2(null, 0);
        ::dup2(null, 1);
    }
    ::syscall(SYS_close_range, kHelperSocket + 1, ~0U, 0);
    ::fcntl(kHelperSocket, F_SETFD, FD_CLOEXEC);
    ::prctl(PR_SET_NAME, "socketscope-hosts");
}

// Programs of an administrator (tcpdump, ss) are not on an ordinary user's path.
void widen_path() {
    const char* path = ::getenv("PATH");
    ::setenv("PATH", (std::string(path ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin").c_str(), 1);
}

int run(std::string_view rung) {
    Message ready;
    try {
        Namespaces namespaces;
        DeviceEnds ends = rung == "tun" ? make_tun_devices(namespaces) : make_veth_devices(namespaces);
        ready.numbers = {ends.client.ifindex, ends.server.ifindex, ends.client.has_ipv6,
                         ends.server.has_ipv6};
        Server server(std::move(namespaces), ends);
        ready.descriptors.push_back(std::move(ends.client.fd));
        ready.descriptors.push_back(std::move(ends.server.fd));
        if (send_message(kHelperSocket, ready) != 0) return 1;
        ready.descriptors.clear();
        server.serve();
        return 0;
    } catch (const StepFailed& failed) {
        ready.error = failed.error;
        ready.text = failed.step;
        ready.descriptors.clear();
        send_message(kHelperSocket, ready);
        return 1;
    }
}

}  // namespace
}  // namespace socketscope::host::helper

int main(int count, char** arguments) {
    using namespace socketscope::host;
    const std::string_view rung = count == 2 ? arguments[1] : "";
    if ((rung != "tun" && rung != "veth") || ::fcntl(kHelperSocket, F_GETFD) < 0) {
        std::fputs("socketscope-hosts is started by socketscope, which hands it one end of a socket pair.\n",
                   stderr);
        return 2;
    }
    helper::keep_only_what_is_ours();
    helper::widen_path();
    return helper::run(rung);
}
