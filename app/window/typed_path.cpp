#include "app/window/typed_path.hpp"

#include <algorithm>
#include <cctype>

namespace socketscope::window {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const int lower = std::tolower(static_cast<unsigned char>(c));
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// "%20" is a blank (RFC 3986 §2.1).
std::string decoded(std::string_view address) {
    std::string out;
    for (std::size_t i = 0; i < address.size(); ++i) {
        const int high = address[i] == '%' && i + 2 < address.size() ? hex_digit(address[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(address[i + 2]) : -1;
        if (low < 0) {
            out += address[i];
        } else {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return out;
}

}  // namespace

std::string typed_path(std::string_view typed, const std::string& home) {
    std::string_view path = trimmed(typed);
    if (path.size() >= 2 && path.front() == path.back() && (path.front() == '"' || path.front() == '\''))
        path = path.substr(1, path.size() - 2);
    constexpr std::string_view kScheme = "file://";
    if (path.starts_with(kScheme)) {
        path.remove_prefix(kScheme.size());
        return decoded(path.substr(std::min(path.find('/'), path.size())));  // a host before it is this one
    }
    if (!home.empty() && (path == "~" || path.starts_with("~/"))) return home + std::string(path.substr(1));
    return std::string(path);
}

}  // namespace socketscope::window
