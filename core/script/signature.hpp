// The calls as scripts write them: the parameters of each, which may be left out, and what the call answers.
// A new call is one row in signature.cpp (and one in model::calls()).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/model/call.hpp"
#include "core/model/constants.hpp"
#include "core/script/program.hpp"

namespace socketscope::script {

enum class ParameterKind : std::uint8_t {
    descriptor,       // a variable or a number
    number,           // a number, a constant, a variable
    data,             // text, bytes(…), hex(…), a crafted packet, a variable that holds bytes
    address,          // server, unix("…"), inet("…", 9), a variable that holds an address
    path,             // unix("…"), server, "name"
    timeout,          // 1s, or milliseconds, −1 = for ever
    option_value,     // number, time, {1, 0}, text, address
    poll_list,        // [a: POLLIN, b: POLLOUT], or one descriptor followed by its events
    descriptors,      // [a, b]
    out_bytes,        // &buf
    out_address,      // &peer, or NULL
    out_descriptors,  // [&f]
};
struct Parameter {
    Param id{};
    ParameterKind kind{ParameterKind::number};
    bool optional{false};
    // Of the constants that belong here; value = no particular one.
    model::Family family{model::Family::value};
    bool named_only{false};  // only as `name=…`
};
// What a variable before `=` takes.
enum class Answer : std::uint8_t { result, descriptor, two_descriptors, value };
struct Signature {
    std::string_view name;  // as in a script
    model::Call call{};
    std::span<const Parameter> parameters;
    Answer answer{Answer::result};
    std::int64_t request{0};  // ioctl by name: FIONREAD(fd)
};
std::string_view to_string(Param parameter);
std::span<const Signature> signatures();
const Signature* find_signature(std::string_view name);

// "recv(fd, [&buf], length, [flags])": what may be left out stands in brackets.
std::string prototype(const Signature& signature);

}  // namespace socketscope::script
