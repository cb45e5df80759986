// socketscope open, and socketscope alone: the window; without a display the main lesson in the terminal.
#include <CLI/CLI.hpp>

#include "app/cli/command.hpp"
#include "app/cli/lessons.hpp"
#include "app/cli/outcome.hpp"
#include "app/cli/recording.hpp"
#include "app/cli/terminal.hpp"
#include "app/cli/usage.hpp"
#include "app/window/run_window.hpp"
#include "core/trace/file.hpp"

namespace socketscope::cli {

namespace {

constexpr const char* kMainLesson = "one-packet-is-lost";

struct OpenWords {
    std::string source, theme{"dark"}, probe;
    std::vector<std::string> lanes;
    std::optional<std::uint64_t> seed;
    float scale{0};
    bool presenter{false};
};

window::WindowOptions window_options(const OpenWords& words) {
    window::WindowOptions options;
    options.lessons = lesson_paths();
    options.first_look = first_look_path();
    options.lanes = parse_lanes(words.lanes);
    options.seed = words.seed;
    const auto theme = style::parse_theme(words.theme);
    if (!theme)
        throw model::Failure(
            {"there is no theme `" + words.theme + "`", "--theme", "", "The themes are dark and light"});
    options.theme = *theme;
    if (words.scale != 0 && !(words.scale >= 1 && words.scale <= 3))
        throw model::Failure({"a window of that scale can't be drawn", "--scale", "", "Choose from 1 to 3"});
    options.scale = words.scale;
    options.presenter = words.presenter;
    options.probe = words.probe;
    options.version = SOCKETSCOPE_VERSION;
    if (words.source.empty()) return options;
    if (trace::is_trace(words.source)) {
        options.trace = words.source;
    } else {
        options.lesson = find_lesson(words.source);
    }
    return options;
}

int play_in_terminal(const std::string& why) {
    say("socketscope: " + why);
    say(std::string("So here is the main lesson in the terminal: socketscope run ") + kMainLesson);
    const auto [recording, status] = record_or_load(kMainLesson);
    if (!recording) return status;
    print(tell(*recording->trace, ladder_for_terminal()));
    return outcome(*recording->trace);
}

}  // namespace

Action add_open(CLI::App& app) {
    const auto words = std::make_shared<OpenWords>();
    app.add_option("LESSON|FILE|TRACE", words->source,
                   "a saved trace, a lesson's name, or a lesson or script file");
    app.add_option("--lane", words->lanes,
                   "kind of socket instead of the lesson's; may be given several times")
        ->allow_extra_args(false);
    add_seed(app, words->seed);
    app.add_option("--theme", words->theme, "dark or light")->capture_default_str();
    app.add_option("--scale", words->scale, "1 to 3; without it the monitor's");
    app.add_flag("--presenter", words->presenter, "begin in presenter mode");
    app.add_option("--probe", words->probe, "for tests: writes what is shown, as JSON, into this file");
    app.footer("Examples:\n  socketscope open one-packet-is-lost\n  socketscope open out.jsonl");
    return [words] { return window::run_window(window_options(*words)); };
}

int open_home() {
    if (!window::display_named())
        return play_in_terminal(
            "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be opened.");
    try {
        return window::run_window(window_options({}));
    } catch (const model::Failure& failure) {
        return play_in_terminal(failure.problem().sentence());
    }
}

}  // namespace socketscope::cli
