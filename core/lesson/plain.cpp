#include "core/lesson/plain.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/lesson/front_matter.hpp"
#include "core/lesson/link_text.hpp"
#include "core/script/selector.hpp"
#include "core/script/token.hpp"
#include "core/script/words.hpp"

namespace socketscope::lesson {

namespace {

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return text.substr(text.size());
    return text.substr(first, text.find_last_not_of(kBlank) + 1 - first);
}

bool holds_more_than_comments(std::string_view text) {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = trim(text.substr(begin, end - begin));
        if (!line.empty() && line[0] != '#') return true;
        begin = end + 1;
    }
    return false;
}

// What stands in a comment, with where it stands.
struct Comment {
    std::string_view text;
    int line;
    std::string_view whole_line;
    Place at(std::string_view part) const {
        return {line, static_cast<int>(part.data() - whole_line.data()) + 1};
    }
};

// Calls `visit` for each word.
template <class Visit>
void for_each_word(std::string_view text, Visit visit) {
    for (;;) {
        text = trim(text);
        if (text.empty()) return;
        const auto end = std::min(text.find_first_of(" \t,"), text.size());
        if (end > 0) visit(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

class Plain {
public:
    Plain(Lesson& lesson, Report& report) : lesson_(lesson), report_(report) {}

    void read(std::string_view text) {
        int number = 0;
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            line(text.substr(begin, end - begin), ++number);
            begin = end + 1;
        }
        if (lesson_.endpoints.empty()) section("client", "any", 1), script().text = std::string(text);
        if (lesson_.lanes.empty()) lesson_.lanes.push_back(model::Kind{});
        if (!has_a_statement())
            report_.error({1, 1}, "there is no line to run in this file",
                          "a script is one system call a line, for example s = socket()");
    }

private:
    void line(std::string_view line, int number) {
        const std::string_view written = trim(line);
        if (written.starts_with('#')) {
            const Comment comment{trim(written.substr(1)), number, line};
            if (begins_two(comment) || begins_section(comment)) return;
            if (lesson_.endpoints.empty() && setting(comment)) return;
        }
        if (begins_section_without_hash(written,
                                        {number, static_cast<int>(written.data() - line.data()) + 1}))
            return;
        if (lesson_.endpoints.empty()) return;
        if (columns_) return split_line(line, number);
        script().text += line;
        script().text += '\n';
    }

    bool has_a_statement() const {
        for (const auto& endpoint : lesson_.endpoints)
            for (const auto& script : endpoint.scripts)
                if (holds_more_than_comments(script.text)) return true;
        return false;
    }

    struct Heading {
        std::string name, kinds;
    };

    // "server", "Client2:", "--- server ---", "server stream", "client inet/dgram": a program, for these kinds.
    static std::optional<Heading> heading(std::string_view text) {
        constexpr std::string_view kAround = " \t\r#-=*:";
        const auto first = text.find_first_not_of(kAround);
        if (first == std::string_view::npos) return std::nullopt;
        text = text.substr(first, text.find_last_not_of(kAround) + 1 - first);
        const auto space = std::min(text.find_first_of(" \t"), text.size());
        Heading heading{script::lower(text.substr(0, space)), std::string(trim(text.substr(space)))};
        model::Host host{};
        const bool word = std::all_of(heading.name.begin(), heading.name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
        Report unused;
        if (!word || !host_by_name(heading.name, host) || script::check_selector(heading.kinds) ||
            !check_endpoint_name(heading.name, {}, unused))
            return std::nullopt;
        if (heading.kinds.empty()) heading.kinds = "any";
        return heading;
    }

    bool begins_section(const Comment& comment) {
        const auto one = heading(comment.text);
        if (!one) return warn_of_near_heading(comment), warn_of_misspelt_heading(comment), false;
        section(one->name, one->kinds, comment.line + 1);
        columns_.reset();
        return true;
    }

    // "[server]", "server:", "--- client ---": meant as a heading; what stands below is read as if it were one.
    bool begins_section_without_hash(std::string_view written, Place at) {
        constexpr std::string_view kAround = "[]<>/@; \t";
        const auto first = written.find_first_not_of(kAround);
        if (first == std::string_view::npos || columns_) return false;
        const auto one = heading(written.substr(first, written.find_last_not_of(kAround) + 1 - first));
        if (!one) return false;
        const std::string wanted = "# " + one->name + (one->kinds == "any" ? "" : " " + one->kinds);
        report_.error(at, "expected `" + wanted + "`, found `" + script::printable(written) + "`",
                      "a program begins below its name; the name stands behind a `#`, alone on a line");
        section(one->name, one->kinds, at.line + 1);
        return true;
    }

    // "server        # client": two programs side by side, from here on.
    bool begins_two(const Comment& comment) {
        const auto second = comment.text.find('#');
        if (second == std::string_view::npos) return false;
        const auto left = heading(comment.text.substr(0, second));
        const auto right = heading(comment.text.substr(second + 1));
        if (!left || !right) return false;
        const std::string_view before =
            comment.whole_line.substr(0, comment.whole_line.find('#', comment.whole_line.find('#') + 1));
        section(left->name, left->kinds, comment.line + 1);
        const std::size_t left_index = current_;
        section(right->name, right->kinds, comment.line + 1);
        script().indent = static_cast<int>(before.size());
        columns_ = Columns{current_, before.size()};
        current_ = left_index;
        return true;
    }

    void split_line(std::string_view line, int number) {
        const std::size_t at = line.starts_with('#') ? line.size() : std::min(columns_->at, line.size());
        const bool crosses = at > 0 && at < line.size() && !trim(line.substr(at - 1, 1)).empty() &&
                             !trim(line.substr(at, 1)).empty();
        if (crosses)
            report_.error({number, static_cast<int>(at) + 1},
                          "this line reaches into the column in which the second program begins",
                          "move both further apart, or write one program below the other");
        const auto add = [&](std::size_t endpoint, std::string_view part) {
            std::string& text = lesson_.endpoints[endpoint].scripts.back().text;
            const auto last = part.find_last_not_of(" \t\r");
            text += part.substr(0, last == std::string_view::npos ? 0 : last + 1);
            text += '\n';
        };
        add(current_, line.substr(0, at));
        add(columns_->right, line.substr(at));
    }

    // "# server: the one that waits": perhaps meant as a heading, and then all that stands below would be another's.
    void warn_of_near_heading(const Comment& comment) {
        for (const std::string_view name : {"server", "client"}) {
            const std::string_view behind =
                trim(comment.text.substr(std::min(name.size(), comment.text.size())));
            const bool near = script::lower(comment.text.substr(0, name.size())) == name && !behind.empty() &&
                              std::string_view(":,;-=(").find(behind[0]) != std::string_view::npos;
            const bool there = std::any_of(lesson_.endpoints.begin(), lesson_.endpoints.end(),
                                           [&](const auto& known) { return known.name == name; });
            if (near && !there)
                report_.warning(comment.at(comment.text), "this line is read as a comment",
                                "`# " + std::string(name) + "` alone on a line begins its program");
        }
    }

    // "# sever", "# server strem".
    void warn_of_misspelt_heading(const Comment& comment) {
        const auto space = std::min(comment.text.find_first_of(" \t"), comment.text.size());
        const std::string_view name = comment.text.substr(0, space), kinds = trim(comment.text.substr(space));
        const bool host = name == "server" || name == "client";
        const auto unknown = script::check_selector(kinds);
        const std::string help = host && unknown          ? unknown->suggestion
                                 : !host && kinds.empty() ? script::did_you_mean(name, {"server", "client"})
                                                          : "";
        if (!help.empty())
            report_.warning(comment.at(host ? kinds : name), "this line is read as a comment", help);
    }

    void section(std::string_view name, std::string_view kinds, int first_line) {
        auto endpoint = std::find_if(lesson_.endpoints.begin(), lesson_.endpoints.end(),
                                     [&](const auto& known) { return known.name == name; });
        if (endpoint == lesson_.endpoints.end()) {
            lesson_.endpoints.push_back({std::string(name), {}, {}, std::max(first_line - 1, 1), 1});
            endpoint = std::prev(lesson_.endpoints.end());
            host_by_name(name, endpoint->host);
        }
        for (const auto& known : endpoint->scripts)
            if (known.key == kinds)
                report_.error({first_line - 1, 1},
                              "there are two scripts of `" + std::string(name) + "` for the same kinds");
        endpoint->scripts.push_back({std::string(kinds), {}, first_line, 0});
        current_ = static_cast<std::size_t>(endpoint - lesson_.endpoints.begin());
    }

    ScriptText& script() { return lesson_.endpoints[current_].scripts.back(); }

    // "lanes: …". False: just a comment.
    bool setting(const Comment& comment) {
        struct Setting {
            std::string_view name;
            void (Plain::*read)(const Comment&, std::string_view);
        };
        constexpr std::array kSettings{
            Setting{"lanes", &Plain::lanes},     Setting{"lane", &Plain::lanes},
            Setting{"link", &Plain::link},       Setting{"rule", &Plain::rule},
            Setting{"title", &Plain::title},     Setting{"summary", &Plain::summary},
            Setting{"timeout", &Plain::timeout}, Setting{"seed", &Plain::seed},
        };
        const auto colon = comment.text.find(':');
        if (colon == std::string_view::npos) return false;
        const std::string_view name = comment.text.substr(0, colon);
        const std::string_view value = trim(comment.text.substr(colon + 1));
        for (const auto& setting : kSettings) {
            if (setting.name != name) continue;
            (this->*setting.read)(comment, value);
            return true;
        }
        std::vector<std::string> known;
        known.reserve(kSettings.size());
        for (const auto& setting : kSettings) known.emplace_back(setting.name);
        const std::string help =
            name.find(' ') == std::string_view::npos ? script::did_you_mean(name, known) : "";
        if (!help.empty())
            report_.warning(comment.at(name), "`" + script::printable(name) + ":` is read as a comment",
                            help);
        return false;
    }

    void lanes(const Comment& comment, std::string_view value) {
        if (value.empty())
            report_.error(comment.at(value), "expected kinds such as inet/stream",
                          "kinds are " + model::kind_names());
        for_each_word(value,
                      [&](std::string_view word) { add_lane(word, comment.at(word), lesson_, report_); });
    }

    void link(const Comment& comment, std::string_view value) {
        for_each_word(value, [&](std::string_view word) {
            const auto equals = word.find('=');
            const LinkNumber* number = find_link_number(word.substr(0, equals));
            if (!number || equals == std::string_view::npos)
                return report_.error(
                    comment.at(word),
                    "expected NAME=VALUE such as delay=20ms, found `" + script::printable(word) + "`",
                    "names are " + script::join(link_number_names()));
            const auto set = number->set(lesson_.link, word.substr(equals + 1));
            if (!set.value) report_.error(comment.at(word.substr(equals + 1)), set.message, set.suggestion);
        });
    }

    void rule(const Comment& comment, std::string_view value) {
        auto rule = parse_rule(value);
        if (rule.value) return lesson_.link.rules.push_back(std::move(*rule.value));
        const Place at = comment.at(value);
        report_.error({at.line, at.column + static_cast<int>(rule.column) - 1}, rule.message,
                      rule.suggestion);
    }

    void title(const Comment&, std::string_view value) { lesson_.title = std::string(value); }
    void summary(const Comment&, std::string_view value) { lesson_.summary = std::string(value); }

    void timeout(const Comment& comment, std::string_view value) {
        const auto time = parse_time(value);
        if (time.value && *time.value > 0)
            lesson_.timeout_ns = *time.value;
        else
            report_.error(comment.at(value), time.value ? "expected a time longer than 0" : time.message);
    }

    void seed(const Comment& comment, std::string_view value) {
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), lesson_.seed);
        if (error != std::errc{} || end != value.data() + value.size())
            report_.error(comment.at(value), "expected a whole number as seed");
    }

    struct Columns {
        std::size_t right;  // the endpoint of the right program; the left one is the current one
        std::size_t at;     // bytes before it
    };

    Lesson& lesson_;
    Report& report_;
    std::size_t current_{0};
    std::optional<Columns> columns_;
};

}  // namespace

void parse_plain(std::string_view text, Lesson& lesson, Report& report) {
    Plain(lesson, report).read(text);
}

}  // namespace socketscope::lesson
