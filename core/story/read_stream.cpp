// What the receive calls at the reading end of a stream were given: bytes in order, but for urgent ones (MSG_OOB),
// those only looked at (MSG_PEEK, SO_PEEK_OFF) and those thrown away (MSG_TRUNC). tcp(7), unix(7), socket(7).
#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/numbers.hpp"
#include "core/story/peek_offset.hpp"

namespace socketscope::story {
namespace {

using model::CallRecord;

class StreamReader {
public:
    StreamReader(Facts& facts, Stream& stream)
        : facts_(facts), stream_(stream), reader_(facts.socket_facts[stream.to]), peek_offset_(reader_) {
        if (reader_.urgent_inline) return;
        for (const std::uint32_t m : stream.messages) {
            const Message& message = facts.messages[m];
            if ((flags_of(facts.call(message.call)) & kMsgOob) != 0 && message.size > 0)
                urgent_.push_back({message.stream_offset + message.size - 1, m});
        }
    }

    void read() {
        for (const std::uint32_t r : reader_.receives) {
            const Receive& receive = facts_.receives[r];
            const CallRecord& call = facts_.call(receive.call);
            if (receive.error_queue || call.result == 0) continue;
            if ((flags_of(call) & kMsgOob) != 0 && !reader_.urgent_inline)
                take_urgent(r);
            else
                take(r, static_cast<std::uint64_t>(call.result));
        }
        std::sort(stream_.read_apart.begin(), stream_.read_apart.end(),
                  [](const Step& a, const Step& b) { return a.offset < b.offset; });
    }

private:
    // The last byte of a send with MSG_OOB.
    struct Urgent {
        std::uint64_t offset;
        std::uint32_t message;
    };

    // The last one sent is the urgent byte: those before it have become ordinary ones (tcp(7)).
    void take_urgent(std::uint32_t r) {
        Receive& receive = facts_.receives[r];
        const std::string_view given = facts_.trace->bytes(facts_.call(receive.call).data);
        for (auto urgent = urgent_.rbegin(); urgent != urgent_.rend(); ++urgent) {
            if (urgent->offset < position_) return;
            if (facts_.handed_ns(urgent->message) > facts_.given_ns(receive) || was_taken(urgent->offset))
                continue;
            if (!holds(urgent->offset, given)) continue;
            receive.pieces = add_pieces(facts_, stream_, urgent->offset, urgent->offset + 1);
            if (!receive.peeked) stream_.read_apart.push_back({facts_.given_ns(receive), urgent->offset});
            return;
        }
    }

    void take(std::uint32_t r, std::uint64_t size) {
        Receive& receive = facts_.receives[r];
        const CallRecord& call = facts_.call(receive.call);
        peek_offset_.set_until(call.enter_ns);
        std::uint64_t begin = position_;
        if (receive.peeked) begin += peek_offset_.bytes();
        const bool passes = passes_urgent(begin, receive);
        if (passes) ++begin;
        if (!receive.discarded) receive.pieces = add_pieces(facts_, stream_, begin, begin + size);
        if (receive.peeked) return peek_offset_.looked_at(size);
        peek_offset_.taken(size);
        if (receive.discarded) throw_away(r, begin, size);
        if (passes) pass_over(begin - 1, facts_.given_ns(receive));
        position_ = begin + size;
        stream_.reads.push_back(r);
        stream_.read_ends.push_back(position_);
    }

    // The urgent byte is no part of what an ordinary call reads (tcp(7)), unless a later one took its place by then.
    bool passes_urgent(std::uint64_t begin, const Receive& receive) const {
        const auto found = std::lower_bound(urgent_.begin(), urgent_.end(), begin,
                                            [](const Urgent& u, std::uint64_t at) { return u.offset < at; });
        if (found == urgent_.end() || found->offset != begin) return false;
        if (receive.discarded || was_taken(begin)) return true;
        const std::string_view given = facts_.trace->bytes(facts_.call(receive.call).data);
        return holds(begin + 1, given) || !holds(begin, given);
    }

    bool was_taken(std::uint64_t offset) const {
        return std::any_of(stream_.read_apart.begin(), stream_.read_apart.end(),
                           [offset](const Step& apart) { return apart.offset == offset; });
    }

    // Whether these bytes stand in the stream from there on.
    bool holds(std::uint64_t begin, std::string_view bytes) const {
        bool same = true;
        for_pieces(facts_, stream_, begin, begin + bytes.size(), [&](const Piece& piece) {
            same = same && piece.message != kNone &&
                   bytes_of(facts_, piece.message).substr(piece.offset, piece.size) ==
                       bytes.substr(0, piece.size);
            bytes.remove_prefix(piece.size);
        });
        return same;
    }

    void pass_over(std::uint64_t offset, TimeNs at_ns) {
        if (was_taken(offset)) return;
        stream_.read_apart.push_back({at_ns, offset});
        lose(offset, 1, at_ns, LossPlace::unread,
             "It was the urgent byte, and no call took it with MSG_OOB before an ordinary one passed over it "
             "(tcp(7)).");
    }

    // A receive call with MSG_TRUNC takes bytes out of a TCP stream, and its program does not get them (tcp(7)).
    void throw_away(std::uint32_t r, std::uint64_t begin, std::uint64_t size) {
        facts_.receives[r].cut_bytes = static_cast<std::uint32_t>(size);
        lose(begin, size, facts_.given_ns(r), LossPlace::truncated,
             "The receive call took them out of the queue and threw them away: that is what MSG_TRUNC "
             "means on TCP (tcp(7)).");
    }

    void lose(std::uint64_t begin, std::uint64_t size, TimeNs at_ns, LossPlace place, const char* why) {
        for_pieces(facts_, stream_, begin, begin + size, [&](const Piece& piece) {
            Loss loss;
            loss.at_ns = at_ns;
            loss.place = place;
            loss.evidence = place == LossPlace::truncated ? Evidence::observed : Evidence::inferred;
            loss.piece = piece;
            loss.why = why;
            add_loss(facts_, std::move(loss));
        });
    }

    Facts& facts_;
    Stream& stream_;
    const SocketFacts& reader_;
    std::vector<Urgent> urgent_;  // by offset
    std::uint64_t position_{0};
    PeekOffset peek_offset_;
};

}  // namespace

void read_stream(Facts& facts, Stream& stream) {
    if (stream.to != kNone) StreamReader(facts, stream).read();
}

}  // namespace socketscope::story
