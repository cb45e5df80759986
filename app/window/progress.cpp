#include "app/window/progress.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/window/user_folder.hpp"

namespace socketscope::window {
namespace {

using nlohmann::json;

panels::LessonProgress seen_in(const player::State& state) {
    panels::LessonProgress now;
    now.steps = state.beats.size();
    const std::size_t beat = player::current_beat(state);
    now.seen = state.t >= state.end ? now.steps : beat == SIZE_MAX ? 0 : beat + 1;
    now.asked = state.lesson->predictions.size();
    for (std::size_t i = 0; i < state.answers.size() && i < now.asked; ++i)
        now.right +=
            state.answers[i] >= 0 && state.answers[i] == state.lesson->predictions[i].answer ? 1U : 0U;
    return now;
}

}  // namespace

Progress::Progress(std::string file) : file_(std::move(file)) {
    std::ifstream in(file_);
    const json stored = json::parse(in, nullptr, false);
    if (!stored.is_object()) return;
    for (const auto& [name, one] : stored.items()) {
        if (!one.is_object()) continue;
        const auto number = [&one = one](const char* key) -> std::size_t {
            const auto it = one.find(key);
            return it != one.end() && it->is_number_unsigned() ? it->get<std::size_t>() : 0;
        };
        lessons_[name] = {number("seen"), number("steps"), number("right"), number("asked")};
    }
}

bool Progress::note(const player::State& state) {
    // While a run goes on the playhead stands at its end: nobody has seen that yet.
    if (state.screen != player::Screen::lesson || !state.lesson || state.running || state.beats.empty())
        return false;
    panels::LessonProgress now = seen_in(state);
    panels::LessonProgress& known = lessons_[state.lesson->name];
    now.seen = std::max(now.seen, std::min(known.seen, now.steps));
    now.right = std::max(now.right, std::min(known.right, now.asked));
    if (now == known) return false;
    known = now;
    write();
    return true;
}

panels::LessonProgress Progress::of(const std::string& lesson) const {
    const auto it = lessons_.find(lesson);
    return it == lessons_.end() ? panels::LessonProgress{} : it->second;
}

void Progress::write() {
    if (file_.empty()) return;
    json out = json::object();
    for (const auto& [name, one] : lessons_)
        out[name] = {{"seen", one.seen}, {"steps", one.steps}, {"right", one.right}, {"asked", one.asked}};
    trouble_ = write_state_file(file_, out.dump(2) + "\n");
}

}  // namespace socketscope::window
