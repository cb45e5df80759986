#include "core/host/ladder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

#include "core/model/errno_text.hpp"
#include "core/model/problem.hpp"
#include "core/socket/address.hpp"

namespace socketscope::host {
namespace {

struct RungRow {
    Rung rung;
    std::string_view number, word, name;
};
constexpr std::array<RungRow, 4> kRungs{{
    {Rung::tun, "1", "tun", "two hosts (TUN)"},
    {Rung::veth, "2", "veth", "two hosts (veth)"},
    {Rung::loopback, "3", "loopback", "loopback"},
    {Rung::replay, "4", "replay", "replay only"},
}};

std::string first_word_of(const char* path) {
    std::string word;
    std::ifstream(path) >> word;
    return word;
}

bool in_container() {
    return ::access("/.dockerenv", F_OK) == 0 || ::access("/run/.containerenv", F_OK) == 0 ||
           std::getenv("container");
}

constexpr std::string_view kOpenTun = "open /dev/net/tun";
constexpr const char* kContainerHelp =
    "in a container, `docker run --device /dev/net/tun --cap-add NET_ADMIN --cap-add SYS_ADMIN "
    "--security-opt apparmor=unconfined …` gives it";

// Refusals by the machine's policy, whatever the step was: looked up before the table.
std::string policy_help(const Refusal& refusal) {
    const bool denied = refusal.error == EPERM || refusal.error == EACCES;
    if (denied && first_word_of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1" &&
        refusal.step != kOpenTun) {
        return "AppArmor forbids user namespaces to ordinary users (Ubuntu 24.04): "
               "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0` allows them";
    }
    if (denied && first_word_of("/proc/sys/kernel/unprivileged_userns_clone") == "0") {
        return "`sudo sysctl kernel.unprivileged_userns_clone=1` allows user namespaces to ordinary users";
    }
    if (refusal.error == ENOSPC || first_word_of("/proc/sys/user/max_user_namespaces") == "0") {
        return "the limit on user namespaces is reached: `sudo sysctl user.max_user_namespaces=10000` raises "
               "it";
    }
    return "";
}

struct HelpRow {
    std::string_view step;  // found in Refusal::step
    int error;              // 0 = any
    std::string_view help;
};
constexpr HelpRow kHelp[] = {
    {"/dev/net/tun", EACCES, "`sudo chmod 666 /dev/net/tun` opens it to ordinary users"},
    {"/dev/net/tun", EPERM, kContainerHelp},
    {"/dev/net/tun", 0, "`sudo modprobe tun` loads the driver"},
    {"TUNSETIFF", 0, "the device needs CAP_NET_ADMIN"},
    {"veth", EOPNOTSUPP, "`sudo modprobe veth` loads the driver"},
    {"unshare", ENOSYS, "this kernel was built without namespaces"},
    {"unshare", EINVAL, "this kernel was built without user namespaces"},
    {"unshare", 0, "run it as root, or allow user namespaces (user_namespaces(7))"},
    {"find the helper program", 0, "build it (target socketscope-hosts), or name it in SOCKETSCOPE_HELPER"},
    {"/proc/self/exe", 0, "`sudo mount -t proc proc /proc` makes /proc, which this program needs"},
    {"start ", EACCES, "it must be executable: `chmod +x` it"},
    {"start ", EAGAIN, "`ulimit -u` shows how many processes this user may have"},
    {"start ", 0, "SOCKETSCOPE_HELPER must name the program socketscope-hosts"},
    {"the helper program ", 0, "SOCKETSCOPE_HELPER must name the program socketscope-hosts, or be unset"},
    {"", EPERM, "run it as root, or allow user namespaces (user_namespaces(7))"},
};

std::string help_for(const Refusal& refusal) {
    if (std::string help = policy_help(refusal); !help.empty()) return help;
    const bool denied_by_container =
        refusal.error == EPERM || (refusal.error == ENOENT && refusal.step == kOpenTun);
    if (in_container() && denied_by_container) return kContainerHelp;
    for (const HelpRow& row : kHelp) {
        const bool same_error = row.error == 0 || row.error == refusal.error;
        if (same_error && refusal.step.find(row.step) != std::string::npos) return std::string(row.help);
    }
    return "";
}

}  // namespace

std::string rung_name(Rung rung) {
    return std::string(kRungs[static_cast<std::size_t>(rung) - 1].name);
}

std::optional<Rung> forced_rung() {
    const char* wanted = std::getenv("SOCKETSCOPE_RUNG");
    if (!wanted || !*wanted) return std::nullopt;
    for (const RungRow& row : kRungs) {
        if (row.number == wanted || row.word == wanted) return row.rung;
    }
    throw model::Failure({std::string("SOCKETSCOPE_RUNG=") + wanted + " names no rung", "the environment", "",
                          "choose 1 or tun, 2 or veth, 3 or loopback, 4 or replay"});
}

std::string explain(const Refusal& refusal) {
    std::string sentence =
        refusal.step + ": " + model::errno_name(refusal.error) + " (" + std::strerror(refusal.error) + ")";
    if (const std::string help = help_for(refusal); !help.empty()) sentence += "; " + help;
    return sentence + ".";
}

std::string loopback_problem(bool ipv6) {
    const socket::Fd probe(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!probe) return "socket: " + model::errno_sentence(errno);
    const std::string ip = address_of(Rung::loopback, model::Host::client, ipv6);
    const auto wanted = ipv6 ? socket::inet6_address(ip, 0) : socket::inet_address(ip, 0);
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    if (::bind(probe.get(), wanted->get(), wanted->size()) < 0 ||
        ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&own), &size) < 0)
        return ip + ": " + model::errno_sentence(errno) +
               (ipv6 ? "; `sudo sysctl net.ipv6.conf.lo.disable_ipv6=0` allows it where the kernel has IPv6"
                     : "");
    if (::sendto(probe.get(), "", 0, 0, reinterpret_cast<const sockaddr*>(&own), size) == 0) return "";
    return ip + ": " + model::errno_sentence(errno) +
           "; the loopback device is down: `sudo ip link set lo up` brings it up";
}

bool loopback_works() {
    const socket::Fd inet(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in any_port{};
    any_port.sin_family = AF_INET;
    any_port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (inet && ::bind(inet.get(), reinterpret_cast<const sockaddr*>(&any_port), sizeof any_port) == 0)
        return true;
    return static_cast<bool>(socket::Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)));
}

}  // namespace socketscope::host
