#include "app/panels/lesson_text.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/prose.hpp"
#include "app/panels/steps.hpp"
#include "app/player/outcome.hpp"
#include "app/style/imgui_bridge.hpp"

namespace socketscope::panels {
namespace {

constexpr const char* kShowVerdict = "show the verdict";
constexpr int kShowFrames = 5;  // until the longer text has been measured

// The sign before a choice: open, chosen and right, chosen and wrong, the right one that was not chosen.
void choice_sign(Canvas c, ImVec2 center, bool chosen, bool right, bool answered) {
    const float r = c.px(5.5F);
    if (answered && right) {
        c.list->AddCircleFilled(center, r + c.px(1.5F), c.ink(Ink::good_fill), 24);
        style::check(c, center, c.px(3.2F), c.look->on(Ink::good_fill), c.px(1.8F));
    } else if (answered && chosen) {
        c.list->AddCircleFilled(center, r + c.px(1.5F), c.ink(Ink::loss_fill), 24);
        style::cross(c, center, c.px(2.6F), c.look->on(Ink::loss_fill), c.px(1.8F));
    } else {
        c.list->AddCircle(center, r, c.ink(Ink::muted), 24, c.px(1.5F));
        if (chosen) c.list->AddCircleFilled(center, c.px(3), c.ink(Ink::lane0), 16);
    }
}

class Question {
public:
    Question(const View& view, std::size_t index)
        : view_(view),
          c_{ImGui::GetWindowDrawList(), &view.look},
          index_(index),
          prediction_(view.state.lesson->predictions[index]),
          answer_(index < view.state.answers.size() ? view.state.answers[index] : -1),
          doubt_(player::not_borne_out(view.state, prediction_)) {}

    // Draws it (or measures only) and returns its height.
    float draw(ImVec2 at, float width, bool paint) {
        const float pad = c_.px(12);
        const float inner = width - 2 * pad;
        float y = c_.px(10);
        if (paint) frame(at, width);
        y += draw_wrapped(view_, FontRole::strong, prediction_.question, {at.x + pad, at.y + y}, inner,
                          c_.ink(Ink::text), paint);
        y += c_.px(6);
        for (std::size_t i = 0; i < prediction_.choices.size(); ++i) {
            y += choice(i, {at.x + c_.px(8), at.y + y}, width - c_.px(16), paint) + c_.px(5);
        }
        if (answered() && prediction_.answer >= 0) y += verdict({at.x + pad, at.y + y}, inner, paint);
        return y + c_.px(6);
    }

private:
    bool answered() const { return answer_ >= 0; }
    // Only by a run that shows what the lesson says.
    bool graded() const { return prediction_.answer >= 0 && doubt_.empty(); }
    bool right(std::size_t choice) const {
        return graded() && prediction_.answer == static_cast<int>(choice);
    }

    void frame(ImVec2 at, float width) {
        const float height = draw(at, width, false);
        const Box box{at, {at.x + width, at.y + height}};
        style::fill(c_, box, c_.px(10), c_.ink(Ink::card));
        style::stroke(c_, box, c_.px(10), c_.ink(Ink::line));
    }

    float choice(std::size_t i, ImVec2 at, float width, bool paint) const {
        const float text_x = c_.px(30), text_width = width - text_x - c_.px(8);
        const ImU32 color = c_.ink(Ink::text);
        const float text_height =
            draw_wrapped(view_, FontRole::body, prediction_.choices[i], at, text_width, color, false);
        const float height = std::round(text_height + c_.px(9));
        if (!paint) return height;
        const Box box{at, {at.x + width, at.y + height}};
        const std::string id = "prediction." + std::to_string(index_) + ".choice." + std::to_string(i);
        const Press state = press(view_, id, box);
        const bool chosen = answer_ == static_cast<int>(i);
        style::fill(c_, box, c_.px(8),
                    view_.look.mixed(Ink::card_raised, Ink::lane0,
                                     state.held      ? 0.25
                                     : state.hovered ? 0.12
                                                     : 0));
        const Ink border = answered() && right(i)             ? Ink::good
                           : chosen && answered() && graded() ? Ink::loss
                                                              : Ink::line;
        style::stroke(c_, box, c_.px(8), c_.ink(border));
        choice_sign(c_, {at.x + c_.px(15), at.y + height * 0.5F}, chosen, right(i), answered() && graded());
        draw_wrapped(view_, FontRole::body, prediction_.choices[i],
                     {at.x + text_x, at.y + (height - text_height) * 0.5F}, text_width, color);
        if (state.clicked) {
            view_.send(player::Answer{index_, static_cast<int>(i)});
            ImGui::GetStateStorage()->SetInt(ImGui::GetID(kShowVerdict), kShowFrames);
        }
        return height;
    }

    // Right or wrong and why; or why this run can't tell.
    std::string verdict_words() const {
        if (!doubt_.empty())
            return "Not graded: " + doubt_ +
                   ". The lesson says: " + prediction_.choices[static_cast<std::size_t>(prediction_.answer)] +
                   ".";
        return (answer_ == prediction_.answer ? "Right. " : "Not so. ") + prediction_.because;
    }

