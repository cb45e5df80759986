#include "core/host/message.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

#include "core/socket/thread_sanitizer.hpp"

namespace socketscope::host {
namespace {

constexpr std::size_t kMostDescriptors = 2;

struct Head {
    Op op;
    model::Host host;
    std::int32_t error;
    std::array<std::int64_t, 4> numbers;
};

// Room for the descriptors, aligned as cmsg(3) asks for.
union Control {
    cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * kMostDescriptors)];
};

void take_descriptors(msghdr& header, std::vector<socket::Fd>& into) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number;
            std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof number);
            into.emplace_back(number);
        }
    }
}

}  // namespace

int send_message(int socket, const Message& message) {
    if (message.text.size() > kLongestText || message.descriptors.size() > kMostDescriptors) return EMSGSIZE;
    Head head{message.op, message.host, message.error, message.numbers};
    iovec parts[2] = {{&head, sizeof head}, {const_cast<char*>(message.text.data()), message.text.size()}};
    msghdr header{};
    header.msg_iov = parts;
    header.msg_iovlen = 2;
    Control control{};
    if (!message.descriptors.empty()) {
        header.msg_control = control.bytes;
        header.msg_controllen = CMSG_SPACE(sizeof(int) * message.descriptors.size());
        cmsghdr* part = CMSG_FIRSTHDR(&header);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(int) * message.descriptors.size());
        for (std::size_t i = 0; i < message.descriptors.size(); ++i) {
            const int number = message.descriptors[i].get();
            std::memcpy(CMSG_DATA(part) + i * sizeof(int), &number, sizeof number);
        }
    }
    while (::sendmsg(socket, &header, MSG_NOSIGNAL) < 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}

int receive_message(int socket, Message& message, const std::function<bool()>& go_on) {
    Head head{};
    message.text.resize(kLongestText);
    message.descriptors.clear();
    iovec parts[2] = {{&head, sizeof head}, {message.text.data(), message.text.size()}};
    Control control{};
    msghdr header{};
    header.msg_iov = parts;
    header.msg_iovlen = 2;
    header.msg_control = control.bytes;
    header.msg_controllen = sizeof control.bytes;
    ssize_t size;
    for (;;) {
        {
            const socketscope::socket::OwnDescriptors own;  // what arrives is this thread's alone
            size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
        }
        if (size >= 0 || (errno != EINTR && errno != EAGAIN)) break;
        if (go_on && !go_on()) return ETIMEDOUT;
    }
    if (size < 0) return errno == ECONNRESET ? EPIPE : errno;
    take_descriptors(header, message.descriptors);
    if (size == 0) return EPIPE;
    if (static_cast<std::size_t>(size) < sizeof head || (header.msg_flags & MSG_TRUNC)) return EBADMSG;
    message.text.resize(static_cast<std::size_t>(size) - sizeof head);
    message.op = head.op;
    message.host = head.host;
    message.error = head.error;
    message.numbers = head.numbers;
    return 0;
}

}  // namespace socketscope::host
