#include "app/panels/code.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "app/panels/code_lines.hpp"
#include "app/panels/code_tabs.hpp"
#include "app/panels/listing.hpp"
#include "app/panels/prose.hpp"
#include "app/style/imgui_bridge.hpp"
#include "core/script/program.hpp"

namespace socketscope::panels {
namespace {

using script::TokenKind;

Ink ink_of(TokenKind kind) {
    switch (kind) {
        case TokenKind::plain:
        case TokenKind::variable:
            return Ink::text;
        case TokenKind::comment:
            return Ink::faint;
        case TokenKind::call:
            return Ink::lane0;
        case TokenKind::control:
            return Ink::hue2_line;
        case TokenKind::constant:
        case TokenKind::number:
            return Ink::lane1;
        case TokenKind::string:
            return Ink::lane2;
        case TokenKind::address:
            return Ink::hue0_line;
        case TokenKind::expectation:
            return Ink::muted;
    }
    return Ink::text;
}

// Whether it is another one than in the frame before; kept with the current ImGui window.
bool is_new(const char* what, std::uint64_t value) {
    const auto now = static_cast<int>(value ^ value >> 32U);
    int& known = *ImGui::GetStateStorage()->GetIntRef(ImGui::GetID(what), 0);
    return std::exchange(known, now) != now;
}
bool newly_chosen(const player::State& state) {
    const model::Ref& ref = state.selected;
    const std::uint64_t kind = static_cast<std::uint64_t>(ref.kind) * 8U + ref.lane;
    return is_new("chosen", (kind * 31U + ref.offset) << 32U | ref.index) && ref;
}

class CodeView {
public:
    CodeView(const View& view, Canvas c, float width)
        : view_(view),
          c_(c),
          lit_(view.state),
          show_now_(is_new("moment", static_cast<std::uint64_t>(view.state.t))),
          show_lit_(newly_chosen(view.state)),
          width_(width),
          line_(std::round(c.px(19))) {}

    // Draws one program from the cursor on and moves it behind.
    void draw(const Listing& listing, std::size_t number, bool headed) {
        if (headed) header(listing);
        const auto lines = lines_of(listing.text);
        for (std::size_t i = 0; i < lines.size(); ++i)
            draw_line(listing, number, static_cast<std::uint32_t>(i + 1), lines[i]);
        ImGui::SetCursorScreenPos(ImGui::GetCursorScreenPos());
        ImGui::Dummy({1, c_.px(6)});
    }

    // What is new comes into view: all of it where there is room, else the first line.
    void keep_in_view() const {
        if (!follow_) return;
        const float top = ImGui::GetWindowPos().y, height = ImGui::GetWindowHeight();
        const float first = follow_->min.y;
        const float last = follow_->height() <= height ? follow_->max.y : first + line_;
        if (first < top) {
            ImGui::SetScrollY(ImGui::GetScrollY() - (top - first));
        } else if (last > top + height) {
            ImGui::SetScrollY(ImGui::GetScrollY() + (last - top - height));
        }
    }

private:
    void header(const Listing& listing) const {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        float x = at.x + c_.px(4);
        for (const auto& [lane, endpoint] : listing.runs) {
            const Ink fill = style::lane_fill(lane);
            x += style::chip(c_, FontRole::caps, {x, at.y + c_.px(11)}, c_.ink(fill), c_.look->on(fill),
                             lane_name(view_.state, lane)) +
                 c_.px(5);
        }
        ImGui::Dummy({width_, c_.px(24)});
    }

