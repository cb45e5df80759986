#include "tests/golden/picture.hpp"

#include <png.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "app/stage/paint_imgui.hpp"
#include "app/style/imgui_bridge.hpp"

namespace socketscope::tests {

Easel::Easel(style::ThemeName theme, float scale, style::Distance distance) {
    style::begin_offscreen_context();
    look_.emplace(theme, scale, distance);
}
Easel::~Easel() {
    look_.reset();
    ImGui::DestroyContext();
}

// FNV-1a, 64 bits (RFC 9923 drafts it; any good hash would do).
std::string Easel::fonts() const {
    const style::AtlasPixels atlas = style::read_atlas();
    std::uint64_t hash = 14695981039346656037U;
    for (const std::uint8_t byte : atlas.alpha) hash = (hash ^ byte) * 1099511628211U;
    char text[24];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

render::Picture Easel::draw(const stage::Scene& scene, float margin) const {
    const auto pixels = [&](float logical) {
        return static_cast<int>(std::lround(look_->px(logical + 2 * margin)));
    };
    style::new_offscreen_frame(pixels(scene.width), pixels(scene.height), 1.0F / 60);
    const style::Canvas canvas{ImGui::GetBackgroundDrawList(), &*look_};
    stage::paint(canvas, scene, look_->px(margin, margin));
    ImGui::Render();
    return render::rasterise(*ImGui::GetDrawData(), style::read_atlas(), look_->rgba(style::Ink::background));
}

std::optional<render::Picture> read_png(const std::string& path) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_file(&image, path.c_str())) return std::nullopt;
    image.format = PNG_FORMAT_RGB;
    render::Picture picture{static_cast<int>(image.width), static_cast<int>(image.height), {}};
    picture.rgb.resize(PNG_IMAGE_SIZE(image));
    if (!png_image_finish_read(&image, nullptr, picture.rgb.data(), 0, nullptr)) return std::nullopt;
    return picture;
}

long differing(const render::Picture& a, const render::Picture& b, int shade) {
    if (a.width != b.width || a.height != b.height) return -1;
    const auto differs = [&](std::size_t i) { return std::abs(int{a.rgb[i]} - int{b.rgb[i]}) > shade; };
    long count = 0;
    for (std::size_t i = 0; i < a.rgb.size(); i += 3) count += differs(i) || differs(i + 1) || differs(i + 2);
    return count;
}

}  // namespace socketscope::tests
