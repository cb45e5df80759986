#include "core/story/udp_losses.hpp"

#include <set>
#include <utility>

#include "core/model/errno_text.hpp"
#include "core/story/build.hpp"
#include "core/story/udp_arrivals.hpp"

namespace socketscope::story {

void lose(Facts& facts, const Datagram& datagram, LossPlace place, Evidence evidence, std::string why,
          std::uint32_t packet, TimeNs at_ns) {
    Loss loss;
    loss.packet = packet == kNone ? datagram.completed_by : packet;
    loss.at_ns = at_ns != model::kNever ? at_ns : datagram.complete_ns;
    loss.place = place;
    loss.evidence = evidence;
    loss.why = std::move(why);
    if (datagram.message != kNone && datagram.content.empty())
        loss.piece = {datagram.message, 0, facts.messages[datagram.message].size};
    if (datagram.content.empty()) return add_loss(facts, std::move(loss));
    for (const Piece& piece : datagram.with_header.empty() ? datagram.content : datagram.with_header) {
        loss.piece = piece;
        add_loss(facts, loss);
    }
}

void lost_on_the_way(Facts& facts, const Datagram& datagram) {
    Datagram told = datagram;
    for (const std::uint32_t p : datagram.packets) {
        const model::PacketRecord& record = facts.record(p);
        if (record.verdict != model::Verdict::dropped) continue;
        std::string why = wire_reason(facts, record);
        if (datagram.packets.size() > 1)
            why += " It was one of " + std::to_string(datagram.packets.size()) +
                   " fragments: without it the rest is thrown away too.";
        lose(facts, told, record.cause == model::Cause::device ? LossPlace::device : LossPlace::wire,
             Evidence::observed, std::move(why), p,
             record.delivered_ns == model::kNever ? record.sent_ns : record.delivered_ns);
        told.message = kNone;
        told.content.clear();
        told.with_header.clear();
    }
}

void lose_waiting(Facts& facts, std::uint32_t socket, const Handed& handed) {
    const bool failed = handed.failed != kNone;
    const TimeNs at_ns = failed ? facts.call(handed.failed).exit_ns : facts.sockets[socket].closed_ns;
    if (at_ns == model::kNever) return;
    Datagram datagram;
    datagram.complete_ns = at_ns;
    datagram.content = pieces_of(facts, socket, handed);
    std::string why = "The kernel kept it and waited for more (MSG_MORE, UDP_CORK): ";
    if (failed)
        why += "a send that was to be joined to it failed (" +
               model::errno_name(facts.call(handed.failed).error) +
               "), and all that waited was thrown away (udp(7)).";
    else
        why += "it was never sent, and thrown away with the socket (udp(7)).";
    lose(facts, datagram, LossPlace::reset, Evidence::inferred, std::move(why));
    left(facts, kNone, datagram.content, at_ns);
}

void note_copies(Facts& facts, std::size_t first_loss) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> lost, arrived;  // message, offset
    const auto on_the_way = [](const Loss& loss) {
        return loss.piece.message != kNone &&
               (loss.place == LossPlace::wire || loss.place == LossPlace::checksum ||
                loss.place == LossPlace::device || loss.place == LossPlace::no_listener);
    };
    for (std::size_t i = first_loss; i < facts.losses.size(); ++i)
        if (const Loss& loss = facts.losses[i]; on_the_way(loss))
            lost.emplace(loss.piece.message, loss.piece.offset);
    if (lost.empty()) return;
    for (const Inbox& inbox : facts.inboxes)
        for (const Arrival& arrival : inbox.arrivals)
            for_arrived(facts, arrival, 0, UINT32_MAX, [&](const Piece& piece) {
                // What a raw socket wrote is lost with its header, and given without it.
                const bool raw =
                    piece.message != kNone && facts.messages[piece.message].socket != kNone &&
                    facts.socket_facts[facts.messages[piece.message].socket].transport == Transport::raw;
                const std::pair whole{piece.message, raw ? 0 : piece.offset};
                if (lost.contains(whole)) arrived.insert(whole);
            });
    for (std::size_t i = first_loss; i < facts.losses.size(); ++i)
        if (Loss& loss = facts.losses[i]; on_the_way(loss))
            loss.repaired = arrived.contains({loss.piece.message, loss.piece.offset});
}

}  // namespace socketscope::story
