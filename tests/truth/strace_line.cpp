#include "tests/truth/strace_line.hpp"

namespace socketscope::test {

namespace {

// Where the bracket, brace or parenthesis that opens at `at` closes; quotes hide what is in them (-xx: no escaped
// quotes).
std::size_t closing(std::string_view text, std::size_t at) {
    int depth = 0;
    for (bool quoted = false; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '(' || c == '[' || c == '{') ++depth;
        if ((c == ')' || c == ']' || c == '}') && --depth == 0) return at;
    }
    return std::string_view::npos;
}

}  // namespace

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    int depth = 0;
    bool quoted = false;
    std::string part;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '(' || c == '[' || c == '{')) ++depth;
        if (!quoted && (c == ')' || c == ']' || c == '}')) --depth;
        if (c == ',' && depth == 0 && !quoted) {
            parts.push_back(std::move(part));
            part.clear();
        } else if (!part.empty() || c != ' ') {
            part += c;
        }
    }
    if (!part.empty()) parts.push_back(std::move(part));
    return parts;
}

std::string_view inside(std::string_view text) {
    return text.size() < 2 ? std::string_view() : text.substr(1, text.size() - 2);
}

std::string member(std::string_view structure, const std::string& name) {
    for (const std::string& part : split(inside(structure)))
        if (part.rfind(name + "=", 0) == 0) return part.substr(name.size() + 1);
    return "";
}

std::string descriptors_in(const std::string& message) {
    const std::string control = member(message, "msg_control");
    for (const std::string& part : split(inside(control)))
        if (member(part, "cmsg_type") == "SCM_RIGHTS") return member(part, "cmsg_data");
    return "";
}

std::optional<Line> parsed(const std::string& text) {
    Line line;
    const auto space = text.find(' ');
    const auto open = text.find('(');
    if (space == std::string::npos || open == std::string::npos) return std::nullopt;
    line.at = text.substr(0, space);
    line.name = text.substr(space + 1, open - space - 1);
    const auto close = closing(text, open);
    const auto equals = close == std::string::npos ? close : text.find("= ", close);
    if (equals == std::string::npos || line.name.find(' ') != std::string::npos) return std::nullopt;
    line.args = split(std::string_view(text).substr(open + 1, close - open - 1));
    line.result = text.substr(equals + 2);
    return line;
}

}  // namespace socketscope::test
