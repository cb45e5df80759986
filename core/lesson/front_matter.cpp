#include "core/lesson/front_matter.hpp"

#include <algorithm>
#include <array>

#include "core/lesson/link_text.hpp"
#include "core/lesson/moment_text.hpp"
#include "core/lesson/toml_reader.hpp"
#include "core/model/constants.hpp"
#include "core/model/sysctl.hpp"
#include "core/script/selector.hpp"
#include "core/script/signature.hpp"
#include "core/script/token.hpp"
#include "core/script/words.hpp"

namespace socketscope::lesson {

namespace {

bool is_name(std::string_view name) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

class FrontMatter {
public:
    FrontMatter(const toml::table& table, std::string_view text, int first_line, Lesson& lesson,
                Report& report)
        : top_(table, report, first_line - 1, ""),
          text_(text),
          first_line_(first_line),
          lesson_(lesson),
          report_(report) {}

    void read() {
        read_texts();
        read_lanes();
        read_link();
        read_sysctl();
        read_scripts();
        read_beats();
        read_predictions();
        top_.done();
    }

private:
    void read_texts() {
        constexpr std::int64_t kMost = 1'000'000'000;
        lesson_.title = top_.text("title").value_or("");
        lesson_.summary = top_.text("summary").value_or("");
        lesson_.part = top_.text("part").value_or("");
        if (!top_.has("title"))
            report_.error({first_line_, 0}, "expected a `title = \"…\"`");
        else if (!report_.has_errors() && lesson_.title.find_first_not_of(" \t\n") == std::string::npos)
            top_.error("title", "expected a title, found nothing between the quotes");
        lesson_.order = static_cast<int>(top_.integer("order", 0, kMost).value_or(lesson_.order));
        lesson_.seed = static_cast<std::uint64_t>(
            top_.integer("seed", 0, INT64_MAX).value_or(static_cast<std::int64_t>(lesson_.seed)));
        const auto timeout = top_.parsed<model::TimeNs>("timeout", parse_time);
        if (timeout && *timeout <= 0) top_.error("timeout", "expected a time longer than 0");
        lesson_.timeout_ns = timeout.value_or(lesson_.timeout_ns);
    }

    void read_lanes() {
        const std::size_t before = report_.size();
        for (const auto& [name, place] : top_.texts("lanes")) add_lane(name, place, lesson_, report_);
        if (!top_.has("lanes"))
            report_.error({first_line_, 0}, "expected `lanes = [\"inet/stream\", …]`",
                          "kinds are " + model::kind_names());
        else if (lesson_.lanes.empty() && report_.size() == before)
            top_.error("lanes", "expected one or more kinds", "kinds are " + model::kind_names());
        lanes_known_ = report_.size() == before;
        for (auto& [title, place] : top_.texts("lane_titles")) lesson_.lane_titles.push_back(title);
        if (lanes_known_ && !lesson_.lane_titles.empty() &&
            lesson_.lane_titles.size() != lesson_.lanes.size())
            top_.error("lane_titles", "expected " + std::to_string(lesson_.lanes.size()) +
                                          " titles, one for each lane, found " +
                                          std::to_string(lesson_.lane_titles.size()));
    }

    void read_link() {
        auto link = top_.table("link");
        if (!link) return;
        for (const auto& key : link_number_names())
            link->parsed<bool>(
                key, [&](std::string_view text) { return find_link_number(key)->set(lesson_.link, text); });
        for (const auto& [text, place] : link->texts("rules")) {
            auto rule = parse_rule(text);
            if (rule.value)
                lesson_.link.rules.push_back(std::move(*rule.value));
            else
                report_.error(TableReader::inside(place, rule.column), rule.message, rule.suggestion);
        }
        link->done();
    }

