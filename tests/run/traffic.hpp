// Programs that send a good deal and are given all of it, for tests of what the wire and the story make of it.
#pragma once

#include <cstdint>
#include <string>

namespace socketscope::tests {

// For streams and seqpackets.
inline const std::string kStreamServer = R"(
s = socket()
bind(s, server)
listen(s, 1)
a = accept(s)
until eof: recv(a, 5000)
send(a, "thank you")
close(a)
close(s)
)";
inline const std::string kStreamClient = R"(
c = socket()
wait(server.listening)
connect(c, server)
repeat 30: send(c, "0123456789" * 100)
shutdown(c, SHUT_WR)
until eof: recv(c, 100)
close(c)
)";
inline constexpr std::uint64_t kStreamBytes = 30'000 + 9;  // both ways

// For datagrams; the last one is larger than the MTU.
inline const std::string kDatagramServer = R"(
s = socket()
bind(s, server)
setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, 300ms)
until eof: recv(s, 5000)
close(s)
)";
inline const std::string kDatagramClient = R"(
c = socket()
wait(server.bound)
repeat 20: sendto(c, "0123456789" * 50, server)
sendto(c, "0123456789" * 300, server)
close(c)
)";
inline constexpr std::uint64_t kDatagramBytes = 10'000 + 3000;

}  // namespace socketscope::tests
