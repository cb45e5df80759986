// What is recorded: plain events of one run. Ranges of bytes point into the arena of the lane's trace.
#pragma once

#include <cstdint>
#include <type_traits>

#include "core/model/bytes.hpp"
#include "core/model/time.hpp"

namespace socketscope::model {

enum class Host : std::uint8_t { client, server };
inline constexpr Host other(Host host) {
    return host == Host::client ? Host::server : Host::client;
}

// The system calls of the script language. Each is one call of the C library of that name; see call.hpp for the table.
enum class Call : std::uint8_t {
    socket,
    socketpair,
    bind,
    listen,
    accept,
    connect,
    send,
    recv,
    sendto,
    recvfrom,
    sendmsg,
    recvmsg,
    read,
    write,
    shutdown,
    close,
    dup,
    poll,
    setsockopt,
    getsockopt,
    getsockname,
    getpeername,
    ioctl,
    unlink,
    count
};

// The numbers among a call's arguments. Only the first can be a length, or an unsigned long as ioctl(2) has it; the others
// are ints in every prototype.
struct CallArgs {
    std::int64_t first{0};
    std::int32_t second{0}, third{0};
};

// One system call of an endpoint. Recorded by the endpoint's own thread: the stamps are taken directly before and
// after the call. While the call has not returned, exit_ns is kNever and result, error and what the kernel gave are 0.
//
// args by call (all else 0), named as in the man page:
//   socket, socketpair  domain, type, protocol          extra (socketpair): two int32 descriptors
//   bind, connect       -                               extra: sockaddr
//   listen              backlog
//   accept              -                               extra: sockaddr of the peer
//   send, recv          length, flags                   data: the bytes
//   sendto, recvfrom    length, flags                   data: the bytes; extra: sockaddr (empty = none)
//   sendmsg, recvmsg    length, flags, msg_flags (out)  data: the bytes; extra: uint32 size of the address, the address,
//                                                       then the control messages (struct cmsghdr …) as they were
//   read, write         length                          data: the bytes
//   shutdown            how
//   close, dup          -
//   poll                timeout_ms                      extra: struct pollfd[] as after the call (fd −1 when none)
//   setsockopt/getsockopt  level, optname, value (int options)   extra: the value's bytes
//   getsockname/getpeername  -                          extra: sockaddr
//   ioctl               request, value                  (FIONBIO, FIONREAD, SIOCOUTQ)
//   unlink              -                               extra: the path
// data.size is the number of bytes recorded: for sends what was offered (all of it, also when the kernel took less: see
// result), for receives what was given.
struct CallRecord {
    TimeNs enter_ns{0};
    TimeNs exit_ns{kNever};
    CallArgs args;
    ByteRange data;
    ByteRange extra;
    std::int32_t result{0};  // Linux moves at most 2^31 − 4096 bytes at a time, read(2)
    std::int32_t fd{-1};     // the descriptor argument; −1 = the call has none
    std::int16_t error{0};   // errno if result is −1
    std::uint16_t line{0};   // line in the endpoint's script, from 1; 0 = not from a script
    Call call{Call::socket};
    std::uint8_t endpoint{0};  // index into LaneTrace::endpoints
    std::uint16_t flags{0};    // CallFlag bits
};
enum CallFlag : std::uint16_t {
    kOurOwnCall = 1,  // made by Socketscope to look, not by the script
    kPayloadCut = 2,  // more bytes than the arena's bound: data holds only the first
    kRaisedSigpipe =
        4,  // the call raised SIGPIPE (blocked in our threads): it kills a program that ignores nothing
    kInterrupted = 8,  // ended by the stop button or Ctrl-C (EINTR)
};

enum class Verdict : std::uint8_t { in_flight, delivered, dropped };
enum class Cause : std::uint8_t {
    none,
    rule,         // an exact rule of the lesson (PacketRecord::rule)
    chance,       // a seeded chance (loss)
    queue_full,   // the bounded queue of the rate limit
    person,       // a command of the person at the window
    device,       // the kernel refused our write (PacketRecord::error)
    wire_closed,  // still in flight when the run ended
};
enum PacketFlag : std::uint16_t {
    kDuplicate = 1,    // a copy that the wire made; PacketRecord::copy_of says of which
    kCorrupted = 2,    // delivered bytes differ from the sent ones
    kHeld = 4,         // held back by a rule or reordering: others may have overtaken it
    kPayloadOnly = 8,  // loopback rung: bytes are the datagram's payload, no IP header was seen
    kFromBefore = 16,  // belongs to an earlier lane's flow
};

// One packet on the wire. Written by the wire's thread. Its number is its index in LaneTrace::packets.
struct PacketRecord {
    TimeNs sent_ns{0};  // read from the sender's device
    TimeNs due_ns{0};   // when the wire meant to deliver it
    // Taken directly before it was written to the receiver's device; when dropped: of the decision.
    TimeNs delivered_ns{kNever};
    ByteRange bytes;            // the IP packet as it was sent
    ByteRange delivered_bytes;  // as delivered, only where kCorrupted
    std::uint32_t copy_of{kNoPacket};
    std::uint32_t rule{0};  // number of the exact rule that acted, from 1
    std::int16_t error{0};  // errno for Cause::device
    Host from{Host::client};
    Verdict verdict{Verdict::in_flight};
    Cause cause{Cause::none};
    std::uint16_t flags{0};  // PacketFlag bits

