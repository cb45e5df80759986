#include "core/story/words.hpp"

#include <cstdio>

#include "core/model/constants.hpp"

namespace socketscope::story {
std::string option_name(std::int64_t level, std::int64_t option) {
    using model::Family;
    constexpr struct {
        std::int64_t level;
        Family family;
    } kLevels[] = {{1, Family::socket_option}, {6, Family::tcp_option},   {17, Family::udp_option},
                   {0, Family::ip_option},     {41, Family::ipv6_option}, {255, Family::raw_option}};
    for (const auto& row : kLevels)
        if (row.level == level) return model::constant_name(row.family, option);
    return std::to_string(option);
}

std::string option_level(std::int64_t level) {
    const std::string name = model::constant_name(model::Family::level, level);
    return name == std::to_string(level) ? model::constant_name(model::Family::protocol, level) : name;
}

namespace {

std::string escaped(char c) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        case '\0':
            return "\\0";
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        default:
            break;
    }
    if (byte >= 0x20 && byte < 0x7f) return std::string(1, c);
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", byte);
    return text;
}

}  // namespace

std::string quoted(std::string_view bytes, std::size_t limit) {
    std::string text = "\"";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::string next = escaped(bytes[i]);
        if (text.size() - 1 + next.size() > limit) return text + "\"…";
        text += next;
    }
    return text + '"';
}

std::string bytes_word(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace socketscope::story
