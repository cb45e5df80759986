// Which events the list shows: all of them, or those whose text holds every word of the filter.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "app/player/state.hpp"

namespace socketscope::player {

// Indices into State::events, in order. Empty for an empty filter: then every event is shown.
std::vector<std::size_t> filter_events(const State& state);

// Whether `text` holds each word of `filter`, upper and lower case alike.
bool matches(std::string_view text, std::string_view filter);

// The rows of the list.
std::size_t row_count(const State& state);
std::size_t event_of_row(const State& state, std::size_t row);
// The row of that event, or of the last one shown before it; SIZE_MAX if there is none.
std::size_t row_of_event(const State& state, std::size_t event);

}  // namespace socketscope::player
