#include "app/player/event_filter.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace socketscope::player {

namespace {

bool same_letter(char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool holds(std::string_view text, std::string_view word) {
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same_letter) != text.end();
}

// What a row says, as the filter sees it: lane, program and text.
std::string row_text(const State& state, const EventPlace& place) {
    const auto& story = *state.lanes[place.lane].story;
    const auto& event = story.events()[place.index];
    std::string text = model::to_string(story.trace().kind) + " ";
    if (event.endpoint < story.trace().endpoints.size())
        text += story.trace().endpoints[event.endpoint].name + " ";
    return text + story.describe(event);
}

}  // namespace

bool matches(std::string_view text, std::string_view filter) {
    while (!filter.empty()) {
        const std::size_t end = std::min(filter.find(' '), filter.size());
        if (!holds(text, filter.substr(0, end))) return false;
        filter.remove_prefix(std::min(end + 1, filter.size()));
    }
    return true;
}

void begin_filter(State& state) {
    state.filtered.clear();
    state.filter_seen = 0;
    continue_filter(state);
}

void continue_filter(State& state) {
    if (state.filter.empty()) return;
    const std::size_t end = std::min(state.events.size(), state.filter_seen + kFilteredAtOnce);
    for (; state.filter_seen < end; ++state.filter_seen)
        if (matches(row_text(state, state.events[state.filter_seen]), state.filter))
            state.filtered.push_back(state.filter_seen);
}

bool filtering(const State& state) {
    return !state.filter.empty() && state.filter_seen < state.events.size();
}

std::size_t row_count(const State& state) {
    return state.filter.empty() ? state.events.size() : state.filtered.size();
}

std::size_t event_of_row(const State& state, std::size_t row) {
    return state.filter.empty() ? row : state.filtered[row];
}

std::size_t row_of_event(const State& state, std::size_t event) {
    if (event == SIZE_MAX || state.filter.empty()) return event;
    const auto after = std::upper_bound(state.filtered.begin(), state.filtered.end(), event);
    return after == state.filtered.begin() ? SIZE_MAX
                                           : static_cast<std::size_t>(after - state.filtered.begin()) - 1;
}

}  // namespace socketscope::player
