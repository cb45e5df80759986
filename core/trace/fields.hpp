// Writes and reads a struct as one JSON object from one list of its fields, so that writer and reader can't drift.
//
// A struct's list is a function template `fields(visitor, value)` that calls the visitor once a field; FieldWriter and
// FieldReader are the two visitors. Fields with their usual value are left out.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/trace/json_line.hpp"
#include "core/trace/payload.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::trace {

// Names of enumerators, in the order of the enum.
template <class Enum, std::size_t N>
struct Words {
    std::array<std::string_view, N> words;
};

// The bytes that ByteRanges of the struct point into: appended to when reading.
class FieldWriter {
public:
    FieldWriter(std::string& line, const LaneTrace* lane) : out_(line), lane_(lane) {}

    template <class T>
    void number(std::string_view key, const T& value) {  // always written
        out_.key(key);
        if constexpr (std::is_signed_v<T>)
            out_.number(value);
        else
            out_.unsigned_number(value);
    }
    template <class T>
    void number(std::string_view key, const T& value, std::type_identity_t<T> usual) {
        if (value != usual) number(key, value);
    }
    void real(std::string_view key, double value) {
        if (value != 0) out_.key(key).real(value);
    }
    void boolean(std::string_view key, bool value) { out_.key(key).boolean(value); }
    void string(std::string_view key, const std::string& value) {
        if (!value.empty()) out_.key(key).text(value);
    }
    template <class Enum, std::size_t N>
    void word(std::string_view key, const Words<Enum, N>& names, Enum value) {
        out_.key(key).text(names.words[static_cast<std::size_t>(value)]);
    }
    void bytes(std::string_view key, model::ByteRange range) {
        if (range.size > 0) out_.key(key).hex(lane_->bytes(range));
    }
    void bytes_once(std::string_view key, model::ByteRange range, model::ByteRange LastBytes::*) {
        bytes(key, range);
    }
    void text(std::string_view key, model::ByteRange range) {
        if (range.size > 0) out_.key(key).text(lane_->bytes(range));
    }
    template <class... T>
    void numbers(std::string_view key, const T&... values) {
        if (((values == 0) && ...)) return;
        out_.key(key).begin_array();
        (out_.number(values), ...);
        out_.end_array();
    }
    template <class T>
    void list(std::string_view key, const std::vector<T>& items) {
        if (items.empty()) return;
        out_.key(key).begin_array();
        for (const T& item : items) object(item);
        out_.end_array();
    }
    template <class T>
    void nested(std::string_view key, const T& item) {
        out_.key(key);
        object(item);
    }
    template <class Read, class Text>
    void custom(std::string_view key, Text text, Read) {  // written as text() says, read by read(JsonReader&)
        out_.key(key).text(text());
    }

    template <class T>
    void object(const T& value) {
        out_.begin_object();
        fields(*this, const_cast<T&>(value));  // this visitor only reads it
        out_.end_object();
    }

private:
    JsonWriter out_;
    const LaneTrace* lane_;
};

class FieldReader {
public:
    explicit FieldReader(std::string_view line) : in_(line) {}  // of a struct without bytes
    FieldReader(std::string_view line, LaneTrace* lane, LastBytes* last)
        : in_(line), lane_(lane), last_(last) {}

    template <class T>
    void number(std::string_view key, T& value) {
        take(key, [&] { value = in_.integer<T>(); });
    }
    template <class T>
    void number(std::string_view key, T& value, std::type_identity_t<T>) {
        number(key, value);
    }
    void real(std::string_view key, double& value) {
        take(key, [&] { value = in_.real(); });
    }
    void boolean(std::string_view key, bool& value) {
        take(key, [&] { value = in_.boolean(); });
    }
    void string(std::string_view key, std::string& value) {
        take(key, [&] { value = in_.text(); });
    }
    template <class Enum, std::size_t N>
    void word(std::string_view key, const Words<Enum, N>& names, Enum& value) {
        take(key, [&] {
            const auto found = std::find(names.words.begin(), names.words.end(), in_.word());
            if (found == names.words.end())
                in_.fail("one of the words that `" + std::string(key) + "` can be");
            value = static_cast<Enum>(found - names.words.begin());
        });
    }
    void bytes(std::string_view key, model::ByteRange& range) {
        take(key, [&] { append(range, [&] { in_.hex(lane_->arena); }); });
    }
    void bytes_once(std::string_view key, model::ByteRange& range, model::ByteRange LastBytes::*of) {
        take(key, [&] {
            append(range, [&] { in_.hex(lane_->arena); });
            range = keep_once(range, lane_->arena, last_->*of);
        });
    }
    void text(std::string_view key, model::ByteRange& range) {
        take(key, [&] { append(range, [&] { lane_->arena += in_.text(); }); });
    }
    template <class... T>
    void numbers(std::string_view key, T&... values) {
        take(key, [&] {
            in_.begin_array();
            const auto next = [&](auto& value) {
                if (!in_.next_item()) return false;
                value = in_.integer<std::remove_cvref_t<decltype(value)>>();
                return true;
            };
            if ((next(values) && ...) && in_.next_item())
                in_.fail("at most " + std::to_string(sizeof...(values)) + " numbers");
        });
    }
    template <class T>
    void list(std::string_view key, std::vector<T>& items) {
        take(key, [&] {
            in_.begin_array();
            while (in_.next_item()) object(items.emplace_back());
        });
    }
    template <class T>
    void nested(std::string_view key, T& item) {
        take(key, [&] { object(item); });
    }
    template <class Read, class Text>
    void custom(std::string_view key, Text, Read read) {
        take(key, [&] { read(in_); });
    }

    // Keys in the order of the list are found in one pass; in any other order in more. What is unknown is skipped.
    template <class T>
    void object(T& value) {
        const std::string_view outer = key_;
        in_.begin_object();
        key_ = in_.next_key();
        while (!key_.empty()) {
            const char* const before = key_.data();
            fields(*this, value);
            if (key_.empty() || key_.data() != before) continue;
            in_.skip();
            key_ = in_.next_key();
        }
        key_ = outer;
    }
    JsonReader& in() { return in_; }

private:
    template <class F>
    void take(std::string_view key, F read) {
        if (key_ != key) return;
        read();
        key_ = in_.next_key();
    }
    template <class F>
    void append(model::ByteRange& range, F read) {
        const std::size_t offset = lane_->arena.size();
        read();
        if (lane_->arena.size() > model::kLargestArena) in_.fail("at most 4 GiB of bytes in a lane");
        range = {static_cast<std::uint32_t>(offset),
                 static_cast<std::uint32_t>(lane_->arena.size() - offset)};
    }

    JsonReader in_;
    LaneTrace* lane_{nullptr};
    LastBytes* last_{nullptr};
    std::string_view key_;  // of the value that is next
};

}  // namespace socketscope::trace
