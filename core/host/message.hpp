// What the library and its helper program say to each other: one datagram a request, one a reply, descriptors beside.
//
// Both are built together and run on one machine, so the bytes are the structs as they lie in memory. unix(7), cmsg(3)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/model/event.hpp"
#include "core/socket/fd.hpp"

namespace socketscope::host {

// The descriptor under which the helper finds its end of the pair.
inline constexpr int kHelperSocket = 3;
inline constexpr std::size_t kLongestText = 64 * 1024;

enum class Op : std::uint8_t {
    // First, from the helper: error and text (the step), or 2 descriptors and numbers = their ifindex, whether each host
    // has an IPv6 address.
    ready,
    make_socket,  // numbers: domain, type, protocol → error, numbers: enter, exit, SO_SNDBUF, SO_RCVBUF; 1 descriptor
    set_sysctl,  // text: name=value → error, text: what failed
    restore_sysctls,
    device_drops,   // → numbers[0]: since the last request
    start_program,  // text: command, 1 descriptor → numbers[0]: pid
    end_program,    // numbers[0]: pid
};

struct Message {
    Op op{Op::ready};
    model::Host host{model::Host::client};
    std::int32_t error{0};
    std::array<std::int64_t, 4> numbers{};
    std::string text;
    std::vector<socket::Fd> descriptors;  // duplicated into the other process; ours close with the message
};

// errno, or 0. EINTR is retried; a peer that is gone is EPIPE.
int send_message(int socket, const Message& message);
// errno, or 0; EPIPE = the other side is gone (end of file). Descriptors arrive with close-on-exec; those for which
// RLIMIT_NOFILE leaves no room are missing (unix(7), MSG_CTRUNC), and the rest of the message is whole. While nothing
// comes (a socket with SO_RCVTIMEO, or a signal) `go_on` is asked; ETIMEDOUT once it says no.
int receive_message(int socket, Message& message, const std::function<bool()>& go_on = nullptr);

}  // namespace socketscope::host
