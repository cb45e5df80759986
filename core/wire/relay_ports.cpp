#include "core/wire/relay_ports.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace socketscope::wire {
namespace {

constexpr std::size_t kLargestDatagram = 65'536;
constexpr int kBatch = 64;
constexpr int kReceiveBuffer = 4 * 1024 * 1024;  // as much as net.core.rmem_max allows

// A route: to whose mailbox it came, and whose mailbox it leaves by.
std::uint64_t route_of(std::size_t to, std::size_t by) {
    return std::uint64_t{to} << 32 | by;
}

}  // namespace

RelayPorts::RelayPorts() : buffer_(kLargestDatagram) {}

socket::Address RelayPorts::publish(model::Host host, const socket::Address& real) {
    const std::size_t index = mailbox_of(host, real);
    return index == kNone ? socket::Address() : mailboxes_[index].published;
}

void RelayPorts::forget_all() {
    mailboxes_.clear();
}

std::size_t RelayPorts::mailbox_of(model::Host host, const socket::Address& real) {
    const auto found = std::find_if(mailboxes_.begin(), mailboxes_.end(), [&](const Mailbox& mailbox) {
        return mailbox.real.bytes() == real.bytes();
    });
    if (found != mailboxes_.end()) return static_cast<std::size_t>(found - mailboxes_.begin());
    Mailbox made;
    made.host = host;
    made.real = real;
    made.fd = socket::Fd(::socket(real.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made.fd) return kNone;
    ::setsockopt(made.fd.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    const auto any_port =
        real.family() == AF_INET6 ? socket::inet6_address("::1", 0) : socket::inet_address("127.0.0.1", 0);
    if (!any_port || ::bind(made.fd.get(), any_port->get(), any_port->size()) < 0) return kNone;
    socklen_t size = socket::Address::capacity();
    if (::getsockname(made.fd.get(), made.published.get(), &size) < 0) return kNone;
    made.published.set_size(size);
    mailboxes_.push_back(std::move(made));
    return mailboxes_.size() - 1;
}

void RelayPorts::list(std::vector<pollfd>& descriptors) const {
    for (const Mailbox& mailbox : mailboxes_) descriptors.push_back({mailbox.fd.get(), POLLIN, 0});
}

void RelayPorts::read(const pollfd& ready, const Arrived& arrived) {
    const auto found = std::find_if(mailboxes_.begin(), mailboxes_.end(),
                                    [&](const Mailbox& mailbox) { return mailbox.fd.get() == ready.fd; });
    if (found == mailboxes_.end()) return;
    const auto to = static_cast<std::size_t>(found - mailboxes_.begin());
    for (int i = 0; i < kBatch; ++i) {
        socket::Address sender;
        socklen_t sender_size = socket::Address::capacity();
        const ssize_t size =
            ::recvfrom(ready.fd, buffer_.data(), buffer_.size(), 0, sender.get(), &sender_size);
        if (size < 0)
            return;  // EAGAIN; an error of an earlier datagram is the sender's business, and silent here
        sender.set_size(sender_size);
        const std::size_t by = mailbox_of(model::other(mailboxes_[to].host), sender);
        const model::Host from = by == kNone ? model::other(mailboxes_[to].host) : mailboxes_[by].host;
        arrived({from, {buffer_.data(), static_cast<std::size_t>(size)}, route_of(to, by)});
    }
}

int RelayPorts::write(const Arrival& packet) {
    const std::size_t to = packet.route >> 32, by = packet.route & UINT32_MAX;
    if (by == kNone) return EMFILE;
    const socket::Address& real = mailboxes_[to].real;
    const ssize_t size = ::sendto(mailboxes_[by].fd.get(), packet.bytes.data(), packet.bytes.size(),
                                  MSG_NOSIGNAL, real.get(), real.size());
    return size < 0 ? errno : 0;
}

}  // namespace socketscope::wire
