// What every panel is given, and how it answers: state and looks in, commands and probe items out.
//
// A panel is a free function draw_NAME(const View&, style::Box area): it fills its area (pixels of the screen), never
// reaches into another panel, keeps nothing that matters between frames, and changes nothing but through View::out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/player/state.hpp"
#include "app/style/draw.hpp"
#include "app/style/look.hpp"

namespace socketscope::panels {

// The words in which every panel draws.
using style::Box;
using style::Canvas;
using style::FontRole;
using style::Ink;

// Where something that can be clicked lies: for tests that work as a person does (app/window writes them to a file).
struct ProbeItem {
    std::string id;
    style::Box box;
    bool enabled{true};
};

struct View {
    const player::State& state;
    const style::Look& look;
    player::Commands& out;
    std::vector<ProbeItem>& probe;
    bool take_keys{false};  // the panel is given the keyboard in this frame
    bool tips{true};        // what the pointer rests on is explained

    void send(player::Command command) const { out.push_back(std::move(command)); }
};

// An ImGui window without decoration that fills `area`; the destructor ends it.
class PanelWindow {
public:
    PanelWindow(const View& view, const char* name, style::Box area, int extra_flags = 0);
    ~PanelWindow();
    PanelWindow(const PanelWindow&) = delete;
    PanelWindow& operator=(const PanelWindow&) = delete;
    style::Canvas canvas() const { return canvas_; }

private:
    style::Canvas canvas_;
};

// Tells the probe of something that can be clicked, as far as it is to be seen.
void note_item(const View& view, std::string_view id, style::Box box, bool enabled = true);
// A few words in a box of their own: beside the pointer, or the thing that has the keyboard, whichever was used last.
void draw_tip(const View& view, std::string_view words);
// The same for what the pointer rests on; it stays away while a person drives by keyboard.
void tip_at_pointer(const View& view, std::string_view words);
// An invisible button that keyboard navigation reaches (ImGui's InvisibleButton is left out of it) and the probe knows.
struct Press {
    bool clicked{false}, hovered{false}, held{false};
};
Press press(const View& view, std::string_view id, style::Box box, bool enabled = true);
// Round with an icon; square corners with a text. `strong`: the one that matters.
bool icon_button(const View& view, std::string_view id, style::Icon icon, ImVec2 center, float radius,
                 bool strong = false, bool on = false, const char* tooltip = nullptr);
bool text_button(const View& view, std::string_view id, std::string_view label, style::Box box,
                 bool strong = false, bool enabled = true);

}  // namespace socketscope::panels
