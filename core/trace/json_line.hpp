// One line of JSON, written and read piece by piece: no tree, no allocation for numbers (RFC 8259).
//
// Reading is by key: what is not known is skipped, so that a later minor addition does not break an older reader.
#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace socketscope::trace {

class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }
    JsonWriter& key(std::string_view name);
    JsonWriter& number(std::int64_t value);
    JsonWriter& unsigned_number(std::uint64_t value);
    JsonWriter& real(double value);  // the shortest text that reads back as the same number
    JsonWriter& boolean(bool value);
    JsonWriter& text(std::string_view value);  // bytes that are not UTF-8 become {"hex": "…"}
    JsonWriter& hex(std::string_view bytes);   // "48454c"

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate() {
        if (comma_) out_ += ',';
        comma_ = true;
    }

    std::string& out_;
    bool comma_{false};
};

// Thrown by the reader: what was expected, and at which byte of the line.
struct JsonError {
    std::string expected;
    std::size_t at{0};
};

class JsonReader {
public:
    explicit JsonReader(std::string_view line) : line_(line) {}

    void begin_object() {
        expect('{');
        first_ = true;
    }
    // The next key of the object, or "" at its end (which is then read).
    std::string_view next_key();
    void begin_array() {
        expect('[');
        first_ = true;
    }
    bool next_item();  // false at the array's end (which is then read)
    template <class T>
    T integer();  // JsonError if it does not fit
    double real();
    bool boolean();
    std::string text();
    std::string_view word();     // a text without escapes: names of things
    void hex(std::string& out);  // appends the bytes
    void skip();                 // any value
    void end();                  // nothing but white space may follow

    [[noreturn]] void fail(std::string expected) const { throw JsonError{std::move(expected), at_}; }

private:
    void skip(int depth);
    void space() {
        while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r')) ++at_;
    }
    char peek() {
        space();
        return at_ < line_.size() ? line_[at_] : '\0';
    }
    void expect(char what);
    bool literal(std::string_view word);
    std::string_view quoted();  // between the quotes, escapes as they are
    std::string_view number_text();

    std::string_view line_;
    std::size_t at_{0};
    bool first_{true};
};

template <class T>
T JsonReader::integer() {
    const std::size_t begin = at_;
    const std::string_view digits = number_text();
    T value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        at_ = begin;
        fail("a whole number from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
             std::to_string(std::numeric_limits<T>::max()));
    }
    return value;
}

}  // namespace socketscope::trace
