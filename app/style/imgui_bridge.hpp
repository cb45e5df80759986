// What differs between Dear ImGui 1.86 and 1.92, but for GLFW: fonts, atlas, text size, drawing without a window.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "app/style/fonts.hpp"

namespace socketscope::style {

// Building the atlas: begin, add the fonts in turn, finish. `file` null = the built-in font. `ranges` must live on.
void begin_atlas();
ImFont* add_font(const char* file, float px, float weight, const ImWchar* ranges, bool merge_into_last);
void finish_atlas();
// After finish_atlas(): `drawn` stands wherever a text has `wanted`.
void draw_instead(ImFont* font, ImWchar wanted, ImWchar drawn);

// The atlas as coverage, one byte a pixel, for renderers without a GPU.
struct AtlasPixels {
    int width{0}, height{0};
    std::vector<std::uint8_t> alpha;
};
AtlasPixels read_atlas();

void push_font(const Font& font);
void pop_font();
// Width and height in pixels of one line.
ImVec2 text_size(const Font& font, std::string_view text);
// How many bytes of one line fit into `width` pixels; whole characters only.
std::size_t bytes_that_fit(const Font& font, std::string_view text, float width);

// BeginChild() for a part of a panel: the arrow keys go into it and out of it as if it were none. EndChild() ends it.
void begin_part(const char* name, ImVec2 size, ImGuiWindowFlags flags = 0);

// The current window's first item, or the one that had it last, is where the keyboard is from here on, and that is
// to be seen. Directly after Begin() of a window that was given the focus.
void start_keys_here();
// The text field that comes next, `label` of this window, gets the keyboard: what is typed from the next frame on.
void type_into(const char* label);
// Whether the last item is where the keyboard is, and that is to be seen (the pointer was not moved since).
bool item_has_keys();

// The clipper gives these rows too, where they are out of sight: before its first Step(). `end` is not one of them.
void clip_around(ImGuiListClipper& clipper, int begin, int end);

// Without memory for it the process ends with a sentence.
void begin_context();
// A context that draws into memory: no window, no GPU, no ini file, a fixed time step.
void begin_offscreen_context();
void new_offscreen_frame(int width, int height, float seconds);

}  // namespace socketscope::style
