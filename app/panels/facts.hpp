// What the inspector says of a thing: title, facts, how it is known, its bytes. Pure text, tested without a window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/player/state.hpp"

namespace socketscope::panels {

struct Fact {
    std::string name, value;
    bool code{false};  // shown in the code font
    bool bad{false};   // lost, refused, blocked
};
// A range of the bytes that belongs together: a header field, a message's piece.
struct ByteMark {
    std::size_t offset{0}, size{0};
    int hue{-1};  // 0..5: bytes of a message of that hue; −1: a header field
    std::string name;
    model::Ref first{};  // its first byte, if it is a message's; `lane` is not set
};
struct Sheet {
    std::string title;
    std::vector<Fact> facts;
    std::vector<Fact> details;  // decoded headers of a packet, the states of a socket
    std::string why;            // observed or inferred, and from what
    std::string reason;         // why the kernel does so, with the man page; "" = nothing to say
    std::string bytes;
    std::vector<ByteMark> marks;
};
// A thing in one line, as lists name it: "send(3, "HELLO ", 6) = 6", "bytes 7–12", "socket 4 of server".
std::string name_of(const player::State& state, model::Ref ref);

// nullopt: nothing is selected, or the thing is not there.
std::optional<Sheet> sheet_of(const player::State& state, model::Ref ref);

}  // namespace socketscope::panels
