// What lights up together: a message with its calls, packets and receives; a packet with what it carries; and so on.
#include <unordered_set>

#include "core/story/query.hpp"

namespace socketscope::story {
namespace {

using model::Ref;
using model::RefKind;

class Gather {
public:
    explicit Gather(const Facts& facts) : facts_(facts) {}

    void add(RefKind kind, std::uint32_t index) {
        if (index == kNone) return;
        const Ref ref{kind, 0, index, 0};
        if (seen_.insert(static_cast<std::uint64_t>(kind) << 32 | index).second) refs_.push_back(ref);
    }

    // The message, its send, and of the packets and receives those that have bytes [offset, offset + size) of it.
    void message(std::uint32_t m, std::uint32_t offset, std::uint32_t size) {
        if (m >= facts_.messages.size()) return;
        const Message& message = facts_.messages[m];
        add(RefKind::message, m);
        add(RefKind::call, message.call);
        add(RefKind::socket, message.socket);
        add(RefKind::socket, message.to_socket);
        for_uses(facts_, m, [&](std::uint32_t use, const Piece& piece) {
            const bool touches = piece.offset < offset + size && offset < piece.offset + piece.size;
            if (!touches && size > 0 && piece.size > 0) return;
            if ((use & kPacketUse) != 0)
                add(RefKind::packet, use & ~kPacketUse);
            else
                add(RefKind::call, facts_.receives[use].call);
        });
    }

    void pieces(PieceRange range) {
        for (std::uint32_t i = 0; i < range.count; ++i) {
            const Piece& piece = facts_.pieces[range.begin + i];
            if (piece.message != kNone) message(piece.message, piece.offset, piece.size);
        }
    }

    void packet(std::uint32_t p) {
        if (p >= facts_.packets.size()) return;
        add(RefKind::packet, p);
        const Packet& packet = facts_.packets[p];
        add(RefKind::packet, packet.first_copy);
        const std::uint32_t original = facts_.record(p).copy_of;
        if (original < facts_.packets.size()) add(RefKind::packet, original);
        pieces(packet.pieces);
        add(RefKind::socket, packet.socket);
        add(RefKind::socket, packet.to_socket);
    }

    void call(std::uint32_t c) {
        if (c >= facts_.trace->calls.size()) return;
        add(RefKind::call, c);
        add(RefKind::socket, facts_.call_socket[c]);
        if (const std::uint32_t m = of_call(facts_.messages, c); m != kNone)
            message(m, 0, facts_.messages[m].size);
        if (const std::uint32_t r = of_call(facts_.receives, c); r != kNone)
            pieces(facts_.receives[r].pieces);
    }

    void socket(std::uint32_t s) {
        if (s >= facts_.sockets.size()) return;
        add(RefKind::socket, s);
        add(RefKind::socket, facts_.sockets[s].peer);
        add(RefKind::socket, facts_.sockets[s].listener);
        add(RefKind::call, facts_.sockets[s].made_by);
        add(RefKind::endpoint, facts_.sockets[s].endpoint);
    }

    std::vector<Ref> take() { return std::move(refs_); }

private:
    const Facts& facts_;
    std::vector<Ref> refs_;
    std::unordered_set<std::uint64_t> seen_;
};

}  // namespace

std::vector<Ref> related(const Facts& facts, Ref ref) {
    Gather gather(facts);
    switch (ref.kind) {
        case RefKind::call:
            gather.call(ref.index);
            break;
        case RefKind::packet:
            gather.packet(ref.index);
            break;
        case RefKind::message:
            gather.message(ref.index, 0,
                           ref.index < facts.messages.size() ? facts.messages[ref.index].size : 0);
            break;
        case RefKind::byte:
            gather.message(ref.index, ref.offset, 1);
            break;
        case RefKind::socket:
            gather.socket(ref.index);
            break;
        case RefKind::endpoint:
        case RefKind::note:
            gather.add(ref.kind, ref.index);
            break;
        case RefKind::none:
            break;
    }
    auto refs = gather.take();
    for (Ref& r : refs) r.lane = ref.lane;
    return refs;
}

}  // namespace socketscope::story
