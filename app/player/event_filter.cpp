#include "app/player/event_filter.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace socketscope::player {

namespace {

using Words = std::vector<std::string>;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

Words words_of(std::string_view filter) {
    Words out;
    while (!filter.empty()) {
        const std::size_t end = std::min(filter.find(' '), filter.size());
        if (end > 0) out.push_back(lower(filter.substr(0, end)));
        filter.remove_prefix(std::min(end + 1, filter.size()));
    }
    return out;
}

bool holds_all(const std::string& lowered, const Words& words) {
    return std::all_of(words.begin(), words.end(),
                       [&](const std::string& word) { return lowered.find(word) != std::string::npos; });
}

// What a row says, as the filter sees it, is lane, program and text. Lane and program are alike for very many rows, so the
// words that are in them are looked for once: `left` holds those that the text must hold.
class RowFilter {
public:
    explicit RowFilter(const State& state) : state_(state) {
        const Words words = words_of(state.filter);
        for (const Lane& lane : state.lanes) {
            const auto& trace = lane.story->trace();
            std::vector<Words>& programs = left_.emplace_back();
            for (std::size_t i = 0; i <= trace.endpoints.size(); ++i) {  // the last: no program's
                std::string head = model::to_string(trace.kind);
                if (i < trace.endpoints.size()) head += " " + trace.endpoints[i].name;
                Words left = words;
                head = lower(head);
                std::erase_if(left, [&](const std::string& word) { return head.find(word) != head.npos; });
                programs.push_back(std::move(left));
            }
        }
    }

    bool holds(const EventPlace& place) const {
        const story::Story& story = *state_.lanes[place.lane].story;
        const story::Event& event = story.events()[place.index];
        const std::vector<Words>& programs = left_[place.lane];
        const Words& left = programs[std::min<std::size_t>(event.endpoint, programs.size() - 1)];
        return left.empty() || holds_all(lower(story.describe(event)), left);
    }

private:
    const State& state_;
    std::vector<std::vector<Words>> left_;  // by lane and program
};

}  // namespace

bool matches(std::string_view text, std::string_view filter) {
    return holds_all(lower(text), words_of(filter));
}

void begin_filter(State& state) {
    state.filtered.clear();
    state.filter_seen = 0;
    if (state.filter.empty()) return;
    state.filtered.reserve(state.events.size());  // to move a million later on would take a frame's time
    continue_filter(state, [] { return false; });
}

void continue_filter(State& state, const std::function<bool()>& time_left) {
    if (!filtering(state)) return;
    const RowFilter filter(state);
    do {
        const std::size_t end = std::min(state.events.size(), state.filter_seen + kFilterSlice);
        for (; state.filter_seen < end; ++state.filter_seen)
            if (filter.holds(state.events[state.filter_seen])) state.filtered.push_back(state.filter_seen);
    } while (filtering(state) && time_left());
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
