#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "app/stage/layout.hpp"
#include "core/model/kind.hpp"
#include "tests/stage/judge.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using stage::Direction;

namespace {

struct Shown {
    const char* what;
    Look look;
};
// The stage beside open panels at 1280 × 720, with folded panels, in presenter mode (its logical size), on large screens.
constexpr Shown kLooks[] = {
    {"beside panels", {664, 520, Direction::column, false}},
    {"beside panels and a message", {664, 468, Direction::column, false}},
    {"folded", {1264, 500, Direction::strip, true}},
    {"presenter", {997, 385, Direction::strip, true}},
    {"a large window", {1000, 760, Direction::column, false}},
    {"a wide strip", {1900, 800, Direction::strip, true}},
    {"beside panels, three lanes", {664, 502, Direction::column, false}},
    {"automatic", {664, 500, Direction::automatic, false}},
    {"a small window", {837, 290, Direction::strip, true}},
};

// The first few faults that are found, with where they were found.
std::string all_faults(const Recorded& recording, std::size_t most_moments) {
    std::vector<std::vector<std::size_t>> choices;
    for (std::size_t lanes = 1; lanes <= std::min<std::size_t>(3, recording.stories.size()); ++lanes) {
        choices.emplace_back();
        for (std::size_t i = 0; i < lanes; ++i) choices.back().push_back(i);
    }
    for (std::size_t i = 1; i < recording.stories.size(); ++i) choices.push_back({i});
    std::string out;
    int found = 0;
    for (const Shown& shown : kLooks) {
        for (const auto& lanes : choices) {
            for (const model::TimeNs t : moments(recording, most_moments)) {
                const stage::StageInput input = stage_of(recording, lanes, t, shown.look);
                for (const std::string& fault : faults(stage::layout(input), input)) {
                    if (++found > 12) return out;
                    out += recording.name + ", " + shown.what + ", " + std::to_string(lanes.size()) +
                           " lane(s), first " + std::to_string(lanes.front()) +
                           ", t = " + model::format_ms(t, 3) + " ms: " + fault + "\n";
                }
            }
        }
    }
    return out;
}

}  // namespace

TEST_CASE(
    "nothing overlaps, all stays in its lane, all can be pointed at: every recording, size, direction, "
    "moment") {
    for (const std::string& name : recorded_names()) {
        CAPTURE(name);
        CHECK(all_faults(recorded(name), 24) == "");
    }
}

TEST_CASE("the recordings cover all twelve kinds") {
    std::set<std::string> kinds;
    for (const std::string& name : recorded_names()) {
        for (const trace::LaneTrace& lane : recorded(name).trace->lanes) {
            kinds.insert(std::string(model::row(lane.kind).name));
        }
    }
    CHECK(kinds.size() == model::kKindCount);
}

TEST_CASE(
    "a stream and its datagrams at the end: the program was given them in other pieces than they were sent "
    "in") {
    const Recorded& r = recorded("10-message-boundaries");
    const stage::StageInput input = stage_of(r, {}, r.end, {});
    const std::vector<std::string> all = texts(stage::layout(input));
    const auto count = [&](std::string_view text) { return std::count(all.begin(), all.end(), text); };
    CHECK(count("30 B") == 1);  // one receive call was given all 30 bytes of the stream
    CHECK(count("10 B") == 6);  // each record by itself
    CHECK(count("SENT") == 3);
    CHECK(count("GIVEN") == 3);
}

TEST_CASE("a hole is shown as what the program waits for") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    bool held = false, needed = false, lost = false;
    for (model::TimeNs t = 0; t < r.end; t += 500'000) {
        const stage::Scene scene = stage::layout(stage_of(r, {0}, t, {}));
        held |= says(scene, "held");
        needed |= says(scene, "NEEDS BYTE");
        lost |= says(scene, "lost");
    }
    CHECK(held);
    CHECK(needed);
    CHECK(lost);
}

TEST_CASE("UNIX has no wire but a name") {
    const Recorded& r = recorded("50-unix-against-internet");
    const stage::Scene scene = stage::layout(stage_of(r, {0}, r.end, {}));
    CHECK(says(scene, "no wire"));
    CHECK(says(scene, ".sock"));
    CHECK(std::none_of(scene.hits.begin(), scene.hits.end(),
                       [](const stage::Hit& h) { return h.ref.kind == model::RefKind::packet; }));
}