    void draw_line(const Listing& listing, std::size_t number, std::uint32_t line, std::string_view text) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float text_x = at.x + c_.px(38), letter = view_.look.text_size(FontRole::mono_small, "m").x;
        const float right = at.x + width_ - c_.px(4);
        const auto pieces =
            break_code(text, static_cast<std::size_t>(std::max(0.0F, (right - text_x) / letter)));
        const float height = line_ * static_cast<float>(rows_of(pieces));
        const Box box{at, {at.x + width_, at.y + height}};
        const std::vector<LineNow> now = lines_now(view_.state, listing, line);
        const bool lit = lit_.holds(listing, line);
        if (show_lit_ ? lit : show_now_ && !now.empty()) follow(box);
        if (!ImGui::IsRectVisible(box.min, box.max)) {
            ImGui::Dummy({width_, height});
            return;
        }
        light(box, now);
        const std::string id = "code." + std::to_string(number) + ".line." + std::to_string(line);
        const Press state = press(view_, id, box);
        if (state.hovered) style::fill(c_, box, c_.px(5), c_.ink(Ink::card_raised, 0.5));
        if (lit) style::stroke(c_, style::inset(box, c_.px(1)), c_.px(4), c_.ink(Ink::now), c_.px(1.5F));
        if (state.clicked) {
            if (const model::Ref call = call_of_line(view_.state, listing, line))
                view_.send(player::Select{call, false});
        }
        const float y = at.y + line_ * 0.5F;
        style::text_right(c_, FontRole::mono_small, {at.x + c_.px(28), y}, c_.ink(Ink::faint),
                          std::to_string(listing.first_line + line - 1));
        const std::size_t row = row_for_badges(text, pieces, text_x, right - badges_width(now));
        const float free = badges(right, y + line_ * static_cast<float>(row), now);
        words(text, pieces, {text_x, y}, badges_width(now) > 0 ? row : rows_of(pieces), free - c_.px(2));
        if (const auto held = expectation_at(view_.state, listing, line))
            sign({at.x + c_.px(9), y}, *held, !now.empty());
        ImGui::SetCursorScreenPos({at.x, at.y + height});
    }

    void light(Box box, const std::vector<LineNow>& now) const {
        for (std::size_t i = 0; i < now.size(); ++i) {
            const float part = box.width() / static_cast<float>(now.size());
            const Box piece{{box.min.x + part * static_cast<float>(i), box.min.y},
                            {box.min.x + part * static_cast<float>(i + 1), box.max.y}};
            style::fill(c_, piece, c_.px(4),
                        c_.ink(style::lane_ink(now[i].lane), c_.look->dark() ? 0.16 : 0.12));
            const float bar = box.min.x + c_.px(4) * static_cast<float>(i);
            style::fill(c_, {{bar, box.min.y}, {bar + c_.px(3), box.max.y}}, c_.px(1),
                        c_.ink(style::lane_ink(now[i].lane)));
        }
    }

    static const char* badge_word(story::Doing doing) {
        return doing == story::Doing::blocked    ? "asleep"
               : doing == story::Doing::waiting  ? "waits"
               : doing == story::Doing::sleeping ? "sleeps"
               : doing == story::Doing::stopped  ? "stopped"
                                                 : nullptr;
    }
    // Each badge once: in which lanes the line is reached the bars at its left say.
    static std::vector<story::Doing> badges_of(const std::vector<LineNow>& now) {
        std::vector<story::Doing> out;
        for (const LineNow& one : now) {
            if (badge_word(one.doing) != nullptr && std::find(out.begin(), out.end(), one.doing) == out.end())
                out.push_back(one.doing);
        }
        return out;
    }
    float badges_width(const std::vector<LineNow>& now) const {
        float width = 0;
        for (const story::Doing doing : badges_of(now))
            width += style::width_of_chip(*c_.look, FontRole::caps, badge_word(doing)) + c_.px(4);
        return width;
    }
    // The first row whose text leaves room for the badges; else the last one, whose text gives way to them.
    std::size_t row_for_badges(std::string_view text, const std::vector<CodePiece>& pieces, float left,
                               float right) const {
        const std::size_t rows = rows_of(pieces);
        std::vector<float> ends(rows, left);
        for (const CodePiece& piece : pieces) ends[piece.row] = end_of(text, piece, left);
        const auto row = std::find_if(ends.begin(), ends.end(), [&](float end) { return end <= right; });
        return row == ends.end() ? rows - 1 : static_cast<std::size_t>(row - ends.begin());
    }
    float end_of(std::string_view text, const CodePiece& piece, float left) const {
        return left + column_x(piece.column) +
               view_.look.text_size(FontRole::mono_small, text.substr(piece.offset, piece.size)).x;
    }
    float column_x(std::size_t column) const {
        return view_.look.text_size(FontRole::mono_small, "m").x * static_cast<float>(column);
    }

