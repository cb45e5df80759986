#include "app/panels/code.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/panels/prose.hpp"
#include "core/script/program.hpp"

namespace socketscope::panels {
namespace {

using script::TokenKind;
using style::Box;
using style::Canvas;
using style::FontRole;
using style::Ink;

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

// A program of one lane, or of several that run the same text.
struct Listing {
    std::string_view text;
    std::vector<std::pair<std::size_t, std::uint8_t>> runs;  // lane, endpoint
};

// What is to be seen on one line at the moment.
struct LineNow {
    std::size_t lane{0};
    story::Doing doing{story::Doing::running};
};

std::vector<std::string> endpoint_names(const player::State& state) {
    std::vector<std::string> out;
    for (const auto& lane : state.trace->lanes) {
        for (const auto& endpoint : lane.endpoints) {
            if (std::find(out.begin(), out.end(), endpoint.name) == out.end()) out.push_back(endpoint.name);
        }
    }
    return out;
}

std::vector<Listing> listings_of(const player::State& state, const std::string& name) {
    std::vector<Listing> out;
    for (std::size_t lane = 0; lane < state.trace->lanes.size(); ++lane) {
        const auto& endpoints = state.trace->lanes[lane].endpoints;
        for (std::size_t i = 0; i < endpoints.size(); ++i) {
            if (endpoints[i].name != name) continue;
            auto same = std::find_if(out.begin(), out.end(),
                                     [&](const Listing& l) { return l.text == endpoints[i].script; });
            if (same == out.end()) same = out.insert(out.end(), Listing{endpoints[i].script, {}});
            same->runs.emplace_back(lane, static_cast<std::uint8_t>(i));
        }
    }
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

// Whether the last expectation of that line before now held; nullopt: none was checked yet.
std::optional<bool> expectation_at(const player::State& state, const Listing& listing, std::uint32_t line) {
    constexpr std::ptrdiff_t kLookBack = 4096;  // notes: enough for any lesson, bounded for long runs
    std::optional<bool> out;
    for (const auto& [lane, endpoint] : listing.runs) {
        const trace::LaneTrace& trace = state.trace->lanes[lane];
        const auto after =
            std::upper_bound(trace.notes.begin(), trace.notes.end(), trace.start_ns + state.t,
                             [](model::TimeNs t, const model::NoteRecord& n) { return t < n.at_ns; });
        const auto oldest =
            trace.notes.begin() + std::max<std::ptrdiff_t>(0, after - trace.notes.begin() - kLookBack);
        for (auto note = after; note != oldest;) {
            --note;
            if (note->what != model::Note::expectation || note->line != line || note->endpoint != endpoint)
                continue;
            out = out.value_or(true) && note->value == 1;
            break;
        }
    }
    return out;
}

// The call to show for a line: the last one made from it before now, else the first.
model::Ref call_of_line(const player::State& state, const Listing& listing, std::uint32_t line) {
    for (const auto& [lane, endpoint] : listing.runs) {
        const trace::LaneTrace& trace = state.trace->lanes[lane];
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < trace.calls.size(); ++i) {
            if (trace.calls[i].line != line || trace.calls[i].endpoint != endpoint) continue;
            if (found && trace.calls[i].enter_ns - trace.start_ns > state.t) break;
            found = i;
        }
        if (found)
            return {model::RefKind::call, static_cast<std::uint8_t>(lane), static_cast<std::uint32_t>(*found),
                    0};
    }
    return {};
}

class CodeView {
public:
    CodeView(const View& view, Canvas c, float width)
        : view_(view), c_(c), width_(width), line_(std::round(c.px(19))) {}

