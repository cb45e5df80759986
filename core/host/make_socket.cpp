#include "core/host/make_socket.hpp"

#include <sys/socket.h>
#include <time.h>

#include <cerrno>

namespace socketscope::host {
namespace {

model::TimeNs now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * model::kSecond + now.tv_nsec;
}

int buffer_size(int fd, int option) {
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? 0 : value;
}

}  // namespace

MadeSocket make_socket_here(int domain, int type, int protocol) {
    MadeSocket made;
    made.enter_ns = now_ns();
    made.fd = socket::Fd(::socket(domain, type, protocol));
    made.error = made.fd ? 0 : errno;
    made.exit_ns = now_ns();
    if (!made.fd) return made;
    made.send_buffer = buffer_size(made.fd.get(), SO_SNDBUF);
    made.receive_buffer = buffer_size(made.fd.get(), SO_RCVBUF);
    return made;
}

}  // namespace socketscope::host
