#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

#include "app/stage/layout.hpp"
#include "tests/stage/judge.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using stage::Direction;

namespace {

// The bytes of each lane that have a cell of their own in such a row.
using Bytes = std::set<std::pair<std::uint32_t, std::uint32_t>>;
std::array<Bytes, 3> cells_of(const stage::Scene& scene, const char* row) {
    std::array<Bytes, 3> bytes;
    for (const stage::Hit& hit : scene.hits) {
        if (hit.ref.kind == model::RefKind::byte && hit.probe.find(row) != std::string::npos)
            bytes.at(hit.ref.lane).insert({hit.ref.index, hit.ref.offset});
    }
    return bytes;
}

stage::Scene three_lanes(model::TimeNs t, Look look) {
    stage::StageInput input = stage_of(recorded("10-message-boundaries"), {}, t, look);
    input.measure = narrow_measure;
    return stage::layout(input);
}

}  // namespace

TEST_CASE("every byte of the main lesson has its cell beside open panels") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    const stage::Scene scene = stage::layout(stage_of(r, {}, r.end, {664, 516, Direction::column, false}));
    const auto bytes = cells_of(scene, ".given.");
    CHECK(bytes[0].size() == 38);
    CHECK(bytes[1].size() == 38);  // with the ghost of the one that was lost
    for (const std::string& text : texts(scene)) CHECK(text.find("…") == std::string::npos);
}

TEST_CASE("three lanes beside open panels show ten letters whole, in every row and queue, at every moment") {
    bool queued = false;
    for (const model::TimeNs t : moments(recorded("10-message-boundaries"), 200)) {
        const stage::Scene scene = three_lanes(t, {664, 502, Direction::column, false});
        for (const stage::Shape& shape : scene.shapes) {
            const auto* label = std::get_if<stage::Label>(&shape.what);
            if (label == nullptr) continue;
            const std::string& text = label->text;
            CAPTURE(t);
            CAPTURE(text);
            const bool title = text.starts_with("one ordered") || text.starts_with("separate messages");
            const stage::Hit* hit = scene.hit_at(label->at.centre());  // packets show fewer letters
            const bool packet = hit != nullptr && hit->ref.kind == model::RefKind::packet;
            CHECK((title || packet || text.find("…") == std::string::npos));
        }
        queued |= !cells_of(scene, ".recvq.")[0].empty();
    }
    CHECK(queued);
}

TEST_CASE("the narrow queues of a presenter's three lanes have a cell for each byte") {
    std::array<std::size_t, 3> most{};
    for (const model::TimeNs t : moments(recorded("10-message-boundaries"), 200)) {
        const auto bytes = cells_of(three_lanes(t, {994, 313, Direction::strip, true}), ".recvq.");
        for (std::size_t lane = 0; lane < 3; ++lane) most[lane] = std::max(most[lane], bytes[lane].size());
    }
    for (const std::size_t bytes : most) CHECK(bytes == 30);
}

TEST_CASE("on a projector the letters of three lanes keep off the edges of their boxes") {
    const stage::Scene scene =
        three_lanes(recorded("10-message-boundaries").end, {994, 313, Direction::strip, true});
    std::size_t boxes = 0;
    for (const stage::Hit& hit : scene.hits) {
        const bool row =
            hit.probe.find(".sent.") != std::string::npos || hit.probe.find(".given.") != std::string::npos;
        if (!row || hit.ref.kind != model::RefKind::message) continue;
        ++boxes;
        float left = hit.at.right(), right = hit.at.x;
        for (const stage::Shape& shape : scene.shapes) {
            const auto* label = std::get_if<stage::Label>(&shape.what);
            if (label == nullptr || !hit.at.contains(label->at.centre())) continue;
            left = std::min(left, label->at.x);
            right = std::max(right, label->at.right());
        }
        CAPTURE(hit.probe);
        CHECK(left - hit.at.x >= 2);
        CHECK(hit.at.right() - right >= 2);
    }
    CHECK(boxes == 18);  // three messages, sent and given, in three lanes
}

TEST_CASE("a single lane uses the height of a projector's picture") {
    const Recorded& r = recorded("40-connection-life");
    const Look look{994, 392, Direction::strip, true};
    float top = look.height, bottom = 0;
    bool large_packet = false;
    for (const model::TimeNs t : moments(r, 60)) {
        const stage::Scene scene = stage::layout(stage_of(r, {}, t, look));
        for (const stage::Hit& hit : scene.hits) {
            if (hit.ref.kind == model::RefKind::byte) CHECK(hit.at.h >= 30);
            if (hit.ref.kind == model::RefKind::packet) large_packet |= hit.at.h >= 30;
            top = std::min(top, hit.at.y);
            bottom = std::max(bottom, hit.at.bottom());
        }
    }
    CHECK(bottom - top > 0.75f * look.height);
    CHECK(large_packet);
}

TEST_CASE("cells grow in height only as far as their bytes leave them wide enough") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    const stage::Scene scene = stage::layout(stage_of(r, {}, r.end, {1520, 700, Direction::strip, true}));
    for (const stage::Hit& hit : scene.hits)
        if (hit.ref.kind == model::RefKind::byte) CHECK(hit.at.h <= 26);
}

TEST_CASE("the end of a file is named once, and what its call returned below it") {
    const std::vector<std::string> all =
        texts(three_lanes(recorded("10-message-boundaries").end, {994, 313, Direction::strip, true}));
    CHECK(std::count(all.begin(), all.end(), "end") == 2);  // UDP has none
    CHECK(std::count(all.begin(), all.end(), "0 B") == 2);
}

TEST_CASE("where a message takes room from three lanes, what was given is still whole") {
    const model::TimeNs end = recorded("10-message-boundaries").end;
    for (const Bytes& lane : cells_of(three_lanes(end, {664, 454, Direction::column, false}), ".given."))
        CHECK(lane.size() == 30);
}

TEST_CASE("three lanes in the smallest window still show what was sent and what was given") {
    const stage::Scene scene =
        three_lanes(recorded("10-message-boundaries").end, {624, 198, Direction::strip, true});
    for (const char* row : {".sent.", ".given."}) {
        std::array<std::size_t, 3> messages{};
        for (const stage::Hit& hit : scene.hits)
            if (hit.ref.kind == model::RefKind::message && hit.probe.find(row) != std::string::npos)
                ++messages.at(hit.ref.lane);
        CAPTURE(row);
        for (const std::size_t shown : messages) CHECK(shown == 3);
    }
    CHECK(says(scene, "seqpacket"));
    CHECK_FALSE(says(scene, "unix/seqp…"));
}
