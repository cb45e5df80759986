// What travelled beside the bytes of sendmsg(2) and recvmsg(2), as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace socketscope::cli {

// One object a control message, in their order (docs/json.md, `control`). `control`: as the kernel took or gave it.
nlohmann::ordered_json control_json(std::string_view control);

}  // namespace socketscope::cli
