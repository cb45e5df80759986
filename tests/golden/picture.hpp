// Draws scenes of the stage with the CPU renderer, and reads and compares pictures.
#pragma once

#include <optional>
#include <string>

#include "app/render/raster.hpp"
#include "app/stage/shape.hpp"
#include "app/style/look.hpp"

namespace socketscope::tests {

// An ImGui context in memory with the fonts of one look.
class Easel {
public:
    Easel(style::ThemeName theme, float scale, style::Distance distance = style::Distance::near);
    ~Easel();
    Easel(const Easel&) = delete;
    Easel& operator=(const Easel&) = delete;

    const style::Look& look() const { return *look_; }
    // Of the glyphs: another version of the fonts or of FreeType draws other letters.
    std::string fonts() const;
    render::Picture draw(const stage::Scene& scene, float margin) const;

private:
    std::optional<style::Look> look_;
};

std::optional<render::Picture> read_png(const std::string& path);
// Pixels that differ by more than `shade` (of 255) in any channel; −1: the sizes differ.
long differing(const render::Picture& a, const render::Picture& b, int shade);

}  // namespace socketscope::tests
