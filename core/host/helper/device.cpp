#include "core/host/helper/device.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <string>

#include "core/host/helper/netlink.hpp"
#include "core/host/helper/step.hpp"
#include "core/host/hosts.hpp"

namespace socketscope::host::helper {
namespace {

constexpr const char* kDevice = "wire0";
constexpr std::uint32_t kMtu = 1500;
// A burst longer than the queue in front of the device is dropped by the kernel unseen: 500 (TUN's own default) is one
// large send() on a stream.
constexpr std::uint32_t kQueueLength = 4096;
constexpr int kPacketSocketBuffer = 16 * 1024 * 1024;
constexpr std::uint8_t kWireMac[6] = {0x02, 0, 0, 0, 0, 0x01};

void configure(const std::string& name, const char* value) {
    // Best effort: containers mount /proc/sys read-only. addr_gen_mode, the one that matters, also goes by netlink.
    write_file(("/proc/sys/net/" + name).c_str(), value);
}

// The namespace's own settings: nothing on the wire but what programs cause, and each run like the first.
void quieten_namespace() {
    configure("ipv6/conf/all/disable_ipv6", "0");
    configure("ipv6/conf/default/accept_dad", "0");
    configure("ipv6/conf/default/router_solicitations", "0");
    configure("ipv6/conf/default/addr_gen_mode", "1");
    // A lesson played ten times in a row gets its ICMP errors ten times.
    configure("ipv4/icmp_ratelimit", "0");
    configure("ipv6/icmp/ratelimit", "0");
    configure("ipv4/tcp_no_metrics_save", "1");  // the second connection knows nothing of the first
    if (write_file("/proc/sys/net/ipv4/ping_group_range", "0 2147483647") != 0) {
        const std::string own = std::to_string(::getegid());  // a user namespace maps one group only
        configure("ipv4/ping_group_range", (own + " " + own).c_str());
    }
}

void quieten_device() {
    const std::string device = std::string("ipv6/conf/") + kDevice + "/";
    configure(device + "accept_dad", "0");
    configure(device + "router_solicitations", "0");
    configure(device + "addr_gen_mode", "1");
}

// Flags, queue length, MTU and no link-local address, in one request.
void set_up(const char* name, unsigned flags, bool with_ipv6_mode) {
    ifinfomsg info{};
    info.ifi_index = static_cast<int>(::if_nametoindex(name));
    info.ifi_flags = flags;
    info.ifi_change = flags;
    NetlinkRequest request(RTM_NEWLINK, 0, info);
    request.add_number(IFLA_MTU, std::string_view(name) == "lo" ? std::uint32_t{65536} : kMtu);
    request.add_number(IFLA_TXQLEN, std::string_view(name) == "lo" ? std::uint32_t{1000} : kQueueLength);
    if (with_ipv6_mode) {
        const std::size_t families = request.begin_nest(IFLA_AF_SPEC);
        const std::size_t inet6 = request.begin_nest(AF_INET6);
        request.add_number(IFLA_INET6_ADDR_GEN_MODE, std::uint8_t{IN6_ADDR_GEN_MODE_NONE});
        request.end_nest(inet6);
        request.end_nest(families);
    }
    const int error = request.send();
    if (error && with_ipv6_mode) return set_up(name, flags, false);  // a kernel without IPv6
    if (error) throw StepFailed{std::string("bring up ") + name, error};
}

int add_address(int family, const char* text, std::uint8_t prefix) {
    std::uint8_t address[16];
    ::inet_pton(family, text, address);
    ifaddrmsg message{};
    message.ifa_family = static_cast<std::uint8_t>(family);
    message.ifa_prefixlen = prefix;
    message.ifa_flags = IFA_F_PERMANENT | (family == AF_INET6 ? IFA_F_NODAD : 0);
    message.ifa_index = ::if_nametoindex(kDevice);
    NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, message);
    const std::size_t size = family == AF_INET ? 4 : 16;
    request.add(IFA_LOCAL, address, size);
    request.add(IFA_ADDRESS, address, size);
    return request.send();
}

// wire0 exists in the present namespace: gives it its addresses and brings it up. Says whether one of IPv6 is among them.
bool bring_up(model::Host host) {
    quieten_namespace();
    quieten_device();
    set_up("lo", IFF_UP, false);
    // Without ARP there is neither address resolution nor duplicate address detection nor MLD for it on the wire.
    set_up(kDevice, IFF_UP | IFF_NOARP, true);
    if (const int error = add_address(AF_INET, address_of(Rung::tun, host, false).c_str(), 24)) {
        throw StepFailed{"add the IPv4 address", error};
    }
    // A machine without IPv6 still has everything else: scripts get the kernel's answer (EAFNOSUPPORT, ENETUNREACH).
    return add_address(AF_INET6, address_of(Rung::tun, host, true).c_str(), 64) == 0;
}

DeviceEnd make_tun(Namespaces& namespaces, model::Host host) {
    namespaces.enter(host);
    DeviceEnd end;
    end.fd = socket::Fd(check(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK), "open /dev/net/tun"));
    ifreq request{};
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    std::strncpy(request.ifr_name, kDevice, IFNAMSIZ - 1);
    check(::ioctl(end.fd.get(), TUNSETIFF, &request), "ioctl(TUNSETIFF)");
    end.has_ipv6 = bring_up(host);
    return end;
}

