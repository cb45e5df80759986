#include "app/panels/timeline_row.hpp"

#include <algorithm>
#include <optional>

namespace socketscope::panels {

namespace {

using story::Doing;
using story::MarkKind;

// What a pixel column of a program's bar shows.
enum class Bar : std::uint8_t { idle, call, blocked };

// Runs of equal pixel columns become one.
struct RunBuilder {
    std::vector<BarRun> runs;
    Bar current{Bar::idle};
    float begin{0};

    void add(float x, Bar bar) {
        if (bar == current) return;
        if (current != Bar::idle && x > begin) runs.push_back({begin, x, current == Bar::blocked});
        begin = x;
        current = bar;
    }
};

// Calls are far shorter than a pixel: a column in which one begins counts as "in a call".
// `call`: the first one that does.
bool call_begins(const std::vector<model::CallRecord>& calls, std::size_t call, std::uint8_t endpoint,
                 TimeNs to) {
    // Calls of other programs in between; a denser column is lit by one of the others anyway.
    constexpr int kLook = 8;
    for (int i = 0; i < kLook && call < calls.size() && calls[call].enter_ns < to; ++i, ++call)
        if (calls[call].endpoint == endpoint) return true;
    return false;
}

void make_bars(TimelineRow& row, const story::Story& story, const TimeAxis& axis, const Columns& columns) {
    const trace::LaneTrace& trace = story.trace();
    std::vector<RunBuilder> builders(trace.endpoints.size());
    for (RunBuilder& builder : builders) builder.begin = axis.left();
    float x = axis.left();
    const std::vector<TimeNs>& times = columns.times;
    for (std::size_t i = 0; i + 1 < times.size(); ++i, x += columns.width) {
        const TimeNs from = trace.start_ns + times[i],
                     to = trace.start_ns + std::max(times[i + 1], times[i] + 1);
        const std::size_t next = story.first_call_after(from);
        for (std::size_t e = 0; e < builders.size(); ++e) {
            const auto endpoint = static_cast<std::uint8_t>(e);
            const Doing doing = story.program_at(endpoint, from, next).doing;
            const bool in_call = doing == Doing::in_call || call_begins(trace.calls, next, endpoint, to);
            builders[e].add(x, doing == Doing::blocked ? Bar::blocked : in_call ? Bar::call : Bar::idle);
        }
    }
    for (RunBuilder& builder : builders) {
        builder.add(axis.right(), Bar::idle);
        row.bars.push_back(std::move(builder.runs));
    }
}

// Where two signs would overlap the higher one is drawn; nullopt: none, the bars show it.
std::optional<int> rank_of(MarkKind kind) {
    switch (kind) {
        case MarkKind::send:
            return 4;
        case MarkKind::receive:
            return 5;
        case MarkKind::lost:
            return 9;
        case MarkKind::retransmitted:
            return 8;
        case MarkKind::ack:
            return 3;
        case MarkKind::refused:
            return 7;
        case MarkKind::call:
        case MarkKind::blocked:
        case MarkKind::packet_sent:
        case MarkKind::packet_delivered:
        case MarkKind::control:
            return std::nullopt;
    }
    return std::nullopt;
}

// A few events are looked at per step.
void make_signs(TimelineRow& row, const story::Story& story, const TimeAxis& axis, float step) {
    const TimeNs start = story.trace().start_ns;
    const auto events = story.events();
    // The end of a step is the begin of the next: to find the time of a place is most of the work.
    TimeNs from = start + axis.t(axis.left() - step / 2);
    for (float x = axis.left(); x < axis.right() + step; x += step) {
        const TimeNs next = start + axis.t(x + step / 2);
        const TimeNs to = std::max(next, from + 1);
        auto event = std::lower_bound(events.begin(), events.end(), from,
                                      [](const story::Event& e, TimeNs t) { return e.at_ns < t; });
        std::optional<std::uint32_t> best[2];  // above, on the line
        int best_rank[2]{};
        constexpr int kLook = 48;
        for (int i = 0; i < kLook && event != events.end() && event->at_ns < to; ++i, ++event) {
            const auto rank = rank_of(event->kind);
            if (!rank) continue;
            const bool above = event->kind == MarkKind::lost || event->kind == MarkKind::ack;
            const std::size_t level = above ? 0 : 1;
            if (best[level] && *rank <= best_rank[level]) continue;
            best[level] = static_cast<std::uint32_t>(event - events.begin());
            best_rank[level] = *rank;
        }
        for (std::size_t level = 0; level < 2; ++level)
            if (best[level]) row.signs.push_back({*best[level], level == 0});
        from = next;
    }
}

}  // namespace

Columns columns_of(const player::State& state, const TimeAxis& axis, float wide) {
    constexpr float kMany = 8;  // events a pixel, of all lanes
    const std::size_t events = state.events.first_after(axis.to()) - state.events.first_from(axis.from());
    Columns out;
    if (static_cast<float>(events) > kMany * (axis.right() - axis.left())) out.width = std::max(1.0F, wide);
    out.times.reserve(static_cast<std::size_t>((axis.right() - axis.left()) / out.width) + 3);
    for (float x = axis.left(); x < axis.right(); x += out.width) out.times.push_back(axis.t(x));
    out.times.push_back(axis.t(axis.left() + static_cast<float>(out.times.size()) * out.width));
    for (std::size_t i = 1; i < out.times.size(); ++i)
        out.times[i] = std::max(out.times[i], out.times[i - 1]);
    return out;
}

TimelineRow make_row(const story::Story& story, std::size_t lane, const TimeAxis& axis,
                     const Columns& columns, float step) {
    TimelineRow row;
    row.lane = lane;
    make_bars(row, story, axis, columns);
    make_signs(row, story, axis, step);
    return row;
}

}  // namespace socketscope::panels
