// Which descriptor was which socket, when: through socket, socketpair, accept, dup, close, SCM_RIGHTS and reuse of
// numbers.
#include <algorithm>
#include <cstring>

#include "core/model/call.hpp"
#include "core/story/build.hpp"
#include "core/story/control.hpp"
#include "core/story/numbers.hpp"
#include "core/story/passed_descriptors.hpp"
#include "core/story/socket_options.hpp"
#include "core/story/tcp_calls.hpp"

namespace socketscope::story {
namespace {

using model::Call;
using model::CallRecord;

Transport transport_of(model::Kind kind) {
    using model::Domain;
    using model::SocketType;
    const bool local = kind.domain == Domain::local;
    switch (kind.type) {
        case SocketType::stream:
            return local ? Transport::unix_stream : Transport::tcp;
        case SocketType::dgram:
            if (local) return Transport::unix_dgram;
            if (kind.protocol == 0 || kind.protocol == kProtocolUdp) return Transport::udp;
            return Transport::raw;  // "ping" sockets
        case SocketType::seqpacket:
            return local ? Transport::unix_seqpacket : Transport::other;
        case SocketType::raw:
            return local ? Transport::unix_dgram : Transport::raw;  // unix(7): raw is a dgram
    }
    return Transport::other;
}

model::Kind kind_of(const Facts& facts, const CallRecord& call) {
    model::Kind kind = facts.trace->kind;
    if (call.args.first == 0 && call.args.second == 0) return kind;
    if (const auto domain = model::domain_from_c(static_cast<int>(call.args.first))) kind.domain = *domain;
    if (const auto type = model::type_from_c(static_cast<int>(call.args.second))) kind.type = *type;
    kind.protocol = static_cast<int>(call.args.third);
    return kind;
}

// Calls are looked at in the order in which they were entered. What makes a descriptor takes effect when it returns,
// close() when it is entered: so a number that is used again is never mistaken (the kernel frees it before it gives
// it out again).
class Table {
public:
    explicit Table(Facts& facts) : facts_(facts), passed_(facts) {}

    void build() {
        std::vector<std::uint32_t> makers;
        for (std::uint32_t i = 0; i < facts_.trace->calls.size(); ++i)
            if (makes_descriptor(facts_.call(i))) makers.push_back(i);
        std::stable_sort(makers.begin(), makers.end(), [&](std::uint32_t a, std::uint32_t b) {
            return facts_.call(a).exit_ns < facts_.call(b).exit_ns;
        });
        std::size_t next = 0;
        for (std::uint32_t i = 0; i < facts_.trace->calls.size(); ++i) {
            const CallRecord& call = facts_.call(i);
            for (; next < makers.size() && facts_.call(makers[next]).exit_ns <= call.enter_ns; ++next)
                make(makers[next]);
            if (call.fd >= 0) facts_.call_socket[i] = find(call.endpoint, call.fd);
            use(i, facts_.call_socket[i]);
        }
        for (; next < makers.size(); ++next) make(makers[next]);
        end_of_programs();
    }

private:
    static bool makes_descriptor(const CallRecord& call) {
        if (call.exit_ns == model::kNever || call.result < 0) return false;
        return call.call == Call::socket || call.call == Call::socketpair || call.call == Call::accept ||
               call.call == Call::dup || (call.call == Call::recvmsg && call.extra.size > 4);
    }

    static std::uint64_t key(std::uint8_t endpoint, std::int64_t fd) {
        return static_cast<std::uint64_t>(endpoint) << 32 | static_cast<std::uint32_t>(fd);
    }

    // Each program has a descriptor table of its own.
    std::uint32_t find(std::uint8_t endpoint, std::int64_t fd) const {
        const auto own = open_.find(key(endpoint, fd));
        return own == open_.end() ? kNone : own->second;
    }

    void give(std::uint8_t endpoint, std::int64_t fd, std::uint32_t socket) {
        if (fd < 0 || socket == kNone) return;
        release(endpoint, fd, facts_.trace->start_ns);  // a close that was not recorded
        open_[key(endpoint, fd)] = socket;
        ++references_[socket];
    }

