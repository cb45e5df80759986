// What sendmsg(2) and recvmsg(2) carry beside the bytes: the address and the control messages (cmsg(3)).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/model/event.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::story {

struct Control {
    std::string_view address;               // sockaddr; empty = none
    std::vector<std::int32_t> descriptors;  // SCM_RIGHTS, unix(7)
    std::optional<std::uint32_t> drops;     // SO_RXQ_OVFL, socket(7)
};
Control parse_control(std::string_view extra);
// How many messages the kernel had dropped at the socket before it queued the one that this call was given
// (SO_RXQ_OVFL).
std::optional<std::uint32_t> drops_before(const trace::LaneTrace& trace, const model::CallRecord& call);

// The sockaddr that any call names or was given; empty = none.
std::string_view address_of(const trace::LaneTrace& trace, const model::CallRecord& call);

}  // namespace socketscope::story
