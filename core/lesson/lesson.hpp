// A lesson: a text file with TOML front matter (lanes, link, scripts, beats, predictions) and Markdown prose tied to
// beats. The format is described in docs/lessons.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/event.hpp"
#include "core/model/kind.hpp"
#include "core/model/link.hpp"
#include "core/model/moment.hpp"
#include "core/model/problem.hpp"
#include "core/script/program.hpp"

namespace socketscope::lesson {

struct Beat {
    std::string name;     // "hole": letters, digits, '-'
    std::string title;    // from the prose heading if the beat has none
    std::string caption;  // one line for presenter mode
    model::Moment at;
    std::string lane;  // kind name: where the moment is looked for; empty = the first lane that has it
};

// Prose, already parsed: inline runs inside blocks.
struct Run {
    enum class Style : std::uint8_t { plain, strong, emphasis, code } style{Style::plain};
    std::string text;
};
struct Block {
    enum class Form : std::uint8_t { paragraph, bullet, heading, code } form{Form::paragraph};
    std::vector<Run> runs;
};
struct Section {
    std::string title;
    std::string beat;
    std::vector<Block> blocks;
    int line{0};
};

struct Prediction {
    std::string question;
    std::vector<std::string> choices;
    int answer{-1};       // index of the right choice
    std::string because;  // one sentence
    std::string beat;     // the moment that shows it
};

// The script of an endpoint; `key` says for which kinds: "any", "stream", "unix", "inet/dgram", "stream seqpacket".
// line: of its first line in the file; column: bytes before that line begins (not 0 for a text on the line of its key).
struct ScriptText {
    std::string key;
    std::string text;
    int line{0};
    int column{0};
    int indent{0};  // columns of the file left of each line: the right one of two programs side by side
};
struct EndpointSpec {
    std::string name;
    model::Host host{model::Host::client};
    std::vector<ScriptText> scripts;
    int line{0}, column{0};  // where it begins
};

struct Lesson {
    std::string name;  // file name without ending: "one-packet-is-lost"
    std::string title, summary, part;
    std::vector<model::Kind> lanes;
    std::vector<std::string> lane_titles;  // same size as lanes; from `lane_titles`, or the kind's words
    model::LinkSpec link;
    std::map<std::string, std::string> sysctl;  // in both hosts, only from the allowed list
    std::uint64_t seed{1};
    model::TimeNs timeout_ns{10 * model::kSecond};  // a run that takes longer is stopped, and that is said
    std::vector<EndpointSpec> endpoints;            // in the order of the file; servers run first
    // The table of a program could not be read: server and client count as named, so that a mistake in one place is not
    // told again wherever that program is spoken of.
    bool endpoints_unsure{false};
    std::vector<Beat> beats;
    std::vector<Prediction> predictions;
    std::vector<Section> sections;
    int order{1000};     // place in the list
    std::string source;  // the whole text
    std::string file;    // path as given
};
struct LoadResult {
    std::optional<Lesson> lesson;  // set when it could be understood well enough to run
    std::vector<model::Diagnostic> diagnostics;
    bool ok() const;
};
// Text of a lesson (front matter between `+++` lines) or of a plain script file (sections `# server`, `# client`;
// lane inet/stream unless said otherwise). Never throws.
LoadResult parse_lesson(std::string_view text, const std::string& file);
// Reads the file first (bounded at 8 MB; says so). Never throws.
LoadResult load_lesson(const std::string& file);

// What runs in one lane: the most specific script of each endpoint (domain/type, then type, then domain, then any).
struct EndpointPlan {
    std::string name;
    model::Host host;
    std::string script;
    int file_line{0};
    script::Program program;
    int file_indent{0};  // see ScriptText::indent
};
struct LanePlan {
    model::Kind kind;
    std::string title;
    model::LinkSpec link;
    std::vector<EndpointPlan> endpoints;
};
struct Scenario {
    std::string title, source, source_name;
    std::vector<LanePlan> lanes;
    std::map<std::string, std::string> sysctl;
    std::uint64_t seed{1};
    model::TimeNs timeout_ns{10 * model::kSecond};
};
// `kinds` replaces the lesson's lanes if not empty. Diagnostics of the scripts carry file lines.
struct ScenarioResult {
    Scenario scenario;
    std::vector<model::Diagnostic> diagnostics;
    bool ok() const;
};
ScenarioResult make_scenario(const Lesson& lesson, const std::vector<model::Kind>& kinds = {});

// Lesson files: *.md in `folder`, sorted by `order`, then name.
std::vector<std::string> lesson_files(const std::string& folder);

}  // namespace socketscope::lesson
