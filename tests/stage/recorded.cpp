#include "tests/stage/recorded.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>

#include "core/trace/file.hpp"
#include "tests/stage/judge.hpp"

namespace socketscope::tests {

std::vector<std::string> recorded_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(STAGE_TRACES)) {
        if (entry.path().extension() == ".jsonl") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

const Recorded& recorded(std::string_view name) {
    static std::map<std::string, Recorded, std::less<>> all;
    const auto known = all.find(name);
    if (known != all.end()) return known->second;
    Recorded& r = all[std::string(name)];
    r.name = name;
    r.trace = std::make_unique<trace::Trace>(trace::load(STAGE_TRACES "/" + r.name + ".jsonl").trace);
    for (const trace::LaneTrace& lane : r.trace->lanes) {
        r.stories.push_back(std::make_unique<story::Story>(lane));
        r.plans.push_back(std::make_unique<stage::LanePlan>(*r.stories.back()));
        r.end = std::max(r.end, r.stories.back()->end_ns() - r.stories.back()->begin_ns());
    }
    return r;
}

stage::StageInput stage_of(const Recorded& recording, const std::vector<std::size_t>& lanes, model::TimeNs t,
                           Look look) {
    std::vector<std::size_t> shown = lanes;
    for (std::size_t i = 0; lanes.empty() && i < std::min<std::size_t>(3, recording.stories.size()); ++i)
        shown.push_back(i);
    stage::StageInput input;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        input.lanes.push_back(
            {recording.stories[shown[i]].get(), recording.plans[shown[i]].get(), "", static_cast<int>(i)});
    }
    input.t = t;
    input.width = look.width;
    input.height = look.height;
    input.direction = look.direction;
    input.folded = look.folded;
    input.measure = fixed_measure;
    return input;
}

std::vector<model::TimeNs> moments(const Recorded& recording, std::size_t most) {
    std::vector<model::TimeNs> all{-1'000'000, 0, recording.end, recording.end + 1'000'000'000};
    std::vector<model::TimeNs> events;
    for (const auto& story : recording.stories) {
        for (const story::Event& event : story->events()) events.push_back(event.at_ns - story->begin_ns());
    }
    std::sort(events.begin(), events.end());
    const std::size_t step = std::max<std::size_t>(1, events.size() / std::max<std::size_t>(1, most));
    for (std::size_t i = 0; i < events.size(); i += step) {
        all.push_back(events[i] - 1);
        all.push_back(events[i]);
        all.push_back(events[i] + 300'000);
    }
    return all;
}

}  // namespace socketscope::tests
