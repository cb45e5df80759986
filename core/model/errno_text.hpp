// errno as people need it: the name, what it means on a socket, and what helps. From errno(3) and the calls' man pages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace socketscope::model {

struct ErrnoRow {
    int number;              // as on Linux
    std::string_view name;   // "ECONNREFUSED"
    std::string_view means;  // "nobody listens at that address"
    std::string_view helps;  // what a person can do; may be empty
};
const ErrnoRow* find_errno(int number);                 // nullptr if it has no row
std::string errno_name(int number);                     // "ECONNREFUSED", or "errno 123"
std::string errno_sentence(int number);                 // "ECONNREFUSED: nobody listens at that address"
std::optional<int> parse_errno(std::string_view name);  // 111 for "ECONNREFUSED"

}  // namespace socketscope::model
