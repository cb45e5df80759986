// A refused lane: the answer of the kernel is the lesson.
#include "app/stage/view.hpp"
#include "core/model/errno_text.hpp"
#include "core/model/kind.hpp"

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

// Writes `text` in lines of at most `room.w`; returns the y below them.
float paragraph(Brush& brush, Rect room, std::string_view text, FontRole font, Tint tint) {
    const float height = brush.height(font) + 3;
    float y = room.y;
    std::string line;
    const auto flush = [&] {
        if (!line.empty() && y + height <= room.bottom())
            brush.text({room.x, y, room.w, height}, line, {font, tint});
        y += line.empty() ? 0 : height;
        line.clear();
    };
    std::size_t i = 0;
    while (i < text.size()) {
        const std::size_t end = std::min(text.find(' ', i), text.size());
        const std::string word(text.substr(i, end - i));
        if (!line.empty() && brush.width(font, line + " " + word) > room.w) flush();
        line += (line.empty() ? "" : " ") + word;
        i = end + 1;
    }
    flush();
    return y;
}

}  // namespace

void draw_refusal(LaneView& view, Rect at) {
    Brush& brush = view.brush;
    const trace::LaneTrace& trace = view.story.trace();
    const model::KindRow& kind = model::row(trace.kind);
    Box card;
    const float height = std::min(at.h, 230.0f), width = std::min(at.w, 460.0f);
    card.at = {at.x + (at.w - width) / 2, at.y + (at.h - height) / 2, width, height};
    card.round = 10;
    card.fill = {Ink::card_raised, 1};
    card.fill_bottom = {Ink::card, 1};
    card.border = {Ink::loss, 0.8f};
    card.border_width = 1.5f;
    card.shadow = 14;
    brush.box(card);
    Rect room = card.at.inset(18, 14);
    brush.cross({{room.x + 9, room.y + 12}, 7, {Ink::loss, 1}, 2.5f});

    std::string name = "refused", means = trace.refused, helps;
    if (view.plan.refused_call != story::kNone) {
        const model::CallRecord& call = trace.calls[view.plan.refused_call];
        name = model::errno_name(call.error);
        if (const model::ErrnoRow* row = model::find_errno(call.error)) {
            means = row->means;
            helps = row->helps;
        }
        brush.hit(card.at, brush.ref(model::RefKind::call, view.plan.refused_call), "refused",
                  view.plan.refused_call);
    } else if (trace.endpoints.empty() && means.empty()) {
        name = "nothing ran here";
        means = "There is no script for this kind of socket.";
    } else if (!trace.endpoints.empty()) {
        brush.hit(card.at, brush.ref(model::RefKind::endpoint, 0), "refused", 0);
    }
    brush.text({room.x + 26, room.y, room.w - 26, 24}, name, {FontRole::heading, {Ink::loss, 1}});
    room = {room.x, room.y + 32, room.w, room.h - 32};
    const std::string call = "socket(" + std::string(kind.c_domain) + ", " + std::string(kind.c_type) + ")";
    const float after = paragraph(brush, room, call, FontRole::mono, {Ink::text, 1}) + 6;
    room = {room.x, after, room.w, room.bottom() - after};
    const float said = paragraph(brush, room, means, FontRole::body, {Ink::text, 1}) + 6;
    room = {room.x, said, room.w, room.bottom() - said};
    paragraph(brush, room, helps, FontRole::small, {Ink::muted, 1});
}

}  // namespace socketscope::stage
