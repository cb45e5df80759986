#include "app/panels/prose.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace socketscope::panels {
namespace {

using lesson::Block;
using lesson::Run;

constexpr float kLeading = 1.45F;
// Strong words that say what went wrong keep its colour.
constexpr std::array<std::string_view, 5> kBadWords{"lost", "blocked", "refused", "blocks", "drops"};

FontRole font_of(Run::Style style) {
    switch (style) {
        case Run::Style::plain:
        case Run::Style::emphasis:
            return FontRole::body;
        case Run::Style::strong:
            return FontRole::strong;
        case Run::Style::code:
            return FontRole::mono_small;
    }
    return FontRole::body;
}

ImU32 color_of(const View& view, const Run& run) {
    if (run.style == Run::Style::plain || run.style == Run::Style::code) return view.look.ink(Ink::text);
    if (run.style == Run::Style::emphasis) return view.look.ink(Ink::muted);
    const std::size_t lane = lane_of_word(view.state, run.text);
    if (lane != SIZE_MAX) return view.look.ink(style::lane_ink(lane));
    if (std::find(kBadWords.begin(), kBadWords.end(), run.text) != kBadWords.end())
        return view.look.ink(Ink::loss);
    return view.look.ink(Ink::text);
}

// Sets words one after the other into lines.
class Setter {
public:
    Setter(const View& view, ImVec2 at, float width, bool paint)
        : view_(view),
          at_(at),
          width_(width),
          paint_(paint),
          line_(std::round(view.look.font(FontRole::body).px * kLeading)) {}

    void run(const Run& run) {
        const FontRole role = font_of(run.style);
        const ImU32 color = color_of(view_, run);
        if (run.style == Run::Style::code) {
            code_pill(run.text);
            return;
        }
        std::string_view rest = run.text;
        while (!rest.empty()) {
            if (rest.front() == ' ' || rest.front() == '\n') {
                gap_ = true;
                rest.remove_prefix(1);
                continue;
            }
            const std::size_t end = std::min(rest.find_first_of(" \n"), rest.size());
            const std::string_view next = rest.substr(0, end);
            rest.remove_prefix(end);
            if (rest.empty() && next.ends_with('(')) {
                open_ = {role, color, std::string(next)};
            } else {
                word(role, next, color);
            }
        }
    }
    float finish() {
        if (!open_.text.empty()) make_room(0);
        return y_ + line_;
    }

private:
    // What opens a bracket goes with what follows it.
    struct Open {
        FontRole role{FontRole::body};
        ImU32 color{0};
        std::string text;
    };

    void make_room(float wanted) {
        const Open open = std::exchange(open_, {});
        const float space = gap_ && x_ > 0 ? view_.look.text_size(FontRole::body, " ").x : 0;
        gap_ = false;
        if (x_ > 0 && x_ + space + view_.look.text_size(open.role, open.text).x + wanted > width_) {
            x_ = 0;
            y_ += line_;
        } else {
            x_ += space;
        }
        if (!open.text.empty()) put(open.role, open.text, open.color);
    }
    void put(FontRole role, std::string_view text, ImU32 color) {
        const ImVec2 size = view_.look.text_size(role, text);
        if (paint_) {
            const style::Canvas c{ImGui::GetWindowDrawList(), &view_.look};
            style::text(c, role, {at_.x + x_, at_.y + y_ + (line_ - size.y) * 0.5F}, color, text);
        }
        x_ += size.x;
    }
    // As much of a text as a whole line has room for: what has no blanks is broken there.
    std::size_t line_of(FontRole role, std::string_view text, float room) const {
        std::size_t size = text.size();
        while (size > 1 && view_.look.text_size(role, text.substr(0, size)).x > room) {
            do --size;
            while (size > 1 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U);
        }
        return size;
    }
    void word(FontRole role, std::string_view text, ImU32 color) {
        for (std::size_t size = 0; size < text.size();) {
            const std::string_view rest = text.substr(size);
            const std::size_t part = line_of(role, rest, width_);
            whole_word(role, rest.substr(0, part), color);
            size += part;
        }
    }
    void whole_word(FontRole role, std::string_view text, ImU32 color) {
        // Nor does a line begin with what ends a sentence or a bracket.
        constexpr std::string_view kClosing = ".,:;)?!";
        const bool closes = !gap_ && text.find_first_not_of(kClosing) == std::string_view::npos;
        make_room(closes ? 0 : view_.look.text_size(role, text).x);
        put(role, text, color);
    }
    void code_pill(std::string_view text) {
        const float pad = view_.look.px(4);
        for (std::size_t size = 0; size < text.size();) {
            const std::string_view rest = text.substr(size);
            const std::size_t part = line_of(FontRole::mono_small, rest, width_ - 2 * pad);
            whole_pill(rest.substr(0, part), pad);
            size += part;
        }
    }
    void whole_pill(std::string_view text, float pad) {
        const style::Canvas c{ImGui::GetWindowDrawList(), &view_.look};
        const ImVec2 size = view_.look.text_size(FontRole::mono_small, text);
        make_room(size.x + 2 * pad);
        if (paint_) {
            const ImVec2 min{std::round(at_.x + x_), std::round(at_.y + y_ + c.px(2))};
            const ImVec2 max{std::round(min.x + size.x + 2 * pad), std::round(at_.y + y_ + line_ - c.px(2))};
            style::fill(c, {min, max}, c.px(4), c.ink(Ink::card_raised));
            style::text_left(c, FontRole::mono_small, {min.x + pad, (min.y + max.y) * 0.5F}, c.ink(Ink::text),
                             text);
        }
        x_ += size.x + 2 * pad;
    }

