// The result of reading a short text of a lesson: a value, or what is wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace socketscope::lesson {

template <class Value>
struct Parsed {
    std::optional<Value> value{};
    std::string message{};     // if there is no value: "expected …, found …"
    std::string suggestion{};  // may be empty
    std::uint32_t column{1};   // of the mistake within the text, from 1

    static Parsed of(Value value) { return {std::move(value), {}, {}, 1}; }
    static Parsed error(std::string message, std::string suggestion = {}, std::uint32_t column = 1) {
        return {std::nullopt, std::move(message), std::move(suggestion), column};
    }
};

}  // namespace socketscope::lesson
