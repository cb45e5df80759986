// A reference to one recorded or inferred thing of a trace: what can be selected, linked and lit up.
#pragma once

#include <cstdint>

namespace socketscope::model {

enum class RefKind : std::uint8_t { none, call, packet, message, byte, socket, endpoint, note };

struct Ref {
    RefKind kind{RefKind::none};
    std::uint8_t lane{0};
    std::uint32_t index{0};   // of the call, packet, message (byte: its message), socket, endpoint, note
    std::uint32_t offset{0};  // byte: its offset in the message

    bool operator==(const Ref&) const = default;
    explicit operator bool() const { return kind != RefKind::none; }
};

}  // namespace socketscope::model
