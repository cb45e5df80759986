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

std::string quoted(std::string_view bytes, std::size_t limit) {
    std::string text = "\"";
    for (const char c : bytes.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n')
            text += "\\n";
        else if (c == '\r')
            text += "\\r";
        else if (c == '\t')
            text += "\\t";
        else if (c == '\0')
            text += "\\0";
        else if (c == '"' || c == '\\')
            (text += '\\') += c;
        else if (byte < 0x20 || byte >= 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\x%02x", byte);
            text += escape;
        } else
            text += c;
    }
    return text + (bytes.size() > limit ? "\"…" : "\"");
}

std::string bytes_word(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace socketscope::story
