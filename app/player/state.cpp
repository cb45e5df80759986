#include "app/player/state.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "app/player/event_filter.hpp"

namespace socketscope::player {

namespace {

constexpr double kSlowest = 0.01, kFastest = 4;

TimeNs clamp_time(const State& state, TimeNs t) {
    return std::clamp<TimeNs>(t, 0, state.end);
}

void seek(State& state, TimeNs t) {
    state.t = clamp_time(state, t);
    state.rest_at.reset();
}

void play_to(State& state, TimeNs t) {
    t = clamp_time(state, t);
    if (state.rest_at == t || t <= state.t) {
        state.playing = false;
        seek(state, t);
        return;
    }
    state.rest_at = t;
    state.playing = true;
}

// Events so close together that no one could tell them apart are one step; see StoryClock.
void step_event(State& state, int by) {
    state.playing = false;
    for (; by > 0; --by) {
        const std::size_t next = state.events.first_after(state.t);
        seek(state, next == state.events.size() ? state.end : state.events[next].at);
    }
    for (; by < 0; ++by) {
        const std::size_t next = state.events.first_from(state.t);
        seek(state, next == 0 ? 0 : state.events[next - 1].at);
    }
}

void step_beat(State& state, int by) {
    state.playing = false;
    for (; by > 0; --by) {
        const auto next = std::find_if(state.beats.begin(), state.beats.end(),
                                       [&](const BeatMark& beat) { return beat.at > state.t; });
        seek(state, next == state.beats.end() ? state.end : next->at);
    }
    for (; by < 0; ++by) {
        const auto next = std::find_if(state.beats.rbegin(), state.beats.rend(),
                                       [&](const BeatMark& beat) { return beat.at < state.t; });
        seek(state, next == state.beats.rend() ? 0 : next->at);
    }
}

// When the thing first shows: where "go there" goes.
std::optional<TimeNs> time_of(const State& state, const model::Ref& ref) {
    if (ref.lane >= state.lanes.size()) return std::nullopt;
    const auto& story = *state.lanes[ref.lane].story;
    const auto& trace = story.trace();
    const auto since = [&](TimeNs at) { return std::optional(at - trace.start_ns); };
    switch (ref.kind) {
        case model::RefKind::call:
            if (ref.index < trace.calls.size()) return since(trace.calls[ref.index].enter_ns);
            break;
        case model::RefKind::packet:
            if (ref.index < trace.packets.size()) return since(trace.packets[ref.index].sent_ns);
            break;
        case model::RefKind::message:
        case model::RefKind::byte:
            if (ref.index < story.messages().size()) return since(story.handed_ns(ref.index));
            break;
        case model::RefKind::note:
            if (ref.index < trace.notes.size()) return since(trace.notes[ref.index].at_ns);
            break;
        case model::RefKind::none:
        case model::RefKind::socket:
        case model::RefKind::endpoint:
            break;
    }
    return std::nullopt;
}

// The code panel turns to the program that made the chosen call, or the first call that belongs to what was chosen.
void show_its_code(State& state) {
    const model::Ref* call = &state.selected;
    if (call->kind != model::RefKind::call) {
        const auto is_call = [](const model::Ref& ref) { return ref.kind == model::RefKind::call; };
        const auto first = std::find_if(state.linked.begin(), state.linked.end(), is_call);
        if (first == state.linked.end()) return;
        call = &*first;
    }
    const auto& calls = state.lanes[call->lane].story->trace().calls;
    if (call->index >= calls.size()) return;
    state.code = {call->lane, calls[call->index].endpoint};
}

bool before(const model::Ref& a, const model::Ref& b) {
    return std::tie(a.kind, a.lane, a.index, a.offset) < std::tie(b.kind, b.lane, b.index, b.offset);
}

void select(State& state, const Select& command) {
    state.selected = command.ref;
    state.linked.clear();
    if (!command.ref || command.ref.lane >= state.lanes.size()) return;
    state.linked = state.lanes[command.ref.lane].story->related(command.ref);
    for (auto& ref : state.linked) ref.lane = command.ref.lane;
    std::sort(state.linked.begin(), state.linked.end(), before);
    show_its_code(state);
    if (!command.go_there) return;
    state.playing = false;
    if (const auto at = command.at ? command.at : time_of(state, command.ref)) seek(state, *at);
}

void set_loop(State& state, TimeNs from, TimeNs to) {
    state.loop_from = clamp_time(state, from);
    state.loop_to = clamp_time(state, to);
    state.loop_mark.reset();
    if (state.looping() && (state.t < state.loop_from || state.t > state.loop_to))
        seek(state, state.loop_from);
}

void mark_loop(State& state) {
    if (state.looping()) {
        set_loop(state, 0, 0);
    } else if (!state.loop_mark) {
        state.loop_mark = state.t;
    } else {
        const TimeNs mark = *state.loop_mark;
        set_loop(state, std::min(mark, state.t), std::max(mark, state.t));
    }
}

void toggle_play(State& state) {
    state.playing = !state.playing && state.trace;
    state.rest_at.reset();
    if (!state.playing) return;
    if (state.looping() && (state.t < state.loop_from || state.t >= state.loop_to)) {
        state.t = state.loop_from;
    } else if (state.t >= state.end && !state.running) {
        state.t = 0;
    }
}

void set_filter(State& state, const std::string& text) {
    state.filter = text;
    begin_filter(state);
}

void dismiss(State& state) {
    if (state.help) {
        state.help = false;
    } else if (state.asks_for_file) {
        state.asks_for_file = false;
    } else if (!state.message.empty()) {
        state.message.clear();
    } else if (!state.notice.text.empty()) {
        state.notice = {};
    } else if (state.loop_mark) {
        state.loop_mark.reset();
    } else if (state.selected) {
        select(state, {});
    } else if (!state.filter.empty() && !state.presenter) {
        set_filter(state, {});
    } else if (state.presenter) {
        state.presenter = false;
    }
}

struct Apply {
    State& state;
    std::optional<Command> operator()(const TogglePlay&) const { return toggle_play(state), std::nullopt; }
    std::optional<Command> operator()(const Seek& c) const { return seek(state, c.t), std::nullopt; }
    std::optional<Command> operator()(const StepEvent& c) const {
        return step_event(state, c.by), std::nullopt;
    }
    std::optional<Command> operator()(const StepBeat& c) const {
        return step_beat(state, c.by), std::nullopt;
    }
    std::optional<Command> operator()(const GoToBeat& c) const {
        state.playing = false;
        if (c.index < state.beats.size()) seek(state, state.beats[c.index].at);
        return std::nullopt;
    }
    std::optional<Command> operator()(const GoToEdge& c) const {
        state.playing = false;
        return seek(state, c.end ? state.end : 0), std::nullopt;
    }
    std::optional<Command> operator()(const PlayTo& c) const { return play_to(state, c.t), std::nullopt; }
    std::optional<Command> operator()(const SetSpeed& c) const {
        if (std::isfinite(c.factor)) state.speed = std::clamp(c.factor, kSlowest, kFastest);
        return std::nullopt;
    }
    std::optional<Command> operator()(const SetClock& c) const {
        return state.clock_kind = c.clock, std::nullopt;
    }
    std::optional<Command> operator()(const SetLoop& c) const {
        return set_loop(state, c.from, c.to), std::nullopt;
    }
    std::optional<Command> operator()(const MarkLoop&) const { return mark_loop(state), std::nullopt; }
    std::optional<Command> operator()(const ZoomTimeline& c) const {
        state.view_from = clamp_time(state, c.from);
        state.view_to = clamp_time(state, c.to);
        return std::nullopt;
    }
    std::optional<Command> operator()(const Select& c) const { return select(state, c), std::nullopt; }
    std::optional<Command> operator()(const Hover& c) const { return state.hovered = c.ref, std::nullopt; }
    std::optional<Command> operator()(const SetFilter& c) const {
        return set_filter(state, c.text), std::nullopt;
    }
    std::optional<Command> operator()(const FocusFilter& c) const {
        state.folded[static_cast<std::size_t>(Panel::events)] = false;
        return Command(c);
    }
    std::optional<Command> operator()(const ShowCode& c) const {
        state.code = {c.lane, c.endpoint};
        return std::nullopt;
    }
    std::optional<Command> operator()(const Answer& c) const {
        if (c.prediction < state.answers.size()) state.answers[c.prediction] = c.choice;
        return std::nullopt;
    }
    std::optional<Command> operator()(const SetTheme& c) const { return state.theme = c.theme, std::nullopt; }
    std::optional<Command> operator()(const SetScale& c) const {
        if (std::isfinite(c.scale)) state.scale = std::clamp(c.scale, kSmallestScale, kLargestScale);
        return std::nullopt;
    }
    std::optional<Command> operator()(const EnlargePresenter& c) const {
        if (std::isfinite(c.by)) state.presenter_larger = std::clamp(c.by, -kLargestScale, kLargestScale);
        return std::nullopt;
    }
    std::optional<Command> operator()(const TogglePresenter&) const {
        return state.presenter = !state.presenter, std::nullopt;
    }
    std::optional<Command> operator()(const ToggleHelp&) const {
        return state.help = !state.help, std::nullopt;
    }
    std::optional<Command> operator()(const ToggleMatrix&) const {
        return state.matrix = !state.matrix, std::nullopt;
    }
    std::optional<Command> operator()(const ToggleWhy&) const {
        return state.explain = !state.explain, std::nullopt;
    }
    std::optional<Command> operator()(const ToggleOverlay&) const {
        return state.overlay = !state.overlay, std::nullopt;
    }
    std::optional<Command> operator()(const FoldPanel& c) const {
        auto& folded = state.folded[static_cast<std::size_t>(c.panel)];
        folded = !folded;
        return std::nullopt;
    }
    std::optional<Command> operator()(const Dismiss&) const { return dismiss(state), std::nullopt; }
    std::optional<Command> operator()(const AskForFile& c) const {
        state.asks_for_file = c.ask;
        return Command(c);  // the keyboard goes there
    }
    std::optional<Command> operator()(const TypePath& c) const { return state.path = c.path, std::nullopt; }
    // What is left is the session's.
    std::optional<Command> operator()(const auto& command) const { return Command(command); }
};

}  // namespace

State::State() = default;
State::~State() = default;
State::State(State&&) noexcept = default;
State& State::operator=(State&&) noexcept = default;

std::optional<Command> apply(State& state, const Command& command) {
    return std::visit(Apply{state}, command);
}

void advance(State& state, double seconds) {
    if (!state.playing || seconds <= 0) return;
    const bool looping = state.looping() && !state.rest_at;
    const TimeNs before = state.t;
    if (state.clock_kind == ClockKind::story) {
        state.t = state.clock.to_true(state.clock.to_story(state.t) + seconds * state.speed);
    } else {
        state.t += static_cast<TimeNs>(std::llround(seconds * state.speed * 1e9));
    }
    if (state.t == before) ++state.t;  // very slow and very near: never stand still
    if (looping && state.t >= state.loop_to && before <= state.loop_to) state.t = state.loop_from;
    if (state.rest_at && state.t >= *state.rest_at) {
        seek(state, *state.rest_at);
        state.playing = false;
    }
    if (state.t >= state.end) {
        state.t = state.end;
        state.playing = state.running;  // a run that goes on may bring more
    }
}

const std::string& message_of(const State& state) {
    return state.message.empty() ? state.notice.text : state.message;
}

std::size_t current_beat(const State& state) {
    const auto after = std::upper_bound(state.beats.begin(), state.beats.end(), state.t,
                                        [](TimeNs t, const BeatMark& beat) { return t < beat.at; });
    return after == state.beats.begin() ? SIZE_MAX
                                        : static_cast<std::size_t>(after - state.beats.begin()) - 1;
}

std::size_t event_at(const State& state, TimeNs t) {
    const std::size_t after = state.events.first_after(t);
    return after == 0 ? SIZE_MAX : after - 1;
}

bool is_linked(const State& state, const model::Ref& ref) {
    return std::binary_search(state.linked.begin(), state.linked.end(), ref, before);
}

bool is_lit(const State& state, const model::Ref& ref) {
    return state.selected && (state.selected == ref || is_linked(state, ref));
}

}  // namespace socketscope::player
