// Two hosts of our own, client and server: network namespaces kept by a helper process that makes sockets in them.
//
// The helper (program `socketscope-hosts`) does the unshare(2) and setns(2); this process never changes its namespaces.
// A socket stays in the namespace in which it was made, so every call but socket() runs in the caller's thread.
// namespaces(7), user_namespaces(7), veth(4), packet(7), Linux Documentation/networking/tuntap.rst
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/host/make_socket.hpp"
#include "core/model/event.hpp"
#include "core/model/kind.hpp"
#include "core/socket/fd.hpp"

namespace socketscope::host {

// What this machine allows, best first. docs/architecture.md describes each.
enum class Rung : std::uint8_t { tun = 1, veth = 2, loopback = 3, replay = 4 };

struct RungReport {
    Rung rung{Rung::replay};
    std::string name;     // "two hosts (TUN)"
    std::string missing;  // why not a better one, with errno and the command that helps; "" on rung 1
    bool forced{false};   // by SOCKETSCOPE_RUNG
};
// SOCKETSCOPE_RUNG=1..4 or tun, veth, loopback, replay. nullopt = not set; Failure for nonsense.
std::optional<Rung> forced_rung();
std::string rung_name(Rung rung);

// How a packet gets from and to a host's device. Non-blocking.
struct LinkEnd {
    socket::Fd fd;              // a TUN descriptor (read/write of IP packets) or a packet(7) socket
    bool packet_socket{false};  // true: SOCK_DGRAM packet socket, needs sendto with sockaddr_ll to kHostMac
    int ifindex{0};             // of the device behind the packet socket
};
// The hardware address of wire0 in both hosts on the veth rung.
inline constexpr std::uint8_t kHostMac[6] = {0x02, 0, 0, 0, 0, 0x02};

class Hosts {
public:
    // Climbs the ladder: tries TUN, veth, loopback in turn (or the forced rung). Never throws for a missing capability,
    // unless a rung is forced: one that this machine can't do is a Failure with the reason.
    // Ready in a few ms. Must not be called while another thread forks; otherwise from any thread.
    static std::unique_ptr<Hosts> open();
    ~Hosts();  // ends the helper and waits for it; namespaces go with it
    Hosts(const Hosts&) = delete;
    Hosts& operator=(const Hosts&) = delete;

    // All of these are thread-safe. A dead helper is a Failure (what ended it, and that new hosts can be opened).
    const RungReport& report() const;
    // A helper that gives no answer for 5 s (SIGSTOP) is ended, and that is a Failure; for 0.05 s, while `stop` is set:
    // somebody waits for the end of a run. `stop` must outlive the hosts.
    void hurry_when(const std::atomic<bool>& stop);
    // socket(2) in that host; on the loopback rung in this process.
    MadeSocket make_socket(model::Host host, int domain, int type, int protocol);
    // The wire's ends, once. Empty descriptors on the loopback and replay rungs.
    LinkEnd take_link_end(model::Host host);
    // Those that address_of() names and that it has: a machine may be without IPv6. None on the replay rung.
    std::vector<std::string> addresses(model::Host host) const;
    // Sets a namespace sysctl in both hosts ("net.ipv4.tcp_rto_min_us" = "8000000"); "" or why it failed.
    std::string set_sysctl(const std::string& name, const std::string& value);
    // Puts back every value that set_sysctl() changed: the next run starts as the first one did.
    void restore_sysctls();
    // Packets that the host's device dropped before the wire could read them (since the last call).
    std::uint64_t device_drops(model::Host host);
    // Starts `/bin/sh -c command` inside the host, with the given descriptor as stdout and stderr. Returns its pid.
    // Everything it starts ends with it, and with the helper, however that ends. Failure on the loopback rung.
    int start_program(model::Host host, const std::string& command, int output_fd);
    void end_program(int pid);  // SIGINT, then SIGKILL; waits (in the helper)
    int helper_pid() const;     // 0 on rungs without a helper
    int helper_socket() const;  // must stay open in a thread with a descriptor table of its own; −1 = none

private:
    Hosts();
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// The addresses of the hosts (RFC 5737, RFC 3849), MTU 1500; on the loopback rung 127.0.0.1 and ::1.
std::string address_of(Rung rung, model::Host host, bool ipv6);

// --- the matrix: what this kernel answers for each of the 12 kinds, asked at run time
enum class CellResult : std::uint8_t { works, refused, becomes };
struct Cell {
    model::Kind kind;  // with the row's default protocol: what was asked for
    CellResult result{CellResult::refused};
    int error{0};         // refused: errno
    std::string becomes;  // becomes: the type that SO_TYPE names ("dgram")
    std::string why;      // refused, becomes: what it means and what would help, in a sentence; works: ""
};
std::vector<Cell> probe_matrix(Hosts& hosts);

}  // namespace socketscope::host
