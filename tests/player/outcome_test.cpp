#include "app/player/outcome.hpp"

#include <doctest/doctest.h>

using namespace socketscope;
using namespace socketscope::player;

namespace {

trace::Trace ended(std::size_t failures, bool complete = true) {
    trace::LaneTrace lane;
    lane.kind = *model::parse_kind("inet/stream");
    lane.endpoints = {{"client", model::Host::client, ""}};
    lane.complete = complete;
    lane.expectations.push_back({0, 1, true, "0", "0"});
    for (std::size_t i = 0; i < failures; ++i)
        lane.expectations.push_back({0, static_cast<std::uint32_t>(i + 2), false, "6", "5"});
    trace::Trace out;
    out.lanes.push_back(std::move(lane));
    return out;
}

}  // namespace

TEST_CASE("what held is not worth a word") {
    CHECK(failures_text(ended(0)).empty());
    CHECK(failures_text({}).empty());
}

TEST_CASE("each failed expectation names its lane, program, line and what was seen; many are counted") {
    CHECK(failures_text(ended(1)) ==
          "1 of 2 expectations did not hold:\ninet/stream, client line 2: expected 6, saw 5");
    trace::Trace behind = ended(1);
    behind.lanes[0].endpoints[0].first_line = 11;  // of its section in the file
    CHECK(failures_text(behind).find("client line 12: ") != std::string::npos);
    const std::string many = failures_text(ended(9));
    CHECK(many.find("9 of 10") == 0);
    CHECK(many.find("and 5 more") != std::string::npos);
}

TEST_CASE("a lane that was stopped says so; one that was refused is the stage's matter") {
    CHECK(failures_text(ended(0, false)).find("stopped before its end (inet/stream)") != std::string::npos);
    auto refused = ended(3, false);
    refused.lanes[0].refused = "no SCTP";
    CHECK(failures_text(refused).empty());
}

TEST_CASE("a prediction is graded only by a run that bears the lesson out") {
    lesson::Prediction prediction;
    prediction.beat = "held";
    State state;
    CHECK(not_borne_out(state, prediction).empty());  // nothing has run yet
    state.trace = std::make_shared<trace::Trace>(ended(0));
    CHECK(not_borne_out(state, prediction).empty());
    state.missing_beats = {"other"};
    CHECK(not_borne_out(state, prediction).empty());
    state.missing_beats = {"other", "held"};
    CHECK(not_borne_out(state, prediction).find("did not happen") != std::string::npos);
    state.running = true;  // it may still happen
    CHECK(not_borne_out(state, prediction).empty());
    state.running = false;
    state.missing_beats.clear();
    state.trace = std::make_shared<trace::Trace>(ended(1));
    CHECK(not_borne_out(state, prediction).find("inet/stream") != std::string::npos);
}
