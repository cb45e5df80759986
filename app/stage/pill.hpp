// A packet on the wire as a pill: its label in words, the bytes it carries in their messages' colours.
#pragma once

#include <string>
#include <vector>

#include "app/stage/view.hpp"

namespace socketscope::stage {

// `named`: a strip's brief one that still says whose bytes it carries.
enum class PillSize : std::uint8_t { large, full, named, brief, tiny, tick, count };

// What a size means. Pills of control packets, which carry no bytes of a message, are a little smaller.
struct PillLook {
    PillSize size;
    float height, control_height;
    style::FontRole bytes, label, control_label;
    float between;  // it and the next one on a rail
    bool whole;     // with its whole label, its bytes and a shadow
};
const PillLook& look_of(PillSize size);

struct Pill {
    std::string label;  // "7–12", "#2", "ACK 7", "SYN"
    std::string brief;  // the same where it must be short: "window"
    struct Bytes {
        std::string text;
        std::uint8_t hue;
    };
    std::vector<Bytes> payload;  // all its bytes, message by message; none where they are too many
    std::vector<Bytes>
        instead;  // whose they are where there is no room for them: "#4"; of a datagram how many
    style::Ink fill{style::Ink::card_raised};
    style::Ink border{style::Ink::muted};
    bool control{false};  // carries no bytes of a message
    bool again{false}, twin{false}, corrupted{false};
    bool back{false};  // from the server
};

// From how many bytes on a pill shows none of them, and where there is much room.
inline constexpr std::size_t kFewBytes = 8, kManyBytes = 12;
Pill make_pill(const LaneView& view, std::uint32_t packet, std::size_t most_bytes = kFewBytes);
// What it takes; never wider than `room`.
style::Extent pill_extent(const Brush& brush, const Pill& pill, PillSize size, float room);
// Where it lies with its middle at `centre`.
Rect pill_box(const LaneView& view, const Pill& pill, Point centre, PillSize size, float room);
// Whether all its bytes have a place beside its label.
bool payload_fits(const Brush& brush, const Pill& pill, PillSize size, float room);
void draw_pill(LaneView& view, const Pill& pill, std::uint32_t packet, Point centre, PillSize size,
               float room);
// The second copy of a packet, half behind the first one's box.
void draw_twin(Brush& brush, Box of);
// What was lost and why, in a dashed box.
void draw_lost_box(Brush& brush, Rect at, std::string_view words);

}  // namespace socketscope::stage
