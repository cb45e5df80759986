#include "app/cli/columns.hpp"

#include <algorithm>
#include <cstdint>

namespace socketscope::cli {
namespace {

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// The next character of UTF-8 text that is not empty: its code point, and how many bytes it has.
struct Character {
    std::uint32_t code;
    std::size_t bytes;
};
Character first_of(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    Character character{lead < 0x80   ? lead
                        : lead < 0xe0 ? lead & 0x1fU
                        : lead < 0xf0 ? lead & 0xfU
                                      : lead & 7U,
                        1};
    for (; character.bytes < text.size() && continues(text[character.bytes]); ++character.bytes)
        character.code = character.code << 6 | (static_cast<unsigned char>(text[character.bytes]) & 0x3fU);
    return character;
}

// Columns that a terminal gives a character: East Asian Wide and emoji take two, combining marks none
// (Unicode UAX #11; the blocks, not each exception in them).
std::size_t columns_of(std::uint32_t code) {
    struct Block {
        std::uint32_t first, last;
        std::size_t columns;
    };
    constexpr Block kBlocks[] = {{0x300, 0x36f, 0},     {0x1100, 0x115f, 2},  {0x200b, 0x200f, 0},
                                 {0x20d0, 0x20ff, 0},   {0x2e80, 0x303e, 2},  {0x3041, 0xa4cf, 2},
                                 {0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},  {0xfe00, 0xfe0f, 0},
                                 {0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},  {0xffe0, 0xffe6, 2},
                                 {0x1f300, 0x1faff, 2}, {0x20000, 0x3fffd, 2}};
    for (const Block& block : kBlocks)
        if (code >= block.first && code <= block.last) return block.columns;
    return 1;
}

// Bytes of as many characters as fit into `width` columns.
std::size_t bytes_of(std::string_view text, std::size_t width) {
    std::size_t at = 0;
    while (at < text.size()) {
        const Character next = first_of(text.substr(at));
        const std::size_t wide = columns_of(next.code);
        if (wide > width) break;
        width -= wide;
        at += next.bytes;
    }
    return at;
}

struct Replacement {
    std::string_view from, to;
};
constexpr Replacement kAscii[] = {{"│", "|"},   {"┊", ":"},  {"├", "|"},  {"┤", "|"},        {"─", "-"},
                                  {"▶", ">"},   {"◀", "<"},  {"╌", "-"},  {"✗", "x"},        {"↻", "again:"},
                                  {"…", "..."}, {"–", "-"},  {"“", "\""}, {"”", "\""},       {"×", "x"},
                                  {"’", "'"},   {"→", "->"}, {"µ", "u"},  {"§", "section "}, {"−", "-"},
                                  {"·", "."},   {"═", "="},  {"—", "-"}};

}  // namespace

std::size_t columns(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        const Character next = first_of(text);
        count += columns_of(next.code);
        text.remove_prefix(next.bytes);
    }
    return count;
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
        // At least one, also a wide one.
        std::size_t cut = std::max(bytes_of(text, room), first_of(text).bytes);
        const std::size_t space = text.substr(0, cut + 1).rfind(' ');
        const bool at_space = space != std::string_view::npos && columns(text.substr(0, space)) * 3 >= room;
        if (at_space) cut = space;
        if (cut == text.size()) break;  // one wide character in a room of one column
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
        const std::size_t size = row != std::end(kAscii) ? row->from.size() : first_of(text).bytes;
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
