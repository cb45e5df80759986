// A lane without a run: refused by the kernel, whose answer is the lesson then, or not run on this machine.
#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "app/stage/view.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::stage {

using style::FontRole;
using style::Ink;

namespace {

struct Words {
    std::string text;
    FontRole font;
    Ink ink;
};

std::vector<std::string> lines_of(const Brush& brush, const Words& words, float width) {
    std::vector<std::string> lines;
    std::size_t i = 0;
    while (i < words.text.size()) {
        const std::size_t end = std::min(words.text.find(' ', i), words.text.size());
        const std::string word = words.text.substr(i, end - i);
        if (lines.empty() || brush.width(words.font, lines.back() + " " + word) > width) {
            lines.push_back(word);
        } else {
            lines.back() += " " + word;
        }
        i = end + 1;
    }
    return lines;
}

constexpr float kLeading = 3, kBetween = 6, kHead = 32;

float height_of(const Brush& brush, const std::vector<Words>& paragraphs, float width) {
    float height = 0;
    for (const Words& words : paragraphs) {
        const auto lines = static_cast<float>(lines_of(brush, words, width).size());
        height += lines > 0 ? lines * (brush.height(words.font) + kLeading) + kBetween : 0;
    }
    return height;
}

void write(Brush& brush, Rect room, const std::vector<Words>& paragraphs) {
    float y = room.y;
    for (const Words& words : paragraphs) {
        const float height = brush.height(words.font) + kLeading;
        const std::vector<std::string> lines = lines_of(brush, words, room.w);
        for (const std::string& line : lines) {
            if (y + height <= room.bottom() + kBetween)
                brush.text({room.x, y, room.w, height}, line, {words.font, {words.ink, 1}});
            y += height;
        }
        if (!lines.empty()) y += kBetween;
    }
}

constexpr std::string_view kUsualProtocol = ", 0)";

// What the kernel, or this machine, answered.
struct Refusal {
    std::string call;  // that the kernel refused; "": nobody asked it
    std::string name, means, helps;
    model::Ref ref;
};

Refusal refusal_of(const LaneView& view) {
    const trace::LaneTrace& trace = view.story.trace();
    Refusal out;
    out.name = trace.calls.empty() ? "not run here" : "broken off";
    out.means = trace.refused;
    if (view.plan.refused_call != story::kNone) {
        const model::CallRecord& call = trace.calls[view.plan.refused_call];
        out.call = view.story.describe_call(view.plan.refused_call);
        out.call.erase(std::min(out.call.find(" = "), out.call.size()));
        if (out.call.ends_with(kUsualProtocol))
            out.call.replace(out.call.size() - kUsualProtocol.size(), kUsualProtocol.size(), ")");
        out.name = model::errno_name(call.error);
        if (const model::ErrnoRow* row = model::find_errno(call.error)) {
            out.means = row->means;
            out.helps = row->helps;
        }
        out.ref = view.brush.ref(model::RefKind::call, view.plan.refused_call);
    } else if (trace.endpoints.empty() && out.means.empty()) {
        out.name = "nothing ran here";
        out.means = "There is no script for this kind of socket.";
    } else if (!trace.endpoints.empty()) {
        out.ref = view.brush.ref(model::RefKind::endpoint, 0);
    }
    for (std::string* words : {&out.means, &out.helps}) {
        if (!words->empty())
            words->front() = static_cast<char>(std::toupper(static_cast<unsigned char>(words->front())));
    }
    return out;
}

}  // namespace

void draw_refusal(LaneView& view, Rect at) {
    Brush& brush = view.brush;
    const Refusal refusal = refusal_of(view);
    std::vector<Words> paragraphs{{refusal.call, FontRole::mono, Ink::text},
                                  {refusal.means, FontRole::body, Ink::text},
                                  {refusal.helps, FontRole::small, Ink::muted}};
    constexpr float kAside = 18;
    float above = 14;
    constexpr float kWidth = 460, kWidest = 900, kStep = 40;
    float width = std::min(at.w, kWidth);
    const auto needed = [&] {
        return height_of(brush, paragraphs, width - 2 * kAside) + kHead + 2 * above - kBetween;
    };
    // Low: the call beside the answer, and wider, so that all of it is told.
    const bool low = needed() > at.h;
    if (low) {
        paragraphs.erase(paragraphs.begin());
        above = 8;
    }
    while (needed() > at.h && width + kStep <= std::min(at.w, kWidest)) width += kStep;
    const float height = std::min(at.h, needed());
    Box card;
    card.at = {at.x + (at.w - width) / 2, at.y + (at.h - height) * 0.4f, width, height};
    card.round = 10;
    card.fill = {Ink::card_raised, 1};
    card.fill_bottom = {Ink::card, 1};
    card.border = {Ink::loss, 0.8f};
    card.border_width = 1.5f;
    card.shadow = 14;
    brush.box(card);
    if (refusal.ref) brush.hit(card.at, refusal.ref, "refused", refusal.ref.index);
    const Rect room = card.at.inset(kAside, above);
    brush.cross({{room.x + 9, room.y + 12}, 7, {Ink::loss, 1}, 2.5f});
    const Rect named =
        brush.text({room.x + 26, room.y, room.w - 26, 24}, refusal.name, {FontRole::heading, {Ink::loss, 1}});
    const Rect beside{named.right() + 16, room.y, room.right() - named.right() - 16, 24};
    if (low && brush.width(FontRole::mono, refusal.call) <= beside.w)
        brush.text(beside, refusal.call, {FontRole::mono, {Ink::text, 1}});
    write(brush, {room.x, room.y + kHead, room.w, room.h - kHead}, paragraphs);
}

}  // namespace socketscope::stage
