#include "core/story/udp_sends.hpp"

#include <algorithm>

#include "core/model/call.hpp"
#include "core/story/build.hpp"
#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

constexpr std::uint32_t kMostSegments = 1024;  // the kernel takes fewer (UDP_MAX_SEGMENTS)

// Whether a send that failed left what waited for more where it was: it was refused before it was to be joined to that
// (udp_sendmsg() in udp.c, udpv6_sendmsg()). Else all is thrown away.
bool refused_before(model::Domain domain, const model::CallRecord& call) {
    constexpr std::int64_t kMostBytes = 0xffff;
    const bool too_long =
        domain == model::Domain::inet && call.error == kEMsgSize && call.args.first > kMostBytes;
    return too_long || call.error == kEInval || call.error == kEOpNotSupp || call.error == kEAfNoSupport;
}

// The sends of one socket as the datagrams that they make.
class Cutter {
public:
    // `failed`: the socket's send calls that failed, in order.
    Cutter(const Facts& facts, std::uint32_t socket, const std::vector<std::uint32_t>& failed)
        : facts_(facts),
          socket_(facts.socket_facts[socket]),
          domain_(facts.sockets[socket].kind.domain),
          failed_(failed) {}

    std::vector<Handed> cut() {
        for (std::uint32_t i = 0; i < socket_.sends.size(); ++i) {
            const Message& message = facts_.messages[socket_.sends[i]];
            go_on_until(facts_.handed_ns(socket_.sends[i]));
            if (waiting_ == 0) first_ = i;
            ++waiting_;
            bytes_ += message.size;
            if (!corked_ && (flags_of(facts_.call(message.call)) & kMsgMore) == 0) send();
        }
        go_on_until(INT64_MAX);
        if (waiting_ > 0) handed_.push_back({first_, waiting_, 0, bytes_, true});
        return std::move(handed_);
    }

private:
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
        if (waiting_ == 0 || refused_before(domain_, facts_.call(call))) return;
        handed_.push_back({first_, waiting_, 0, bytes_, true, call});
        waiting_ = bytes_ = 0;
    }

    void send() {
        const bool cuts = segment_ > 0 && bytes_ / segment_ <= kMostSegments;
        const std::uint32_t step = cuts ? segment_ : bytes_;
        std::uint32_t offset = 0;
        do {
            handed_.push_back({first_, waiting_, offset, std::min(step, bytes_ - offset)});
            offset += step;
        } while (offset < bytes_ && step > 0);
        waiting_ = bytes_ = 0;
    }

    const Facts& facts_;
    const SocketFacts& socket_;
    model::Domain domain_;
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

UdpSends::UdpSends(const Facts& facts)
    : facts_(facts), sends_(facts.sockets.size()), next_(facts.sockets.size(), 0) {
    const auto failed = failed_sends(facts);
    for (std::uint32_t s = 0; s < facts.sockets.size(); ++s)
        if (facts.socket_facts[s].transport == Transport::udp) sends_[s] = Cutter(facts, s, failed[s]).cut();
}

std::uint32_t UdpSends::first_message(std::uint32_t socket, const Handed& handed) const {
    return facts_.socket_facts[socket].sends[handed.first];
}

TimeNs UdpSends::handed_ns(std::uint32_t socket, std::size_t index) const {
    return facts_.handed_ns(first_message(socket, sends_[socket][index]));
}

bool UdpSends::whole_message(std::uint32_t socket, const Handed& handed) const {
    return handed.count == 1 && handed.size == facts_.messages[first_message(socket, handed)].size;
}

std::vector<Piece> UdpSends::pieces(std::uint32_t socket, const Handed& handed) const {
    std::vector<Piece> pieces;
    std::uint32_t begin = 0;
    for (std::uint32_t i = handed.first; i < handed.first + handed.count; ++i) {
        const std::uint32_t m = facts_.socket_facts[socket].sends[i];
        const std::uint32_t size = facts_.messages[m].size;
        const std::uint32_t from = std::max(begin, handed.offset),
                            to = std::min(begin + size, handed.offset + handed.size);
        if (from < to || size == 0)
            pieces.push_back({m, size == 0 ? 0 : from - begin, size == 0 ? 0 : to - from});
        begin += size;
    }
    return pieces;
}

bool UdpSends::begins(std::uint32_t socket, const Handed& handed, std::string_view bytes) const {
    if (whole_message(socket, handed))
        return bytes_of(facts_, first_message(socket, handed)).starts_with(bytes);
    for (const Piece& piece : pieces(socket, handed)) {
        const std::string_view part = bytes_of(facts_, piece.message).substr(piece.offset, piece.size);
        const std::size_t known = std::min(part.size(), bytes.size());
        if (part.substr(0, known) != bytes.substr(0, known)) return false;
        bytes.remove_prefix(known);
    }
    return bytes.empty();
}

std::size_t UdpSends::find(const Datagram& datagram, std::uint32_t socket, TimeNs sent_ns) const {
    const auto goes_there = [&](const Message& message) {
        const Name to = destination_of(facts_, message);
        if (datagram.to.version == 0 || to.ip.version == 0) return true;  // not known
        if (to.ip.port != datagram.to.port) return false;
        return same_host(to.ip, datagram.to) || any_host(to.ip);  // ip(7): to INADDR_ANY is to this host
    };
    const std::vector<Handed>& sends = sends_[socket];
    constexpr std::size_t kFar = 4096;
    const std::size_t end = std::min(sends.size(), next_[socket] + kFar);
    for (std::size_t i = next_[socket]; i < end; ++i) {
        if (handed_ns(socket, i) > sent_ns) return kNotFound;
        if (sends[i].size != datagram.size || sends[i].left || sends[i].waits) continue;
        if (begins(socket, sends[i], datagram.first_bytes) &&
            goes_there(facts_.messages[first_message(socket, sends[i])]))
            return i;
    }
    return kNotFound;
}

void UdpSends::leave(std::uint32_t socket, std::size_t index, bool in_order) {
    std::vector<Handed>& sends = sends_[socket];
    sends[index].left = true;
    std::size_t& next = next_[socket];
    if (in_order) next = index + 1;
    while (next < sends.size() && sends[next].left) ++next;
}

}  // namespace socketscope::story
