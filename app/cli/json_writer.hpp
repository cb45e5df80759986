// A long JSON text, entry by entry and in pieces of bounded size: bytes are never turned into hexadecimal as a whole.
#pragma once

#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace socketscope::cli {

// An object; behind its other members those that are bytes, as hexadecimal text. A name that is empty: no such member.
struct JsonEntry {
    struct Bytes {
        std::string_view name, bytes;
    };
    nlohmann::ordered_json members;
    std::array<Bytes, 2> bytes{};
};

class JsonWriter {
public:
    // Takes the next piece. False: nobody wants the rest (the reader has gone), and nothing more is made.
    using Sink = std::function<bool(std::string_view)>;
    explicit JsonWriter(const Sink& sink) : sink_(sink) {}

    // The members of an object so far, without its closing brace.
    void open(const nlohmann::ordered_json& object);
    // Behind the members of an open object: "name": [one entry a line].
    // `entry` makes an object or a JsonEntry of an item.
    template <class Items, class Entry>
    void list(std::string_view name, const Items& items, Entry entry) {
        raw(",\n\"");
        raw(name);
        raw("\": [");
        std::string_view before = "\n  ";
        for (const auto& item : items) {
            if (!wanted_) return;
            raw(before);
            add(entry(item));
            before = ",\n  ";
        }
        raw("]");
    }
    void raw(std::string_view text);
    void end();  // hands over what is left

private:
    void add(const nlohmann::ordered_json& object);
    void add(const JsonEntry& entry);
    void add(const JsonEntry::Bytes& member);
    void hand_over();

    const Sink& sink_;
    std::string text_;
    bool wanted_{true};
};

}  // namespace socketscope::cli
