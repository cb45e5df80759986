#include "core/story/tcp_state.hpp"

namespace socketscope::story {
namespace {

using enum TcpState;
using enum TcpHappening;

struct Transition {
    TcpState from;
    TcpHappening what;
    TcpState to;
};
// RFC 9293 figure 5. A FIN and the ACK of the own FIN in one segment are two happenings in turn.
constexpr Transition kTransitions[] = {
    {closed, sends_syn, syn_sent},
    {closed, sends_synack, syn_rcvd},  // made by a listener, which goes on listening
    {syn_sent, gets_synack, established},
    {syn_sent, gets_syn, syn_rcvd},  // both opened at once
    {syn_sent, ends_writing, closed},
    {syn_rcvd, gets_ack_of_syn, established},
    {syn_rcvd, gets_synack, established},  // both opened at once
    {syn_rcvd, ends_writing, fin_wait_1},
    {syn_rcvd, gets_fin, close_wait},
    {established, ends_writing, fin_wait_1},
    {established, gets_fin, close_wait},
    {fin_wait_1, gets_ack_of_fin, fin_wait_2},
    {fin_wait_1, gets_fin, closing},
    {fin_wait_2, gets_fin, time_wait},
    {closing, gets_ack_of_fin, time_wait},
    {close_wait, ends_writing, last_ack},
    {last_ack, gets_ack_of_fin, closed},
};

}  // namespace

std::string_view name(TcpState state) {
    constexpr std::string_view kNames[] = {"CLOSED",      "LISTEN",     "SYN_SENT",   "SYN_RCVD",
                                           "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT",
                                           "CLOSING",     "LAST_ACK",   "TIME_WAIT"};
    return kNames[static_cast<std::size_t>(state)];
}

TcpState next(TcpState state, TcpHappening what) {
    if (what == sends_rst || what == gets_rst || what == fails) return state == listen ? listen : closed;
    for (const Transition& row : kTransitions)
        if (row.from == state && row.what == what) return row.to;
    return state;
}

}  // namespace socketscope::story
