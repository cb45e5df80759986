#include <string>

#include <doctest/doctest.h>

#include "core/story/tcp_state.hpp"

using namespace socketscope::story;
using enum TcpHappening;

namespace {

std::string walk(TcpState state, std::initializer_list<TcpHappening> happenings) {
    std::string text(name(state));
    for (const TcpHappening happening : happenings) {
        state = next(state, happening);
        text += " " + std::string(name(state));
    }
    return text;
}

}  // namespace

TEST_CASE("the paths of RFC 9293 figure 5") {
    CHECK(walk(TcpState::closed, {sends_syn, gets_synack, ends_writing, gets_ack_of_fin, gets_fin}) ==
          "CLOSED SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT");
    CHECK(walk(TcpState::closed, {sends_synack, gets_ack_of_syn, gets_fin, ends_writing, gets_ack_of_fin}) ==
          "CLOSED SYN_RCVD ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED");
    CHECK(walk(TcpState::established, {ends_writing, gets_fin, gets_ack_of_fin}) ==
          "ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT");
    CHECK(walk(TcpState::established, {gets_rst}) == "ESTABLISHED CLOSED");
    CHECK(walk(TcpState::established, {fails}) == "ESTABLISHED CLOSED");
    CHECK(walk(TcpState::syn_sent, {gets_syn, gets_synack}) == "SYN_SENT SYN_RCVD ESTABLISHED");
    CHECK(walk(TcpState::syn_sent, {ends_writing}) == "SYN_SENT CLOSED");
    CHECK(walk(TcpState::closed, {gets_syn}) == "CLOSED CLOSED");  // nobody listens, or has no room
    CHECK(walk(TcpState::listen, {gets_rst}) == "LISTEN LISTEN");
    CHECK(walk(TcpState::established, {gets_synack, gets_ack_of_fin}) ==
          "ESTABLISHED ESTABLISHED ESTABLISHED");
}
