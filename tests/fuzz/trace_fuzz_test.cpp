// Mutated traces: loaded, loaded up to the damage, or refused with a sentence; and what was loaded can be told.
#include <doctest/doctest.h>

#include "core/model/problem.hpp"
#include "core/story/story.hpp"
#include "core/trace/file.hpp"
#include "tests/fuzz/mutate.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;

namespace {

constexpr int kRounds = 300;
const std::vector<std::string_view> kWords{"\"version\":2",
                                           "-1",
                                           "18446744073709551615",
                                           "99999999999999999999",
                                           "1e308",
                                           "null",
                                           "{}",
                                           "[]",
                                           "true",
                                           "\"hex\":\"ff\"",
                                           "{\"call\":",
                                           "\n",
                                           "\"\\u0000\"",
                                           "\"\\ud800\"",
                                           "00ff",
                                           "\"call\":\"send\"",
                                           "\"packet\":0",
                                           "255",
                                           "4294967295",
                                           "\"extra\":\"\"",
                                           "[[[[",
                                           "\"from\":\"moon\"",
                                           "\"lane\":\"unix/raw\"",
                                           "0.5"};

// Everything that a reader asks of a story, at a few moments.
void tell(const trace::LaneTrace& lane) {
    const story::Story story(lane);
    for (const auto& event : story.events()) CHECK(!story.describe(event).empty());
    for (std::uint32_t i = 0; i < lane.calls.size(); ++i) CHECK(!story.describe_call(i).empty());
    for (std::uint32_t i = 0; i < lane.packets.size(); ++i) CHECK(!story.describe_packet(i).empty());
}

void fuzz(const std::string& name, std::uint64_t seed) {
    const std::string good =
        test::read_file(std::string(SOCKETSCOPE_SOURCE_DIR) + "/tests/stage/traces/" + name);
    REQUIRE(!good.empty());
    const test::TempFolder folder;
    const std::string file = folder.file("x.jsonl");
    test::Dice dice(seed);
    int refused = 0, damaged = 0;
    for (int round = 0; round < kRounds; ++round) {
        std::string text = good;
        for (std::size_t i = 1 + dice.below(3); i > 0; --i) test::mutate_once(text, dice, kWords);
        test::write_file(file, text);
        try {
            const auto loaded = trace::load(file);
            damaged += !loaded.damage.empty();
            for (const auto& lane : loaded.trace.lanes) tell(lane);
        } catch (const model::Failure& failure) {
            ++refused;
            CHECK(failure.problem().why.size() > 10);
        }
    }
    MESSAGE(name << ": " << refused << " refused, " << damaged << " read up to the damage, of " << kRounds);
}

}  // namespace

TEST_CASE("mutated traces") {
    std::uint64_t seed = 1;
    for (const char* name :
         {"records.jsonl", "raw.jsonl", "streams.jsonl", "20-one-packet-is-lost.jsonl", "pair.jsonl"})
        fuzz(name, seed++);
}