TEST_CASE("packets too many for words are counted, and so is what was lost before") {
    const Recorded& r = recorded("dense");
    for (const Direction direction : {Direction::column, Direction::strip}) {
        const auto scene = [&](double ms) {
            return stage::layout(
                stage_of(r, {0}, static_cast<model::TimeNs>(ms * 1e6), {664, 300, direction, false}));
        };
        int counted = 0;
        for (double ms = 0; ms < 60; ms += 0.5) counted += says(scene(ms), " packets");
        CHECK(counted >= 10);
        CHECK(says(scene(70), "+ "));
        CHECK(says(scene(70), " before"));
    }
}

TEST_CASE("a fourth program of a host is not drawn, and the stage says so") {
    const Recorded& r = recorded("reset");
    const stage::Scene scene = stage::layout(stage_of(r, {0}, r.end, {}));
    CHECK(says(scene, "client3"));
    CHECK_FALSE(says(scene, "client4"));
    CHECK(says(scene, "1 more program not shown"));
}

TEST_CASE("bytes of a stream that a reset threw away are marked where they were sent") {
    const Recorded& r = recorded("reset");
    const auto crosses = [&](model::TimeNs t) {
        const stage::Scene scene = stage::layout(stage_of(r, {0}, t, {}));
        return std::count_if(scene.shapes.begin(), scene.shapes.end(), [](const stage::Shape& s) {
            return std::holds_alternative<stage::Cross>(s.what);
        });
    };
    CHECK(crosses(25'000'000) == 0);
    CHECK(crosses(r.end) >= 2);
}

TEST_CASE("a program that talks to itself sends at one end and is given at the other") {
    const Recorded& r = recorded("pair");
    const stage::Scene scene = stage::layout(stage_of(r, {0}, r.end, {1264, 240, Direction::strip, true}));
    const std::vector<std::string> words = texts(scene);
    CHECK(std::count(words.begin(), words.end(), "SENT") >= 1);
    CHECK(std::count(words.begin(), words.end(), "GIVEN") == 1);
}

TEST_CASE(
    "a raw socket over IPv4 is given the IP header, over IPv6 it is not; what the kernel wrote is no "
    "header") {
    const Recorded& r = recorded("raw");
    const stage::Scene inet = stage::layout(stage_of(r, {0}, r.end, {}));
    CHECK(says(inet, "IP 20 B"));
    CHECK(says(inet, "kernel 12 B"));  // the echo reply: RFC 792
    const stage::Scene inet6 = stage::layout(stage_of(r, {1}, r.end, {}));
    CHECK(says(inet6, "by the kernel 12 B"));
    for (const std::string& text : texts(inet6)) CHECK_FALSE(text.starts_with("IP "));
}

TEST_CASE("who asks the other host's kernel sees what it sent above what it was given") {
    const stage::Scene scene = stage::layout(stage_of(recorded("asks"), {0}, recorded("asks").end, {}));
    CHECK(std::any_of(scene.hits.begin(), scene.hits.end(), [](const stage::Hit& hit) {
        return hit.ref.kind == model::RefKind::message && hit.probe.find(".sent.") != std::string::npos;
    }));
    CHECK(says(scene, "no socket"));
    CHECK_FALSE(says(scene, "no socket yet"));  // it will never have one
}

TEST_CASE("the tracks of the wire begin and end at the sockets, not at the programs") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    for (const Look look : {Look{664, 516, Direction::column, false}, Look{994, 385, Direction::strip, true},
                            Look{1900, 800, Direction::strip, true}}) {
        const stage::Scene scene = stage::layout(stage_of(r, {}, 65'000'000, look));
        int tracks = 0;
        for (const stage::Shape& shape : scene.shapes) {
            const auto* curve = std::get_if<stage::Curve>(&shape.what);
            if (curve == nullptr || curve->arrow <= 0) continue;
            ++tracks;
            for (const stage::Point end : {curve->p0, curve->p3}) {
                CAPTURE(end.x);
                CAPTURE(end.y);
                CHECK(std::any_of(scene.hits.begin(), scene.hits.end(), [&](const stage::Hit& hit) {
                    return hit.ref.kind == model::RefKind::socket && hit.at.inset(-1, -1).contains(end);
                }));
            }
        }
        CHECK(tracks == 3);  // data and acknowledgements; datagrams
    }
}

// How far a point is from a box.
float apart(stage::Rect box, stage::Point from) {
    const float dx = std::max({box.x - from.x, from.x - box.right(), 0.0F});
    const float dy = std::max({box.y - from.y, from.y - box.bottom(), 0.0F});
    return std::hypot(dx, dy);
}

