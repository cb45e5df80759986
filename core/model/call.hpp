// The table of system calls that scripts can make: names, man pages, and what each does to bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/model/event.hpp"

namespace socketscope::model {

enum class CallClass : std::uint8_t { makes_socket, names, connects, sends, receives, ends, waits, asks };

struct CallRow {
    Call call;
    std::string_view name;       // as in C
    std::string_view man;        // "send(2)"
    std::string_view prototype;  // "send(fd, data, flags)": as written in a script
    std::string_view does;       // one plain sentence
    CallClass effect;
};
std::span<const CallRow> calls();
const CallRow& row(Call call);
std::optional<Call> parse_call(std::string_view name);
inline bool sends(Call call) {
    return row(call).effect == CallClass::sends;
}
inline bool receives(Call call) {
    return row(call).effect == CallClass::receives;
}

}  // namespace socketscope::model
