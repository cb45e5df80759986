#include "core/story/tcp_timers.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace socketscope::story {
namespace {

// TIME_WAIT: TCP_TIMEWAIT_LEN of Linux (include/net/tcp.h). Each FIN that comes again starts it anew.
constexpr TimeNs kTimeWaitNs = 60 * model::kSecond;
constexpr std::string_view kFinTimeout = "net.ipv4.tcp_fin_timeout";
constexpr std::int64_t kUsualSeconds = 60, kMostSeconds = 120;  // TCP_FIN_TIMEOUT, TCP_FIN_TIMEOUT_MAX

// The hosts could not be given it: a remark on the lane says so.
bool refused(const trace::LaneTrace& lane, const trace::Setting& setting) {
    const auto number = &setting - lane.settings.data() + 1;
    return std::any_of(lane.notes.begin(), lane.notes.end(), [&](const model::NoteRecord& note) {
        return note.what == model::Note::remark && note.value == number;
    });
}

// FIN_WAIT_2 behind close(): TCP_LINGER2 of the socket, else net.ipv4.tcp_fin_timeout. A program that has not closed
// its socket waits without a limit.
TimeNs fin_timeout_ns(const Facts& facts, std::uint32_t socket) {
    const std::int64_t own = facts.socket_facts[socket].linger2_s;
    if (own > 0) return std::min(own, kMostSeconds) * model::kSecond;
    std::int64_t seconds = kUsualSeconds;
    for (const trace::Setting& setting : facts.trace->settings)
        if (setting.name == kFinTimeout && !refused(*facts.trace, setting))
            std::from_chars(setting.value.data(), setting.value.data() + setting.value.size(), seconds);
    return std::clamp<std::int64_t>(seconds, 0, INT32_MAX) * model::kSecond;
}

}  // namespace

TimeNs forgotten_ns(const Facts& facts, std::uint32_t socket, TcpState state, TimeNs since_ns,
                    TimeNs fin_came_ns) {
    if (state == TcpState::time_wait) return fin_came_ns + kTimeWaitNs;
    const Socket& known = facts.sockets[socket];
    if (known.closed_ns == model::kNever) return INT64_MAX;
    // Half open, and its listener is closed: it can't become a connection any more, whatever comes. ss lists it until
    // its timer runs out (reqsk_timer_handler() in net/ipv4/inet_connection_sock.c).
    const bool accepted = known.opened_ns != model::kNever;
    if (state == TcpState::syn_rcvd && !accepted) return known.closed_ns;
    if (state != TcpState::fin_wait_2) return INT64_MAX;
    return std::max(since_ns, known.closed_ns) + fin_timeout_ns(facts, socket);
}

}  // namespace socketscope::story
