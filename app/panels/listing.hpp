// The programs as listings, and what there is to say of each line of one at the moment. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "app/player/state.hpp"

namespace socketscope::panels {

// A program of one lane, or of several that run the same text.
struct Listing {
    std::string_view text;
    std::uint32_t first_line{1};  // in the lesson's file; lines of a listing count from 1
    std::vector<std::pair<std::size_t, std::uint8_t>> runs;  // lane, endpoint
};

// Each name once, in the order of lanes.
std::vector<std::string> endpoint_names(const player::State& state);
// What the programs of that name run: one listing a text.
std::vector<Listing> listings_of(const player::State& state, const std::string& name);
std::vector<std::string_view> lines_of(std::string_view text);

// A program that stands on a line now.
struct LineNow {
    std::size_t lane{0};
    story::Doing doing{story::Doing::running};
};
std::vector<LineNow> lines_now(const player::State& state, const Listing& listing, std::uint32_t line);
// The line of the file at which the program of that name stands, in the first lane that has it.
// 0 = it has not begun or has ended.
std::uint32_t line_now(const player::State& state, const std::string& name);

// Whether the last expectation of that line before now held; nullopt: none was checked yet.
std::optional<bool> expectation_at(const player::State& state, const Listing& listing, std::uint32_t line);
// The call to show for a line: the last one made from it before now, else the first.
model::Ref call_of_line(const player::State& state, const Listing& listing, std::uint32_t line);

// The lines whose calls belong to what was chosen.
class LitLines {
public:
    explicit LitLines(const player::State& state);
    bool holds(const Listing& listing, std::uint32_t line) const;

private:
    using Line = std::tuple<std::size_t, std::uint8_t, std::uint32_t>;  // lane, endpoint, line

    void add(const player::State& state, const model::Ref& ref);

    std::vector<Line> lines_;  // each once, in order
};

}  // namespace socketscope::panels
