#include "core/story/tcp_calls.hpp"

#include <algorithm>
#include <optional>

#include "core/model/call.hpp"
#include "core/story/control.hpp"
#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

using model::Call;

// What a call answers when the connection has been given up or thrown away.
bool gives_up(int error) {
    return error == kEConnReset || error == kETimedOut || error == kEConnRefused || error == kEHostUnreach;
}

std::optional<EndCall::What> what_of(const Facts& facts, const model::CallRecord& call,
                                     std::uint32_t socket) {
    using What = EndCall::What;
    if (call.exit_ns == model::kNever) return {};
    if (call.call == Call::shutdown && call.args.first != 0 && call.result == 0) return What::shuts;
    if (call.call == Call::close && call.exit_ns == facts.sockets[socket].closed_ns) return What::closes;
    if (call.call == Call::getsockopt && call.result == 0 && call.args.first == kSolSocket &&
        call.args.second == kSoError && gives_up(static_cast<int>(call.args.third)))
        return What::fails;
    if (call.result >= 0) return {};
    if (call.call == Call::connect) {
        // While the connection is still being made, or is there already.
        const bool goes_on = call.error == kEIntr || call.error == kEAgain || call.error == kEAlready ||
                             call.error == kEInProgress || call.error == kEIsConn;
        if (!goes_on) return What::fails;
    }
    if (gives_up(call.error)) return What::fails;
    return {};
}

}  // namespace

bool opens_connection(const Facts& facts, const model::CallRecord& call) {
    if (call.call == Call::connect) return true;
    if (call.call != Call::sendto && call.call != Call::sendmsg) return false;
    if ((call.args.second & kMsgFastOpen) == 0 || address_of(*facts.trace, call).empty()) return false;
    return call.result >= 0 || call.error == kEInProgress || call.error == kEIntr || gives_up(call.error);
}

EndCalls::EndCalls(const Facts& facts) : facts_(facts) {
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
        const std::uint32_t socket = facts.call_socket[i];
        if (socket == kNone || facts.socket_facts[socket].transport != Transport::tcp) continue;
        if (const auto what = what_of(facts, facts.call(i), socket))
            by_socket_[socket].push_back({facts.call(i).exit_ns, i, 0, *what});
    }
}

std::vector<EndCall> EndCalls::of(const Connection& connection) const {
    return of(connection.end[0].socket, connection.end[1].socket,
              facts_.record(connection.packets.front()).sent_ns);
}

std::vector<EndCall> EndCalls::of(std::uint32_t opener, std::uint32_t other, TimeNs begin_ns) const {
    std::vector<EndCall> calls;
    const std::uint32_t sockets[2] = {opener, other};
    for (int end = 0; end < 2; ++end) {
        const auto found = by_socket_.find(sockets[end]);
        if (sockets[end] == kNone || found == by_socket_.end()) continue;
        for (EndCall call : found->second) {
            if (call.at_ns < begin_ns) continue;
            call.end = end;
            calls.push_back(call);
        }
    }
    std::stable_sort(calls.begin(), calls.end(),
                     [](const EndCall& a, const EndCall& b) { return a.at_ns < b.at_ns; });
    return calls;
}

}  // namespace socketscope::story
