#include "core/socket/calls.hpp"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/model/call.hpp"
#include "core/socket/thread_sanitizer.hpp"

namespace socketscope::socket {

using model::Call;
using model::CallRecord;

model::TimeNs now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * model::kSecond + time.tv_nsec;
}

namespace {

// A SIGPIPE that the last call left pending for this thread (it is blocked) is taken away; whether there was one.
bool take_sigpipe() {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGPIPE);
    const timespec at_once{};
    return ::sigtimedwait(&set, nullptr, &at_once) == SIGPIPE;
}

// A short result can mean an interruption in the middle.
bool all_or_less(const CallRecord& record) {
    switch (record.call) {
        case Call::send:
        case Call::sendto:
        case Call::sendmsg:
        case Call::write:
            return true;
        case Call::recv:
        case Call::recvfrom:
        case Call::recvmsg:
            return (record.args.second & MSG_WAITALL) != 0 && record.result > 0;
        default:
            return false;
    }
}

std::string_view given(std::span<const char> buffer, const Result& result) {
    if (result.value <= 0) return {};
    // MSG_TRUNC as a flag makes recv(2) answer with the record's true length: more than the buffer holds.
    return {buffer.data(), std::min(buffer.size(), static_cast<std::size_t>(result.value))};
}

std::int32_t first_int(std::string_view value) {
    std::int32_t number = 0;
    std::memcpy(&number, value.data(), std::min(value.size(), sizeof number));
    return number;
}

template <class T>
std::string_view as_bytes(std::span<const T> items) {
    return {reinterpret_cast<const char*>(items.data()), items.size_bytes()};
}

// `extra` of sendmsg and recvmsg: size of the address, the address, the control messages.
std::string message_extra(const Address& address, std::string_view control) {
    const std::uint32_t size = address.size();
    std::string extra(reinterpret_cast<const char*>(&size), sizeof size);
    extra += address.bytes();
    extra += control;
    return extra;
}

}  // namespace

// From the constructor's end to returned(): nothing but the call.
struct Calls::Open {
    Open(Calls& owner, Call call, int fd, const model::CallArgs& args, std::string_view data = {},
         std::string_view extra = {})
        : calls(owner) {
        record.call = call;
        record.fd = fd;
        record.line = owner.line;
        record.flags = owner.flags;
        record.args = args;
        token = owner.log_.prepare(record, data, extra);
        owner.entered_ns_ = record.enter_ns = now();
        owner.log_.open(token, record.enter_ns);
        thread_sanitizer_ignore_begin();
    }
    Result returned(std::int64_t value) {
        const int error = value == -1 ? errno : 0;
        record.exit_ns = now();
        thread_sanitizer_ignore_end();
        record.result = static_cast<std::int32_t>(value);
        if (value == -1) [[unlikely]]
            return failed(error);
        const bool cut_short = value < record.args.first && all_or_less(record);
        return {value, 0, cut_short && interrupted()};
    }
    [[gnu::noinline]] Result failed(int error) {
        record.error = static_cast<std::int16_t>(error);
        if (error == EPIPE && take_sigpipe()) record.flags |= model::kRaisedSigpipe;
        return {-1, error, error == EINTR && interrupted()};
    }
    bool interrupted() {
        if (!calls.interruption_.due(record.exit_ns)) return false;
        record.flags |= model::kInterrupted;
        return true;
    }
    Result complete(const Result& result, std::string_view data = {}, std::string_view extra = {}) {
        calls.log_.end(token, record, data, extra);
        if ((record.flags & model::kRaisedSigpipe) != 0) [[unlikely]]
            calls.log_.note({record.exit_ns, 0, record.line, model::Note::sigpipe, 0, {}},
                            model::row(record.call).name);
        return result;
    }

    Calls& calls;
    CallRecord record;
    std::uint32_t token;
};

Result Calls::socket(int domain, int type, int protocol) {
    Open open(*this, Call::socket, -1, {domain, type, protocol});
    return open.complete(open.returned(::socket(domain, type, protocol)));
}

