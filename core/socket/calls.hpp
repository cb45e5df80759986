// The system calls of an endpoint, one thin recorded wrapper each: the real call of that name, in the calling thread.
//
// Every wrapper copies what it offers to the kernel, takes a stamp, makes the call, takes a stamp,
// records what came back. Nothing is retried, corrected or hidden: the result is what the kernel said.
// See model::CallRecord for what is recorded.
#pragma once

#include <poll.h>

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/model/event.hpp"
#include "core/socket/address.hpp"
#include "core/trace/log.hpp"

namespace socketscope::socket {

model::TimeNs now();  // CLOCK_MONOTONIC, clock_gettime(2)

struct Result {
    std::int64_t value{-1};
    int error{0};             // errno if value is −1
    bool interrupted{false};  // ended by the stop or by the time that `-> blocks` gives it, not by itself
    bool ok() const { return value != -1; }
};

// What recvmsg(2) gave beside the bytes.
struct Received {
    Address from;
    std::string control;  // as it came, see control.hpp
    int flags{0};         // msg_flags: MSG_TRUNC, MSG_CTRUNC, MSG_EOR …
};

// Why a call of this thread may be interrupted on purpose.
struct Interruption {
    const std::atomic<bool>* stop{nullptr};
    model::TimeNs due_ns{model::kNever};  // `-> blocks`: from then on
    bool due(model::TimeNs at_ns) const {
        return (stop != nullptr && stop->load(std::memory_order_relaxed)) ||
               (due_ns != model::kNever && at_ns >= due_ns);
    }
};

// Belongs to one thread. SIGPIPE must be blocked in it.
class Calls {
public:
    Calls(trace::CallLog& log, const Interruption& interruption) : log_(log), interruption_(interruption) {}

    std::uint16_t line{0};   // of the script, for what is recorded from now on
    std::uint16_t flags{0};  // CallFlag bits of what is recorded from now on (kOurOwnCall)
    model::TimeNs entered_ns() const { return entered_ns_; }  // the last call

    Result socket(int domain, int type, int protocol);
    // A socket(2) that the hosts' helper made for this thread, with the stamps it took.
    Result socket_made(int domain, int type, int protocol, model::TimeNs enter_ns, model::TimeNs exit_ns,
                       int fd, int error);
    Result socketpair(int domain, int type, int protocol, int (&fds)[2]);
    Result bind(int fd, const Address& address);
    Result listen(int fd, int backlog);
    Result accept(int fd, Address* peer);  // nullptr: NULL, as in C
    Result connect(int fd, const Address& address);
    Result send(int fd, std::string_view data, int send_flags);
    Result recv(int fd, std::span<char> buffer, int recv_flags);
    Result sendto(int fd, std::string_view data, int send_flags, const Address& to);
    Result recvfrom(int fd, std::span<char> buffer, int recv_flags, Address* from);
    Result sendmsg(int fd, std::string_view data, int send_flags, const Address& to,
                   std::string_view control);
    Result recvmsg(int fd, std::span<char> buffer, int recv_flags, Received& received);
    Result read(int fd, std::span<char> buffer);
    Result write(int fd, std::string_view data);
    Result shutdown(int fd, int how);
    Result close(int fd);
    Result dup(int fd);
    Result poll(std::span<pollfd> fds, int timeout_ms);
    Result setsockopt(int fd, int level, int option, std::string_view value);
    Result getsockopt(int fd, int level, int option,
                      std::string& value);  // at most value.size() bytes; cut to what came
    Result getsockname(int fd, Address& address);
    Result getpeername(int fd, Address& address);
    Result ioctl(int fd, unsigned long request, int& value);
    Result unlink(const std::string& path);

private:
    struct Open;  // a call under way: its record and token

    trace::CallLog& log_;
    const Interruption& interruption_;
    model::TimeNs entered_ns_{0};
};

}  // namespace socketscope::socket
