#include "app/cli/byte_text.hpp"

namespace socketscope::cli {

namespace {

constexpr char kDigits[] = "0123456789abcdef";

}  // namespace

std::string hex(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        text += kDigits[static_cast<unsigned char>(byte) >> 4];
        text += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
}

std::string printable(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    for (const char byte : bytes) {
        const auto code = static_cast<unsigned char>(byte);
        if (code >= 0x20 && code < 0x7f && code != '\\')
            text += byte;
        else
            text += {'\\', 'x', kDigits[code >> 4], kDigits[code & 15]};
    }
    return text;
}

}  // namespace socketscope::cli
