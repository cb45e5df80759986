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
};
struct Sheet {
    std::string title;
    std::vector<Fact> facts;
    std::string why;  // observed or inferred, and from what
    std::string bytes;
    std::vector<ByteMark> marks;
};
// nullopt: nothing is selected, or the thing is not there.
std::optional<Sheet> sheet_of(const player::State& state, model::Ref ref);

}  // namespace socketscope::panels
