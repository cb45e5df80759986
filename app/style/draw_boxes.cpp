#include <algorithm>
#include <array>
#include <cmath>

#include "app/style/draw.hpp"

namespace socketscope::style {
namespace {

constexpr int kCornerSegments = 4, kRingPoints = 4 * (kCornerSegments + 1), kRings = 4;

std::array<ImVec2, kRingPoints> ring(Box box, float radius) {
    std::array<ImVec2, kRingPoints> out;
    const ImVec2 corners[4] = {{box.max.x - radius, box.min.y + radius},
                               {box.max.x - radius, box.max.y - radius},
                               {box.min.x + radius, box.max.y - radius},
                               {box.min.x + radius, box.min.y + radius}};
    std::size_t n = 0;
    for (int k = 0; k < 4; ++k) {
        for (int i = 0; i <= kCornerSegments; ++i) {
            const float angle =
                (static_cast<float>(k) - 1 + static_cast<float>(i) / kCornerSegments) * 1.5707963F;
            out[n++] = {corners[k].x + std::cos(angle) * radius, corners[k].y + std::sin(angle) * radius};
        }
    }
    return out;
}

std::uint32_t alpha_of(ImU32 color) {
    return (color >> IM_COL32_A_SHIFT) & 255U;
}

ImU32 mix_packed(ImU32 a, ImU32 b, float t) {
    ImU32 out = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        const auto x = static_cast<float>((a >> shift) & 255U), y = static_cast<float>((b >> shift) & 255U);
        out |= static_cast<ImU32>(std::lround(x + (y - x) * t)) << shift;
    }
    return out;
}

}  // namespace

void fill(Canvas c, Box box, float radius, ImU32 color, int corner_flags) {
    c.list->AddRectFilled(box.min, box.max, color, radius, corner_flags);
}

void fill_gradient(Canvas c, Box box, float radius, ImU32 top, ImU32 bottom) {
    const int first = c.list->VtxBuffer.Size;
    c.list->AddRectFilled(box.min, box.max, top, radius);
    // ImGui has no rounded gradient: colour the corners of the mesh by their height, keeping the soft edge's alpha.
    for (int i = first; i < c.list->VtxBuffer.Size; ++i) {
        ImDrawVert& vertex = c.list->VtxBuffer[i];
        const float t = std::clamp((vertex.pos.y - box.min.y) / std::max(1.0F, box.height()), 0.0F, 1.0F);
        const ImU32 color = mix_packed(top, bottom, t);
        const std::uint32_t edge = alpha_of(vertex.col), full = std::max(1U, alpha_of(top));
        const std::uint32_t alpha = std::min(255U, alpha_of(color) * edge / full);
        vertex.col = (color & ~IM_COL32_A_MASK) | (alpha << IM_COL32_A_SHIFT);
    }
}

void stroke(Canvas c, Box box, float radius, ImU32 color, float thickness) {
    const float half = thickness * 0.5F - 0.5F;
    c.list->AddRect({box.min.x + half, box.min.y + half}, {box.max.x - half, box.max.y - half}, color, radius,
                    0, thickness);
}

void stroke_dashed(Canvas c, Box box, ImU32 color, float thickness, float on, float off) {
    const ImVec2 corners[4] = {box.min, {box.max.x, box.min.y}, box.max, {box.min.x, box.max.y}};
    for (int i = 0; i < 4; ++i) dashed(c, corners[i], corners[(i + 1) & 3], color, thickness, on, off);
}

void hatch(Canvas c, Box box, ImU32 color, float step, float thickness) {
    c.list->PushClipRect(box.min, box.max, true);
    for (float x = box.min.x - box.height(); x < box.max.x; x += std::max(1.0F, step)) {
        c.list->AddLine({x, box.max.y}, {x + box.height(), box.min.y}, color, thickness);
    }
    c.list->PopClipRect();
}

void shadow(Canvas c, Box box, float radius, float blur, ImVec2 offset, double strength) {
    const Box moved{{box.min.x + offset.x, box.min.y + offset.y},
                    {box.max.x + offset.x, box.max.y + offset.y}};
    const double alpha = c.look->shadow_alpha() * strength;
    const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
    c.list->PrimReserve((kRings - 1) * kRingPoints * 6, kRings * kRingPoints);
    const unsigned base = c.list->_VtxCurrentIdx;
    for (int k = 0; k < kRings; ++k) {
        const float t = static_cast<float>(k) / (kRings - 1), grow = (t - 0.5F) * blur, rest = 1 - t;
        const ImU32 color = c.ink(Ink::shadow, alpha * static_cast<double>(rest * rest * (3 - 2 * rest)));
        for (const ImVec2& p : ring(inset(moved, -grow), std::max(radius + grow, 1.0F)))
            c.list->PrimWriteVtx(p, white, color);
    }
    for (unsigned k = 0; k + 1 < kRings; ++k) {
        for (unsigned i = 0; i < kRingPoints; ++i) {
            const unsigned a = base + k * kRingPoints + i, b = base + k * kRingPoints + (i + 1) % kRingPoints;
            for (const unsigned v : {a, b, b + kRingPoints, a, b + kRingPoints, a + kRingPoints}) {
                c.list->PrimWriteIdx(static_cast<ImDrawIdx>(v));
            }
        }
    }
}

}  // namespace socketscope::style