    void release(std::uint8_t endpoint, std::int64_t fd, TimeNs at_ns) {
        const auto entry = open_.find(key(endpoint, fd));
        if (entry == open_.end()) return;
        const std::uint32_t socket = entry->second;
        open_.erase(entry);
        drop_reference(socket, at_ns);
    }

    void drop_reference(std::uint32_t socket, TimeNs at_ns) {
        if (--references_[socket] > 0) return;
        facts_.sockets[socket].closed_ns = at_ns;
    }

    std::uint32_t add(std::uint32_t call_index, model::Kind kind, std::int64_t fd) {
        const CallRecord& call = facts_.call(call_index);
        Socket socket;
        socket.kind = kind;
        socket.fd = static_cast<std::int32_t>(fd);
        socket.endpoint = call.endpoint;
        socket.exists_ns = socket.opened_ns = call.exit_ns;
        socket.made_by = call_index;
        SocketFacts known;
        known.transport = transport_of(kind);
        known.host = facts_.host(call.endpoint);
        facts_.sockets.push_back(std::move(socket));
        facts_.socket_facts.push_back(std::move(known));
        references_.push_back(0);
        const auto index = static_cast<std::uint32_t>(facts_.sockets.size() - 1);
        give(call.endpoint, fd, index);
        return index;
    }

    void state(std::uint32_t socket, TimeNs at_ns, std::string text, std::uint32_t call) {
        add_state(facts_, socket,
                  {at_ns, std::move(text), Evidence::observed, {model::RefKind::call, 0, call, 0}});
    }

    void make(std::uint32_t index) {
        const CallRecord& call = facts_.call(index);
        switch (call.call) {
            case Call::socket: {
                const std::uint32_t socket = add(index, kind_of(facts_, call), call.result);
                facts_.call_socket[index] = socket;
                const bool tcp = facts_.socket_facts[socket].transport == Transport::tcp;
                state(socket, call.exit_ns, tcp ? "CLOSED" : "open", index);
                break;
            }
            case Call::socketpair:
                make_pair(index);
                break;
            case Call::accept:
                make_accepted(index);
                break;
            case Call::dup:
                give(call.endpoint, call.result, facts_.call_socket[index]);
                break;
            case Call::recvmsg:
                receive_descriptors(index);
                break;
            default:
                break;
        }
    }

    void make_pair(std::uint32_t index) {
        const CallRecord& call = facts_.call(index);
        const std::string_view extra = facts_.trace->bytes(call.extra);
        std::int32_t fds[2] = {-1, -1};
        if (extra.size() < sizeof fds) return;
        std::memcpy(fds, extra.data(), sizeof fds);
        const std::uint32_t a = add(index, kind_of(facts_, call), fds[0]);
        const std::uint32_t b = add(index, kind_of(facts_, call), fds[1]);
        facts_.sockets[a].peer = b;
        facts_.sockets[b].peer = a;
        facts_.call_socket[index] = a;
        for (const std::uint32_t socket : {a, b}) state(socket, call.exit_ns, "connected", index);
    }

    void make_accepted(std::uint32_t index) {
        const CallRecord& call = facts_.call(index);
        const std::uint32_t listener = facts_.call_socket[index];
        const model::Kind kind = listener == kNone ? facts_.trace->kind : facts_.sockets[listener].kind;
        const std::uint32_t socket = add(index, kind, call.result);
        const Name peer = parse_name(address_of(*facts_.trace, call));
        SocketFacts& known = facts_.socket_facts[socket];
        known.remotes.push_back({call.exit_ns, peer});
        facts_.sockets[socket].remote = peer.text();
        if (listener == kNone) return;
        facts_.sockets[socket].listener = listener;
        known.linger2_s = facts_.socket_facts[listener].linger2_s;
        known.local = facts_.socket_facts[listener].local;
        if (any_host(known.local.ip)) known.local.ip = with_port({}, known.local.ip.port);
        facts_.sockets[socket].local = facts_.sockets[listener].local;
        if (known.transport != Transport::tcp) state(socket, call.exit_ns, "connected", index);
    }

