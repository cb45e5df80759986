#include "core/story/tcp_timers.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace socketscope::story {
namespace {

constexpr std::string_view kFinTimeout = "net.ipv4.tcp_fin_timeout";
constexpr std::int64_t kUsualSeconds = 60, kMostSeconds = 120;  // TCP_FIN_TIMEOUT, TCP_FIN_TIMEOUT_MAX

// The hosts could not be given it: a remark on the lane names it.
bool refused(const trace::LaneTrace& lane, std::string_view setting) {
    return std::any_of(lane.notes.begin(), lane.notes.end(), [&](const model::NoteRecord& note) {
        return note.what == model::Note::script_error && note.line == 0 &&
               lane.bytes(note.text).find(setting) != std::string_view::npos;
    });
}

}  // namespace

TimeNs fin_timeout_ns(const Facts& facts, std::uint32_t socket) {
    const std::int64_t own = facts.socket_facts[socket].linger2_s;
    if (own > 0) return std::min(own, kMostSeconds) * model::kSecond;
    std::int64_t seconds = kUsualSeconds;
    for (const trace::Setting& setting : facts.trace->settings)
        if (setting.name == kFinTimeout && !refused(*facts.trace, kFinTimeout))
            std::from_chars(setting.value.data(), setting.value.data() + setting.value.size(), seconds);
    return std::clamp<std::int64_t>(seconds, 0, INT32_MAX) * model::kSecond;
}

}  // namespace socketscope::story
