// Which events the list shows: all of them, or those whose text holds every word of the filter.
#pragma once

#include <cstddef>
#include <string_view>

#include "app/player/state.hpp"

namespace socketscope::player {

// State::filtered holds indices into State::events, in order; it is empty for an empty filter: then every event is shown.
// A million rows take more than a frame's time to look through: so many are looked at by each of these two, and the window
// calls continue_filter() in every frame as long as filtering().
inline constexpr std::size_t kFilteredAtOnce = 2'500;
void begin_filter(State& state);
void continue_filter(State& state);
bool filtering(const State& state);

// Whether `text` holds each word of `filter`, upper and lower case alike.
bool matches(std::string_view text, std::string_view filter);

// The rows of the list.
std::size_t row_count(const State& state);
std::size_t event_of_row(const State& state, std::size_t row);
// The row of that event, or of the last one shown before it; SIZE_MAX if there is none.
std::size_t row_of_event(const State& state, std::size_t event);

}  // namespace socketscope::player