    static packet::Address with_port(packet::Address address, std::uint16_t port) {
        address.port = port;
        return address;
    }

    // SCM_RIGHTS: the receiver gets numbers of its own.
    void receive_descriptors(std::uint32_t index) {
        const CallRecord& call = facts_.call(index);
        const Control control = parse_control(facts_.trace->bytes(call.extra));
        if (control.descriptors.empty()) return;
        const auto parcel = passed_.take(index, control.descriptors.size());
        if (!parcel) return;
        const std::size_t taken = std::min(parcel->sockets.size(), control.descriptors.size());
        for (std::size_t i = 0; i < taken; ++i)
            give(call.endpoint, control.descriptors[i], parcel->sockets[i]);
        if ((call.args.second & kMsgPeek) == 0) let_go(*parcel, call.exit_ns);
    }

    // Only AF_UNIX passes them on; other sockets take no notice (unix(7)).
    void send_descriptors(std::uint32_t index, std::uint32_t socket) {
        const CallRecord& call = facts_.call(index);
        const Control control = parse_control(facts_.trace->bytes(call.extra));
        if (control.descriptors.empty()) return;
        if (socket != kNone && facts_.sockets[socket].kind.domain != model::Domain::local) return;
        Parcel parcel{index, socket, {}};
        for (const std::int32_t fd : control.descriptors) {
            parcel.sockets.push_back(find(call.endpoint, fd));
            if (parcel.sockets.back() != kNone) ++references_[parcel.sockets.back()];
        }
        passed_.put(std::move(parcel));
    }

    void let_go(const Parcel& parcel, TimeNs at_ns) {
        for (const std::uint32_t socket : parcel.sockets)
            if (socket != kNone) drop_reference(socket, at_ns);
    }

    // What nobody took out of the queues went with them when the last program had ended.
    void end_of_programs() {
        std::size_t ended = 0;
        TimeNs last_ns = facts_.trace->start_ns;
        for (const model::NoteRecord& note : facts_.trace->notes) {
            if (note.what != model::Note::program_end) continue;
            ++ended;
            last_ns = std::max(last_ns, note.at_ns);
        }
        if (ended < facts_.trace->endpoints.size()) return;
        for (const Parcel& parcel : passed_.never_taken()) let_go(parcel, last_ns);
    }

    void set_local(std::uint32_t socket, const CallRecord& call) {
        const Name name = parse_name(address_of(*facts_.trace, call));
        SocketFacts& known = facts_.socket_facts[socket];
        if (name.empty()) {
            // bind() with the family alone: the kernel chooses a name (autobind, unix(7)), which others may be told.
            // A socket that has a name keeps it (unix_autobind()).
            if (call.call == Call::bind && facts_.sockets[socket].kind.domain == model::Domain::local &&
                known.bound_ns == model::kNever)
                known.bound_ns = call.enter_ns;
            return;
        }
        known.local = name;
        facts_.sockets[socket].local = name.text();
        if (known.bound_ns == model::kNever && (name.ip.port != 0 || !name.path.empty()))
            known.bound_ns = call.enter_ns;
    }

    void connect(std::uint32_t index, std::uint32_t socket) {
        const CallRecord& call = facts_.call(index);
        const bool started = call.result == 0 || call.error == kEInProgress || call.exit_ns == model::kNever;
        SocketFacts& known = facts_.socket_facts[socket];
        if (!started && known.transport != Transport::tcp) return;
        const Name peer = parse_name(address_of(*facts_.trace, call));
        known.remotes.push_back({call.enter_ns, peer});
        facts_.sockets[socket].remote = peer.text();
        if (started && known.transport != Transport::tcp)
            state(socket, call.exit_ns, peer.empty() ? "open" : "connected", index);
    }

