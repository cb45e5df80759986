#include "app/panels/scale.hpp"

#include <algorithm>
#include <cmath>

#include "app/panels/arrange.hpp"
#include "app/style/look.hpp"

namespace socketscope::panels {
namespace {

// Fonts are built anew for each step.
float in_steps(float scale) {
    constexpr float kSteps = 8;
    return std::max(1.0F, std::floor(scale * kSteps) / kSteps);
}

// What a window has room for: more would cut every text.
float largest_scale(float width, float height) {
    return in_steps(std::min(width / kLeastWidth, height / kLeastHeight));
}

// A projector's picture is as large however many pixels it has: its letters have their share of it.
float projector_scale(float width, float height) {
    const float share = in_steps(std::min(width / kDesignWidth, height / kDesignHeight));
    return std::min(player::kLargestScale, share);
}

bool far(const player::State& state) {
    return distance_of(state) == style::Distance::far;
}

// The scale as it is before a presenter's letters grow: what it is by itself, what it is at most, and what is shown.
struct Scale {
    float by_itself, most, shown;
    bool room;  // it is the window that has no room for more
};
Scale scale_of(const player::State& state, float width, float height) {
    const float grown = far(state) ? style::kPresenterScale : 1;
    const float room = largest_scale(width, height) / grown;
    const float by_itself = far(state) ? std::max(state.scale, projector_scale(width, height)) : 1;
    const float wanted = far(state) ? by_itself + state.presenter_larger : state.scale;
    const float most = std::min(player::kLargestScale, room);
    return {by_itself, most, std::min(wanted, most), room < player::kLargestScale};
}

std::string why_not(const player::State& state, int by, bool room) {
    if (by > 0) return room ? "This window has no room for larger letters" : "These are the largest letters";
    if (by < 0)
        return far(state) ? "Smaller letters could not be read from the last row"
                          : "These are the smallest letters";
    return far(state) ? "The letters are as large as this window makes them by itself"
                      : "The scale is 100 % already";
}

}  // namespace

style::Distance distance_of(const player::State& state) {
    return state.presenter ? style::Distance::far : style::Distance::near;
}

float effective_scale(const player::State& state, float width, float height) {
    const float grown = far(state) ? style::kPresenterScale : 1;
    return std::min(scale_of(state, width, height).shown * grown, largest_scale(width, height));
}

ScaleStep scale_step(const player::State& state, int by, float width, float height) {
    constexpr float kStep = 0.25F, kNone = 0.01F;
    const Scale scale = scale_of(state, width, height);
    const float wanted = by == 0 ? scale.by_itself : scale.shown + kStep * static_cast<float>(by);
    const float next = std::clamp(wanted, std::min(1.0F, scale.most), scale.most);
    if (std::abs(next - scale.shown) < kNone) return {std::nullopt, why_not(state, by, scale.room)};
    if (far(state)) return {player::EnlargePresenter{next - scale.by_itself}, {}};
    return {player::SetScale{next}, {}};
}

}  // namespace socketscope::panels
