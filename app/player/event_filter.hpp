// Which events the list shows: all of them, or those whose text holds every word of the filter.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

#include "app/player/state.hpp"

namespace socketscope::player {

// State::filtered holds indices into State::events, in order; it is empty for an empty filter: then every event is
// shown. A million rows take longer than a frame. begin_filter() looks at the first kFilterSlice of them; the
// window calls continue_filter() as long as filtering(): it looks at slices while `time_left` says so, one at least.
inline constexpr std::size_t kFilterSlice = 128;
inline constexpr std::chrono::microseconds kFilterBudget{250};  // the window's, between two looks at the keys
void begin_filter(State& state);
// The recording has grown. What was found stands, so that the list neither empties nor begins anew with each look
// at a run: first come the events behind it, then all that was found before is looked at again, since a story can
// tell of an old event otherwise when it knows more.
void go_on_with_filter(State& state, const Recording& before);
void continue_filter(State& state, const std::function<bool()>& time_left);
bool filtering(const State& state);

// Whether `text` holds each word of `filter`, upper and lower case alike.
bool matches(std::string_view text, std::string_view filter);

// The rows of the list.
std::size_t row_count(const State& state);
std::size_t event_of_row(const State& state, std::size_t row);
// The row of that event, or of the last one shown before it; SIZE_MAX if there is none.
std::size_t row_of_event(const State& state, std::size_t event);

}  // namespace socketscope::player
