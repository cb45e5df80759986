// Long messages that begin alike: what is shown of them tells one from the next.
#include "app/stage/excerpt.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/stage/judge.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using stage::Direction;
using style::FontRole;

namespace {

constexpr float kLetter = 7.5f;  // fixed_measure's FontRole::mono_small

std::string shown(std::string_view bytes, std::uint32_t telling, float letters) {
    stage::Scene scene;
    stage::StageInput input;
    input.measure = fixed_measure;
    return stage::excerpt(stage::Brush(scene, input, 0), FontRole::mono_small, bytes, telling,
                          letters * kLetter);
}

}  // namespace

TEST_CASE("an excerpt begins at the beginning, unless it would end before what tells") {
    CHECK(shown("message 1 message 1", 8, 40) == "message_1_message_1");
    CHECK(shown("message 1 message 1", 8, 10) == "message_1…");
    CHECK(shown("message 1 message 1", 8, 9) == "…1_messa…");
    CHECK(shown("message 1 message 1", 8, 3) == "…1…");
    CHECK(shown("message 1 message 1", 8, 2) == "m…");  // dots alone tell nothing
    CHECK(shown("message 1", 8, 3) == "…1");
    CHECK(shown("message 1", 0, 3) == "me…");
    CHECK(shown("message 1", 20, 3) == "me…");
}

TEST_CASE("what tells a message from its neighbours is found in their bytes") {
    const story::Story& numbered = *recorded("50-unix-against-internet").stories[0];
    REQUIRE(numbered.messages().size() == 8);
    for (std::uint32_t m = 0; m < 8; ++m) CHECK(stage::telling_byte(numbered, m) == 8);  // "message N …"
    const story::Story& words = *recorded("20-one-packet-is-lost").stories[0];
    for (std::uint32_t m = 0; m < 8; ++m) CHECK(stage::telling_byte(words, m) == 0);  // "HELLO ", "WORLD " …
}

TEST_CASE("a thousand bytes in a narrow place show what tells them apart, beside panels and on a projector") {
    const Recorded& r = recorded("50-unix-against-internet");
    for (const Look look :
         {Look{664, 516, Direction::column, false}, Look{994, 370, Direction::strip, true}}) {
        stage::StageInput input = stage_of(r, {}, r.end, look);
        input.measure = narrow_measure;
        const std::vector<std::string> all = texts(stage::layout(input));
        for (char digit = '1'; digit <= '8'; ++digit) {
            CAPTURE(digit);
            const std::string telling = std::string("…") + digit;
            CHECK(std::any_of(all.begin(), all.end(),
                              [&](const std::string& text) { return text.starts_with(telling); }));
        }
        CHECK(std::none_of(all.begin(), all.end(), [](const std::string& text) { return text == "me…"; }));
    }
}

TEST_CASE("from the last row it can be read which message a small box is") {
    const Recorded& r = recorded("50-unix-against-internet");
    stage::StageInput input = stage_of(r, {}, r.end, {994, 370, Direction::strip, true});
    input.measure = [](FontRole font, std::string_view text) {  // as the fonts of a projector's picture
        style::Extent size = narrow_measure(font, text);
        if (font == FontRole::mono_words) size.width *= 1.2f;
        return size;
    };
    std::size_t large = 0;
    for (const stage::Shape& shape : stage::layout(input).shapes) {
        const auto* label = std::get_if<stage::Label>(&shape.what);
        if (label == nullptr || !label->text.starts_with("…") || !label->text.ends_with("…")) continue;
        CHECK(label->font == FontRole::mono_words);
        ++large;
    }
    CHECK(large >= 8);
}

TEST_CASE("a packet with more bytes than its pill has room for says whose they are, or how many") {
    const Recorded& r = recorded("30-reordering");
    for (const Look look :
         {Look{664, 516, Direction::column, false}, Look{994, 385, Direction::strip, true}}) {
        std::set<std::string> told;
        for (model::TimeNs t = 0; t < r.end; t += 500'000) {
            stage::StageInput input = stage_of(r, {}, t, look);
            input.measure = narrow_measure;
            const stage::Scene scene = stage::layout(input);
            for (const stage::Shape& shape : scene.shapes) {
                const auto* label = std::get_if<stage::Label>(&shape.what);
                const stage::Hit* hit = label != nullptr ? scene.hit_at(label->at.centre()) : nullptr;
                if (hit != nullptr && hit->ref.kind == model::RefKind::packet)
                    told.insert(std::to_string(hit->ref.lane) + " " + label->text);
            }
        }
        for (const std::string number : {"1", "2", "3", "4"}) {
            CAPTURE(number);
            // Beside the numbers of its bytes in the stream; a column has little room for what is held back.
            if (number != "2" || look.direction == Direction::strip) CHECK(told.count("0 #" + number) == 1);
            CHECK(told.count("1 #" + number) == 1);
        }
        CHECK(told.count("1 10 B") == 1);
        CHECK(told.count("1 message_4_") == (look.direction == Direction::column ? 1 : 0));
        for (const std::string& text : told) CHECK(text.find("…") == std::string::npos);
    }
}
