#include "app/style/fonts.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

#include "app/style/imgui_bridge.hpp"

namespace socketscope::style {
namespace {

enum class Face : std::uint8_t {
    inter,
    inter_medium,
    inter_semibold,
    inter_bold,
    inter_display,
    mono,
    mono_medium,
    mono_bold
};

// Where Debian and Ubuntu keep fonts-inter (4 and 3), fonts-jetbrains-mono, fonts-dejavu-core. The first found wins.
struct FaceRow {
    Face face;
    std::string_view package;
    std::array<const char*, 4> files;
};
constexpr FaceRow kFaces[] = {
    {Face::inter,
     "fonts-inter",
     {"/usr/share/fonts/opentype/inter/Inter-Regular.otf",
      "/usr/share/fonts/truetype/inter/Inter-Regular.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
      nullptr}},
    {Face::inter_medium,
     "fonts-inter",
     {"/usr/share/fonts/opentype/inter/Inter-Medium.otf", "/usr/share/fonts/truetype/inter/Inter-Medium.ttf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", nullptr}},
    {Face::inter_semibold,
     "fonts-inter",
     {"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf",
      "/usr/share/fonts/truetype/inter/Inter-SemiBold.ttf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", nullptr}},
    {Face::inter_bold,
     "fonts-inter",
     {"/usr/share/fonts/opentype/inter/Inter-Bold.otf", "/usr/share/fonts/truetype/inter/Inter-Bold.ttf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", nullptr}},
    {Face::inter_display,
     "fonts-inter",
     {"/usr/share/fonts/opentype/inter/InterDisplay-Bold.otf",
      "/usr/share/fonts/opentype/inter/Inter-Bold.otf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", nullptr}},
    {Face::mono,
     "fonts-jetbrains-mono",
     {"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", nullptr, nullptr}},
    {Face::mono_medium,
     "fonts-jetbrains-mono",
     {"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Medium.ttf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", nullptr, nullptr}},
    {Face::mono_bold,
     "fonts-jetbrains-mono",
     {"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Bold.ttf",
      "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf", nullptr, nullptr}},
};
constexpr const char* kSymbols = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
constexpr const char* kSymbolsBold = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";

struct RoleRow {
    FontRole role;
    Face face;
    float px;
    bool bold;
    float far_px{0};  // where it is too small for the last row
};
constexpr RoleRow kRoles[] = {
    {FontRole::body, Face::inter, 15, false},
    {FontRole::strong, Face::inter_semibold, 15, true},
    {FontRole::title, Face::inter_display, 23, true},
    {FontRole::heading, Face::inter_semibold, 17, true},
    {FontRole::small, Face::inter_medium, 13, false, 15},
    {FontRole::caps, Face::inter_bold, 11.5F, true, 13},
    {FontRole::mono, Face::mono, 14, false},
    {FontRole::mono_strong, Face::mono_bold, 14, true},
    {FontRole::mono_small, Face::mono_medium, 12.5F, false},
    {FontRole::mono_words, Face::mono_medium, 12.5F, false, 15},
    {FontRole::mono_large, Face::mono_bold, 20, true},
};
static_assert(std::size(kRoles) == static_cast<std::size_t>(FontRole::count), "a role has no font");

// What texts of ours and of people may hold: Latin-1, Latin Extended-A, Greek, punctuation, arrows, mathematics.
constexpr ImWchar kTextRanges[] = {0x20,   0x7E,   0xA0,   0x17F,  0x391,  0x3C9,  0x2010, 0x2027, 0x2030,
                                   0x203A, 0x20AC, 0x20AC, 0x2190, 0x2199, 0x21BA, 0x21BB, 0x21D2, 0x21D4,
                                   0x2212, 0x2212, 0x221E, 0x221E, 0x2248, 0x2248, 0x2260, 0x2265, 0};
// Always from DejaVu, which has them all in one weight.
constexpr ImWchar kSymbolRanges[] = {0x21C4, 0x21C4, 0x23CE, 0x23CE, 0x2500, 0x257F, 0x25A0, 0x25CF, 0x2605,
                                     0x2606, 0x26A0, 0x26A1, 0x2713, 0x2718, 0x270E, 0x270E, 0};

// ImGui's own font has nothing but Latin-1, and would show a question mark.
struct StandIn {
    ImWchar wanted, drawn;
};
constexpr StandIn kLatin1StandIns[] = {
    {0x2013, '-'}, {0x2014, '-'},  {0x2212, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'},
    {0x201D, '"'}, {0x2022, 0xB7}, {0x2026, '~'}, {0x203A, 0xBB}, {0x2190, '<'},  {0x2192, '>'},
    {0x2191, '^'}, {0x21BB, 'o'},  {0x2717, 'x'}, {0x2713, '+'},
};

const char* first_existing(std::span<const char* const> files) {
    std::error_code ignored;  // a file that can't be looked at is not there for us
    for (const char* file : files) {
        if (file != nullptr && std::filesystem::exists(file, ignored)) return file;
    }
    return nullptr;
}

const FaceRow& row(Face face) {
    return *std::find_if(std::begin(kFaces), std::end(kFaces), [&](auto& r) { return r.face == face; });
}

void say_missing(Fonts& fonts, const FaceRow& face, const char* instead) {
    const std::string used =
        instead ? std::filesystem::path(instead).filename().string() : "ImGui's built-in font";
    std::string word = std::string(face.package) + " is not installed: texts use " + used + " (apt install " +
                       std::string(face.package) + ")";
    if (std::find(fonts.missing.begin(), fonts.missing.end(), word) == fonts.missing.end()) {
        fonts.missing.push_back(std::move(word));
    }
}

}  // namespace

Fonts build_fonts(float scale, bool on_light, Distance distance) {
    Fonts out;
    begin_atlas();
    const float weight = on_light ? 1.25F : 1.0F;
    const bool symbols = first_existing(std::array{kSymbols}) != nullptr;
    const bool symbols_bold = first_existing(std::array{kSymbolsBold}) != nullptr;
    std::vector<ImFont*> built_in;
    for (const RoleRow& role : kRoles) {
        const FaceRow& face = row(role.face);
        const float design_px = distance == Distance::far ? std::max(role.px, role.far_px) : role.px;
        const float px = std::max(6.0F, std::round(design_px * scale));
        const char* file = first_existing(face.files);
        if (file != face.files[0] &&
            (file == nullptr || std::string_view(file).find("dejavu") != std::string_view::npos)) {
            say_missing(out, face, file);
        }
        ImFont* font = add_font(file, px, weight, kTextRanges, false);
        if (symbols)
            add_font(role.bold && symbols_bold ? kSymbolsBold : kSymbols, px, weight, kSymbolRanges, true);
        if (file == nullptr) built_in.push_back(font);
        out.by_role[static_cast<std::size_t>(role.role)] = {font, px};
    }
    finish_atlas();
    for (ImFont* font : built_in)
        for (const StandIn& character : kLatin1StandIns)
            draw_instead(font, character.wanted, character.drawn);
    return out;
}

}  // namespace socketscope::style
