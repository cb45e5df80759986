// Which kinds a script or an expectation is meant for: "any", "stream", "unix", "inet/dgram", "stream seqpacket".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace socketscope::script {

// How closely `selector` (kinds, types, domains, separated by spaces or `|`) names the kind "inet/dgram":
// 0 = not at all, 1 = any (or empty), 2 = its domain, 3 = its type, 4 = domain/type, 5 = with its protocol.
// The highest of its words counts.
int selector_rank(std::string_view selector, std::string_view kind_name);

// The first word of `selector` that names no domain, type or kind, with the nearest one that does.
struct UnknownKind {
    std::string word;
    std::string suggestion;
};
std::optional<UnknownKind> check_selector(std::string_view selector);

}  // namespace socketscope::script
