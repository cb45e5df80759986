#include "core/trace/json_line.hpp"

#include <algorithm>
#include <array>

#include "core/trace/growth.hpp"

namespace socketscope::trace {

namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
constexpr int kDeepest = 32;

constexpr std::array<std::int8_t, 256> hex_values() {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::uint8_t i = 0; i < 10; ++i) table[std::size_t{'0'} + i] = static_cast<std::int8_t>(i);
    for (std::uint8_t i = 0; i < 6; ++i) {
        table[std::size_t{'a'} + i] = static_cast<std::int8_t>(10 + i);
        table[std::size_t{'A'} + i] = static_cast<std::int8_t>(10 + i);
    }
    return table;
}
constexpr auto kHexValues = hex_values();

int hex_value(char digit) {
    return kHexValues[static_cast<unsigned char>(digit)];
}

// Length of the UTF-8 sequence at `text` (RFC 3629: shortest form, no surrogates), 0 if there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto follows = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (!follows(1) || !follows(2)) return 0;
        if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F)) return 0;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (!follows(1) || !follows(2) || !follows(3)) return 0;
        if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) return 0;
        return 4;
    }
    return 0;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void append_escaped(std::string& out, char character) {
    switch (character) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    const auto byte = static_cast<unsigned char>(character);
    if (byte >= 0x20 && byte != 0x7F) {
        out += character;
        return;
    }
    out += "\\u00";
    out += kHexDigits[byte >> 4];
    out += kHexDigits[byte & 15];
}

void append_utf8(std::string& out, unsigned code) {
    const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6), put(0x80 | (code & 63));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
    } else {
        put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)),
            put(0x80 | (code & 63));
    }
}

template <class T>
void append_number(std::string& out, T value) {
    char text[32];
    const auto result = std::to_chars(text, text + sizeof text, value);
    out.append(text, result.ptr);
}

}  // namespace

// --- writing

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
    return *this;
}
JsonWriter& JsonWriter::close(char bracket) {
    out_ += bracket;
    comma_ = true;
    return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    comma_ = false;
    return *this;
}
JsonWriter& JsonWriter::number(std::int64_t value) {
    separate();
    append_number(out_, value);
    return *this;
}
JsonWriter& JsonWriter::unsigned_number(std::uint64_t value) {
    separate();
    append_number(out_, value);
    return *this;
}
JsonWriter& JsonWriter::real(double value) {
    separate();
    append_number(out_, value);
    return *this;
}
JsonWriter& JsonWriter::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
}
JsonWriter& JsonWriter::text(std::string_view value) {
    if (!is_utf8(value)) return begin_object().key("hex").hex(value).end_object();
    separate();
    out_ += '"';
    for (const char character : value) append_escaped(out_, character);
    out_ += '"';
    return *this;
}
JsonWriter& JsonWriter::hex(std::string_view bytes) {
    separate();
    const std::size_t begin = out_.size();
    out_.resize(begin + 2 * bytes.size() + 2, '"');
    char* to = out_.data() + begin + 1;
    for (const char character : bytes) {
        const auto byte = static_cast<unsigned char>(character);
        *to++ = kHexDigits[byte >> 4];
        *to++ = kHexDigits[byte & 15];
    }
    return *this;
}

// --- reading

void JsonReader::expect(char what) {
    if (peek() != what) fail(std::string("`") + what + "`");
    ++at_;
}

std::string_view JsonReader::quoted() {
    expect('"');
    const std::size_t begin = at_;
    while (at_ < line_.size() && line_[at_] != '"') at_ += line_[at_] == '\\' ? 2U : 1U;
    if (at_ >= line_.size()) {
        at_ = line_.size();
        fail("`\"` at the end of the text");
    }
    return line_.substr(begin, at_++ - begin);
}

std::string_view JsonReader::number_text() {
    peek();
    const std::size_t end = std::min(line_.find_first_not_of("+-.0123456789eE", at_), line_.size());
    const std::string_view text = line_.substr(at_, end - at_);
    if (text.empty()) fail("a number");
    at_ = end;
    return text;
}

