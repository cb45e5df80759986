#include "app/stage/signs.hpp"

#include <string>

#include "app/stage/brush.hpp"
#include "app/stage/cells.hpp"
#include "app/stage/pill.hpp"
#include "app/stage/rails.hpp"

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

Run run_like(CellLook look, std::string bytes, std::uint32_t number = 1, std::uint32_t envelope = 0) {
    Run run;
    run.look = look;
    run.size = static_cast<std::uint32_t>(bytes.size());
    run.bytes = std::move(bytes);
    run.piece = {number, 0, run.size};
    run.number = number;
    run.hue = static_cast<std::uint8_t>(number - 1);
    run.envelope = envelope;
    return run;
}

void row(Brush& brush, const std::vector<Run>& runs, Wrapping wrapping) {
    RowStyle style;
    style.wrapping = wrapping;
    style.numbers = runs.front().never_came || wrapping != Wrapping::none;
    style.cell = 13;
    draw_row(brush, {0, style.numbers ? 0.0f : 8.0f, kSignWidth, row_height(style)}, runs, style);
}

void pill(Brush& brush, IconForm form, std::string_view after) {
    Box box;
    box.at = {0, 7, 46, 20};
    box.round = 6;
    box.fill = {hue_fill(0), 1};
    box.border = {hue_line(0), 0.9f};
    if (form == IconForm::twin) draw_twin(brush, box);
    brush.box(box);
    if (form != IconForm::twin) brush.icon({form, {8, 11, 12, 12}, {Ink::text, 1}, hue_fill(0)});
    const float x = form == IconForm::twin ? 6.0f : 23.0f;
    brush.text({x, 7, 46 - x, 20}, "#1" + std::string(after), {FontRole::small, {Ink::text, 1}, hue_fill(0)});
}

void bypass(Brush& brush) {
    Curve track{{0, 28}, {22, 28}, {44, 28}, {66, 28}, {Ink::lane0, 0.85f}, 1.75f, 8, 6, 0, 6};
    brush.curve(track);
    draw_bypass(brush, {0, 66, 28, 10, false}, {Ink::lane0, 0.6f});
}

struct Row {
    void (*draw)(Brush&);
    std::string_view means;
};
constexpr Row kRows[] = {
    {[](Brush& b) { row(b, {run_like(CellLook::ready, "abc")}, Wrapping::none); },
     "bytes that can be read; a colour and a number for each send call"},
    {[](Brush& b) { row(b, {run_like(CellLook::sent, "abc")}, Wrapping::none); },
     "kept until acknowledged, or held behind a hole"},
    {[](Brush& b) { row(b, {run_like(CellLook::unsent, "abc")}, Wrapping::none); },
     "in the send queue, not yet sent"},
    {[](Brush& b) { row(b, {run_like(CellLook::hole, "abc")}, Wrapping::none); },
     "a hole: bytes that are missing"},
    {[](Brush& b) {
         row(b, {run_like(CellLook::ready, "ab", 1, 0), run_like(CellLook::ready, "cd", 2, 0)},
             Wrapping::bracket);
     },
     "a stream: what one call was given, however it was sent"},
    {[](Brush& b) { row(b, {run_like(CellLook::ready, "abc")}, Wrapping::sealed); },
     "a datagram or record in its envelope"},
    {[](Brush& b) {
         row(b, {run_like(CellLook::ready, "ab"), run_like(CellLook::cut, "cd")}, Wrapping::sealed);
     },
     "its end was cut off: the call asked for less"},
    {[](Brush& b) { row(b, {run_like(CellLook::lost, "abc", 1, story::kNone)}, Wrapping::sealed); },
     "a message that never came"},
    {[](Brush& b) {
         draw_lost_box(b, {0, 6, 60, 22}, "#1 lost");
     },
     "a packet that was lost, and why"},
    {[](Brush& b) { pill(b, IconForm::again, ""); }, "a packet that is sent again"},
    {[](Brush& b) { pill(b, IconForm::twin, " ×2"); }, "the wire's second copy of a packet"},
    {[](Brush& b) { pill(b, IconForm::crack, ""); }, "a packet that the wire damaged"},
    {bypass, "the way of a packet that is held back and overtaken"},
};

}  // namespace

std::vector<Sign> signs(const style::TextMeasure& measure) {
    std::vector<Sign> out;
    StageInput measuring;  // nothing is selected
    measuring.measure = measure;
    for (const Row& row : kRows) {
        Sign& sign = out.emplace_back();
        sign.means = row.means;
        sign.picture.width = kSignWidth;
        sign.picture.height = kSignHeight;
        sign.picture.lanes = {{0, 0, kSignWidth, kSignHeight}};
        Brush brush(sign.picture, measuring, 0);
        row.draw(brush);
        sign.picture.hits.clear();
    }
    return out;
}

}  // namespace socketscope::stage
