// The state machine of RFC 9293 §3.3.2 for one end of a connection, driven by what was recorded.
#pragma once

#include <cstdint>
#include <string_view>

namespace socketscope::story {

enum class TcpState : std::uint8_t {
    closed,
    listen,
    syn_sent,
    syn_rcvd,
    established,
    fin_wait_1,
    fin_wait_2,
    close_wait,
    closing,
    last_ack,
    time_wait
};
enum class TcpHappening : std::uint8_t {
    sends_syn,
    sends_synack,
    gets_syn,
    gets_synack,
    gets_ack_of_syn,
    ends_writing,  // shutdown(SHUT_WR), the last close(), or a FIN of its own seen on the wire
    gets_ack_of_fin,
    gets_fin,
    sends_rst,
    gets_rst,
    fails  // a call was told that the connection is given up: no answer, a RST
};
std::string_view name(TcpState state);             // "SYN_SENT", as RFC 9293 does; ss(8) writes SYN-SENT
TcpState next(TcpState state, TcpHappening what);  // the same state where nothing changes

}  // namespace socketscope::story