std::string_view JsonReader::next_key() {
    if (peek() == '}') {
        ++at_;
        first_ = false;
        return {};
    }
    if (!first_) expect(',');
    const std::string_view key = quoted();
    if (key.empty()) fail("a name of a field");
    expect(':');
    first_ = false;
    return key;
}

bool JsonReader::next_item() {
    if (peek() == ']') {
        ++at_;
        first_ = false;
        return false;
    }
    if (!first_) expect(',');
    first_ = false;
    return true;
}

double JsonReader::real() {
    const std::size_t begin = at_;
    const std::string_view digits = number_text();
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        at_ = begin;
        fail("a number");
    }
    return value;
}

bool JsonReader::literal(std::string_view word) {
    if (line_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
}

bool JsonReader::boolean() {
    peek();
    if (literal("true")) return true;
    if (literal("false")) return false;
    fail("true or false");
}

std::string_view JsonReader::word() {
    const std::size_t begin = at_;
    const std::string_view text = quoted();
    if (text.find('\\') == std::string_view::npos) return text;
    at_ = begin;
    fail("a plain word");
}

std::string JsonReader::text() {
    std::string out;
    if (peek() == '{') {
        begin_object();
        for (auto key = next_key(); !key.empty(); key = next_key()) key == "hex" ? hex(out) : skip();
        return out;
    }
    const std::string_view raw = quoted();
    const auto hex4 = [&](std::size_t at) {
        unsigned code = 0;
        for (std::size_t i = at; i < at + 4; ++i) {
            const int digit = i < raw.size() ? hex_value(raw[i]) : -1;
            if (digit < 0) fail("four hexadecimal digits behind \\u");
            code = code * 16 + static_cast<unsigned>(digit);
        }
        return code;
    };
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\') {
            out += raw[i];
            continue;
        }
        switch (raw[++i]) {  // quoted() has seen that something follows
            case 'n':
                out += '\n';
                break;
            case 't':
                out += '\t';
                break;
            case 'r':
                out += '\r';
                break;
            case 'b':
                out += '\b';
                break;
            case 'f':
                out += '\f';
                break;
            case '"':
            case '\\':
            case '/':
                out += raw[i];
                break;
            case 'u': {
                unsigned code = hex4(i + 1);
                i += 4;
                if (code >= 0xD800 && code < 0xDC00 && raw.substr(i + 1, 2) == "\\u") {  // surrogate pair
                    code = 0x10000 + ((code - 0xD800) << 10) + ((hex4(i + 3) - 0xDC00) & 0x3FF);
                    i += 6;
                }
                append_utf8(out, code);
                break;
            }
            default:
                fail("an escape of JSON");
        }
    }
    return out;
}

void JsonReader::hex(std::string& out) {
    const std::string_view digits = quoted();
    if (digits.size() % 2 != 0) fail("an even number of hexadecimal digits");
    const std::size_t begin = out.size();
    make_room(out, digits.size() / 2);
    out.resize(begin + digits.size() / 2);
    int wrong = 0;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = hex_value(digits[i]), low = hex_value(digits[i + 1]);
        wrong |= high | low;  // negative if one is
        out[begin + i / 2] = static_cast<char>(static_cast<unsigned>(high) << 4 | static_cast<unsigned>(low));
    }
    if (wrong >= 0) return;
    out.resize(begin);
    fail("hexadecimal digits");
}

void JsonReader::skip() {
    skip(0);
}

void JsonReader::skip(int depth) {
    if (depth > kDeepest) fail("a value that is not nested so deeply");
    switch (peek()) {
        case '"':
            quoted();
            return;
        case '{':
            begin_object();
            while (!next_key().empty()) skip(depth + 1);
            return;
        case '[':
            begin_array();
            while (next_item()) skip(depth + 1);
            return;
        default:
            break;
    }
    if (literal("true") || literal("false") || literal("null")) return;
    number_text();
}

void JsonReader::end() {
    space();
    if (at_ != line_.size()) fail("the end of the line");
}

}  // namespace socketscope::trace
