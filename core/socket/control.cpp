#include "core/socket/control.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace socketscope::socket {

namespace {

void add(std::string& control, int type, const void* data, std::size_t size) {
    std::string message(CMSG_SPACE(size), '\0');
    cmsghdr header{};
    header.cmsg_len = CMSG_LEN(size);
    header.cmsg_level = SOL_SOCKET;
    header.cmsg_type = type;
    std::memcpy(message.data(), &header, sizeof header);
    std::memcpy(message.data() + CMSG_LEN(0), data, size);
    control += message;
}

}  // namespace

void add_descriptors(std::string& control, std::span<const int> fds) {
    add(control, SCM_RIGHTS, fds.data(), fds.size_bytes());
}

void add_credentials(std::string& control, const Credentials& credentials) {
    const ucred raw{credentials.pid, credentials.uid, credentials.gid};
    add(control, SCM_CREDENTIALS, &raw, sizeof raw);
}

// By hand instead of CMSG_NXTHDR: recorded bytes need not lie at an aligned address.
std::vector<ControlMessage> messages_in(std::string_view control) {
    std::vector<ControlMessage> messages;
    while (control.size() >= sizeof(cmsghdr)) {
        cmsghdr header;
        std::memcpy(&header, control.data(), sizeof header);
        if (header.cmsg_len < CMSG_LEN(0) || header.cmsg_len > control.size()) break;
        messages.push_back({header.cmsg_level, header.cmsg_type,
                            control.substr(CMSG_LEN(0), header.cmsg_len - CMSG_LEN(0))});
        control.remove_prefix(std::min<std::size_t>(control.size(), CMSG_ALIGN(header.cmsg_len)));
    }
    return messages;
}

std::vector<int> descriptors_of(const ControlMessage& message) {
    if (message.level != SOL_SOCKET || message.type != SCM_RIGHTS) return {};
    std::vector<int> fds(message.data.size() / sizeof(int));
    std::memcpy(fds.data(), message.data.data(), fds.size() * sizeof(int));
    return fds;
}

std::optional<Credentials> credentials_of(const ControlMessage& message) {
    ucred raw;
    if (message.level != SOL_SOCKET || message.type != SCM_CREDENTIALS || message.data.size() < sizeof raw)
        return std::nullopt;
    std::memcpy(&raw, message.data.data(), sizeof raw);
    return Credentials{raw.pid, raw.uid, raw.gid};
}

std::vector<int> descriptors_in(std::string_view control) {
    std::vector<int> all;
    for (const auto& message : messages_in(control)) {
        const auto fds = descriptors_of(message);
        all.insert(all.end(), fds.begin(), fds.end());
    }
    return all;
}

}  // namespace socketscope::socket