TEST_CASE("a pill never touches the mark of a lost packet, and on a projector the mark never goes for one") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    for (const Look look :
         {Look{664, 516, Direction::column, false}, Look{994, 380, Direction::strip, true}}) {
        int marks = 0;
        for (model::TimeNs t = 0; t < r.end; t += 250'000) {
            stage::StageInput input = stage_of(r, {}, t, look);
            input.still = true;
            const stage::Scene scene = stage::layout(input);
            const auto named = [](const stage::Hit& hit, const char* what) {
                return hit.probe.find(what) != std::string::npos;
            };
            for (const stage::Hit& mark : scene.hits) {
                if (!named(mark, ".cross.")) continue;
                ++marks;
                CAPTURE(t);
                CHECK(std::none_of(scene.hits.begin(), scene.hits.end(), [&](const stage::Hit& pill) {
                    return named(pill, ".packet.") && apart(pill.at, mark.at.centre()) < mark.at.w / 2 + 2;
                }));
            }
            for (std::size_t lane = 0; lane < r.stories.size() && look.folded; ++lane) {
                const auto losses = r.stories[lane]->losses();
                const bool lost = !losses.empty() && losses[0].at_ns <= r.stories[lane]->begin_ns() + t;
                const std::string name = "stage." + std::to_string(lane) + ".cross.";
                CHECK(lost == std::any_of(scene.hits.begin(), scene.hits.end(),
                                          [&](const stage::Hit& hit) { return named(hit, name.c_str()); }));
            }
        }
        CHECK(marks > 100);
    }
}

TEST_CASE("the line of the last call ends with what it returned, however long the call is") {
    const Recorded& r = recorded("50-unix-against-internet");
    const story::Story& udp = *r.stories[1];
    for (std::uint32_t m = 0; m < udp.messages().size(); ++m) {
        const stage::Scene scene =
            stage::layout(stage_of(r, {}, udp.trace().calls[udp.messages()[m].call].exit_ns - udp.begin_ns(),
                                   {664, 516, Direction::column, false}));
        const std::vector<std::string> all = texts(scene);
        CHECK(std::any_of(all.begin(), all.end(), [](const std::string& text) {
            return text.starts_with("send(3, ") && text.ends_with("= 1000");
        }));
    }
}

TEST_CASE("in a small window badges are whole and nothing is counted on top of a ghost") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    for (const Look look : {Look{624, 179, Direction::strip, true}, Look{837, 290, Direction::strip, true}}) {
        CAPTURE(look.width);
        std::set<std::string> badges;
        for (model::TimeNs t = 0; t < r.end; t += 1'000'000) {
            CAPTURE(t);
            const stage::Scene scene = stage::layout(stage_of(r, {}, t, look));
            for (const std::string& text : texts(scene)) {
                for (const char* badge : {"BLOCKED", "WAITS", "SLEEPS", "RUN", "DONE"})
                    if (text.starts_with(std::string(badge).substr(0, 3))) badges.insert(text.substr(0, 5));
            }
            for (const stage::Shape& shape : scene.shapes) {
                const auto* label = std::get_if<stage::Label>(&shape.what);
                if (label == nullptr || !label->text.ends_with(" packets")) continue;
                CHECK(std::none_of(scene.hits.begin(), scene.hits.end(), [&](const stage::Hit& hit) {
                    return hit.probe.find(".lost.") != std::string::npos && hit.at.overlaps(label->at);
                }));
            }
        }
        CHECK(badges.count("BLOCK") == 1);
        for (const std::string& badge : badges) CHECK(badge.find("…") == std::string::npos);
    }
}

TEST_CASE("in the lowest strips everything lies within its lane") {
    const Recorded& r = recorded("10-message-boundaries");
    for (const model::TimeNs t : moments(r, 60)) {
        const stage::Scene scene = stage::layout(stage_of(r, {}, t, {624, 202, Direction::strip, true}));
        for (const stage::Shape& shape : scene.shapes) {
            if (std::holds_alternative<stage::Curve>(shape.what)) continue;  // the glow of a track
            CAPTURE(t);
            CHECK(scene.lanes[shape.lane].contains(stage::bounds(shape), 3));
        }
    }
}

TEST_CASE("in the lowest strips no packet lies on the ghost of another") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    for (const model::TimeNs t : moments(r, 200)) {
        const stage::Scene scene = stage::layout(stage_of(r, {}, t, {624, 176, Direction::strip, true}));
        const auto named = [](const stage::Hit& hit, const char* what) {
            return hit.probe.find(what) != std::string::npos;
        };
        for (const stage::Hit& ghost : scene.hits) {
            if (!named(ghost, ".lost.")) continue;
            CAPTURE(t);
            CHECK(std::none_of(scene.hits.begin(), scene.hits.end(), [&](const stage::Hit& pill) {
                return named(pill, ".packet.") && pill.at.overlaps(ghost.at);
            }));
        }
    }
}

