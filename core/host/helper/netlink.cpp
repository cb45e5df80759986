#include "core/host/helper/netlink.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/socket/fd.hpp"

namespace socketscope::host::helper {

NetlinkRequest::NetlinkRequest(std::uint16_t type, std::uint16_t flags, const void* header,
                               std::size_t size) {
    nlmsghdr head{};
    head.nlmsg_type = type;
    head.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
    add_bytes(&head, sizeof head);
    add_bytes(header, size);
}

void NetlinkRequest::add_bytes(const void* value, std::size_t size) {
    const auto* from = static_cast<const char*>(value);
    bytes_.insert(bytes_.end(), from, from + size);
    bytes_.resize((bytes_.size() + 3) & ~std::size_t{3});  // NLMSG_ALIGN
}

void NetlinkRequest::add(std::uint16_t attribute, const void* value, std::size_t size) {
    rtattr head{};
    head.rta_type = attribute;
    head.rta_len = static_cast<std::uint16_t>(RTA_LENGTH(size));
    add_bytes(&head, sizeof head);
    add_bytes(value, size);
}

void NetlinkRequest::add(std::uint16_t attribute, std::string_view text) {
    std::vector<char> terminated(text.begin(), text.end());
    terminated.push_back('\0');
    add(attribute, terminated.data(), terminated.size());
}

std::size_t NetlinkRequest::begin_nest(std::uint16_t attribute) {
    const std::size_t nest = bytes_.size();
    add(attribute, nullptr, 0);
    return nest;
}

void NetlinkRequest::end_nest(std::size_t nest) {
    const auto size = static_cast<std::uint16_t>(bytes_.size() - nest);
    std::memcpy(bytes_.data() + nest + offsetof(rtattr, rta_len), &size, sizeof size);
}

int NetlinkRequest::send() {
    const auto size = static_cast<std::uint32_t>(bytes_.size());
    std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &size, sizeof size);
    const socket::Fd netlink(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!netlink || ::send(netlink.get(), bytes_.data(), bytes_.size(), 0) < 0) return errno;
    alignas(nlmsghdr) char answer[8192];
    const ssize_t got = ::recv(netlink.get(), answer, sizeof answer, 0);
    if (got < 0) return errno;
    if (static_cast<std::size_t>(got) < sizeof(nlmsghdr) + sizeof(nlmsgerr)) return EBADMSG;
    nlmsgerr result{};
    std::memcpy(&result, answer + sizeof(nlmsghdr), sizeof result);
    return -result.error;
}

}  // namespace socketscope::host::helper
