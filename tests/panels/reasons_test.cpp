#include "app/panels/reasons.hpp"

#include <doctest/doctest.h>

#include "app/panels/facts.hpp"
#include "tests/panels/shown.hpp"

using namespace socketscope;
using namespace socketscope::panels;
using model::Ref;
using model::RefKind;

TEST_CASE("each thing of a recording says what it is, and a reason names its source") {
    auto state = test::recorded_state();
    state.t = state.end / 3;
    for (std::uint8_t lane = 0; lane < state.lanes.size(); ++lane) {
        const auto& story = *state.lanes[lane].story;
        const auto check = [&](RefKind kind, std::size_t count) {
            for (std::uint32_t i = 0; i < count; ++i) {
                CAPTURE(static_cast<int>(kind));
                CAPTURE(i);
                const Ref ref{kind, lane, i, 0};
                CHECK(!what_it_is(state, ref).empty());
                CHECK(!name_of(state, ref).empty());
                const std::string_view reason = reason_for(state, ref);
                if (!reason.empty()) CHECK(reason.find('(') != std::string_view::npos);
            }
            const Ref beyond{kind, lane, static_cast<std::uint32_t>(count), 0};
            if (kind != RefKind::endpoint) CHECK(what_it_is(state, beyond).empty());
        };
        check(RefKind::call, story.trace().calls.size());
        check(RefKind::packet, story.trace().packets.size());
        check(RefKind::message, story.messages().size());
        check(RefKind::byte, story.messages().size());
        check(RefKind::socket, story.sockets().size());
        check(RefKind::endpoint, story.trace().endpoints.size());
    }
    CHECK(what_it_is(state, Ref{RefKind::packet, 9, 0, 0}).empty());
    CHECK(reason_for(state, Ref{RefKind::packet, 9, 0, 0}).empty());
}

TEST_CASE("a lost segment is sent again, a lost datagram is not: the reason says so") {
    const auto state = test::recorded_state();
    int seen = 0;
    for (std::uint8_t lane = 0; lane < state.lanes.size(); ++lane) {
        const auto& trace = state.lanes[lane].story->trace();
        for (std::uint32_t i = 0; i < trace.packets.size(); ++i) {
            if (trace.packets[i].verdict != model::Verdict::dropped) continue;
            const std::string_view reason = reason_for(state, {RefKind::packet, lane, i, 0});
            const bool tcp = trace.kind.type == model::SocketType::stream;
            CHECK((reason.find("sent again") != std::string_view::npos) == tcp);
            CHECK((reason.find("Nobody notices") != std::string_view::npos) == !tcp);
            ++seen;
        }
    }
    CHECK(seen >= 2);
}

TEST_CASE("what is known of a socket is what it is at the playhead, not what it became") {
    auto state = test::recorded_state();
    const auto& story = *state.lanes[0].story;
    for (std::uint32_t i = 0; i < story.sockets().size(); ++i)
        for (const auto& change : story.sockets()[i].states) {
            state.t = std::max<model::TimeNs>(change.at_ns - story.begin_ns(), 0);
            const auto* now = story.state_at(i, story.begin_ns() + state.t);
            const std::string known = evidence_of(state, {RefKind::socket, 0, i, 0});
            CAPTURE(known);
            CHECK((now == nullptr) == (known == "It is not there yet."));
            if (now != nullptr) CHECK(known.starts_with(now->state + " since "));
        }
}
