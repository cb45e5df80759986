// AF_UNIX (unix(7)): records go straight into the receive queue of the peer, in order, and none is lost; a full queue
// makes the sender wait. Streams are in pairs.cpp, for they are streams like TCP's.
#include <algorithm>
#include <map>

#include "core/story/build.hpp"

namespace socketscope::story {
namespace {

// Sockets by the name they were bound to, in the order in which they were bound.
using Names = std::map<std::string, std::vector<std::uint32_t>>;

Names bound_names(const Facts& facts) {
    Names names;
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const SocketFacts& known = facts.socket_facts[s];
        if (known.transport == Transport::unix_dgram && known.bound_ns != model::kNever &&
            !known.local.path.empty())
            names[known.local.path].push_back(s);
    }
    return names;
}

// Who had this name while the call ran: the socket bound to it last.
std::uint32_t named(const Facts& facts, const Names& names, const std::string& name,
                    const model::CallRecord& call) {
    const auto found = names.find(name);
    if (found == names.end()) return kNone;
    std::uint32_t best = kNone;
    for (const std::uint32_t s : found->second) {
        if (facts.socket_facts[s].bound_ns > exit_or_forever(call)) continue;
        if (or_forever(facts.sockets[s].closed_ns) < call.enter_ns) continue;
        if (best == kNone || facts.socket_facts[s].bound_ns > facts.socket_facts[best].bound_ns) best = s;
    }
    return best;
}

std::uint32_t receiver_of(const Facts& facts, const Names& names, const Message& message) {
    const SocketFacts& sender = facts.socket_facts[message.socket];
    if (sender.transport == Transport::unix_seqpacket) return facts.sockets[message.socket].peer;
    const Name name = destination_of(facts, message);
    return name.path.empty() ? facts.sockets[message.socket].peer
                             : named(facts, names, name.path, facts.call(message.call));
}

void deliver(Facts& facts) {
    const Names names = bound_names(facts);
    for (std::uint32_t m = 0; m < facts.messages.size(); ++m) {
        Message& message = facts.messages[m];
        if (message.socket == kNone) continue;
        const Transport transport = facts.socket_facts[message.socket].transport;
        if (transport != Transport::unix_dgram && transport != Transport::unix_seqpacket) continue;
        const std::uint32_t to = receiver_of(facts, names, message);
        message.to_socket = to;
        if (to == kNone) continue;
        Arrival arrival;
        arrival.at_ns = facts.handed_ns(m);
        arrival.message = m;
        inbox_of(facts, to).arrivals.push_back(arrival);
    }
}

// Also a socket that nobody sent to can have read: it was told of the end.
void open_inboxes(Facts& facts) {
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s) {
        const SocketFacts& known = facts.socket_facts[s];
        const bool keeps_apart =
            known.transport == Transport::unix_dgram || known.transport == Transport::unix_seqpacket;
        if (keeps_apart && !known.receives.empty()) inbox_of(facts, s);
    }
}

TimeNs handed_over(const Facts& facts, const Arrival& arrival) {
    return exit_or_forever(facts.call(facts.messages[arrival.message].call));
}

}  // namespace

void build_unix(Facts& facts) {
    const std::size_t first = facts.inboxes.size();
    open_inboxes(facts);
    deliver(facts);
    for (std::size_t i = first; i < facts.inboxes.size(); ++i) {
        Inbox& inbox = facts.inboxes[i];
        // In the order in which the sends were done: a sender that has to wait is not in the queue yet.
        std::stable_sort(inbox.arrivals.begin(), inbox.arrivals.end(),
                         [&](const Arrival& a, const Arrival& b) {
                             return handed_over(facts, a) < handed_over(facts, b);
                         });
        read_inbox(facts, inbox, {Skip::later, message_bytes, give_message});
        for (Arrival& arrival : inbox.arrivals)  // a receive can return before its send does
            arrival.at_ns = std::max(arrival.at_ns, std::min(handed_over(facts, arrival),
                                                             or_forever(gone_at(facts, inbox, arrival))));
        std::stable_sort(inbox.arrivals.begin(), inbox.arrivals.end(),
                         [](const Arrival& a, const Arrival& b) { return a.at_ns < b.at_ns; });
    }
}

}  // namespace socketscope::story