    void shut(std::uint32_t index, std::uint32_t socket) {
        const CallRecord& call = facts_.call(index);
        SocketFacts& known = facts_.socket_facts[socket];
        const std::int64_t how = call.args.first;
        if ((how == kShutRead || how == kShutBoth) && known.read_shut_ns == model::kNever)
            known.read_shut_ns = call.exit_ns;
        if ((how == kShutWrite || how == kShutBoth) && known.write_shut_ns == model::kNever)
            known.write_shut_ns = call.exit_ns;
        if (known.transport == Transport::tcp) return;
        static constexpr const char* kNames[] = {"shut for reading", "shut for writing", "shut"};
        if (how >= kShutRead && how <= kShutBoth) state(socket, call.exit_ns, kNames[how], index);
    }

    // What a call means for the socket it was made on.
    void use(std::uint32_t index, std::uint32_t socket) {
        const CallRecord& call = facts_.call(index);
        if (call.call == Call::sendmsg && call.result >= 0 && call.extra.size > 4)
            send_descriptors(index, socket);
        if (socket == kNone) return;
        if (call.call == Call::connect ||
            (facts_.socket_facts[socket].transport == Transport::tcp && opens_connection(facts_, call)))
            connect(index, socket);
        if (call.call == Call::close && call.error == 0) {
            release(call.endpoint, call.fd, call.exit_ns == model::kNever ? call.enter_ns : call.exit_ns);
            const Socket& closed = facts_.sockets[socket];
            const bool tcp = facts_.socket_facts[socket].transport == Transport::tcp;
            if (closed.closed_ns != model::kNever &&
                (!tcp || closed.listening))  // a connection outlives close()
                state(socket, closed.closed_ns, tcp ? "CLOSED" : "closed", index);
        }
        if (call.exit_ns == model::kNever || call.result < 0) return;
        switch (call.call) {
            case Call::bind: {
                const SocketFacts& known = facts_.socket_facts[socket];
                const bool was_bound = known.bound_ns != model::kNever;
                set_local(socket, call);
                if (known.local.ip.port != 0) facts_.socket_facts[socket].port_chosen = true;
                if (known.transport != Transport::tcp && !was_bound)
                    state(socket, call.exit_ns, "bound", index);
                break;
            }
            case Call::listen:
                facts_.sockets[socket].listening = true;
                state(socket, call.exit_ns,
                      facts_.socket_facts[socket].transport == Transport::tcp ? "LISTEN" : "listening",
                      index);
                break;
            case Call::getsockname:
                set_local(socket, call);
                break;
            case Call::shutdown:
                shut(index, socket);
                break;
            case Call::setsockopt:
                set_option(facts_.socket_facts[socket], call, facts_.trace->bytes(call.extra));
                break;
            default:
                break;
        }
    }

    Facts& facts_;
    std::unordered_map<std::uint64_t, std::uint32_t> open_;
    std::vector<int> references_;
    PassedDescriptors passed_;
};

void read_buffer_sizes(Facts& facts) {
    for (const model::SampleRecord& sample : facts.trace->samples) {
        if (sample.what != model::Sample::send_buffer && sample.what != model::Sample::receive_buffer)
            continue;
        for (Socket& socket : facts.sockets) {
            if (socket.fd != sample.fd || socket.endpoint != sample.endpoint || sample.value < 0) continue;
            if (sample.at_ns < socket.opened_ns || sample.at_ns > or_forever(socket.closed_ns)) continue;
            auto& size =
                sample.what == model::Sample::send_buffer ? socket.send_buffer : socket.receive_buffer;
            size = static_cast<std::uint64_t>(sample.value);
        }
    }
}

}  // namespace

void add_state(Facts& facts, std::uint32_t socket, StateChange change) {
    facts.sockets[socket].states.push_back(std::move(change));
}

void build_sockets(Facts& facts) {
    facts.call_socket.assign(facts.trace->calls.size(), kNone);
    Table(facts).build();
    read_buffer_sizes(facts);
}

}  // namespace socketscope::story
