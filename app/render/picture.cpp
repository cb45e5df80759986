#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/scale.hpp"
#include "app/panels/screen.hpp"
#include "app/render/png.hpp"
#include "app/render/raster.hpp"
#include "app/render/render.hpp"
#include "app/style/imgui_bridge.hpp"
#include "core/model/problem.hpp"

namespace socketscope::render {
namespace {

constexpr int kFrames = 3;  // until windows, scroll positions and child windows have their place

class Context {
public:
    Context() { style::begin_offscreen_context(); }
    ~Context() { ImGui::DestroyContext(); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
};

void check(const RenderOptions& options) {
    if (options.width < 320 || options.height < 200 || options.width > 16384 || options.height > 16384) {
        throw model::Failure({"a picture of " + std::to_string(options.width) + "x" +
                                  std::to_string(options.height) + " pixels can't be drawn",
                              "--size", "", "Choose from 320x200 to 16384x16384"});
    }
    if (!(options.scale >= 0.5F && options.scale <= 4)) {
        throw model::Failure({"a scale of " + std::to_string(options.scale) + " can't be drawn", "--scale",
                              "", "Choose from 1 to 3"});
    }
    if (!options.trace || options.trace->lanes.empty()) {
        throw model::Failure({"there is nothing to draw", "", "the trace has no lanes", ""});
    }
}

model::TimeNs moment_of(const player::State& state, const RenderOptions& options) {
    if (options.time_ns) return std::clamp<model::TimeNs>(*options.time_ns, 0, state.end);
    if (options.beat.empty()) return state.beats.empty() ? state.end : state.beats.front().at;
    std::string known;
    for (const player::BeatMark& beat : state.beats) {
        if (beat.name == options.beat) return beat.at;
        known += (known.empty() ? "" : ", ") + beat.name;
    }
    const auto& missing = state.missing_beats;
    if (std::find(missing.begin(), missing.end(), options.beat) != missing.end()) {
        throw model::Failure({"the moment of beat `" + options.beat + "` did not happen in this recording",
                              "--beat", "", "The others are: " + known});
    }
    throw model::Failure(
        {"there is no beat `" + options.beat + "`", "--beat", "",
         known.empty() ? "This recording has none; choose the moment with --at" : "The beats are: " + known});
}

player::State state_of(const RenderOptions& options) {
    player::State state;
    state.lesson = options.lesson;
    if (state.lesson) state.answers.assign(state.lesson->predictions.size(), -1);
    player::show(state, std::make_unique<trace::Trace>(*options.trace));
    state.theme = options.theme == style::ThemeName::dark ? player::Theme::dark : player::Theme::light;
    state.scale = options.scale;
    state.presenter = options.presenter;
    state.t = moment_of(state, options);
    return state;
}

}  // namespace

std::vector<std::string> render_png(const RenderOptions& options) {
    check(options);
    const player::State state = state_of(options);
    const Context context;
    const style::Look look(
        options.theme,
        panels::effective_scale(state, static_cast<float>(options.width), static_cast<float>(options.height)),
        panels::distance_of(state));
    panels::ScreenPainter painter;
    const panels::HomeContent home;
    for (int frame = 0; frame < kFrames; ++frame) {
        style::new_offscreen_frame(options.width, options.height, 1.0F / 60);
        painter.draw(state, look, static_cast<float>(options.width), static_cast<float>(options.height),
                     {home, "", {}, 0});
        ImGui::Render();
    }
    write_png(rasterise(*ImGui::GetDrawData(), style::read_atlas(), look.rgba(style::Ink::background)),
              options.output);
    return look.missing_fonts();
}

}  // namespace socketscope::render