Result Calls::socket_made(int domain, int type, int protocol, model::TimeNs enter_ns, model::TimeNs exit_ns,
                          int fd, int error) {
    CallRecord record;
    record.call = Call::socket;
    record.line = line;
    record.flags = flags;
    record.args = {domain, type, protocol};
    record.enter_ns = enter_ns;
    record.exit_ns = exit_ns;
    record.result = error == 0 ? fd : -1;
    record.error = static_cast<std::int16_t>(error);
    log_.end(log_.begin(record, {}, {}), record, {}, {});
    return {record.result, error, false};
}

Result Calls::socketpair(int domain, int type, int protocol, int (&fds)[2]) {
    Open open(*this, Call::socketpair, -1, {domain, type, protocol});
    const Result result = open.returned(::socketpair(domain, type, protocol, fds));
    const std::int32_t pair[2]{fds[0], fds[1]};
    return open.complete(result, {},
                         result.ok() ? as_bytes(std::span<const std::int32_t>(pair)) : std::string_view{});
}

Result Calls::bind(int fd, const Address& address) {
    Open open(*this, Call::bind, fd, {}, {}, address.bytes());
    return open.complete(open.returned(::bind(fd, address.get(), address.size())));
}

Result Calls::listen(int fd, int backlog) {
    Open open(*this, Call::listen, fd, {backlog});
    return open.complete(open.returned(::listen(fd, backlog)));
}

Result Calls::accept(int fd, Address* peer) {
    socklen_t size = Address::capacity();
    Open open(*this, Call::accept, fd, {});
    const Result result = open.returned(::accept(fd, peer ? peer->get() : nullptr, peer ? &size : nullptr));
    if (peer != nullptr) peer->set_size(result.ok() ? size : 0);
    return open.complete(result, {}, peer ? peer->bytes() : std::string_view{});
}

Result Calls::connect(int fd, const Address& address) {
    Open open(*this, Call::connect, fd, {}, {}, address.bytes());
    return open.complete(open.returned(::connect(fd, address.get(), address.size())));
}

Result Calls::send(int fd, std::string_view data, int send_flags) {
    Open open(*this, Call::send, fd, {static_cast<std::int64_t>(data.size()), send_flags}, data);
    return open.complete(open.returned(::send(fd, data.data(), data.size(), send_flags)));
}

Result Calls::recv(int fd, std::span<char> buffer, int recv_flags) {
    Open open(*this, Call::recv, fd, {static_cast<std::int64_t>(buffer.size()), recv_flags});
    const Result result = open.returned(::recv(fd, buffer.data(), buffer.size(), recv_flags));
    return open.complete(result, given(buffer, result));
}

Result Calls::sendto(int fd, std::string_view data, int send_flags, const Address& to) {
    Open open(*this, Call::sendto, fd, {static_cast<std::int64_t>(data.size()), send_flags}, data,
              to.bytes());
    const sockaddr* address = to.empty() ? nullptr : to.get();
    return open.complete(
        open.returned(::sendto(fd, data.data(), data.size(), send_flags, address, to.size())));
}

Result Calls::recvfrom(int fd, std::span<char> buffer, int recv_flags, Address* from) {
    socklen_t size = Address::capacity();
    Open open(*this, Call::recvfrom, fd, {static_cast<std::int64_t>(buffer.size()), recv_flags});
    const Result result = open.returned(::recvfrom(fd, buffer.data(), buffer.size(), recv_flags,
                                                   from ? from->get() : nullptr, from ? &size : nullptr));
    if (from != nullptr) from->set_size(result.ok() ? size : 0);
    return open.complete(result, given(buffer, result), from ? from->bytes() : std::string_view{});
}

Result Calls::sendmsg(int fd, std::string_view data, int send_flags, const Address& to,
                      std::string_view control) {
    // The structures of sendmsg(2) are not const; the kernel only reads them.
    Address address = to;
    iovec bytes{const_cast<char*>(data.data()), data.size()};
    msghdr message{};
    message.msg_name = to.empty() ? nullptr : address.get();
    message.msg_namelen = to.size();
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = control.empty() ? nullptr : const_cast<char*>(control.data());
    message.msg_controllen = control.size();
    Open open(*this, Call::sendmsg, fd, {static_cast<std::int64_t>(data.size()), send_flags}, data,
              message_extra(to, control));
    return open.complete(open.returned(::sendmsg(fd, &message, send_flags)));
}

