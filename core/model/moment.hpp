// A moment of a run as a lesson names it, to be found in the story.
#pragma once

#include <cstdint>
#include <string>

#include "core/model/event.hpp"
#include "core/model/link.hpp"
#include "core/model/time.hpp"

namespace socketscope::model {

// A moment of a lane, found in the story: "start", "end", "call client send 2", "call server recv 1 enter",
// "packet client data 2 sent", "… lost", "… delivered", "lost 1", "retransmission 1", each with "+ 2ms" / "- 1ms".
struct Moment {
    enum class Form : std::uint8_t { start, end, call, packet, lost, retransmission } form{Form::start};
    std::string endpoint;  // call
    Call call{Call::send};
    bool at_enter{false};     // call: when it was entered instead of when it returned
    Host from{Host::client};  // packet
    PacketClass what{PacketClass::data};
    enum class Stage : std::uint8_t { sent, lost, delivered } stage{Stage::sent};
    std::uint32_t nth{1};
    TimeNs offset_ns{0};
    std::string written;
};

}  // namespace socketscope::model
