#include "tests/stage/judge.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace socketscope::tests {

using stage::Box;
using stage::Hit;
using stage::Label;
using stage::Rect;
using stage::Scene;
using style::FontRole;

style::Extent fixed_measure(FontRole font, std::string_view text) {
    const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    const auto characters = static_cast<float>(std::count_if(text.begin(), text.end(), is_start));
    switch (font) {
        case FontRole::body:
            return {characters * 7.6f, 18};
        case FontRole::strong:
            return {characters * 8.0f, 18};
        case FontRole::title:
            return {characters * 12.0f, 28};
        case FontRole::heading:
            return {characters * 9.2f, 21};
        case FontRole::small:
            return {characters * 6.6f, 16};
        case FontRole::caps:
            return {characters * 6.8f, 14};
        case FontRole::mono:
            return {characters * 8.4f, 18};
        case FontRole::mono_strong:
            return {characters * 8.4f, 18};
        case FontRole::mono_small:
        case FontRole::mono_words:
            return {characters * 7.5f, 16};
        case FontRole::mono_large:
            return {characters * 12.0f, 26};
        case FontRole::count:
            break;
    }
    return {};
}

style::Extent narrow_measure(FontRole font, std::string_view text) {
    style::Extent size = fixed_measure(font, text);
    if (font == FontRole::mono_small || font == FontRole::mono_words)
        size.width *= 6 / fixed_measure(font, "M").width;
    return size;
}

namespace {

std::string at_words(const Rect& r) {
    char text[80];
    std::snprintf(text, sizeof text, "(%.1f, %.1f, %.1f × %.1f)", static_cast<double>(r.x),
                  static_cast<double>(r.y), static_cast<double>(r.w), static_cast<double>(r.h));
    return text;
}

// Line boxes are higher than letters: what counts is where there is ink.
Rect inked(const Label& label) {
    return label.turn == stage::Turn::none ? label.at.inset(0, label.at.h * 0.2f)
                                           : label.at.inset(label.at.w * 0.2f, 0);
}

struct Seen {
    Rect at;
    std::string text;
};

// Labels that no later opaque box hides; a box that hides a part only is a fault.
std::vector<Seen> visible_labels(const Scene& scene, std::vector<std::string>& out) {
    std::vector<Seen> labels;
    for (std::size_t i = 0; i < scene.shapes.size(); ++i) {
        const auto* label = std::get_if<Label>(&scene.shapes[i].what);
        if (!label || label->tint.alpha < 0.35f) continue;
        const Rect ink = inked(*label);
        bool hidden = false;
        for (std::size_t k = i + 1; k < scene.shapes.size() && !hidden; ++k) {
            const auto* box = std::get_if<Box>(&scene.shapes[k].what);
            if (!box || box->fill.alpha < 0.85f || !box->at.overlaps(ink, 0.5f)) continue;
            hidden = box->at.contains(ink, 1);
            if (!hidden)
                out.push_back("\"" + label->text + "\" " + at_words(ink) + " is partly covered by a box " +
                              at_words(box->at));
            hidden = true;
        }
        if (!hidden) labels.push_back({ink, label->text});
    }
    return labels;
}

void check_overlaps(const std::vector<Seen>& labels, std::vector<std::string>& out) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
        for (std::size_t k = i + 1; k < labels.size(); ++k) {
            if (labels[i].at.overlaps(labels[k].at, 0.75f)) {
                out.push_back("\"" + labels[i].text + "\" " + at_words(labels[i].at) + " overlaps \"" +
                              labels[k].text + "\" " + at_words(labels[k].at));
            }
        }
    }
}

bool refers(const model::Ref& ref, const stage::StageInput& input) {
    if (!ref || ref.lane >= input.lanes.size()) return false;
    const story::Story& story = *input.lanes[ref.lane].story;
    switch (ref.kind) {
        case model::RefKind::none:
            return false;
        case model::RefKind::call:
            return ref.index < story.trace().calls.size();
        case model::RefKind::packet:
            return ref.index < story.packets().size();
        case model::RefKind::message:
            return ref.index < story.messages().size();
        case model::RefKind::byte:
            return ref.index < story.messages().size() && ref.offset < story.messages()[ref.index].size;
        case model::RefKind::socket:
            return ref.index < story.sockets().size();
        case model::RefKind::endpoint:
            return ref.index < story.trace().endpoints.size();
        case model::RefKind::note:
            return ref.index < story.trace().notes.size();
    }
    return false;
}

}  // namespace

std::vector<std::string> faults(const Scene& scene, const stage::StageInput& input) {
    std::vector<std::string> out;
    check_overlaps(visible_labels(scene, out), out);
    for (const stage::Shape& shape : scene.shapes) {
        const Rect at = stage::bounds(shape);
        const bool finite =
            std::isfinite(at.x) && std::isfinite(at.y) && std::isfinite(at.w) && std::isfinite(at.h);
        if (finite && scene.lanes[shape.lane].contains(at, 3)) continue;
        const auto* label = std::get_if<Label>(&shape.what);
        out.push_back(
            (label ? "label \"" + label->text + "\" " : "shape " + std::to_string(shape.what.index()) + " ") +
            at_words(at) + " leaves its lane " + at_words(scene.lanes[shape.lane]));
    }
    for (const Hit& hit : scene.hits) {
        if (!refers(hit.ref, input)) out.push_back("hit " + hit.probe + " refers to nothing");
        if (!scene.lanes[hit.ref.lane].contains(hit.at, 3))
            out.push_back("hit " + hit.probe + " leaves its lane");
    }
    return out;
}

std::vector<std::string> texts(const Scene& scene) {
    std::vector<std::string> out;
    for (const stage::Shape& shape : scene.shapes) {
        if (const auto* label = std::get_if<Label>(&shape.what)) out.push_back(label->text);
    }
    return out;
}

bool says(const Scene& scene, std::string_view words) {
    const std::vector<std::string> all = texts(scene);
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& t) { return t.find(words) != std::string::npos; });
}

std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
}

}  // namespace socketscope::tests
