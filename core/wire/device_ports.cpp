#include "core/wire/device_ports.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/model/errno_text.hpp"
#include "core/socket/thread_sanitizer.hpp"

namespace socketscope::wire {
namespace {

constexpr std::size_t kLargestPacket = 65'536;
// Read at most so many before looking at the other direction and at what is due.
constexpr int kBatch = 64;

bool is_ip(std::string_view bytes) {
    if (bytes.empty()) return false;
    const int version = static_cast<unsigned char>(bytes[0]) >> 4;
    return version == 4 || version == 6;
}

// The devices' descriptors are the wire's thread's alone; endpoints have tables of their own.
ssize_t read_own(int fd, std::vector<char>& buffer) {
    const socket::OwnDescriptors own;
    return ::read(fd, buffer.data(), buffer.size());
}

}  // namespace

DevicePorts::DevicePorts(host::LinkEnd client, host::LinkEnd server)
    : ends_{std::move(client), std::move(server)}, buffer_(kLargestPacket) {}

void DevicePorts::list(std::vector<pollfd>& descriptors) const {
    for (const host::LinkEnd& end : ends_) {
        if (end.fd) descriptors.push_back({end.fd.get(), POLLIN, 0});
    }
}

void DevicePorts::read(const pollfd& ready, const Arrived& arrived) {
    const model::Host from = ready.fd == ends_[0].fd.get() ? model::Host::client : model::Host::server;
    for (int i = 0; i < kBatch; ++i) {
        const ssize_t size = read_own(ready.fd, buffer_);
        if (size < 0) {
            if (errno == EAGAIN || errno == EINTR) return;
            const char* host = from == model::Host::client ? "client" : "server";
            throw PortsFailed{std::string("the wire's end at the ") + host +
                              " can't be read any more: " + model::errno_sentence(errno)};
        }
        const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(size));
        if (is_ip(bytes)) arrived({from, bytes, 0});
    }
}

int DevicePorts::write(const Arrival& packet) {
    const socket::OwnDescriptors own;
    const host::LinkEnd& end = ends_[static_cast<int>(model::other(packet.from))];
    ssize_t size;
    if (end.packet_socket) {
        sockaddr_ll to{};
        to.sll_family = AF_PACKET;
        to.sll_protocol = htons((packet.bytes[0] >> 4) == 4 ? ETH_P_IP : ETH_P_IPV6);
        to.sll_ifindex = end.ifindex;
        to.sll_halen = sizeof host::kHostMac;
        std::memcpy(to.sll_addr, host::kHostMac, sizeof host::kHostMac);
        size = ::sendto(end.fd.get(), packet.bytes.data(), packet.bytes.size(), MSG_NOSIGNAL,
                        reinterpret_cast<const sockaddr*>(&to), sizeof to);
    } else {
        size = ::write(end.fd.get(), packet.bytes.data(), packet.bytes.size());
    }
    return size < 0 ? errno : 0;
}

}  // namespace socketscope::wire