    // Draws one program from the cursor on and moves it behind.
    void draw(const Listing& listing, std::size_t number, bool headed) {
        if (headed) header(listing);
        const auto lines = lines_of(listing.text);
        for (std::size_t i = 0; i < lines.size(); ++i)
            draw_line(listing, number, static_cast<std::uint32_t>(i + 1), lines[i]);
        ImGui::SetCursorScreenPos(ImGui::GetCursorScreenPos());
        ImGui::Dummy({1, c_.px(6)});
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

    void draw_line(const Listing& listing, std::size_t number, std::uint32_t line,
                   std::string_view text) const {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const Box box{at, {at.x + width_, at.y + line_}};
        std::vector<LineNow> now = here(listing, line);
        if (!ImGui::IsRectVisible(box.min, box.max) && now.empty()) {
            ImGui::Dummy({width_, line_});
            return;
        }
        light(box, now);
        const std::string id = "code." + std::to_string(number) + ".line." + std::to_string(line);
        const Press state = press(view_, id, box);
        if (state.hovered) style::fill(c_, box, c_.px(5), c_.ink(Ink::card_raised, 0.5));
        if (state.clicked) {
            if (const model::Ref call = call_of_line(view_.state, listing, line))
                view_.send(player::Select{call, false});
        }
        const float y = at.y + line_ * 0.5F, text_x = at.x + c_.px(38);
        style::text_right(c_, FontRole::mono_small, {at.x + c_.px(28), y}, c_.ink(Ink::faint),
                          std::to_string(line));
        const float right = badge(box, now);
        words(text, {text_x, y}, right - c_.px(2));
        if (const auto held = expectation_at(view_.state, listing, line))
            sign({at.x + c_.px(9), y}, *held, !now.empty());
        if (!now.empty() && view_.state.playing) keep_in_view(box);
        ImGui::SetCursorScreenPos({at.x, at.y + line_});
    }

    std::vector<LineNow> here(const Listing& listing, std::uint32_t line) const {
        std::vector<LineNow> out;
        for (const auto& [lane, endpoint] : listing.runs) {
            const story::Story& story = *view_.state.lanes[lane].story;
            const story::ProgramNow now = story.program_at(endpoint, story.begin_ns() + view_.state.t);
            if (now.line == line && now.doing != story::Doing::done &&
                now.doing != story::Doing::not_started) {
                out.push_back({lane, now.doing});
            }
        }
        return out;
    }

    void light(Box box, const std::vector<LineNow>& now) const {
        for (std::size_t i = 0; i < now.size(); ++i) {
            const float part = box.width() / static_cast<float>(now.size());
            const Box piece{{box.min.x + part * static_cast<float>(i), box.min.y},
                            {box.min.x + part * static_cast<float>(i + 1), box.max.y}};
            style::fill(c_, piece, c_.px(4),
                        c_.ink(style::lane_ink(now[i].lane), c_.look->dark() ? 0.24 : 0.14));
            const float bar = box.min.x + c_.px(4) * static_cast<float>(i);
            style::fill(c_, {{bar, box.min.y}, {bar + c_.px(3), box.max.y}}, c_.px(1),
                        c_.ink(style::lane_ink(now[i].lane)));
        }
    }

    // "asleep" and the like at the right; returns where the text must end.
    float badge(Box box, const std::vector<LineNow>& now) const {
        float x = box.max.x - c_.px(4);
        for (auto it = now.rbegin(); it != now.rend(); ++it) {
            const char* word = it->doing == story::Doing::blocked    ? "asleep"
                               : it->doing == story::Doing::waiting  ? "waits"
                               : it->doing == story::Doing::sleeping ? "sleeps"
                               : it->doing == story::Doing::stopped  ? "stopped"
                                                                     : nullptr;
            if (!word) continue;
            const Ink fill = it->doing == story::Doing::blocked ? Ink::loss_fill : Ink::card_raised;
            const float width = style::width_of_chip(*c_.look, FontRole::caps, word);
            x -= width;
            style::chip(c_, FontRole::caps, {x, box.center().y}, c_.ink(fill), c_.look->on(fill), word);
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

    // With an ellipsis where the line is longer than the room for it.
    void words(std::string_view text, ImVec2 left_middle, float right) const {
        const float letter = view_.look.text_size(FontRole::mono_small, "m").x;
        for (const script::ColouredToken& token : script::colour(text)) {
            if (token.offset >= text.size()) continue;
            const std::string_view word = text.substr(token.offset, token.size);
            const float x =
                left_middle.x + view_.look.text_size(FontRole::mono_small, text.substr(0, token.offset)).x;
            const float room = right - x, full = view_.look.text_size(FontRole::mono_small, word).x;
            style::text_fit(c_, FontRole::mono_small, {x, left_middle.y}, room, c_.ink(ink_of(token.kind)),
                            word);
            if (full > room || room < 2 * letter) return;
        }
    }

    static void keep_in_view(Box box) {
        const float top = ImGui::GetWindowPos().y, bottom = top + ImGui::GetWindowHeight();
        if (box.min.y < top) ImGui::SetScrollY(ImGui::GetScrollY() - (top - box.min.y));
        if (box.max.y > bottom) ImGui::SetScrollY(ImGui::GetScrollY() + (box.max.y - bottom));
    }

    const View& view_;
    Canvas c_;
    float width_, line_;
};

// The tabs: one an endpoint. Returns the name of the one that is shown.
std::string draw_tabs(const View& view, Canvas c, Box area, const std::vector<std::string>& names) {
    const auto& endpoints =
        view.state.trace
            ->lanes[std::min<std::size_t>(view.state.code_lane, view.state.trace->lanes.size() - 1)]
            .endpoints;
    const std::string current =
        view.state.code_endpoint < endpoints.size() ? endpoints[view.state.code_endpoint].name : names[0];
    float x = area.min.x + c.px(14);
    const float y = area.min.y + c.px(12), height = c.px(26);
    for (const std::string& name : names) {
        const float width = view.look.text_size(FontRole::strong, name).x + c.px(22);
        const Box box{{x, y}, {x + width, y + height}};
        const Press state = press(view, "code.tab." + name, box);
        const bool on = name == current;
        if (on || state.hovered) style::fill(c, box, c.px(7), c.ink(Ink::card_raised, on ? 1 : 0.5));
        style::text_center(c, FontRole::strong, box.center(), c.ink(on ? Ink::text : Ink::muted), name);
        if (state.clicked) {
            for (std::size_t lane = 0; lane < view.state.trace->lanes.size(); ++lane) {
                const auto& list = view.state.trace->lanes[lane].endpoints;
                const auto it = std::find_if(list.begin(), list.end(),
                                             [&](const trace::Endpoint& e) { return e.name == name; });
                if (it == list.end()) continue;
                view.send(player::ShowCode{static_cast<std::uint8_t>(lane),
                                           static_cast<std::uint8_t>(it - list.begin())});
                break;
            }
        }
        x += width + c.px(4);
    }
    return current;
}

}  // namespace

void draw_code(const View& view, Box area) {
    const PanelWindow window(view, "Code", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas c = window.canvas();
    if (!view.state.trace || view.state.trace->lanes.empty()) return;
    const auto names = endpoint_names(view.state);
    if (names.empty()) return;
    const std::string current = draw_tabs(view, c, area, names);
    const Box body{{area.min.x + c.px(8), area.min.y + c.px(46)},
                   {area.max.x - c.px(6), area.max.y - c.px(8)}};
    ImGui::SetCursorScreenPos(body.min);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    ImGui::BeginChild(("script of " + current).c_str(), {body.width(), body.height()}, false,
                      ImGuiWindowFlags_NoBackground);
    CodeView code(view, {ImGui::GetWindowDrawList(), &view.look}, ImGui::GetContentRegionAvail().x - c.px(2));
    const auto listings = listings_of(view.state, current);
    for (std::size_t i = 0; i < listings.size(); ++i) code.draw(listings[i], i, listings.size() > 1);
    ImGui::EndChild();
    ImGui::PopStyleVar(2);
}

}  // namespace socketscope::panels
