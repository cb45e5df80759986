#include "app/panels/facts.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "app/panels/reasons.hpp"
#include "tests/panels/shown.hpp"

using namespace socketscope;
using namespace socketscope::panels;
using model::Ref;
using model::RefKind;

namespace {

bool says(const Sheet& sheet, const std::string& name, const std::string& part) {
    return std::any_of(sheet.facts.begin(), sheet.facts.end(), [&](const Fact& fact) {
        return fact.name == name && fact.value.find(part) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("everything in a recording has a sheet: title, facts, evidence, marks inside its bytes") {
    auto state = test::recorded_state();
    state.t = state.end / 2;
    for (std::uint8_t lane = 0; lane < state.lanes.size(); ++lane) {
        const auto& story = *state.lanes[lane].story;
        const auto check = [&](RefKind kind, std::size_t count) {
            for (std::uint32_t i = 0; i < count; ++i) {
                const auto sheet = sheet_of(state, Ref{kind, lane, i, 0});
                CAPTURE(static_cast<int>(kind));
                CAPTURE(i);
                REQUIRE(sheet.has_value());
                CHECK(!sheet->title.empty());
                CHECK(!sheet->facts.empty());
                for (const auto& mark : sheet->marks) CHECK(mark.offset + mark.size <= sheet->bytes.size());
            }
            CHECK(!sheet_of(state, Ref{kind, lane, static_cast<std::uint32_t>(count), 0}).has_value());
        };
        check(RefKind::call, story.trace().calls.size());
        check(RefKind::packet, story.trace().packets.size());
        check(RefKind::message, story.messages().size());
        check(RefKind::socket, story.sockets().size());
        check(RefKind::endpoint, story.trace().endpoints.size());
        check(RefKind::note, story.trace().notes.size());
    }
}

TEST_CASE("title, facts and evidence of a packet count from one") {
    const auto state = test::recorded_state();
    const auto& story = *state.lanes[0].story;
    for (std::uint32_t i = 0; i < story.packets().size(); ++i) {
        const auto sheet = sheet_of(state, Ref{RefKind::packet, 0, i, 0});
        REQUIRE(sheet.has_value());
        CHECK(sheet->title.starts_with("Packet " + std::to_string(i + 1) + ":"));
        if (story.packets()[i].first_copy == story::kNone) continue;
        const std::string first = "packet " + std::to_string(story.packets()[i].first_copy + 1);
        CHECK(says(*sheet, "again", first));
        CHECK(evidence_of(state, Ref{RefKind::packet, 0, i, 0}).find("repeats " + first) !=
              std::string::npos);
    }
}

TEST_CASE("the lost packet says why, the message how often it travelled") {
    const auto state = test::recorded_state();
    const auto& story = *state.lanes[0].story;
    const auto& packets = story.trace().packets;
    const auto lost = std::find_if(packets.begin(), packets.end(),
                                   [](const auto& p) { return p.verdict == model::Verdict::dropped; });
    REQUIRE(lost != packets.end());
    const auto number = static_cast<std::uint32_t>(lost - packets.begin());
    const auto sheet = sheet_of(state, Ref{RefKind::packet, 0, number, 0});
    REQUIRE(sheet.has_value());
    CHECK(says(*sheet, "fate", "drop data 2 from client"));
    CHECK(!sheet->why.empty());
    const auto message = sheet_of(state, Ref{RefKind::message, 0, 1, 0});
    REQUIRE(message.has_value());
    CHECK(says(*message, "packets", "2, of these lost: 1"));
    CHECK(says(*message, "received by", "server"));
}

TEST_CASE("what is not there has no sheet") {
    const auto state = test::recorded_state();
    CHECK(!sheet_of(state, Ref{}).has_value());
    CHECK(!sheet_of(state, Ref{RefKind::call, 9, 0, 0}).has_value());
    CHECK(!sheet_of(state, Ref{RefKind::byte, 0, 0, 100'000}).has_value());
}