    void read_sysctl() {
        auto sysctl = top_.table("sysctl");
        if (!sysctl) return;
        const std::vector<std::string> known(model::allowed_sysctls().begin(),
                                             model::allowed_sysctls().end());
        for (const auto& key : sysctl->keys()) {
            const auto value = sysctl->number_or_text(key);
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                std::string help = script::did_you_mean(key, known);
                if (key.find('.') == std::string::npos)
                    help = "write the name between quotes: \"net.ipv4.tcp_sack\" = 0";
                sysctl->error(
                    key,
                    "`" + script::printable(key) + "` is not among the settings that a lesson may change",
                    std::move(help));
            } else if (value && (value->size() > 100 || script::printable(*value) != *value)) {
                sysctl->error(key, "expected a number or a short text");
            } else if (value) {
                lesson_.sysctl[key] = *value;
            }
        }
    }

    void read_scripts() {
        const std::size_t before = report_.size();
        auto scripts = top_.table("scripts");
        if (!scripts) {
            lesson_.endpoints_unsure = true;
            if (report_.size() == before)
                report_.error({first_line_, 0}, "expected scripts: `[scripts.server]`, `[scripts.client]`");
            return;
        }
        for (const auto& name : scripts->keys()) {
            auto table = scripts->table(name);
            if (table) read_endpoint(name, *table);
        }
        if (lesson_.endpoints.empty() && report_.size() == before)
            report_.error(scripts->place(), "expected a program: `[scripts.server]`, `[scripts.client]`");
        lesson_.endpoints_unsure = report_.size() != before;
    }

    void read_endpoint(const std::string& name, TableReader& table) {
        EndpointSpec endpoint;
        endpoint.name = name;
        endpoint.line = table.place().line;
        endpoint.column = table.place().column;
        if (!check_endpoint_name(name, table.place(), report_)) return;
        const bool known = host_by_name(name, endpoint.host);
        for (const auto& key : table.keys()) {
            const auto text = table.text(key);
            if (!text) continue;
            if (key == "host") {
                if (*text != "client" && *text != "server")
                    table.error(key, "expected \"client\" or \"server\"");
                endpoint.host = *text == "server" ? model::Host::server : model::Host::client;
                continue;
            }
            if (const auto unknown = script::check_selector(key))
                table.error(key,
                            "expected a kind as the key of a script, found `" +
                                script::printable(unknown->word) + "`",
                            unknown->suggestion.empty() ? "`any`, a domain, a type, or " + model::kind_names()
                                                        : unknown->suggestion);
            endpoint.scripts.push_back(script_text(key, *text, table.place(key)));
        }
        if (!known && !table.has("host")) {
            const std::string near = script::did_you_mean(name, {"server", "client"});
            report_.error(table.place(), "which host does `" + name + "` run on?",
                          (near.empty() ? "" : near + " else ") + "host = \"client\" or host = \"server\"");
        }
        lesson_.endpoints.push_back(std::move(endpoint));
    }

    // Where the text of a script begins: behind its opening quotes, or on the next line (TOML drops that line break).
    ScriptText script_text(const std::string& key, const std::string& text, Place value) {
        ScriptText result{key, text, value.line, 0};
        const std::string_view line = file_line(value.line);
        const auto at = static_cast<std::size_t>(std::max(value.column - 1, 0));
        const std::string_view written = at < line.size() ? line.substr(at) : "";
        const bool multi = written.starts_with("'''") || written.starts_with("\"\"\"");
        if (multi && written.find_first_not_of(" \t\r", 3) == std::string_view::npos)
            ++result.line;
        else
            result.column = value.column - 1 + (multi ? 3 : 1);
        if (written.starts_with('"') && text.find('\\') == std::string::npos &&
            raw_has_backslash(value.line, text))
            report_.warning(value, "this script stands between `\"`, where TOML reads the backslashes itself",
                            "write it between ''' and '''");
        return result;
    }

    std::string_view file_line(int line) const {
        std::size_t begin = 0;
        for (int i = first_line_; i < line && begin < text_.size(); ++i)
            begin = std::min(text_.find('\n', begin), text_.size() - 1) + 1;
        return text_.substr(begin, text_.find('\n', begin) - begin);
    }