    // "asleep" and the like at the right; returns where the text must end.
    float badges(float x, float y, const std::vector<LineNow>& now) const {
        const std::vector<story::Doing> badges = badges_of(now);
        for (auto doing = badges.rbegin(); doing != badges.rend(); ++doing) {
            const char* word = badge_word(*doing);
            const Ink fill = *doing == story::Doing::blocked ? Ink::loss_fill : Ink::card_raised;
            x -= style::width_of_chip(*c_.look, FontRole::caps, word);
            style::chip(c_, FontRole::caps, {x, y}, c_.ink(fill), c_.look->on(fill), word);
            x -= c_.px(4);
        }
        return x;
    }

    void sign(ImVec2 center, bool held, bool on_bar) const {
        if (on_bar) center.x += c_.px(3);
        if (held) {
            style::check(c_, center, c_.px(3.2F), c_.ink(Ink::good), c_.px(1.6F));
        } else {
            style::cross(c_, center, c_.px(3), c_.ink(Ink::loss), c_.px(1.8F));
        }
    }

    // `cut_row`, if there is such a row, must end at `right`: badges stand there.
    void words(std::string_view text, const std::vector<CodePiece>& pieces, ImVec2 left_middle,
               std::size_t cut_row, float right) const {
        const auto tokens = script::colour(text);
        for (const CodePiece& piece : pieces) {
            const float y = left_middle.y + line_ * static_cast<float>(piece.row);
            for (const script::ColouredToken& token : tokens) {
                const std::size_t from = std::max<std::size_t>(token.offset, piece.offset);
                const std::size_t to =
                    std::min<std::size_t>(token.offset + token.size, piece.offset + piece.size);
                if (from >= to) continue;
                const float x =
                    left_middle.x + column_x(piece.column) +
                    view_.look.text_size(FontRole::mono_small, text.substr(piece.offset, from - piece.offset))
                        .x;
                const float room = piece.row == cut_row ? right - x : width_;
                style::text_fit(c_, FontRole::mono_small, {x, y}, room, c_.ink(ink_of(token.kind)),
                                text.substr(from, to - from));
            }
        }
    }

    void follow(Box line) {
        if (!follow_) follow_ = line;
        follow_->max = line.max;
    }

    const View& view_;
    Canvas c_;
    LitLines lit_;
    bool show_now_;              // the moment is another one
    bool show_lit_;              // what was chosen is another thing: it matters more
    std::optional<Box> follow_;  // the lines to be seen
    float width_, line_;
};

}  // namespace

void draw_code(const View& view, Box area) {
    const PanelWindow window(view, "Code", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas c = window.canvas();
    if (!view.state.trace || view.state.trace->lanes.empty()) {
        style::text_left(c, FontRole::small, {area.min.x + c.px(16), area.min.y + c.px(22)},
                         c.ink(Ink::muted), "The programs stand here when they run.");
        return;
    }
    const auto names = endpoint_names(view.state);
    if (names.empty()) return;
    const std::string current = draw_code_tabs(view, c, area, names);
    const Box body{{area.min.x + c.px(8), area.min.y + c.px(46)},
                   {area.max.x - c.px(6), area.max.y - c.px(8)}};
    ImGui::SetCursorScreenPos(body.min);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    style::begin_part(("script of " + current).c_str(), {body.width(), body.height()},
                      ImGuiWindowFlags_NoBackground);
    CodeView code(view, {ImGui::GetWindowDrawList(), &view.look}, ImGui::GetContentRegionAvail().x - c.px(2));
    const auto listings = listings_of(view.state, current);
    for (std::size_t i = 0; i < listings.size(); ++i) code.draw(listings[i], i, listings.size() > 1);
    code.keep_in_view();
    ImGui::EndChild();
    ImGui::PopStyleVar(2);
}

}  // namespace socketscope::panels
