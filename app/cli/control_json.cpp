#include "app/cli/control_json.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "app/cli/byte_text.hpp"
#include "core/model/errno_text.hpp"
#include "core/socket/control.hpp"
#include "core/story/words.hpp"

namespace socketscope::cli {

namespace {

using Json = nlohmann::ordered_json;

// As the option that asks for such messages: IP_TTL, SO_TIMESTAMP.
void add_other(Json& entry, const socket::ControlMessage& message) {
    entry["type"] = story::option_name(message.level, message.type);
    std::int32_t first = 0;
    std::memcpy(&first, message.data.data(), std::min(message.data.size(), sizeof first));
    if (message.data.size() <= sizeof first) entry["value"] = first;
    const bool report = (message.level == IPPROTO_IP && message.type == IP_RECVERR) ||
                        (message.level == IPPROTO_IPV6 && message.type == IPV6_RECVERR);
    if (report) entry["errno"] = model::errno_name(first);  // struct sock_extended_err, ip(7)
    entry["bytes"] = hex(message.data);
}

}  // namespace

Json control_json(std::string_view control) {
    Json list = Json::array();
    for (const auto& message : socket::messages_in(control)) {
        Json entry{{"level", story::option_level(message.level)}};
        if (const auto fds = socket::descriptors_of(message); !fds.empty()) {
            entry["type"] = "SCM_RIGHTS";
            entry["fds"] = fds;
        } else if (const auto who = socket::credentials_of(message)) {
            entry["type"] = "SCM_CREDENTIALS";
            entry["pid"] = who->pid;
            entry["uid"] = who->uid;
            entry["gid"] = who->gid;
        } else {
            add_other(entry, message);
        }
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace socketscope::cli
