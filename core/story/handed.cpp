#include "core/story/handed.hpp"

#include <algorithm>

#include "core/model/call.hpp"
#include "core/story/build.hpp"
#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

constexpr std::uint32_t kMostSegments = 1024;  // the kernel takes fewer (UDP_MAX_SEGMENTS)

// Whether a send that failed left what waited for more where it was: it was refused before it was to be joined to that
// (udp_sendmsg(), raw_sendmsg() and those of IPv6). Else all is thrown away.
bool refused_before(model::Kind kind, const model::CallRecord& call) {
    constexpr std::int64_t kMostBytes = 0xffff;
    const bool too_long =
        kind.domain == model::Domain::inet && call.error == kEMsgSize && call.args.first > kMostBytes;
    // A raw socket looks at type and code of ICMP, which are not there (raw_probe_proto_opt()).
    const bool too_short = kind.type == model::SocketType::raw && call.error == kEFault;
    return too_long || too_short || call.error == kEInval || call.error == kEOpNotSupp ||
           call.error == kEAfNoSupport || call.error == kENetUnreach;
}

// The sends of one socket as the datagrams that they make.
class Cutter {
public:
    // `failed`: the socket's send calls that failed, in order.
    Cutter(const Facts& facts, std::uint32_t socket, const std::vector<std::uint32_t>& failed)
        : facts_(facts),
          socket_(facts.socket_facts[socket]),
          kind_(facts.sockets[socket].kind),
          failed_(failed) {}

    std::vector<Handed> cut() {
        for (std::uint32_t i = 0; i < socket_.sends.size(); ++i) {
            const std::uint32_t m = socket_.sends[i];
            go_on_until(facts_.handed_ns(m));
            if (waiting_ == 0) first_ = i;
            ++waiting_;
            bytes_ += facts_.messages[m].size;
            if (!corked_ && !waits_for_more(m)) send();
        }
        go_on_until(INT64_MAX);
        if (waiting_ > 0) handed_.push_back({first_, waiting_, 0, bytes_, 0, true});
        return std::move(handed_);
    }

private:
    // With a header of its own (raw(7)) each send is a packet, whatever its flags say.
    bool waits_for_more(std::uint32_t message) const {
        const bool more = (flags_of(facts_.call(facts_.messages[message].call)) & kMsgMore) != 0;
        return more && !(socket_.transport == Transport::raw && brings_header(facts_, message));
    }

    // What happens between two sends, in order of time.
    void go_on_until(TimeNs at_ns) {
        while (true) {
            const bool sets =
                next_setting_ < socket_.settings.size() && socket_.settings[next_setting_].at_ns <= at_ns;
            const bool fails =
                next_failed_ < failed_.size() && facts_.call(failed_[next_failed_]).exit_ns <= at_ns;
            if (!sets && !fails) return;
            if (sets && (!fails ||
                         socket_.settings[next_setting_].at_ns <= facts_.call(failed_[next_failed_]).exit_ns))
                set(socket_.settings[next_setting_++]);
            else
                fail(failed_[next_failed_++]);
        }
    }

    void set(const SocketFacts::Setting& setting) {
        if (setting.option == SocketFacts::Option::udp_segment)
            segment_ = static_cast<std::uint32_t>(std::max<std::int64_t>(setting.value, 0));
        if (setting.option != SocketFacts::Option::udp_cork) return;
        corked_ = setting.value != 0;
        if (!corked_ && waiting_ > 0) send();
    }

    void fail(std::uint32_t call) {
        if (waiting_ == 0 || refused_before(kind_, facts_.call(call))) return;
        handed_.push_back({first_, waiting_, 0, bytes_, 0, true, call});
        waiting_ = bytes_ = 0;
    }

    void send() {
        const bool cuts = segment_ > 0 && bytes_ / segment_ <= kMostSegments;
        const std::uint32_t step = cuts ? segment_ : bytes_;
        std::uint32_t offset = 0;
        std::uint16_t segment = 0;
        do {
            handed_.push_back({first_, waiting_, offset, std::min(step, bytes_ - offset), segment++});
            offset += step;
        } while (offset < bytes_ && step > 0);
        waiting_ = bytes_ = 0;
    }

