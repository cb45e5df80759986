#include "core/script/ip_text.hpp"

namespace socketscope::script {

namespace {

bool is_group(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    return !text.empty() && text.size() <= 4 && text.find_first_not_of(kHex) == std::string_view::npos;
}

// The number of 16-bit groups in "a:b:c" (an IPv4 address at the end counts two), −1 if it is none. Empty: 0.
int count_groups(std::string_view text, bool may_end_with_ipv4) {
    if (text.empty()) return 0;
    int groups = 0;
    for (;;) {
        const auto colon = text.find(':');
        const auto part = text.substr(0, colon);
        const bool last = colon == std::string_view::npos;
        if (last && may_end_with_ipv4 && is_ipv4(part)) return groups + 2;
        if (!is_group(part)) return -1;
        ++groups;
        if (last) return groups;
        text.remove_prefix(colon + 1);
    }
}

}  // namespace

bool is_ipv4(std::string_view text) {
    int numbers = 0;
    for (;;) {
        const auto dot = text.find('.');
        const auto part = text.substr(0, dot);
        if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0')) return false;
        int value = 0;
        for (const char c : part) {
            if (c < '0' || c > '9') return false;
            value = value * 10 + (c - '0');
        }
        if (value > 255) return false;
        ++numbers;
        if (dot == std::string_view::npos) return numbers == 4;
        text.remove_prefix(dot + 1);
    }
}

bool is_ipv6(std::string_view text) {
    constexpr std::size_t kLongest = 45;
    if (text.size() > kLongest) return false;
    const auto gap = text.find("::");
    if (gap == std::string_view::npos) return count_groups(text, true) == 8;
    const int before = count_groups(text.substr(0, gap), false);
    const int after = count_groups(text.substr(gap + 2), true);
    return before >= 0 && after >= 0 && before + after <= 7;
}

}  // namespace socketscope::script
