// Control messages of sendmsg(2) and recvmsg(2): descriptors and credentials that travel beside the bytes (cmsg(3), unix(7)).
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

// What came: all descriptors of all SCM_RIGHTS messages, the first SCM_CREDENTIALS.
std::vector<int> descriptors_in(std::string_view control);
std::optional<Credentials> credentials_in(std::string_view control);

}  // namespace socketscope::socket
