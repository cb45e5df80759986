#include "app/cli/byte_text.hpp"

namespace socketscope::cli {

namespace {

constexpr char kDigits[] = "0123456789abcdef";

}  // namespace

std::string hex(std::string_view bytes) {
    std::string text;
    append_hex(text, bytes);
    return text;
}

void append_hex(std::string& text, std::string_view bytes) {
    std::size_t at = text.size();
    text.resize(at + bytes.size() * 2);
    for (const char byte : bytes) {
        text[at++] = kDigits[static_cast<unsigned char>(byte) >> 4];
        text[at++] = kDigits[static_cast<unsigned char>(byte) & 15];
    }
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
