// AF_UNIX (unix(7)): records go straight into the receive queue of the peer, in order, and none is lost; a full queue
// makes the sender wait. Streams are in pairs.cpp, for they are streams like TCP's.
#include <algorithm>
#include <map>

#include "core/story/build.hpp"
#include "core/story/control.hpp"

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

bool keeps_apart(const Facts& facts, std::uint32_t socket) {
    const Transport transport = facts.socket_facts[socket].transport;
    return transport == Transport::unix_dgram || transport == Transport::unix_seqpacket;
}

TimeNs handed_over(const Facts& facts, const Arrival& arrival) {
    return exit_or_forever(facts.call(facts.messages[arrival.message].call));
}

const Name& sender_of(const Facts& facts, const Arrival& arrival) {
    static const Name kNobody;
    const std::uint32_t socket = facts.messages[arrival.message].socket;
    const SocketFacts& known = facts.socket_facts[socket];
    return or_forever(known.bound_ns) <= facts.handed_ns(arrival.message) ? known.local : kNobody;
}

class Unix {
public:
    explicit Unix(Facts& facts)
        : facts_(facts),
          first_inbox_(facts.inboxes.size()),
          first_loss_(facts.losses.size()),
          first_piece_(facts.pieces.size()) {}

    // A socket that was given a name by the kernel (autobind) is known by it as soon as somebody is told who sent;
    // then what was sent to that name finds its way, and may tell the next name.
    void build() {
        do {
            begin();
            deliver();
            for (std::size_t i = first_inbox_; i < facts_.inboxes.size(); ++i) read(facts_.inboxes[i]);
        } while (learn_names());
    }

private:
    void begin() {
        for (std::size_t i = first_inbox_; i < facts_.inboxes.size(); ++i) {
            const std::uint32_t socket = facts_.inboxes[i].socket;
            facts_.socket_facts[socket].inbox = kNone;
            for (const std::uint32_t r : facts_.socket_facts[socket].receives) {
                Receive& receive = facts_.receives[r];
                receive.pieces = {};
                receive.cut_bytes = 0;
                receive.end_of_file = false;
            }
        }
        facts_.inboxes.resize(first_inbox_);
        facts_.losses.resize(first_loss_);
        facts_.pieces.resize(first_piece_);
        // Also a socket that nobody sent to can have read: it was told of the end.
        for (std::uint32_t s = 0; s < facts_.sockets.size(); ++s)
            if (keeps_apart(facts_, s) && !facts_.socket_facts[s].receives.empty()) inbox_of(facts_, s);
    }

    void deliver() {
        const Names names = bound_names(facts_);
        for (std::uint32_t m = 0; m < facts_.messages.size(); ++m) {
            Message& message = facts_.messages[m];
            if (message.socket == kNone || !keeps_apart(facts_, message.socket)) continue;
            const std::uint32_t to = receiver_of(facts_, names, message);
            message.to_socket = to;
            if (to == kNone) continue;
            Arrival arrival;
            arrival.at_ns = facts_.handed_ns(m);
            arrival.message = m;
            inbox_of(facts_, to).arrivals.push_back(arrival);
        }
    }

    void read(Inbox& inbox) {
        // In the order in which the sends were done: a sender that has to wait is not in the queue yet.
        std::stable_sort(inbox.arrivals.begin(), inbox.arrivals.end(),
                         [&](const Arrival& a, const Arrival& b) {
                             return handed_over(facts_, a) < handed_over(facts_, b);
                         });
        read_inbox(facts_, inbox, {Skip::later, message_bytes, give_message, sender_of});
        for (Arrival& arrival : inbox.arrivals)  // a receive can return before its send does
            arrival.at_ns = std::max(arrival.at_ns, std::min(handed_over(facts_, arrival),
                                                             or_forever(gone_at(facts_, inbox, arrival))));
        std::stable_sort(inbox.arrivals.begin(), inbox.arrivals.end(),
                         [](const Arrival& a, const Arrival& b) { return a.at_ns < b.at_ns; });
    }

    bool learn_names() {
        bool learned = false;
        for (std::size_t i = first_inbox_; i < facts_.inboxes.size(); ++i)
            for (const std::uint32_t r : facts_.socket_facts[facts_.inboxes[i].socket].receives)
                learned = learn_name(facts_.receives[r]) || learned;
        return learned;
    }

    bool learn_name(const Receive& receive) {
        if (receive.pieces.count == 0) return false;
        const std::uint32_t m = facts_.pieces[receive.pieces.begin].message;
        if (m == kNone || facts_.messages[m].socket == kNone) return false;
        const std::uint32_t sender = facts_.messages[m].socket;
        SocketFacts& known = facts_.socket_facts[sender];
        if (!known.local.empty()) return false;
        const Name told = parse_name(address_of(*facts_.trace, facts_.call(receive.call)));
        if (told.path.empty()) return false;
        known.local = told;
        known.bound_ns = std::min(or_forever(known.bound_ns), facts_.handed_ns(m));
        facts_.sockets[sender].local = told.text();
        return true;
    }

    Facts& facts_;
    std::size_t first_inbox_, first_loss_, first_piece_;
};

}  // namespace

void build_unix(Facts& facts) {
    Unix(facts).build();
}

}  // namespace socketscope::story