    const View& view_;
    ImVec2 at_;
    float width_;
    bool paint_;
    float line_;
    float x_{0}, y_{0};
    bool gap_{false};
    Open open_;
};

float code_block(const View& view, const Block& block, ImVec2 at, float width, bool paint) {
    const style::Canvas c{ImGui::GetWindowDrawList(), &view.look};
    std::string text;
    for (const Run& run : block.runs) text += run.text;
    const float line = std::round(view.look.font(FontRole::mono_small).px * 1.4F), pad = c.px(8);
    std::vector<std::string_view> lines;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        lines.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const float height = line * static_cast<float>(lines.size()) + 2 * pad;
    if (!paint) return height;
    style::fill(c, {at, {at.x + width, at.y + height}}, c.px(6), c.ink(Ink::card));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const float y = at.y + pad + line * (static_cast<float>(i) + 0.5F);
        style::text_fit(c, FontRole::mono_small, {at.x + pad, y}, width - 2 * pad, c.ink(Ink::text),
                        lines[i]);
    }
    return height;
}

float text_block(const View& view, const Block& block, ImVec2 at, float width, bool paint) {
    const style::Canvas c{ImGui::GetWindowDrawList(), &view.look};
    float indent = 0;
    if (block.form == Block::Form::bullet) {
        indent = c.px(14);
        const float line = std::round(view.look.font(FontRole::body).px * kLeading);
        if (paint)
            c.list->AddCircleFilled({at.x + c.px(5), at.y + line * 0.5F}, c.px(2.2F), c.ink(Ink::muted), 12);
    }
    Setter setter(view, {at.x + indent, at.y}, width - indent, paint);
    for (Run run : block.runs) {
        if (block.form == Block::Form::heading && run.style == Run::Style::plain)
            run.style = Run::Style::strong;
        setter.run(run);
    }
    return setter.finish();
}

}  // namespace

float draw_prose(const View& view, std::span<const Block> blocks, ImVec2 at, float width, bool paint) {
    const float between = std::round(view.look.font(FontRole::body).px * 0.5F);
    float y = 0;
    for (const Block& block : blocks) {
        if (block.runs.empty()) continue;
        if (y > 0) y += block.form == Block::Form::bullet ? between * 0.5F : between;
        const ImVec2 here{at.x, at.y + y};
        y += block.form == Block::Form::code ? code_block(view, block, here, width, paint)
                                             : text_block(view, block, here, width, paint);
    }
    return y;
}

float draw_wrapped(const View& view, FontRole role, std::string_view text, ImVec2 at, float width,
                   ImU32 color, bool paint) {
    const style::Canvas c{ImGui::GetWindowDrawList(), &view.look};
    const float line = std::round(view.look.font(role).px * 1.36F), space = view.look.text_size(role, " ").x;
    float x = 0, y = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
        const std::string_view word = text.substr(0, end);
        const float wide = view.look.text_size(role, word).x;
        if (x > 0 && x + wide > width) {
            x = 0;
            y += line;
        }
        if (paint) style::text_fit(c, role, {at.x + x, at.y + y + line * 0.5F}, width - x, color, word);
        x += wide + space;
        if (end < text.size() && text[end] == '\n') {
            x = 0;
            y += line;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return y + line;
}

std::string lane_name(const player::State& state, std::size_t lane) {
    if (!state.trace || lane >= state.trace->lanes.size()) return {};
    const model::Kind kind = state.trace->lanes[lane].kind;
    const std::string protocol(model::row(kind).protocol);
    const auto shares = [&](const trace::LaneTrace& other) {
        return model::row(other.kind).protocol == protocol;
    };
    const bool alone = std::count_if(state.trace->lanes.begin(), state.trace->lanes.end(), shares) == 1;
    return alone && !protocol.empty() ? protocol : model::to_string(kind);
}

std::size_t lane_of_word(const player::State& state, std::string_view word) {
    for (std::size_t lane = 0; lane < state.lanes.size(); ++lane) {
        const model::Kind kind = state.trace->lanes[lane].kind;
        const model::KindRow& row = model::row(kind);
        if (word == lane_name(state, lane) || word == row.name || word == row.protocol) return lane;
        if (word == row.c_type || word == row.c_domain) {  // only where it tells this lane from the others
            const bool type = word == row.c_type;
            const auto same = [&](const trace::LaneTrace& other) {
                return type ? other.kind.type == kind.type : other.kind.domain == kind.domain;
            };
            if (std::count_if(state.trace->lanes.begin(), state.trace->lanes.end(), same) == 1) return lane;
        }
    }
    return SIZE_MAX;
}

}  // namespace socketscope::panels
