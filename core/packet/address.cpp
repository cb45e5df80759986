#include <cstdio>

#include "core/packet/packet.hpp"

namespace socketscope::packet {
namespace {

std::string group_text(const std::uint8_t* bytes, int group) {
    char text[8];
    std::snprintf(text, sizeof text, "%x",
                  static_cast<unsigned>(bytes[2 * group] << 8 | bytes[2 * group + 1]));
    return text;
}

// RFC 5952 §4: lower case, no leading zeros, the longest run of two or more
// zero groups as "::", the first one on a tie.
std::string host6(const std::uint8_t* bytes) {
    int best = -1, best_length = 1;
    for (int begin = 0; begin < 8; ++begin) {
        int end = begin;
        while (end < 8 && bytes[2 * end] == 0 && bytes[2 * end + 1] == 0) ++end;
        if (end - begin > best_length) best = begin, best_length = end - begin;
    }
    std::string text;
    for (int group = 0; group < 8; ++group) {
        if (group == best) {
            text += "::";
            group += best_length - 1;
            continue;
        }
        if (!text.empty() && text.back() != ':') text += ':';
        text += group_text(bytes, group);
    }
    return text;
}

// RFC 4291 §2.5.5.2, as inet_ntop(3) writes it.
bool is_v4_mapped(const std::uint8_t* bytes) {
    for (int i = 0; i < 10; ++i)
        if (bytes[i] != 0) return false;
    return bytes[10] == 0xff && bytes[11] == 0xff;
}

std::string host4(const std::uint8_t* bytes) {
    char text[16];
    std::snprintf(text, sizeof text, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
    return text;
}

}  // namespace

std::string Address::host() const {
    if (version == 4) return host4(bytes);
    if (version != 6) return {};
    return is_v4_mapped(bytes) ? "::ffff:" + host4(bytes + 12) : host6(bytes);
}

std::string Address::to_string() const {
    if (version == 0) return {};
    const std::string port_text = ":" + std::to_string(port);
    return version == 4 ? host() + port_text : "[" + host() + "]" + port_text;
}

}  // namespace socketscope::packet
