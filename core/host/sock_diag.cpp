#include "core/host/sock_diag.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstring>
#include <string_view>
#include <utility>

namespace socketscope::host {
namespace {

template <class Request>
struct Message {
    nlmsghdr header{};
    Request request{};
};

template <class Request>
bool ask(int fd, int flags, const Request& request) {
    Message<Request> message;
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    message.request = request;
    return ::send(fd, &message, sizeof message, 0) == static_cast<ssize_t>(sizeof message);
}

// Calls take(header) for each message of the answer, up to its end, an error, or until take() returns true.
template <class Take>
void answers(int fd, bool dump, Take take) {
    alignas(nlmsghdr) char bytes[16 * 1024];
    bool found = false;  // the rest of a dump is read all the same, else it would answer the next question
    for (;;) {
        const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
        if (size <= 0) return;
        auto left = static_cast<unsigned>(size);
        for (auto* header = reinterpret_cast<nlmsghdr*>(bytes); NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) return;
            found = found || take(*header);
        }
        if (!dump) return;
    }
}

// The attribute of that type behind the message's body, rtnetlink(7).
std::optional<SocketBuffers> meminfo(const nlmsghdr& header, std::size_t body_size, int type) {
    const std::string_view message(reinterpret_cast<const char*>(&header), header.nlmsg_len);
    rtattr attribute{};
    for (std::size_t at = NLMSG_SPACE(body_size); at + sizeof attribute <= message.size();
         at += RTA_ALIGN(attribute.rta_len)) {
        std::memcpy(&attribute, message.data() + at, sizeof attribute);
        if (attribute.rta_len < sizeof attribute) break;
        const std::string_view value = message.substr(at, attribute.rta_len).substr(sizeof attribute);
        std::uint32_t values[SK_MEMINFO_SNDBUF + 1];
        if (attribute.rta_type != type || value.size() < sizeof values) continue;
        std::memcpy(values, value.data(), sizeof values);
        return SocketBuffers{values[SK_MEMINFO_SNDBUF], values[SK_MEMINFO_RCVBUF]};
    }
    return {};
}

}  // namespace

SockDiag::SockDiag(socket::Fd netlink) : netlink_(std::move(netlink)) {
    const timeval limit{1, 0};  // the kernel answers at once; nobody shall wait for one that does not
    if (netlink_) ::setsockopt(netlink_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

std::optional<SocketBuffers> SockDiag::buffers_of_tcp(std::uint64_t inode) {
    if (auto buffers = dump_tcp(AF_INET, inode)) return buffers;
    return dump_tcp(AF_INET6, inode);
}

std::optional<SocketBuffers> SockDiag::dump_tcp(int family, std::uint64_t inode) {
    if (!netlink_) return {};
    inet_diag_req_v2 request{};
    request.sdiag_family = static_cast<std::uint8_t>(family);
    request.sdiag_protocol = IPPROTO_TCP;
    request.idiag_ext = 1U << (INET_DIAG_SKMEMINFO - 1);
    request.idiag_states = ~0U;
    if (!ask(netlink_.get(), NLM_F_DUMP, request)) return {};
    std::optional<SocketBuffers> buffers;
    answers(netlink_.get(), true, [&](const nlmsghdr& header) {
        const auto& body = *static_cast<const inet_diag_msg*>(NLMSG_DATA(&header));
        if (body.idiag_inode != inode) return false;
        buffers = meminfo(header, sizeof body, INET_DIAG_SKMEMINFO);
        return true;
    });
    return buffers;
}

std::optional<SocketBuffers> SockDiag::buffers_of_unix(std::uint64_t inode) {
    if (!netlink_) return {};
    unix_diag_req request{};
    request.sdiag_family = AF_UNIX;
    request.udiag_states = ~0U;
    request.udiag_ino = static_cast<std::uint32_t>(inode);
    request.udiag_show = UDIAG_SHOW_MEMINFO;
    request.udiag_cookie[0] = request.udiag_cookie[1] = ~0U;  // INET_DIAG_NOCOOKIE
    if (!ask(netlink_.get(), 0, request)) return {};
    std::optional<SocketBuffers> buffers;
    answers(netlink_.get(), false, [&](const nlmsghdr& header) {
        buffers = meminfo(header, sizeof(unix_diag_msg), UNIX_DIAG_MEMINFO);
        return true;
    });
    return buffers;
}

}  // namespace socketscope::host
