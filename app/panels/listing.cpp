#include "app/panels/listing.hpp"

#include <algorithm>

namespace socketscope::panels {

namespace {

bool stands(const story::ProgramNow& now) {
    return now.doing != story::Doing::done && now.doing != story::Doing::not_started;
}

}  // namespace

std::vector<std::string> endpoint_names(const player::State& state) {
    std::vector<std::string> out;
    for (const auto& lane : state.trace->lanes) {
        for (const auto& endpoint : lane.endpoints) {
            if (std::find(out.begin(), out.end(), endpoint.name) == out.end()) out.push_back(endpoint.name);
        }
    }
    return out;
}

std::vector<Listing> listings_of(const player::State& state, const std::string& name) {
    std::vector<Listing> out;
    for (std::size_t lane = 0; lane < state.trace->lanes.size(); ++lane) {
        const auto& endpoints = state.trace->lanes[lane].endpoints;
        for (std::size_t i = 0; i < endpoints.size(); ++i) {
            if (endpoints[i].name != name) continue;
            const trace::Endpoint& program = endpoints[i];
            auto same = std::find_if(out.begin(), out.end(), [&](const Listing& l) {
                return l.text == program.script && l.first_line == program.first_line;
            });
            if (same == out.end()) same = out.insert(out.end(), {program.script, program.first_line, {}});
            same->runs.emplace_back(lane, static_cast<std::uint8_t>(i));
        }
    }
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::vector<LineNow> lines_now(const player::State& state, const Listing& listing, std::uint32_t line) {
    std::vector<LineNow> out;
    for (const auto& [lane, endpoint] : listing.runs) {
        const story::Story& story = *state.lanes[lane].story;
        const story::ProgramNow now = story.program_at(endpoint, story.begin_ns() + state.t);
        if (stands(now) && now.line == line) out.push_back({lane, now.doing});
    }
    return out;
}

std::uint32_t line_now(const player::State& state, const std::string& name) {
    for (const player::Lane& lane : state.lanes) {
        const auto& endpoints = lane.story->trace().endpoints;
        for (std::size_t i = 0; i < endpoints.size(); ++i) {
            if (endpoints[i].name != name) continue;
            const story::ProgramNow now =
                lane.story->program_at(static_cast<std::uint8_t>(i), lane.story->begin_ns() + state.t);
            if (stands(now) && now.line > 0) return endpoints[i].file_line(now.line);
        }
    }
    return 0;
}

std::optional<bool> expectation_at(const player::State& state, const Listing& listing, std::uint32_t line) {
    constexpr std::ptrdiff_t kLookBack = 4096;  // notes: enough for any lesson, bounded for long runs
    std::optional<bool> out;
    for (const auto& [lane, endpoint] : listing.runs) {
        const trace::LaneTrace& trace = state.trace->lanes[lane];
        const auto after =
            std::upper_bound(trace.notes.begin(), trace.notes.end(), trace.start_ns + state.t,
                             [](model::TimeNs t, const model::NoteRecord& n) { return t < n.at_ns; });
        const auto oldest =
            trace.notes.begin() + std::max<std::ptrdiff_t>(0, after - trace.notes.begin() - kLookBack);
        for (auto note = after; note != oldest;) {
            --note;
            if (note->what != model::Note::expectation || note->line != line || note->endpoint != endpoint)
                continue;
            out = out.value_or(true) && note->value == 1;
            break;
        }
    }
    return out;
}

model::Ref call_of_line(const player::State& state, const Listing& listing, std::uint32_t line) {
    for (const auto& [lane, endpoint] : listing.runs) {
        const trace::LaneTrace& trace = state.trace->lanes[lane];
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < trace.calls.size(); ++i) {
            if (trace.calls[i].line != line || trace.calls[i].endpoint != endpoint) continue;
            if (found && trace.calls[i].enter_ns - trace.start_ns > state.t) break;
            found = i;
        }
        if (found)
            return {model::RefKind::call, static_cast<std::uint8_t>(lane), static_cast<std::uint32_t>(*found),
                    0};
    }
    return {};
}

LitLines::LitLines(const player::State& state) {
    if (!state.selected) return;
    add(state, state.selected);
    for (const model::Ref& ref : state.linked) add(state, ref);
    std::sort(lines_.begin(), lines_.end());
    lines_.erase(std::unique(lines_.begin(), lines_.end()), lines_.end());
}

bool LitLines::holds(const Listing& listing, std::uint32_t line) const {
    return std::any_of(listing.runs.begin(), listing.runs.end(), [&](const auto& run) {
        return std::binary_search(lines_.begin(), lines_.end(), Line{run.first, run.second, line});
    });
}

void LitLines::add(const player::State& state, const model::Ref& ref) {
    if (ref.kind != model::RefKind::call || ref.lane >= state.trace->lanes.size()) return;
    const auto& calls = state.trace->lanes[ref.lane].calls;
    if (ref.index < calls.size())
        lines_.emplace_back(ref.lane, calls[ref.index].endpoint, calls[ref.index].line);
}

}  // namespace socketscope::panels
