// socketscope render: a moment of a lesson or a trace as a PNG file, drawn without a display.
#include "app/render/render.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

#include "app/cli/command.hpp"
#include "app/cli/duration_option.hpp"
#include "app/cli/lessons.hpp"
#include "app/cli/recording.hpp"
#include "app/cli/terminal.hpp"

namespace socketscope::cli {

namespace {

struct RenderWords {
    std::string source, output, beat, at, size{"1280x720"}, theme{"dark"};
    float scale{1};
    bool presenter{false};
};

void parse_size(const std::string& text, render::RenderOptions& options) {
    const char* end = text.data() + text.size();
    const auto width = std::from_chars(text.data(), end, options.width);
    if (width.ec == std::errc{} && width.ptr != end && *width.ptr == 'x') {
        const auto height = std::from_chars(width.ptr + 1, end, options.height);
        if (height.ec == std::errc{} && height.ptr == end) return;
    }
    throw model::Failure({"`" + text + "` is no size of a picture", "--size", "",
                          "Write width x height in pixels: 1920x1080"});
}

int render_moment(const RenderWords& words) {
    render::RenderOptions options;
    parse_size(words.size, options);
    options.scale = words.scale;
    const auto theme = style::parse_theme(words.theme);
    if (!theme)
        throw model::Failure(
            {"there is no theme `" + words.theme + "`", "--theme", "", "The themes are dark and light"});
    options.theme = *theme;
    options.presenter = words.presenter;
    options.beat = words.beat;
    if (!words.at.empty()) options.time_ns = parse_duration(words.at, "--at");
    options.output = words.output;
    auto [recording, status] = record_or_load(words.source);
    if (!recording) return status;
    options.trace = std::move(recording->trace);
    options.lesson = std::move(recording->lesson);
    for (const auto& remark : render::render_png(options)) say("socketscope: " + remark);
    return kHeld;
}

}  // namespace

Action add_render(CLI::App& app) {
    const auto words = std::make_shared<RenderWords>();
    app.add_option("LESSON|FILE|TRACE", words->source,
                   "a lesson's name, a lesson or script file, or a saved trace")
        ->required();
    app.add_option("-o,--output", words->output, "the PNG file")->required();
    auto* beat = app.add_option("--beat", words->beat, "the moment: a beat of the lesson");
    app.add_option("--at", words->at, "the moment: time since the start, for example 72ms")->excludes(beat);
    app.add_option("--size", words->size, "pixels, for example 1920x1080")->capture_default_str();
    app.add_option("--scale", words->scale, "1 to 3: how large text and shapes are")->capture_default_str();
    app.add_option("--theme", words->theme, "dark or light")->capture_default_str();
    app.add_flag("--presenter", words->presenter, "stage and timeline only, large type");
    app.footer(
        "Examples:\n"
        "  socketscope render one-packet-is-lost -o lost.png --beat hole --size 1920x1080 --scale 1.5\n"
        "  socketscope render out.jsonl -o end.png --theme light");
    return [words] { return render_moment(*words); };
}

}  // namespace socketscope::cli