Result Calls::recvmsg(int fd, std::span<char> buffer, int recv_flags, Received& received) {
    alignas(cmsghdr) char control[1024];
    iovec bytes{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_name = received.from.get();
    message.msg_namelen = Address::capacity();
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    Open open(*this, Call::recvmsg, fd, {static_cast<std::int64_t>(buffer.size()), recv_flags});
    const Result result = open.returned(::recvmsg(fd, &message, recv_flags));
    if (!result.ok()) {
        received = {};
        return open.complete(result);
    }
    received.from.set_size(message.msg_namelen);
    received.control.assign(control, message.msg_controllen);
    received.flags = message.msg_flags;
    open.record.args.third = message.msg_flags;
    return open.complete(result, given(buffer, result), message_extra(received.from, received.control));
}

Result Calls::read(int fd, std::span<char> buffer) {
    Open open(*this, Call::read, fd, {static_cast<std::int64_t>(buffer.size())});
    const Result result = open.returned(::read(fd, buffer.data(), buffer.size()));
    return open.complete(result, given(buffer, result));
}

Result Calls::write(int fd, std::string_view data) {
    Open open(*this, Call::write, fd, {static_cast<std::int64_t>(data.size())}, data);
    return open.complete(open.returned(::write(fd, data.data(), data.size())));
}

Result Calls::shutdown(int fd, int how) {
    Open open(*this, Call::shutdown, fd, {how});
    return open.complete(open.returned(::shutdown(fd, how)));
}

Result Calls::close(int fd) {
    Open open(*this, Call::close, fd, {});
    return open.complete(open.returned(::close(fd)));
}

Result Calls::dup(int fd) {
    Open open(*this, Call::dup, fd, {});
    return open.complete(open.returned(::dup(fd)));
}

Result Calls::poll(std::span<pollfd> fds, int timeout_ms) {
    for (pollfd& item : fds) item.revents = 0;
    Open open(*this, Call::poll, -1, {timeout_ms}, {}, as_bytes(std::span<const pollfd>(fds)));
    const Result result = open.returned(::poll(fds.data(), fds.size(), timeout_ms));
    return open.complete(result, {}, as_bytes(std::span<const pollfd>(fds)));
}

Result Calls::setsockopt(int fd, int level, int option, std::string_view value) {
    Open open(*this, Call::setsockopt, fd, {level, option, first_int(value)}, {}, value);
    return open.complete(
        open.returned(::setsockopt(fd, level, option, value.data(), static_cast<socklen_t>(value.size()))));
}

Result Calls::getsockopt(int fd, int level, int option, std::string& value) {
    auto size = static_cast<socklen_t>(value.size());
    Open open(*this, Call::getsockopt, fd, {level, option});
    const Result result = open.returned(::getsockopt(fd, level, option, value.data(), &size));
    value.resize(result.ok() ? size : 0);
    open.record.args.third = first_int(value);
    return open.complete(result, {}, value);
}

Result Calls::getsockname(int fd, Address& address) {
    socklen_t size = Address::capacity();
    Open open(*this, Call::getsockname, fd, {});
    const Result result = open.returned(::getsockname(fd, address.get(), &size));
    address.set_size(result.ok() ? size : 0);
    return open.complete(result, {}, address.bytes());
}

Result Calls::getpeername(int fd, Address& address) {
    socklen_t size = Address::capacity();
    Open open(*this, Call::getpeername, fd, {});
    const Result result = open.returned(::getpeername(fd, address.get(), &size));
    address.set_size(result.ok() ? size : 0);
    return open.complete(result, {}, address.bytes());
}

Result Calls::ioctl(int fd, unsigned long request, int& value) {
    Open open(*this, Call::ioctl, fd, {static_cast<std::int64_t>(request), value});
    const Result result = open.returned(::ioctl(fd, request, &value));
    open.record.args.second = value;
    return open.complete(result);
}

Result Calls::unlink(const std::string& path) {
    Open open(*this, Call::unlink, -1, {}, {}, path);
    return open.complete(open.returned(::unlink(path.c_str())));
}

}  // namespace socketscope::socket
