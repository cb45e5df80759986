#include "app/cli/columns.hpp"

#include <algorithm>

namespace socketscope::cli {
namespace {

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Bytes of the first `count` characters.
std::size_t bytes_of(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t next = at + 1;
        while (next < text.size() && continues(text[next])) ++next;
        if (count-- == 0) return at;
        at = next;
    }
    return at;
}

struct Replacement {
    std::string_view from, to;
};
constexpr Replacement kAscii[] = {
    {"│", "|"}, {"┊", ":"}, {"├", "|"},      {"┤", "|"},   {"─", "-"},        {"▶", ">"},  {"◀", "<"},
    {"╌", "-"}, {"✗", "x"}, {"↻", "again:"}, {"…", "..."}, {"–", "-"},        {"“", "\""}, {"”", "\""},
    {"×", "x"}, {"’", "'"}, {"→", "->"},     {"µ", "u"},   {"§", "section "}, {"−", "-"},  {"·", "."}};

}  // namespace

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string padded(std::string text, std::size_t width) {
    const std::size_t used = columns(text);
    if (used < width) text.append(width - used, ' ');
    return text;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    std::vector<std::string> lines;
    std::string margin;
    width = std::max(width, indent + 1);
    for (std::size_t room = width; columns(text) > room; room = width - indent) {
        std::size_t cut = bytes_of(text, room);
        const std::size_t space = text.substr(0, cut + 1).rfind(' ');
        const bool at_space = space != std::string_view::npos && columns(text.substr(0, space)) * 3 >= room;
        if (at_space) cut = space;
        lines.push_back(margin + std::string(text.substr(0, cut)));
        text.remove_prefix(at_space ? cut + 1 : cut);
        margin.assign(indent, ' ');
    }
    lines.push_back(margin + std::string(text));
    return lines;
}

std::string shortened(std::string_view text, std::size_t width, bool unicode) {
    if (columns(text) <= width) return std::string(text);
    const std::string_view dots = unicode ? "…" : "...";
    const std::size_t room = width - std::min(width, columns(dots));
    return std::string(text.substr(0, bytes_of(text, room))) + std::string(dots);
}

std::string to_ascii(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const auto row = std::find_if(std::begin(kAscii), std::end(kAscii),
                                      [&](const Replacement& r) { return text.starts_with(r.from); });
        const std::size_t size = row != std::end(kAscii) ? row->from.size() : bytes_of(text, 1);
        if (row != std::end(kAscii))
            plain += row->to;
        else if (size == 1)
            plain += text[0];
        else
            plain += '?';
        text.remove_prefix(size);
    }
    return plain;
}

}  // namespace socketscope::cli
