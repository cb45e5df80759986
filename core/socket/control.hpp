// Control messages of sendmsg(2) and recvmsg(2): descriptors and credentials that
// travel beside the bytes (cmsg(3), unix(7)).
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace socketscope::socket {

struct Credentials {
    pid_t pid{0};
    uid_t uid{0};
    gid_t gid{0};
};

// Each appends one whole control message (header, data, padding) to `control`.
void add_descriptors(std::string& control, std::span<const int> fds);
void add_credentials(std::string& control, const Credentials& credentials);

// One control message (struct cmsghdr): level, type, and what stands behind its header.
struct ControlMessage {
    int level{0}, type{0};
    std::string_view data;
};
// All of them in their order; a cut-off tail (MSG_CTRUNC) ends the list.
std::vector<ControlMessage> messages_in(std::string_view control);

// Of a SCM_RIGHTS message; none of another.
std::vector<int> descriptors_of(const ControlMessage& message);
std::optional<Credentials> credentials_of(const ControlMessage& message);  // of a SCM_CREDENTIALS message
std::vector<int> descriptors_in(std::string_view control);                 // of all its messages

}  // namespace socketscope::socket