// Both ends of a pair in one request; wire0 is born in the host's namespace, the far end in the present one.
void make_pair(const char* far_name, int far_index, int host_namespace) {
    ifinfomsg far_end{};
    // A number that wire0 does not have: the kernel takes a device whose peer has the same number for one without a
    // peer, and lets a second pass before it says that the carrier is there (linkwatch_urgent_event()).
    far_end.ifi_index = far_index;
    NetlinkRequest request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, far_end);
    request.add(IFLA_IFNAME, far_name);
    request.add(IFLA_ADDRESS, kWireMac, sizeof kWireMac);
    const std::size_t link = request.begin_nest(IFLA_LINKINFO);
    request.add(IFLA_INFO_KIND, "veth");
    const std::size_t data = request.begin_nest(IFLA_INFO_DATA);
    const std::size_t peer = request.begin_nest(VETH_INFO_PEER);
    const ifinfomsg info{};
    request.add_bytes(&info, sizeof info);
    request.add(IFLA_IFNAME, kDevice);
    request.add(IFLA_ADDRESS, kHostMac, sizeof kHostMac);
    request.add_number(IFLA_NET_NS_FD, host_namespace);
    request.end_nest(peer);
    request.end_nest(data);
    request.end_nest(link);
    if (const int error = request.send()) throw StepFailed{"make a veth pair (RTM_NEWLINK)", error};
}

// Offloads off, so that packets cross whole: checksums filled in, never larger than the MTU (ethtool(8) -K).
void no_offloads(const char* device) {
    const socket::Fd any(
        check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket(AF_INET, SOCK_DGRAM)"));
    for (const std::uint32_t what :
         std::initializer_list<std::uint32_t>{ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_STXCSUM}) {
        ethtool_value off{what, 0};
        ifreq request{};
        std::strncpy(request.ifr_name, device, IFNAMSIZ - 1);
        request.ifr_data = reinterpret_cast<char*>(&off);
        const int result = ::ioctl(any.get(), SIOCETHTOOL, &request);
        if (result < 0 && what == ETHTOOL_STXCSUM)
            throw StepFailed{"ioctl(SIOCETHTOOL, ETHTOOL_STXCSUM)", errno};
    }
}

// Until the kernel has seen the carrier a device drops what is sent; that comes by a work queue, soon after.
void wait_until_running(const char* device) {
    const socket::Fd any(
        check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket(AF_INET, SOCK_DGRAM)"));
    ifreq request{};
    std::strncpy(request.ifr_name, device, IFNAMSIZ - 1);
    constexpr int kTries = 20'000;
    for (int i = 0; i < kTries; ++i) {
        check(::ioctl(any.get(), SIOCGIFFLAGS, &request), "ioctl(SIOCGIFFLAGS)");
        if (request.ifr_flags & IFF_RUNNING) {
            // The kernel says so a moment before the device's queue is there (linkwatch_do_dev()), but under the lock
            // that any change of a device takes: so ask for one that changes nothing.
            set_up(device, IFF_UP, false);
            return;
        }
        ::usleep(100);
    }
    throw StepFailed{std::string("wait for the carrier of ") + device, ETIMEDOUT};
}

DeviceEnd open_packet_socket(const char* device) {
    configure(std::string("ipv6/conf/") + device + "/disable_ipv6", "1");
    set_up(device, IFF_UP | IFF_NOARP, true);
    DeviceEnd end;
    end.ifindex = static_cast<int>(::if_nametoindex(device));
    const int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    end.fd = socket::Fd(check(::socket(AF_PACKET, type, 0), "socket(AF_PACKET, SOCK_DGRAM)"));
    const int yes = 1;
    // Else the socket would also hand us what we send ourselves (packet(7), since Linux 4.20).
    check(::setsockopt(end.fd.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes),
          "setsockopt(PACKET_IGNORE_OUTGOING)");
    if (::setsockopt(end.fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kPacketSocketBuffer, sizeof(int)) < 0) {
        ::setsockopt(end.fd.get(), SOL_SOCKET, SO_RCVBUF, &kPacketSocketBuffer, sizeof(int));
    }
    sockaddr_ll name{};
    name.sll_family = AF_PACKET;
    name.sll_protocol = htons(ETH_P_ALL);
    name.sll_ifindex = end.ifindex;
    check(::bind(end.fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name),
          "bind a packet socket");
    return end;
}

}  // namespace

DeviceEnds make_tun_devices(Namespaces& namespaces) {
    DeviceEnds ends;
    ends.server = make_tun(namespaces, model::Host::server);  // the process is in this namespace already
    ends.client = make_tun(namespaces, model::Host::client);
    return ends;
}

DeviceEnds make_veth_devices(Namespaces& namespaces) {
    namespaces.enter_between();
    configure("ipv6/conf/default/disable_ipv6", "1");
    make_pair("client", 101, namespaces.descriptor(model::Host::client));
    make_pair("server", 102, namespaces.descriptor(model::Host::server));
    DeviceEnds ends;
    ends.client = open_packet_socket("client");
    ends.server = open_packet_socket("server");
    for (const model::Host host : {model::Host::client, model::Host::server}) {
        namespaces.enter(host);
        no_offloads(kDevice);
        (host == model::Host::client ? ends.client : ends.server).has_ipv6 = bring_up(host);
        wait_until_running(kDevice);
    }
    namespaces.enter_between();
    wait_until_running("client");
    wait_until_running("server");
    return ends;
}

std::uint64_t dropped_by_device() {
    // The columns of /proc/net/dev: 8 of reception, then bytes, packets, errs, drop of transmission.
    FILE* file = std::fopen("/proc/self/net/dev", "re");
    if (!file) return 0;
    char line[512];
    unsigned long long dropped = 0;
    while (std::fgets(line, sizeof line, file)) {
        const char* name = std::strstr(line, kDevice);
        if (!name) continue;
        std::sscanf(name + std::strlen(kDevice) + 1, "%*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %llu",
                    &dropped);
    }
    std::fclose(file);
    return dropped;
}

}  // namespace socketscope::host::helper
