#include "core/model/call.hpp"

#include <array>

namespace socketscope::model {

namespace {

using enum CallClass;

constexpr std::array<CallRow, static_cast<std::size_t>(Call::count)> kCalls{{
    {Call::socket, "socket", "socket(2)", "socket()", "makes a socket and returns its descriptor",
     makes_socket},
    {Call::socketpair, "socketpair", "socketpair(2)", "a, b = socketpair()",
     "makes two sockets that are connected to each other", makes_socket},
    {Call::bind, "bind", "bind(2)", "bind(fd, address)", "gives the socket its own address", names},
    {Call::listen, "listen", "listen(2)", "listen(fd, backlog)",
     "lets the kernel accept connections for this socket", connects},
    {Call::accept, "accept", "accept(2)", "a = accept(fd)", "takes a finished connection from the queue",
     makes_socket},
    {Call::connect, "connect", "connect(2)", "connect(fd, address)",
     "connects a stream; for datagrams it only fixes the peer", connects},
    {Call::send, "send", "send(2)", "send(fd, data, flags)", "hands bytes to the kernel", CallClass::sends},
    {Call::recv, "recv", "recv(2)", "recv(fd, length, flags)", "takes bytes from the receive queue",
     CallClass::receives},
    {Call::sendto, "sendto", "sendto(2)", "sendto(fd, data, address, flags)",
     "hands one message for that address to the kernel", CallClass::sends},
    {Call::recvfrom, "recvfrom", "recvfrom(2)", "recvfrom(fd, length, flags)",
     "takes bytes and says who sent them", CallClass::receives},
    {Call::sendmsg, "sendmsg", "sendmsg(2)", "sendmsg(fd, data, …)", "sends bytes with control messages",
     CallClass::sends},
    {Call::recvmsg, "recvmsg", "recvmsg(2)", "recvmsg(fd, length, flags)",
     "receives bytes with control messages", CallClass::receives},
    {Call::read, "read", "read(2)", "read(fd, length)", "reads from the socket as from a file",
     CallClass::receives},
    {Call::write, "write", "write(2)", "write(fd, data)", "writes to the socket as to a file",
     CallClass::sends},
    {Call::shutdown, "shutdown", "shutdown(2)", "shutdown(fd, SHUT_WR)",
     "ends one or both directions of a connection", ends},
    {Call::close, "close", "close(2)", "close(fd)", "gives the descriptor back", ends},
    {Call::dup, "dup", "dup(2)", "b = dup(a)", "makes a second descriptor for the same socket", makes_socket},
    {Call::poll, "poll", "poll(2)", "poll(fd, POLLIN, 1s)",
     "waits until something can be done without blocking", waits},
    {Call::setsockopt, "setsockopt", "setsockopt(2)", "setsockopt(fd, level, option, value)",
     "sets an option of the socket", asks},
    {Call::getsockopt, "getsockopt", "getsockopt(2)", "getsockopt(fd, level, option)",
     "asks for an option of the socket", asks},
    {Call::getsockname, "getsockname", "getsockname(2)", "getsockname(fd)",
     "asks for the socket's own address", asks},
    {Call::getpeername, "getpeername", "getpeername(2)", "getpeername(fd)",
     "asks for the address of the peer", asks},
    {Call::ioctl, "ioctl", "ioctl(2)", "nonblocking(fd), FIONREAD(fd), SIOCOUTQ(fd)",
     "asks or tells the socket something special", asks},
    {Call::unlink, "unlink", "unlink(2)", "unlink(path)", "removes the name of a socket file", names},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kCalls.size(); ++i)
        if (static_cast<std::size_t>(kCalls[i].call) != i || kCalls[i].name.empty()) return false;
    return true;
}
static_assert(in_order(), "a Call without its row, or rows out of the enum's order");

}  // namespace

std::span<const CallRow> calls() {
    return kCalls;
}
const CallRow& row(Call call) {
    return kCalls[static_cast<std::size_t>(call)];
}

std::optional<Call> parse_call(std::string_view name) {
    for (const auto& candidate : kCalls)
        if (candidate.name == name) return candidate.call;
    return std::nullopt;
}

}  // namespace socketscope::model
