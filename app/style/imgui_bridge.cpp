#include "app/style/imgui_bridge.hpp"

#include <imgui_freetype.h>
#include <imgui_internal.h>

#include <cfloat>
#include <cstdio>
#include <cstdlib>

namespace socketscope::style {
namespace {

// The atlas grows as glyphs are used; PushFont takes a size.
constexpr bool kSizedFonts = IMGUI_VERSION_NUM >= 19200;

// ImGui takes every allocation for granted, and an exception would leave its state in pieces.
void* memory_or_end(std::size_t size, void*) {
    if (void* memory = std::malloc(size)) return memory;
    constexpr int kNotPossible = 3;  // the program's exit status
    std::fputs("socketscope: this machine has no memory left for it\n", stderr);
    std::_Exit(kNotPossible);
}

}  // namespace

void begin_atlas() {
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    atlas->Clear();
    atlas->Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
#if IMGUI_VERSION_NUM >= 19200
    atlas->SetFontLoader(ImGuiFreeType::GetFontLoader());
#else
    atlas->FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
#endif
}

ImFont* add_font(const char* file, float px, float weight, const ImWchar* ranges, bool merge_into_last) {
    ImFontConfig config;
    config.SizePixels = px;
    config.RasterizerMultiply = weight;
    config.PixelSnapH = true;
    config.MergeMode = merge_into_last;
#if IMGUI_VERSION_NUM >= 19200
    config.FontLoaderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
#else
    config.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
#endif
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    ImFont* font = file ? atlas->AddFontFromFileTTF(file, px, &config, ranges) : nullptr;
    if (font == nullptr && !merge_into_last) {
        config.FontDataOwnedByAtlas = true;
        font = atlas->AddFontDefault(&config);
    }
    return font;
}

void finish_atlas() {
    if constexpr (!kSizedFonts) ImGui::GetIO().Fonts->Build();
}

void draw_instead(ImFont* font, ImWchar wanted, ImWchar drawn) {
    font->AddRemapChar(wanted, drawn);
}

AtlasPixels read_atlas() {
    AtlasPixels out;
#if IMGUI_VERSION_NUM >= 19200
    const ImTextureData* texture = ImGui::GetIO().Fonts->TexData;
    out.width = texture->Width;
    out.height = texture->Height;
    const auto* pixels = static_cast<const unsigned char*>(texture->Pixels);
    const auto stride = static_cast<std::size_t>(texture->BytesPerPixel);
#else
    unsigned char* pixels = nullptr;
    constexpr std::size_t stride = 1;
    ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&pixels, &out.width, &out.height);
#endif
    out.alpha.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
    for (std::size_t i = 0; i < out.alpha.size(); ++i) out.alpha[i] = pixels[i * stride + stride - 1];
    return out;
}

void push_font(const Font& font) {
#if IMGUI_VERSION_NUM >= 19200
    ImGui::PushFont(font.face, font.px);
#else
    ImGui::PushFont(font.face);
#endif
}

void pop_font() {
    ImGui::PopFont();
}

ImVec2 text_size(const Font& font, std::string_view text) {
    return font.face->CalcTextSizeA(font.px, FLT_MAX, 0, text.data(), text.data() + text.size());
}

std::size_t bytes_that_fit(const Font& font, std::string_view text, float width) {
    const char* rest = text.data();
    font.face->CalcTextSizeA(font.px, width, 0, text.data(), text.data() + text.size(), &rest);
    return static_cast<std::size_t>(rest - text.data());
}

void begin_part(const char* name, ImVec2 size, ImGuiWindowFlags flags) {
#if IMGUI_VERSION_NUM >= 19090
    ImGui::BeginChild(name, size, ImGuiChildFlags_NavFlattened, flags);
#else
    ImGui::BeginChild(name, size, false, flags | ImGuiWindowFlags_NavFlattened);
#endif
}

void start_keys_here() {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    ImGui::NavInitWindow(context.CurrentWindow, false);
#if IMGUI_VERSION_NUM >= 19140
    context.NavCursorVisible = true;
    context.NavHighlightItemUnderNav = true;
#else
    context.NavDisableHighlight = false;
    context.NavDisableMouseHover = true;
#endif
}

void type_into(const char* label) {
#if IMGUI_VERSION_NUM < 18700
    (void)label;
    ImGui::SetKeyboardFocusHere();
#else
    // SetKeyboardFocusHere() of 1.90.1 does not hand it over here: seen in the tests of the window on Debian 13.
    ImGuiContext& context = *ImGui::GetCurrentContext();
    ImGui::FocusWindow(context.CurrentWindow);
    context.NavNextActivateId = ImGui::GetID(label);
    context.NavNextActivateFlags = ImGuiActivateFlags_PreferInput;
#endif
}

bool item_has_keys() {
    return ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
}

void clip_around(ImGuiListClipper& clipper, int begin, int end) {
#if IMGUI_VERSION_NUM >= 18990
    clipper.IncludeItemsByIndex(begin, end);
#else
    clipper.ForceDisplayRangeByIndices(begin, end);
#endif
}

void begin_context() {
    ImGui::SetAllocatorFunctions(memory_or_end, [](void* memory, void*) { std::free(memory); });
    ImGui::CreateContext();
}

void begin_offscreen_context() {
    begin_context();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
#if IMGUI_VERSION_NUM >= 19200
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
#endif
}

void new_offscreen_frame(int width, int height, float seconds) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    io.DeltaTime = seconds;
#if IMGUI_VERSION_NUM < 19200
    io.Fonts->SetTexID(ImTextureID(1));
#endif
    ImGui::NewFrame();
}

}  // namespace socketscope::style
