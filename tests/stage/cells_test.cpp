#include <doctest/doctest.h>

#include <charconv>
#include <string>

#include "app/stage/cells.hpp"
#include "tests/stage/judge.hpp"

using namespace socketscope;
using namespace socketscope::stage;

namespace {

struct Drawn {
    Scene scene;
    float width;
};

Drawn draw(const std::vector<Run>& runs, const RowStyle& style, float room) {
    Drawn drawn;
    drawn.scene.lanes = {{0, 0, room, row_height(style)}};
    StageInput input;
    input.measure = tests::fixed_measure;
    Brush brush(drawn.scene, input, 0);
    drawn.width = draw_row(brush, drawn.scene.lanes[0], runs, style);
    return drawn;
}

Run text_run(std::uint32_t message, std::string bytes, std::uint32_t size = 0) {
    Run run;
    run.size = size ? size : static_cast<std::uint32_t>(bytes.size());
    run.bytes = std::move(bytes);
    run.piece = {message, 0, run.size};
    run.number = message + 1;
    run.hue = static_cast<std::uint8_t>(message % 6);
    run.envelope = message;
    run.ref = {model::RefKind::message, 0, message, 0};
    return run;
}

// The number in a text such as "… 63,900 more bytes".
std::uint64_t number_in(const std::string& text) {
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9') digits += c;
    }
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

}  // namespace

TEST_CASE("a short stream shows each byte, without gaps between messages") {
    const Drawn drawn = draw({text_run(0, "HELLO"), text_run(1, "WORLD")}, {}, 300);
    std::string letters;
    float right = 0;
    for (const Shape& shape : drawn.scene.shapes) {
        if (const auto* label = std::get_if<Label>(&shape.what);
            label && label->font == style::FontRole::mono_small) {
            letters += label->text;
        }
    }
    for (const Hit& hit : drawn.scene.hits) {
        if (hit.ref.kind != model::RefKind::byte) continue;
        CHECK(hit.at.x == doctest::Approx(right));
        right = hit.at.right();
    }
    CHECK(letters == "HELLOWORLD");
}

TEST_CASE("records stand apart in envelopes of their own") {
    RowStyle style;
    style.wrapping = Wrapping::sealed;
    const Drawn drawn = draw({text_run(0, "HELLO"), text_run(1, "WORLD")}, style, 300);
    int sealed = 0;
    for (const Shape& shape : drawn.scene.shapes) {
        const auto* box = std::get_if<Box>(&shape.what);
        if (box && box->at.w > 50 && box->fill.alpha == 0) ++sealed;
    }
    CHECK(sealed == 2);
}

TEST_CASE("bytes that can't be printed are shown as dots, blanks as low lines") {
    const Drawn drawn = draw({text_run(0, std::string("a \x01\xC3", 4))}, {}, 300);
    std::string letters;
    for (const std::string& text : tests::texts(drawn.scene)) letters += text;
    CHECK(letters.find("a_··") != std::string::npos);
}

TEST_CASE("what is left out is counted") {
    std::vector<Run> runs;
    for (std::uint32_t m = 0; m < 30; ++m) runs.push_back(text_run(m, std::string(100, 'x'), 5000));
    RowStyle style;
    style.omitted_bytes = 1'000'000;
    const Drawn drawn = draw(runs, style, 400);
    std::uint64_t counted = 0;
    for (const std::string& text : tests::texts(drawn.scene)) {
        if (text.ends_with(" B") || text.ends_with("bytes")) counted += number_in(text);
    }
    CHECK(counted == 30 * 5000 + 1'000'000);
    CHECK(drawn.width <= 400.5f);
}

TEST_CASE("a row never grows beyond its room, and no two labels overlap, at any length and width") {
    for (const Wrapping wrapping : {Wrapping::none, Wrapping::sealed, Wrapping::bracket}) {
        for (const std::uint32_t size : {1U, 2U, 7U, 40U, 500U, 65'000U}) {
            for (const std::uint32_t count : {1U, 2U, 3U, 8U, 20U, 100U}) {
                for (const float room : {60.0f, 110.0f, 200.0f, 300.0f, 800.0f}) {
                    std::vector<Run> runs;
                    for (std::uint32_t m = 0; m < count; ++m) {
                        runs.push_back(text_run(m, std::string(std::min(size, 256U), 'm'), size));
                        runs.back().envelope_note = std::to_string(size);
                    }
                    RowStyle style;
                    style.wrapping = wrapping;
                    style.notes = wrapping != Wrapping::none ? Notes::below : Notes::none;
                    style.newest_last = wrapping != Wrapping::none;
                    style.reserve = count * size;
                    const Drawn drawn = draw(runs, style, room);
                    CAPTURE(static_cast<int>(wrapping));
                    CAPTURE(size);
                    CAPTURE(count);
                    CAPTURE(room);
                    StageInput none;
                    std::vector<std::string> found;
                    for (std::string& fault : tests::faults(drawn.scene, none)) {
                        if (!fault.starts_with("hit ")) found.push_back(std::move(fault));
                    }
                    CHECK(tests::joined(found) == "");
                    CHECK(drawn.width <= room + 1);
                }
            }
        }
    }
}

TEST_CASE("a name that is too long keeps its beginning and its end") {
    Scene scene;
    StageInput input;
    input.measure = tests::fixed_measure;
    const Brush brush(scene, input, 0);
    constexpr auto kFont = style::FontRole::mono_small;
    const std::string name = "größte_server.sock";
    for (float room = 40; room < brush.width(kFont, name); room += 1) {
        const std::string shown = brush.fit_middle(kFont, name, room);
        CAPTURE(shown);
        CHECK(brush.width(kFont, shown) <= room);
        CHECK(shown.starts_with("g"));
        CHECK(shown.ends_with("k"));
        CHECK(shown.find("…") != std::string::npos);
    }
    CHECK(brush.fit_middle(kFont, name, brush.width(kFont, name)) == name);
}