    static constexpr std::uint32_t kNoPacket = UINT32_MAX;
};

// Something Socketscope itself looked up or was told by the kernel: a buffer's size, TCP_INFO, a device's drop counter.
enum class Sample : std::uint8_t {
    send_buffer,      // SO_SNDBUF, bytes
    receive_buffer,   // SO_RCVBUF, bytes
    tcp_state,        // tcpi_state (TCP_ESTABLISHED = 1 …)
    tcp_retransmits,  // tcpi_total_retrans
    tcp_unacked,      // tcpi_unacked, segments
    tcp_cwnd,         // tcpi_snd_cwnd, segments
    receive_drops,    // SO_RXQ_OVFL or the drops of SO_MEMINFO
    device_drops,     // packets that the kernel dropped before the wire read them
    count
};
struct SampleRecord {
    TimeNs at_ns{0};
    std::int64_t value{0};
    std::int32_t fd{-1};  // −1: of a host
    Sample what{Sample::send_buffer};
    std::uint8_t endpoint{0};  // for a host: 0 = client, 1 = server
};

// What is neither a call nor a packet: control lines of a script, signals, stops.
enum class Note : std::uint8_t {
    program_start,  // the endpoint's thread begins
    program_end,    // it ran to its end; value 0, or 1 when it was stopped
    wait_begin,     // wait(x.y); text: what it waits for
    wait_end,
    sleep_begin,  // value: ns
    sleep_end,
    sigpipe,       // text: the call
    expectation,   // value: 1 held, 0 not; line; text: what was expected and seen
    script_error,  // a line that could not be carried out (for example an unset variable); text says why
    remark,  // the lane does not run quite as the lesson asks; text says why. value: number of the sysctl that
             // could not be set, from 1; 0: something else
    overflow,  // value: how many events were dropped because a bound was reached
    count
};
struct NoteRecord {
    TimeNs at_ns{0};
    std::int64_t value{0};
    std::uint32_t line{0};
    Note what{Note::program_start};
    std::uint8_t endpoint{0};
    ByteRange text;
};

static_assert(sizeof(CallRecord) <= 64 && sizeof(PacketRecord) <= 56, "a recording has millions of them");
static_assert(std::is_trivially_copyable_v<CallRecord> && std::is_trivially_copyable_v<PacketRecord>);
static_assert(std::is_trivially_copyable_v<SampleRecord> && std::is_trivially_copyable_v<NoteRecord>);

}  // namespace socketscope::model