    const Facts& facts_;
    const SocketFacts& socket_;
    model::Kind kind_;
    const std::vector<std::uint32_t>& failed_;
    std::vector<Handed> handed_;
    std::size_t next_setting_{0}, next_failed_{0};
    std::uint32_t first_{0}, waiting_{0}, bytes_{0}, segment_{0};
    bool corked_{false};
};

// By socket.
std::vector<std::vector<std::uint32_t>> failed_sends(const Facts& facts) {
    std::vector<std::vector<std::uint32_t>> failed(facts.sockets.size());
    for (std::uint32_t i = 0; i < facts.trace->calls.size(); ++i) {
        const model::CallRecord& call = facts.call(i);
        const bool fails = model::sends(call.call) && call.exit_ns != model::kNever && call.result < 0;
        if (fails && facts.call_socket[i] != kNone) failed[facts.call_socket[i]].push_back(i);
    }
    return failed;
}

}  // namespace

std::vector<std::vector<Handed>> hand_over(const Facts& facts, Transport transport) {
    std::vector<std::vector<Handed>> handed(facts.sockets.size());
    const auto failed = failed_sends(facts);
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s)
        if (facts.socket_facts[s].transport == transport) handed[s] = Cutter(facts, s, failed[s]).cut();
    return handed;
}

std::uint32_t first_message(const Facts& facts, std::uint32_t socket, const Handed& handed) {
    return facts.socket_facts[socket].sends[handed.first];
}

Handed whole_of_segments(const Facts& facts, std::uint32_t socket, const Handed& handed) {
    Handed whole = handed;
    whole.offset = whole.size = whole.segment = 0;
    for (std::uint32_t i = handed.first; i < handed.first + handed.count; ++i)
        whole.size += facts.messages[facts.socket_facts[socket].sends[i]].size;
    return whole;
}

bool whole_message(const Facts& facts, std::uint32_t socket, const Handed& handed) {
    return handed.count == 1 && handed.size == facts.messages[first_message(facts, socket, handed)].size;
}

std::vector<Piece> pieces_of(const Facts& facts, std::uint32_t socket, const Handed& handed) {
    std::vector<Piece> pieces;
    std::uint32_t begin = 0;
    for (std::uint32_t i = handed.first; i < handed.first + handed.count; ++i) {
        const std::uint32_t m = facts.socket_facts[socket].sends[i];
        const std::uint32_t size = facts.messages[m].size;
        const std::uint32_t from = std::max(begin, handed.offset),
                            to = std::min(begin + size, handed.offset + handed.size);
        if (from < to || size == 0)
            pieces.push_back({m, size == 0 ? 0 : from - begin, size == 0 ? 0 : to - from});
        begin += size;
    }
    return pieces;
}

std::vector<Piece> part_of(const std::vector<Piece>& pieces, std::uint32_t begin, std::uint32_t size) {
    std::vector<Piece> part;
    const std::uint64_t end = std::uint64_t{begin} + size;
    std::uint32_t at = 0;
    for (const Piece& piece : pieces) {
        const std::uint32_t from = std::max(begin, at);
        const auto to = static_cast<std::uint32_t>(std::min<std::uint64_t>(end, at + piece.size));
        const bool empty = piece.size == 0 && from == at;
        if (from < to || empty)
            part.push_back({piece.message, piece.offset + from - at, empty ? 0 : to - from});
        at += piece.size;
    }
    return part;
}

bool brings_header(const Facts& facts, std::uint32_t message) {
    const std::uint32_t socket = facts.messages[message].socket;
    // IPPROTO_RAW: with a header unless told otherwise.
    const std::int64_t usual = facts.sockets[socket].kind.protocol == kProtocolRaw;
    return setting_at(facts.socket_facts[socket], SocketFacts::Option::header_included,
                      facts.handed_ns(message), usual) != 0;
}

}  // namespace socketscope::story