    bool raw_has_backslash(int line, std::string_view text) const {
        const auto begin = static_cast<std::size_t>(file_line(line).data() - text_.data());
        return text_.substr(begin, text.size()).find('\\') != std::string_view::npos;
    }

    void read_beats() {
        for (auto& table : top_.tables("beats")) {
            Beat beat;
            beat.name = table.text("name").value_or("");
            beat.title = table.text("title").value_or("");
            beat.caption = table.text("caption").value_or("");
            beat.lane = table.text("lane").value_or("");
            if (!is_name(beat.name))
                table.error("name", "expected a name of letters, digits and `-` for the beat, found \"" +
                                        script::printable(beat.name) + "\"");
            const bool twice = std::any_of(lesson_.beats.begin(), lesson_.beats.end(),
                                           [&](const Beat& other) { return other.name == beat.name; });
            if (twice) table.error("name", "there are two beats named `" + beat.name + "`");
            if (!beat.lane.empty() && lanes_known_) check_lane_of(beat.lane, table);
            if (!table.has("at"))
                report_.error(table.place(), "expected `at = \"…\"`: the moment of the beat",
                              "at = \"call client send 2\"");
            const auto moment = table.parsed<model::Moment>(
                "at", [&](std::string_view text) { return parse_moment(text, endpoint_names()); });
            if (moment) beat.at = *moment;
            table.done();
            lesson_.beats.push_back(std::move(beat));
        }
    }

    void check_lane_of(const std::string& lane, TableReader& table) {
        std::vector<std::string> names;
        names.reserve(lesson_.lanes.size());
        for (const auto& kind : lesson_.lanes) names.push_back(model::to_string(kind));
        if (std::find(names.begin(), names.end(), lane) == names.end())
            table.error("lane",
                        "expected one of the lanes (" + script::join(names) + "), found \"" +
                            script::printable(lane) + "\"",
                        script::did_you_mean(lane, names));
    }

    std::vector<std::string> endpoint_names() const {
        std::vector<std::string> names;
        names.reserve(lesson_.endpoints.size());
        for (const auto& endpoint : lesson_.endpoints) names.push_back(endpoint.name);
        if (lesson_.endpoints_unsure) names.insert(names.end(), {"server", "client"});
        return names;
    }

    void read_predictions() {
        for (auto& table : top_.tables("predictions")) {
            Prediction prediction;
            prediction.question = table.text("question").value_or("");
            if (prediction.question.empty()) report_.error(table.place(), "expected a `question = \"…\"`");
            for (auto& [choice, place] : table.texts("choices")) prediction.choices.push_back(choice);
            if (prediction.choices.size() < 2)
                report_.error(table.place(), "expected two or more `choices = [\"…\", \"…\"]`");
            read_answer(prediction, table);
            prediction.because = table.text("because").value_or("");
            prediction.beat = table.text("beat").value_or("");
            check_beat_of(prediction.beat, table);
            table.done();
            lesson_.predictions.push_back(std::move(prediction));
        }
    }

    // The right choice: its text, or its number from 1.
    void read_answer(Prediction& prediction, TableReader& table) {
        const auto answer = table.number_or_text("answer");
        const auto& choices = prediction.choices;
        if (answer) {
            for (std::size_t i = 0; i < choices.size(); ++i)
                if (choices[i] == *answer) prediction.answer = static_cast<int>(i);
            for (std::size_t i = 0; i < choices.size() && prediction.answer < 0; ++i)
                if (std::to_string(i + 1) == *answer) prediction.answer = static_cast<int>(i);
        }
        if (prediction.answer < 0)
            table.error("answer", "expected `answer`: the text of the right choice, or its number from 1",
                        answer ? script::did_you_mean(*answer, choices) : "");
    }

