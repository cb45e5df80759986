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

// Calls `seen(type, data)` for each message of SOL_SOCKET. By hand instead of CMSG_NXTHDR: recorded bytes need not lie
// at an aligned address, and a cut-off tail (MSG_CTRUNC) must end the walk.
template <class F>
void each(std::string_view control, F seen) {
    while (control.size() >= sizeof(cmsghdr)) {
        cmsghdr header;
        std::memcpy(&header, control.data(), sizeof header);
        if (header.cmsg_len < CMSG_LEN(0) || header.cmsg_len > control.size()) return;
        if (header.cmsg_level == SOL_SOCKET)
            seen(header.cmsg_type, control.substr(CMSG_LEN(0), header.cmsg_len - CMSG_LEN(0)));
        control.remove_prefix(std::min<std::size_t>(control.size(), CMSG_ALIGN(header.cmsg_len)));
    }
}

}  // namespace

void add_descriptors(std::string& control, std::span<const int> fds) {
    add(control, SCM_RIGHTS, fds.data(), fds.size_bytes());
}

void add_credentials(std::string& control, const Credentials& credentials) {
    const ucred raw{credentials.pid, credentials.uid, credentials.gid};
    add(control, SCM_CREDENTIALS, &raw, sizeof raw);
}

std::vector<int> descriptors_in(std::string_view control) {
    std::vector<int> fds;
    each(control, [&](int type, std::string_view data) {
        if (type != SCM_RIGHTS) return;
        const std::size_t before = fds.size();
        fds.resize(before + data.size() / sizeof(int));
        std::memcpy(fds.data() + before, data.data(), data.size() / sizeof(int) * sizeof(int));
    });
    return fds;
}

std::optional<Credentials> credentials_in(std::string_view control) {
    std::optional<Credentials> found;
    each(control, [&](int type, std::string_view data) {
        ucred raw;
        if (type != SCM_CREDENTIALS || data.size() < sizeof raw || found) return;
        std::memcpy(&raw, data.data(), sizeof raw);
        found = Credentials{raw.pid, raw.uid, raw.gid};
    });
    return found;
}

}  // namespace socketscope::socket
