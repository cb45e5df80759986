#include "app/style/draw.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/style/imgui_bridge.hpp"

using namespace socketscope::style;

namespace {

struct Offscreen {
    Offscreen() { begin_offscreen_context(); }
    ~Offscreen() { ImGui::DestroyContext(); }
};

}  // namespace

TEST_CASE("fonts have whole pixel sizes at every scale, and layouts measure logical pixels") {
    const Offscreen context;
    for (const float scale : {1.0F, 1.5F, 2.0F, 3.0F}) {
        const Look look(ThemeName::dark, scale);
        CHECK(look.font(FontRole::body).px == doctest::Approx(std::round(15 * scale)));
        const Extent extent = look.measure()(FontRole::body, "what sockets really do");
        CHECK(extent.width ==
              doctest::Approx(look.text_size(FontRole::body, "what sockets really do").x / scale));
        CHECK(extent.width == doctest::Approx(131).epsilon(0.05));
    }
}

TEST_CASE("for the last row small letters are larger, and the others as large as they were") {
    const Offscreen context;
    constexpr float kScale = 19.0F / 15;
    const auto size = [&](FontRole role, Distance distance) {
        return Look(ThemeName::dark, kScale, distance).font(role).px;
    };
    CHECK(size(FontRole::small, Distance::far) == size(FontRole::body, Distance::near));
    CHECK(size(FontRole::caps, Distance::far) >= 16);
    CHECK(size(FontRole::mono_words, Distance::far) == size(FontRole::body, Distance::near));
    CHECK(size(FontRole::mono_words, Distance::near) == size(FontRole::mono_small, Distance::near));
    CHECK(size(FontRole::body, Distance::far) == size(FontRole::body, Distance::near));
    CHECK(size(FontRole::mono_small, Distance::far) == size(FontRole::mono_small, Distance::near));
}

TEST_CASE("a text that is too wide is cut at a whole character and gets an ellipsis") {
    const Offscreen context;
    const Look look(ThemeName::light, 1);
    new_offscreen_frame(400, 300, 0.016F);
    const Canvas c{ImGui::GetBackgroundDrawList(), &look};
    for (float width = 20; width < 200; width += 1) {
        const float used =
            text_fit(c, FontRole::body, {0, 10}, width, c.ink(Ink::text), "größer als erlaubt – für µs");
        CHECK(used <= width);
    }
    CHECK(text_fit(c, FontRole::body, {0, 10}, 5, c.ink(Ink::text), "nothing fits") == 0);
    ImGui::EndFrame();
}

TEST_CASE("a font without a character shows another instead of a question mark") {
    const Offscreen context;
    begin_atlas();
    const Font font{add_font(nullptr, 13, 1, nullptr, false), 13};
    finish_atlas();
    draw_instead(font.face, 0x2013, '|');
    // Its letters all take the same room: what is drawn of them tells them apart.
    new_offscreen_frame(100, 100, 0.016F);
    const auto drawn = [&](const char* text) {
        ImDrawList& list = *ImGui::GetBackgroundDrawList();
        list.AddText(font.face, font.px, {0, 0}, ~0U, text);
        REQUIRE(list.VtxBuffer.Size >= 4);
        const ImVec2 from = list.VtxBuffer[list.VtxBuffer.Size - 4].pos;
        const ImVec2 to = list.VtxBuffer[list.VtxBuffer.Size - 2].pos;
        return std::pair(to.x - from.x, to.y - from.y);
    };
    CHECK(drawn("–") == drawn("|"));
    CHECK(drawn("–") != drawn("?"));
    ImGui::EndFrame();
}

TEST_CASE("the atlas can be read without a GPU") {
    const Offscreen context;
    const Look look(ThemeName::dark, 1);
    const AtlasPixels atlas = read_atlas();
    CHECK(atlas.alpha.size() ==
          static_cast<std::size_t>(atlas.width) * static_cast<std::size_t>(atlas.height));
    CHECK(std::count(atlas.alpha.begin(), atlas.alpha.end(), 255) > 1000);
}
