// Every text that the stage writes, on the colours that really lie under it, in both themes.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>

#include "app/style/palette.hpp"
#include "tests/stage/judge.hpp"
#include "tests/stage/recorded.hpp"

using namespace socketscope;
using namespace socketscope::tests;
using stage::Direction;
using style::Ink;
using style::Rgba;
using style::ThemeName;

namespace {

Rgba over(Rgba below, Rgba colour, double alpha) {
    return style::mix(below, colour, std::clamp(alpha, 0.0, 1.0));
}

// What is painted at a point before the shape of that index.
Rgba ground_at(const stage::Scene& scene, std::size_t before, stage::Point at, ThemeName theme) {
    Rgba ground = style::color(theme, Ink::background);
    for (std::size_t i = 0; i < before; ++i) {
        const auto* box = std::get_if<stage::Box>(&scene.shapes[i].what);
        if (!box || !box->at.contains(at)) continue;
        const double down =
            box->fill_bottom.alpha > 0 ? static_cast<double>((at.y - box->at.y) / box->at.h) : 0;
        const double alpha = static_cast<double>(box->fill.alpha) * (1 - down) +
                             static_cast<double>(box->fill_bottom.alpha) * down;
        Rgba fill = style::color(theme, box->fill.ink);
        if (down > 0) fill = style::mix(fill, style::color(theme, box->fill_bottom.ink), down);
        ground = over(ground, fill, alpha);
    }
    return ground;
}

double contrast_of(const stage::Scene& scene, std::size_t index, const stage::Label& label, ThemeName theme) {
    const Rgba ground = ground_at(scene, index, label.at.centre(), theme);
    const Ink ink = label.on == Ink::count ? label.tint.ink : style::on_fill(theme, label.on);
    const Rgba text = over(ground, style::color(theme, ink), static_cast<double>(label.tint.alpha));
    return style::contrast(text, ground);
}

// The ends of the longest pauses, half-way to the next event: nothing fades in or out there (clock.hpp).
std::vector<model::TimeNs> quiet_moments(const Recorded& recording) {
    std::set<model::TimeNs> events{0, recording.end};
    for (const auto& story : recording.stories) {
        for (const story::Event& event : story->events()) events.insert(event.at_ns - story->begin_ns());
    }
    std::vector<std::pair<model::TimeNs, model::TimeNs>> pauses;
    for (auto event = std::next(events.begin()); event != events.end(); ++event)
        pauses.emplace_back(*event - *std::prev(event), std::midpoint(*event, *std::prev(event)));
    std::sort(pauses.rbegin(), pauses.rend());
    std::vector<model::TimeNs> out{recording.end + model::kSecond};
    const model::TimeNs fade = std::max<model::TimeNs>(recording.end / 250, 50'000);
    for (std::size_t i = 0; i < std::min<std::size_t>(12, pauses.size()); ++i) {
        if (pauses[i].first > 3 * fade) out.push_back(pauses[i].second);
    }
    return out;
}

}  // namespace

TEST_CASE("every text of the stage can be read on what lies under it, in both themes") {
    std::set<std::string> seen;
    for (const std::string& name : recorded_names()) {
        const Recorded& recording = recorded(name);
        for (const model::TimeNs t : quiet_moments(recording)) {
            for (const Direction direction : {Direction::column, Direction::strip}) {
                const stage::Scene scene = stage::layout(
                    stage_of(recording, {}, t, {664, 516, direction, direction == Direction::strip}));
                for (std::size_t i = 0; i < scene.shapes.size(); ++i) {
                    const auto* label = std::get_if<stage::Label>(&scene.shapes[i].what);
                    if (!label || label->tint.alpha < 0.5f)
                        continue;  // a ghost gives way to a packet that passes it
                    for (const ThemeName theme : {ThemeName::dark, ThemeName::light}) {
                        const double ratio = contrast_of(scene, i, *label, theme);
                        if (ratio < 4.5) {
                            seen.insert(std::string(to_string(theme)) + ": \"" + label->text.substr(0, 7) +
                                        "\" " + std::to_string(ratio).substr(0, 4) + " ink " +
                                        std::to_string(int(label->tint.ink)) + " alpha " +
                                        std::to_string(label->tint.alpha).substr(0, 4) + " on " +
                                        std::to_string(int(label->on)) + " in " + name);
                        }
                    }
                }
            }
        }
    }
    std::string faults;
    for (const std::string& fault : seen) faults += fault + "\n";
    CHECK(faults == "");
}
