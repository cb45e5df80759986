#include <doctest/doctest.h>

#include "app/stage/layout.hpp"
#include "tests/stage/judge.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using stage::Direction;

TEST_CASE("a refused lane teaches what the kernel answered") {
    const Recorded& r = recorded("refused");
    const stage::Scene scene = stage::layout(stage_of(r, {0}, r.end, {}));
    CHECK(says(scene, "ESOCKTNOSUPPORT"));
    CHECK(says(scene, "socket(AF_INET, SOCK_SEQPACKET)"));
    CHECK(scene.hits.size() == 1);
}

TEST_CASE("a lane that nobody asked the kernel for names no call") {
    trace::LaneTrace lane;
    lane.kind = *model::parse_kind("inet/stream");
    lane.endpoints = {{"client", model::Host::client, ""}};
    lane.refused = "the link asks for loss";
    Recorded r;
    r.trace = std::make_unique<trace::Trace>();
    r.trace->lanes.push_back(lane);
    r.stories.push_back(std::make_unique<story::Story>(r.trace->lanes[0]));
    r.plans.push_back(std::make_unique<stage::LanePlan>(*r.stories[0]));
    const stage::Scene scene = stage::layout(stage_of(r, {0}, 0, {}));
    CHECK(says(scene, "not run here"));
    CHECK(says(scene, "The link asks for loss"));
    CHECK_FALSE(says(scene, "socket("));
}

TEST_CASE("a refusal is told whole, also where a strip is low") {
    const Recorded& r = recorded("refused");
    for (const float height : {370.0f, 300.0f}) {
        const stage::Scene scene =
            stage::layout(stage_of(r, {0, 1}, r.end, {994, height, Direction::strip, true}));
        std::string all;
        for (const std::string& text : texts(scene)) all += text + " ";
        CAPTURE(height);
        CHECK(all.find("needs SCTP in the kernel") != std::string::npos);
    }
}