    void check_beat_of(const std::string& beat, TableReader& table) {
        std::vector<std::string> names;
        names.reserve(lesson_.beats.size());
        for (const auto& known : lesson_.beats) names.push_back(known.name);
        if (!beat.empty() && std::find(names.begin(), names.end(), beat) == names.end())
            table.error("beat", "there is no beat `" + script::printable(beat) + "`",
                        script::did_you_mean(beat, names));
    }

    TableReader top_;
    std::string_view text_;
    int first_line_;
    Lesson& lesson_;
    Report& report_;
    bool lanes_known_{true};  // all that the file names
};

// Dots of the longest dotted key, a.b.c: toml++ makes a table of each part and takes them down one inside the other, so
// that a key of a million parts overflows the stack.
std::size_t longest_dotted_key(std::string_view text, std::size_t& at) {
    const auto part_of_key = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '"' || c == '\'' || c == ' ' || c == '\t';
    };
    std::size_t longest = 0, dots = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.' && i > 0 && part_of_key(text[i - 1]))
            ++dots;
        else if (!part_of_key(text[i]))
            dots = 0;
        if (dots > longest) longest = dots, at = i;
    }
    return longest;
}

}  // namespace

bool parse_front_matter(std::string_view text, int first_line, Lesson& lesson, Report& report) {
    constexpr std::size_t kMostParts = 100;
    std::size_t dot = 0;
    if (longest_dotted_key(text, dot) > kMostParts) {
        const auto before = text.substr(0, dot);
        const auto line = std::count(before.begin(), before.end(), '\n');
        report.error({first_line + static_cast<int>(line), 0},
                     "a key of more than 100 parts is no key of a lesson");
        return false;
    }
    try {
        const toml::table table = toml::parse(text);
        FrontMatter(table, text, first_line, lesson, report).read();
        return true;
    } catch (const toml::parse_error& error) {
        const auto& at = error.source().begin;
        // Where the file ends too early toml++ points behind the last line's end.
        std::string_view line = text;
        for (auto i = at.line; i > 1 && line.find('\n') != std::string_view::npos; --i)
            line.remove_prefix(line.find('\n') + 1);
        const std::size_t column =
            std::min<std::size_t>(at.column, line.substr(0, line.find('\n')).size() + 1);
        report.error({static_cast<int>(at.line) + first_line - 1, static_cast<int>(column)},
                     "this is no TOML: " + std::string(error.description()),
                     "toml.io shows how it is written");
        return false;
    }
}

void add_lane(std::string_view name, Place at, Lesson& lesson, Report& report) {
    constexpr std::size_t kMostLanes = 12;
    const auto kind = model::parse_kind(name);
    if (!kind) {
        std::vector<std::string> known;
        known.reserve(model::kinds().size());
        for (const auto& row : model::kinds()) known.emplace_back(row.name);
        const std::string near = script::did_you_mean(name, known);
        report.error(at, "unknown kind `" + script::printable(name) + "`: kinds are " + model::kind_names(),
                     near);
        return;
    }
    if (std::find(lesson.lanes.begin(), lesson.lanes.end(), *kind) != lesson.lanes.end())
        return report.error(at, "the lane `" + std::string(name) + "` is there twice");
    if (lesson.lanes.size() == kMostLanes) return report.error(at, "expected at most 12 lanes");
    lesson.lanes.push_back(*kind);
}

bool host_by_name(std::string_view endpoint, model::Host& host) {
    if (endpoint.starts_with("server"))
        host = model::Host::server;
    else if (endpoint.starts_with("client"))
        host = model::Host::client;
    else
        return false;
    return true;
}

bool check_endpoint_name(std::string_view name, Place at, Report& report) {
    constexpr std::size_t kLongest = 32;
    const bool word = is_name(name) && name.size() <= kLongest && name.find('-') == std::string_view::npos;
    if (word && !script::find_signature(name) && !model::find_constant_row(name) && name != "any")
        return true;
    report.error(at, "expected the name of a program such as `server`, `client` or `client2`, found `" +
                         script::printable(name) + "`");
    return false;
}

}  // namespace socketscope::lesson
