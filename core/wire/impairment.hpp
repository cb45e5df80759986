// What the wire may do to a packet: each impairment is a small object that looks at a packet and changes its fate.
//
// Pure: time comes with the packet, randomness from the seed. To add one: a file in impair/, a row in impairment.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/model/event.hpp"
#include "core/model/link.hpp"
#include "core/packet/packet.hpp"

namespace socketscope::wire {

// A packet as an impairment sees it.
struct Passing {
    const packet::Headers* headers{nullptr};  // nullptr: payload only, a datagram of the loopback rung
    std::size_t size{0};                      // bytes
    model::TimeNs now_ns{0};                  // when the wire read it
};
bool belongs_to(const Passing& passing, model::PacketClass what);

// What becomes of it. Starts as "delivered now"; each impairment in turn may add to it.
struct Fate {
    model::Cause dropped{model::Cause::none};  // none = it is delivered
    std::uint32_t rule{0};                     // number of the first exact rule that acted, from 1
    model::TimeNs due_ns{0};                   // when the link itself delivers it: order is kept
    model::TimeNs hold_ns{0};                  // on top of that: others may overtake it
    std::uint32_t copies{0};                   // delivered directly behind it
    std::optional<std::uint32_t> flipped_bit;  // bit 0 of byte 0 is 0, bit 0 of byte 1 is 8
    // Changes places with the next packet of that class, same direction.
    std::optional<model::PacketClass> swap_with;
    model::TimeNs swap_patience_ns{0};  // … but waits no longer than this for it

    bool operator==(const Fate&) const = default;
};

class Impairment {
public:
    virtual ~Impairment() = default;
    // Called for every packet of one lane and direction in the order of reading, also for those already dropped: what
    // counts or throws dice does so before it looks at `fate`.
    virtual void act(const Passing& passing, Fate& fate) = 0;
};

struct ImpairmentRow {
    std::string_view name;
    // nullptr if this link does not ask for it.
    std::unique_ptr<Impairment> (*make)(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
};
std::span<const ImpairmentRow> impairments();  // in the order in which they act

// The impairments of one lane for what one host sends.
class Direction {
public:
    Direction(const model::LinkSpec& link, model::Host from, std::uint64_t seed);
    Fate decide(const Passing& passing);

private:
    std::vector<std::unique_ptr<Impairment>> chain_;
};

}  // namespace socketscope::wire
