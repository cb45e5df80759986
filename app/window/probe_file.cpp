#include "app/window/probe_file.hpp"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/model/problem.hpp"

namespace socketscope::window {
namespace {

using nlohmann::json;

json json_of(const model::Ref& ref) {
    return {{"kind", static_cast<int>(ref.kind)},
            {"lane", ref.lane},
            {"index", ref.index},
            {"offset", ref.offset}};
}

json json_of(const player::State& state) {
    const std::size_t beat = player::current_beat(state);
    return {{"screen", state.screen == player::Screen::home ? "home" : "lesson"},
            {"title", state.lesson  ? state.lesson->title
                      : state.trace ? state.trace->title
                                    : ""},
            {"t_ns", state.t},
            {"end_ns", state.end},
            {"playing", state.playing},
            {"running", state.running},
            {"loading", state.loading},
            {"speed", state.speed},
            {"clock", state.clock_kind == player::ClockKind::story ? "story" : "true"},
            {"theme", state.theme == player::Theme::dark ? "dark" : "light"},
            {"ui_scale", state.scale},
            {"presenter", state.presenter},
            {"help", state.help},
            {"overlay", state.overlay},
            {"explain", state.explain},
            {"asks_for_file", state.asks_for_file},
            {"path", state.path},
            {"filter", state.filter},
            {"message", state.message},
            {"notice", state.notice.text},
            {"events", state.events.size()},
            {"lanes", state.lanes.size()},
            {"beats", state.beats.size()},
            {"beat", beat == SIZE_MAX ? "" : state.beats[beat].name},
            {"answers", state.answers},
            {"selected", json_of(state.selected)},
            {"linked", state.linked.size()},
            {"view", {state.view_from, state.view_to}},
            {"loop", {state.loop_from, state.loop_to}}};
}

}  // namespace

void write_probe(const std::string& path, const player::State& state,
                 const std::vector<panels::ProbeItem>& items, const ProbeMoment& moment) {
    json out = json_of(state);
    out["settled"] = moment.settled;
    out["frame"] = moment.frame;
    out["scale"] = moment.scale;
    out["width"] = moment.width;
    out["height"] = moment.height;
    out["first_frame_ms"] = moment.first_frame_ms;
    out["drawing_ms"] = moment.drawing_ms;
    out["input"] = {{"presses", moment.input.presses},
                    {"releases", moment.input.releases},
                    {"keys", moment.input.keys},
                    {"moves", moment.input.moves},
                    {"scrolls", moment.input.scrolls}};
    json& list = out["items"] = json::array();
    for (const panels::ProbeItem& item : items) {
        list.push_back({{"id", item.id},
                        {"x", static_cast<int>(item.box.min.x)},
                        {"y", static_cast<int>(item.box.min.y)},
                        {"w", static_cast<int>(item.box.width())},
                        {"h", static_cast<int>(item.box.height())},
                        {"enabled", item.enabled}});
    }
    const std::string beside = path + ".part";
    {
        std::ofstream file(beside, std::ios::trunc);
        file << out.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
        if (!file.flush())
            throw model::Failure(
                {"the probe file can't be written", path, "", "choose another file with --probe"});
    }
    if (std::rename(beside.c_str(), path.c_str()) != 0) {
        throw model::Failure(
            {"the probe file can't be renamed into place", path, "", "choose another file with --probe"});
    }
}

}  // namespace socketscope::window
