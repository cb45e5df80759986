#include "app/panels/code_tabs.hpp"

#include <algorithm>

#include "app/panels/listing.hpp"

namespace socketscope::panels {

namespace {

constexpr float kGap = 4;

// How the tabs are made to fit: many programs have smaller letters, and then less of each name.
struct Fit {
    FontRole font{FontRole::strong};
    float beside{0};  // room around a name
    float part{1};    // of the width that each needs
    float line{0};    // room for "line 12"; 0: none is left
};

Fit fit_tabs(const View& view, float room, const std::vector<std::string>& names) {
    const auto px = [&](float v) { return view.look.px(v); };
    Fit fit{FontRole::strong, px(22), 1, 0};
    const auto needed = [&] {
        float width = 0;
        for (const std::string& name : names)
            width += view.look.text_size(fit.font, name).x + fit.beside + px(kGap);
        return width;
    };
    if (needed() > room) fit = {FontRole::small, px(12), 1, 0};
    fit.part = std::min(1.0F, room / needed());
    const float line = view.look.text_size(FontRole::small, "line 00").x + px(7);
    if (needed() + line * static_cast<float>(names.size()) <= room) fit.line = line;
    return fit;
}

std::string shown_name(const player::State& state, const std::vector<std::string>& names) {
    const auto& lanes = state.trace->lanes;
    const player::Program shown = state.code.value_or(state.acting);
    const auto& endpoints = lanes[std::min<std::size_t>(shown.lane, lanes.size() - 1)].endpoints;
    return shown.endpoint < endpoints.size() ? endpoints[shown.endpoint].name : names[0];
}

// The first lane that has a program of that name.
void choose(const View& view, const std::string& name) {
    const auto& lanes = view.state.trace->lanes;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        const auto& list = lanes[lane].endpoints;
        const auto it =
            std::find_if(list.begin(), list.end(), [&](const trace::Endpoint& e) { return e.name == name; });
        if (it == list.end()) continue;
        view.send(
            player::ShowCode{static_cast<std::uint8_t>(lane), static_cast<std::uint8_t>(it - list.begin())});
        return;
    }
}

void draw_tab(const View& view, Canvas c, Box box, const std::string& name, bool on, const Fit& fit) {
    const Press state = press(view, "code.tab." + name, box);
    if (on || state.hovered) style::fill(c, box, c.px(7), c.ink(Ink::card_raised, on ? 1 : 0.5));
    const ImU32 color = c.ink(on ? Ink::text : Ink::muted);
    const float y = box.center().y;
    if (fit.part < 1) {
        style::text_fit(c, fit.font, {box.min.x + c.px(4), y}, box.width() - c.px(8), color, name);
    } else {
        const float x = box.min.x + fit.beside / 2;
        style::text_left(c, fit.font, {x, y}, color, name);
        const std::uint32_t line = fit.line > 0 ? line_now(view.state, name) : 0;
        if (line > 0)
            style::text_left(c, FontRole::small, {x + view.look.text_size(fit.font, name).x + c.px(7), y},
                             c.ink(Ink::muted), "line " + std::to_string(line));
    }
    if (state.clicked) choose(view, name);
}

}  // namespace

std::string draw_code_tabs(const View& view, Canvas c, Box area, const std::vector<std::string>& names) {
    std::string current = shown_name(view.state, names);
    float x = area.min.x + c.px(14);
    const float y = area.min.y + c.px(12), height = c.px(26);
    const Fit fit = fit_tabs(view, area.max.x - c.px(10) - x, names);
    for (const std::string& name : names) {
        const float width = (view.look.text_size(fit.font, name).x + fit.beside + fit.line) * fit.part;
        draw_tab(view, c, {{x, y}, {x + width, y + height}}, name, name == current, fit);
        x += width + c.px(kGap);
    }
    return current;
}

}  // namespace socketscope::panels