    // With the moment that shows it.
    float verdict(ImVec2 at, float width, bool paint) const {
        const Ink ink = !doubt_.empty() ? Ink::muted : answer_ == prediction_.answer ? Ink::good : Ink::loss;
        float y = c_.px(2);
        y += draw_wrapped(view_, FontRole::small, verdict_words(), {at.x, at.y + y}, width, c_.ink(ink),
                          paint);
        const auto beat = find_beat(view_.state, prediction_.beat);
        if (!beat) return y;
        y += c_.px(6);
        const Box box{{at.x, at.y + y}, {at.x + width, at.y + y + c_.px(28)}};
        const std::string id = "prediction." + std::to_string(index_) + ".show";
        if (paint && text_button(view_, id, "Show me", box)) view_.send(player::GoToBeat{*beat});
        return y + c_.px(30);
    }

    const View& view_;
    Canvas c_;
    std::size_t index_;
    const lesson::Prediction& prediction_;
    int answer_;
    std::string doubt_;  // why this run grades nothing; "" = it does
};

// Prose and questions of one step, scrolling if they are too long.
void draw_body(const View& view, const std::vector<Step>& steps, std::size_t current, Box area) {
    const Canvas outer{ImGui::GetWindowDrawList(), &view.look};
    ImGui::SetCursorScreenPos(area.min);
    // A step of its own name: each begins at its top.
    const std::string name = "text of step " + std::to_string(current + 1);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    style::begin_part(name.c_str(), {area.width(), area.height()}, ImGuiWindowFlags_NoBackground);
    const float width = ImGui::GetContentRegionAvail().x - outer.px(ImGui::GetScrollMaxY() > 0 ? 6 : 10);
    ImVec2 at = ImGui::GetCursorScreenPos();
    at.x += outer.px(4);
    const float start = at.y;
    const auto& sections = view.state.lesson->sections;
    for (std::size_t i = 0; i < steps[current].sections; ++i) {
        const lesson::Section& section = sections[steps[current].first_section + i];
        if (i > 0 && !section.title.empty()) {
            at.y += outer.px(12);
            at.y +=
                draw_wrapped(view, FontRole::heading, section.title, at, width, view.look.ink(Ink::text)) +
                outer.px(2);
        }
        at.y += draw_prose(view, section.blocks, at, width);
    }
    for (const std::size_t prediction : predictions_in(view.state, steps, current)) {
        at.y += outer.px(14);
        at.y += Question(view, prediction).draw({at.x - outer.px(4), at.y}, width + outer.px(4), true);
    }
    ImGui::SetCursorScreenPos({at.x, start});
    ImGui::Dummy({width, at.y - start + outer.px(4)});
    // After an answer the verdict below it comes into view.
    int& show = *ImGui::GetStateStorage()->GetIntRef(ImGui::GetID(kShowVerdict), 0);
    if (show > 0) {
        --show;
        ImGui::SetScrollY(ImGui::GetScrollMaxY());
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

void draw_footer(const View& view, const std::vector<Step>& steps, std::size_t current, Box area) {
    const Canvas c{ImGui::GetWindowDrawList(), &view.look};
    const float split = std::round(area.min.x + area.width() * 0.38F);
    const bool first = current == 0, last = current + 1 >= steps.size();
    const bool seeking = view.state.playing && view.state.rest_at;
    if (text_button(view, "lesson.back", "Back", {area.min, {split - c.px(4), area.max.y}}, false, !first)) {
        if (steps[current - 1].beat == SIZE_MAX) {
            view.send(player::GoToEdge{});
        } else {
            view.send(player::GoToBeat{steps[current - 1].beat});
        }
    }
    const char* label = seeking ? "Skip ahead" : last ? "Play to the end" : "Next step";
    const bool recorded = !view.state.lanes.empty();
    if (!text_button(view, "lesson.next", label, {{split + c.px(4), area.min.y}, area.max}, recorded,
                     recorded))
        return;
    if (last) {
        view.send(player::PlayTo{view.state.end});
    } else {
        view.send(player::PlayTo{view.state.beats[steps[current + 1].beat].at});
    }
}

}  // namespace

void draw_lesson(const View& view, Box area) {
    const PanelWindow window(view, "Lesson", area,
                             ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    const Canvas c = window.canvas();
    if (!view.state.lesson) return;
    const auto steps = steps_of(view.state);
    if (steps.empty()) return;
    const std::size_t current = std::min(current_step(view.state, steps), steps.size() - 1);
    const float pad = c.px(14), width = area.width() - 2 * pad;
    float y = area.min.y + c.px(12);
    const std::string count = "STEP " + std::to_string(current + 1) + " OF " + std::to_string(steps.size());
    style::text(c, FontRole::caps, {area.min.x + pad, y}, c.ink(Ink::lane0), count);
    y += c.px(20);
    const lesson::Section& section = view.state.lesson->sections[steps[current].first_section];
    const std::string& title = section.title.empty() ? view.state.lesson->title : section.title;
    y += draw_wrapped(view, FontRole::title, title, {area.min.x + pad, y}, width, c.ink(Ink::text)) + c.px(8);
    const float footer = c.px(34), footer_y = area.max.y - c.px(12) - footer;
    draw_body(view, steps, current,
              {{area.min.x + c.px(10), std::round(y)}, {area.max.x - c.px(6), footer_y - c.px(10)}});
    draw_footer(view, steps, current, {{area.min.x + pad, footer_y}, {area.max.x - pad, footer_y + footer}});
}

}  // namespace socketscope::panels