TEST_CASE("a row too short for what is still to come shows what there is") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    const story::Story& tcp = *r.stories[0];
    const model::TimeNs read = tcp.given_ns(0) - tcp.begin_ns();
    const stage::Scene scene =
        stage::layout(stage_of(r, {0}, read + 1'000'000, {624, 96, Direction::strip, true}));
    std::size_t bytes = 0;
    for (const stage::Hit& hit : scene.hits)
        if (hit.ref.kind == model::RefKind::byte && hit.probe.find(".given.") != std::string::npos) ++bytes;
    CHECK(bytes == 6);  // HELLO_
}

TEST_CASE("the name under which UNIX programs meet is there from bind() on, whole") {
    const Recorded& r = recorded("50-unix-against-internet");
    const story::Story& story = *r.stories[0];
    const auto& calls = story.trace().calls;
    const auto bind = std::find_if(calls.begin(), calls.end(),
                                   [](const model::CallRecord& c) { return c.call == model::Call::bind; });
    REQUIRE(bind != calls.end());
    const model::TimeNs bound = bind->exit_ns;
    const auto at = [&](model::TimeNs t) {
        return stage::layout(stage_of(r, {0}, t - story.begin_ns(), {}));
    };
    CHECK(says(at(bound - 1), "no name yet"));
    CHECK_FALSE(says(at(bound - 1), ".sock"));
    CHECK(says(at(bound), "server.sock"));
}

TEST_CASE("what has just appeared has its full strength where nothing moves") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    const story::Story& story = *r.stories[0];
    const model::TimeNs sent = story.handed_ns(0) - story.begin_ns();
    const auto strongest = [&](bool still) {
        stage::StageInput input = stage_of(r, {0}, sent, {});
        input.still = still;
        float alpha = 0;
        for (const stage::Shape& shape : stage::layout(input).shapes) {
            const auto* box = std::get_if<stage::Box>(&shape.what);
            if (box && box->fill.ink == style::Ink::hue0) alpha = std::max(alpha, box->fill.alpha);
        }
        return alpha;
    };
    CHECK(strongest(true) == 1);
    CHECK(strongest(false) < 0.7F);
}

TEST_CASE("what is selected lights up, and everything else of the same message with it") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    stage::StageInput input = stage_of(r, {0}, r.end / 2, {});
    const auto glowing = [&] {
        const stage::Scene scene = stage::layout(input);
        return std::count_if(scene.shapes.begin(), scene.shapes.end(), [](const stage::Shape& s) {
            const auto* box = std::get_if<stage::Box>(&s.what);
            return box && box->border.ink == style::Ink::now;
        });
    };
    CHECK(glowing() == 0);
    const model::Ref message{model::RefKind::message, 0, 1, 0};
    input.selected = {&message, 1};
    CHECK(glowing() >= 1);
}

TEST_CASE("the room decides the direction") {
    const Recorded& one = recorded("40-connection-life");
    const Recorded& two = recorded("20-one-packet-is-lost");
    const auto chosen = [](const Recorded& r, Look look) {
        return stage::direction_for(stage_of(r, {}, 0, look));
    };
    CHECK(chosen(two, {664, 516, Direction::automatic, false}) == Direction::column);
    CHECK(chosen(two, {1166, 886, Direction::automatic, true}) == Direction::strip);
    CHECK(chosen(one, {1166, 886, Direction::automatic, true}) == Direction::column);
    CHECK(chosen(one, {997, 388, Direction::automatic, true}) == Direction::strip);
    CHECK(chosen(one, {997, 388, Direction::column, true}) == Direction::column);
}

TEST_CASE("nonsense sizes and no lanes do no harm") {
    const Recorded& r = recorded("20-one-packet-is-lost");
    for (const float size : {0.0f, 1.0f, 40.0f, 150.0f}) {
        for (const Direction direction : {Direction::column, Direction::strip}) {
            CHECK(stage::layout(stage_of(r, {}, r.end / 2, {size, size, direction, false})).lanes.size() ==
                  2);
        }
    }
    stage::StageInput nothing;
    nothing.measure = fixed_measure;
    CHECK(stage::layout(nothing).shapes.empty());
}
