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

// What a row says, as the filter sees it, is lane, program and text. Lane and program are alike for very many rows,
// so the words that are in them are looked for once: `left` holds those that the text must hold.
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

bool same_event(const story::Event& a, const story::Event& b) {
    return a.at_ns == b.at_ns && a.index == b.index && a.of == b.of && a.kind == b.kind &&
           a.endpoint == b.endpoint;
}

// How many events in front are where they were. A story may tell of one in between later: all behind it have moved on.
std::size_t same_in_front(const Recording& before, const Recording& now) {
    const auto event = [](const Recording& recording, const EventPlace& place) -> const story::Event& {
        return recording.lanes[place.lane].story->events()[place.index];
    };
    const auto same = [&](std::size_t i) {
        const EventPlace a = before.events[i], b = now.events[i];
        return a.at == b.at && a.lane == b.lane && same_event(event(before, a), event(now, b));
    };
    std::size_t low = 0, high = std::min(before.events.size(), now.events.size());
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (same(middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

std::size_t end_of_slice(std::size_t begin, std::size_t end) {
    return std::min(end, begin + kFilterSlice);
}

void look_at_new(State& state, const RowFilter& filter) {
    const std::size_t end = end_of_slice(state.filter_seen, state.events.size());
    for (; state.filter_seen < end; ++state.filter_seen)
        if (filter.holds(state.events[state.filter_seen])) state.filtered.push_back(state.filter_seen);
}

void look_again(State& state, const RowFilter& filter) {
    const std::size_t begin = state.filter_checked, end = end_of_slice(begin, state.filter_doubtful);
    std::vector<std::size_t> held;
    for (std::size_t i = begin; i < end; ++i)
        if (filter.holds(state.events[i])) held.push_back(i);
    state.filter_checked = end;
    auto& found = state.filtered;
    const auto first = std::lower_bound(found.begin(), found.end(), begin);
    const auto last = std::lower_bound(first, found.end(), end);
    if (std::equal(first, last, held.begin(), held.end())) return;
    found.insert(found.erase(first, last), held.begin(), held.end());
}

bool looking_again(const State& state) {
    return state.filter_checked < state.filter_doubtful;
}

}  // namespace

bool matches(std::string_view text, std::string_view filter) {
    return holds_all(lower(text), words_of(filter));
}

void begin_filter(State& state) {
    state.filtered.clear();
    state.filter_seen = state.filter_checked = state.filter_doubtful = 0;
    if (state.filter.empty()) return;
    state.filtered.reserve(state.events.size());  // to move a million later on would take a frame's time
    continue_filter(state, [] { return false; });
}

void go_on_with_filter(State& state, const Recording& before) {
    if (state.filter.empty()) return;
    auto& found = state.filtered;
    state.filter_seen = std::min(state.filter_seen, same_in_front(before, state));
    found.erase(std::lower_bound(found.begin(), found.end(), state.filter_seen), found.end());
    state.filter_checked = 0;
    state.filter_doubtful = state.filter_seen;
    continue_filter(state, [] { return false; });
}

void continue_filter(State& state, const std::function<bool()>& time_left) {
    if (!filtering(state)) return;
    const RowFilter filter(state);
    do {
        if (state.filter_seen < state.events.size())
            look_at_new(state, filter);
        else
            look_again(state, filter);
    } while (filtering(state) && time_left());
}

bool filtering(const State& state) {
    return !state.filter.empty() && (state.filter_seen < state.events.size() || looking_again(state));
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
