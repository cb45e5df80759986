#include "app/render/raster.hpp"

#include <algorithm>
#include <cmath>

namespace socketscope::render {
namespace {

constexpr std::int64_t kSub = 16;  // steps of a pixel

// Of a value that is not negative.
int nearest(float value) {
    const float half_more = value + 0.5F;
    return static_cast<int>(half_more);
}

struct Corner {
    std::int64_t x, y;  // in 1/16 pixel
    float u, v;         // in texels
    float color[4];     // red, green, blue, alpha: 0 … 255
    ImU32 packed;
};

struct Clip {
    int x0, y0, x1, y1;

    bool empty() const { return x0 >= x1 || y0 >= y1; }
};

// One edge of a triangle as a linear function over the pixels: ≥ 0 on the inner side.
struct Edge {
    std::int64_t per_x, per_y, value;

    Edge(const Corner& a, const Corner& b, int x0, int y0)
        : per_x(-(b.y - a.y) * kSub), per_y((b.x - a.x) * kSub) {
        const std::int64_t dx = b.x - a.x, dy = b.y - a.y;
        const std::int64_t px = x0 * kSub + kSub / 2, py = y0 * kSub + kSub / 2;
        const bool top_or_left = dy < 0 || (dy == 0 && dx > 0);
        value = dx * (py - a.y) - dy * (px - a.x) + (top_or_left ? 0 : -1);
    }
};

class Painter {
public:
    Painter(Picture& picture, const style::AtlasPixels& atlas) : picture_(picture), atlas_(atlas) {}

    void triangle(const Corner& a, Corner b, Corner c, const Clip& clip) {
        std::int64_t area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
        if (area == 0) return;
        if (area < 0) {
            std::swap(b, c);
            area = -area;
        }
        const Clip box{std::max(clip.x0, floor_pixel(std::min({a.x, b.x, c.x}))),
                       std::max(clip.y0, floor_pixel(std::min({a.y, b.y, c.y}))),
                       std::min(clip.x1, floor_pixel(std::max({a.x, b.x, c.x})) + 1),
                       std::min(clip.y1, floor_pixel(std::max({a.y, b.y, c.y})) + 1)};
        if (box.empty()) return;
        const bool flat = a.packed == b.packed && b.packed == c.packed;
        const bool plain = a.u == b.u && b.u == c.u && a.v == b.v && b.v == c.v;
        Edge e0(b, c, box.x0, box.y0), e1(c, a, box.x0, box.y0), e2(a, b, box.x0, box.y0);
        const float scale = 1.0F / static_cast<float>(area);
        for (int y = box.y0; y < box.y1; ++y) {
            std::int64_t w0 = e0.value, w1 = e1.value, w2 = e2.value;
            for (int x = box.x0; x < box.x1; ++x, w0 += e0.per_x, w1 += e1.per_x, w2 += e2.per_x) {
                if ((w0 | w1 | w2) < 0) continue;
                const float l0 = static_cast<float>(w0) * scale, l1 = static_cast<float>(w1) * scale,
                            l2 = 1 - l0 - l1;
                float color[4];
                for (int k = 0; k < 4; ++k)
                    color[k] = flat ? a.color[k] : l0 * a.color[k] + l1 * b.color[k] + l2 * c.color[k];
                if (!plain)
                    color[3] *= coverage(l0 * a.u + l1 * b.u + l2 * c.u, l0 * a.v + l1 * b.v + l2 * c.v);
                blend(x, y, color);
            }
            e0.value += e0.per_y;
            e1.value += e1.per_y;
            e2.value += e2.per_y;
        }
    }

private:
    static int floor_pixel(std::int64_t sub) {
        return static_cast<int>(sub >= 0 ? sub / kSub : -((-sub + kSub - 1) / kSub));
    }

