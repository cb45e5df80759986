// The calls that change the state of a TCP end though no packet needs to show it: shutdown(), the last close(), and
// calls that were told that the connection is no more.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/story/facts.hpp"

namespace socketscope::story {

struct EndCall {
    enum class What : std::uint8_t { shuts, closes, fails };
    TimeNs at_ns{0};
    std::uint32_t call{kNone};
    int end{0};
    What what{What::shuts};
};

// Whether the call asks for a connection: connect(), or a send that connects as well (MSG_FASTOPEN, tcp(7)) and was not
// refused at once.
bool opens_connection(const Facts& facts, const model::CallRecord& call);

class EndCalls {
public:
    explicit EndCalls(const Facts& facts);
    // Of both ends, in the order of time, while the connection lasted: a socket may have had others before and after.
    std::vector<EndCall> of(const Connection& connection) const;
    // Of two sockets; kNone: none.
    std::vector<EndCall> of(std::uint32_t opener, std::uint32_t other, TimeNs begin_ns) const;

private:
    const Facts& facts_;
    std::unordered_map<std::uint32_t, std::vector<EndCall>> by_socket_;
};

}  // namespace socketscope::story