    // Bilinear, as a GPU samples: at whole positions exactly the texel.
    float coverage(float u, float v) const {
        const float fu = std::floor(u - 0.5F), fv = std::floor(v - 0.5F);
        const int part_u = static_cast<int>((u - 0.5F - fu) * 256),
                  part_v = static_cast<int>((v - 0.5F - fv) * 256);
        const int x0 = std::clamp(static_cast<int>(fu), 0, atlas_.width - 1),
                  x1 = std::min(x0 + 1, atlas_.width - 1);
        const int y0 = std::clamp(static_cast<int>(fv), 0, atlas_.height - 1),
                  y1 = std::min(y0 + 1, atlas_.height - 1);
        const auto texel = [this](int x, int y) {
            return int{atlas_.alpha[static_cast<std::size_t>(y) * static_cast<std::size_t>(atlas_.width) +
                                    static_cast<std::size_t>(x)]};
        };
        const int top = texel(x0, y0) * (256 - part_u) + texel(x1, y0) * part_u;
        const int bottom = texel(x0, y1) * (256 - part_u) + texel(x1, y1) * part_u;
        return static_cast<float>(top * (256 - part_v) + bottom * part_v) * (1.0F / (65536.0F * 255.0F));
    }

    void blend(int x, int y, const float (&color)[4]) {
        const int alpha = nearest(color[3] * (256.0F / 255.0F));
        if (alpha <= 0) return;
        const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture_.width) +
                         static_cast<std::size_t>(x)) *
                        3;
        for (std::size_t k = 0; k < 3; ++k) {
            const int mixed = picture_.rgb[at + k] * (256 - alpha) + nearest(color[k]) * alpha;
            picture_.rgb[at + k] = static_cast<std::uint8_t>(std::min(255, (mixed + 128) >> 8));
        }
    }

    Picture& picture_;
    const style::AtlasPixels& atlas_;
};

Corner corner_of(const ImDrawVert& vertex, ImVec2 origin, const style::AtlasPixels& atlas) {
    Corner out{std::lrintf((vertex.pos.x - origin.x) * kSub),
               std::lrintf((vertex.pos.y - origin.y) * kSub),
               vertex.uv.x * static_cast<float>(atlas.width),
               vertex.uv.y * static_cast<float>(atlas.height),
               {},
               vertex.col};
    for (int k = 0; k < 4; ++k) out.color[k] = static_cast<float>((vertex.col >> (8 * k)) & 255U);
    return out;
}

Picture blank(const ImDrawData& data, style::Rgba color) {
    Picture out{static_cast<int>(data.DisplaySize.x), static_cast<int>(data.DisplaySize.y), {}};
    out.rgb.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 3);
    for (std::size_t i = 0; i < out.rgb.size(); i += 3) {
        out.rgb[i] = color.r;
        out.rgb[i + 1] = color.g;
        out.rgb[i + 2] = color.b;
    }
    return out;
}

void paint(Painter& painter, const ImDrawList& list, const ImDrawCmd& command, ImVec2 origin,
           const Picture& picture, const style::AtlasPixels& atlas) {
    const Clip clip{std::max(0, static_cast<int>(command.ClipRect.x - origin.x)),
                    std::max(0, static_cast<int>(command.ClipRect.y - origin.y)),
                    std::min(picture.width, static_cast<int>(command.ClipRect.z - origin.x)),
                    std::min(picture.height, static_cast<int>(command.ClipRect.w - origin.y))};
    if (clip.empty()) return;
    const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
    const ImDrawIdx* indices = list.IdxBuffer.Data + command.IdxOffset;
    for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
        painter.triangle(corner_of(vertices[indices[i]], origin, atlas),
                         corner_of(vertices[indices[i + 1]], origin, atlas),
                         corner_of(vertices[indices[i + 2]], origin, atlas), clip);
    }
}

}  // namespace

Picture rasterise(const ImDrawData& data, const style::AtlasPixels& atlas, style::Rgba background) {
    Picture picture = blank(data, background);
    Painter painter(picture, atlas);
    for (int n = 0; n < data.CmdListsCount; ++n) {
        const ImDrawList& list = *data.CmdLists[n];
        for (const ImDrawCmd& command : list.CmdBuffer) {
            if (command.UserCallback == nullptr)
                paint(painter, list, command, data.DisplayPos, picture, atlas);
        }
    }
    return picture;
}

}  // namespace socketscope::render
