#include "app/stage/excerpt.hpp"

#include <algorithm>

namespace socketscope::stage {

namespace {

constexpr std::size_t kLook = 256;       // bytes: what lies behind them is never shown
constexpr std::uint32_t kNeighbour = 8;  // messages of other programs that may stand between two of one

std::string_view bytes_of(const story::Story& story, std::uint32_t message) {
    return story.trace().bytes(story.trace().calls[story.messages()[message].call].data).substr(0, kLook);
}

// How many bytes a message has in common with the next one of its program, before it (step -1) or behind it.
std::size_t common_with(const story::Story& story, std::uint32_t message, std::int64_t step) {
    const auto all = story.messages();
    for (std::int64_t away = 1; away <= kNeighbour; ++away) {
        const std::int64_t other = static_cast<std::int64_t>(message) + away * step;
        if (other < 0 || other >= std::ssize(all)) break;
        const auto index = static_cast<std::uint32_t>(other);
        if (all[index].endpoint != all[message].endpoint) continue;
        const std::string_view mine = bytes_of(story, message), its = bytes_of(story, index);
        return static_cast<std::size_t>(
            std::mismatch(mine.begin(), mine.end(), its.begin(), its.end()).first - mine.begin());
    }
    return 0;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::uint32_t telling_byte(const story::Story& story, std::uint32_t message) {
    const std::string_view bytes = bytes_of(story, message);
    std::size_t telling = std::max(common_with(story, message, -1), common_with(story, message, 1));
    if (telling >= bytes.size()) return 0;
    while (telling > 0 && is_digit(bytes[telling]) && is_digit(bytes[telling - 1])) --telling;
    return static_cast<std::uint32_t>(telling);
}

std::string excerpt(const Brush& brush, style::FontRole font, std::string_view bytes, std::uint32_t telling,
                    float room) {
    const std::string all = printable(bytes);
    std::string beginning = brush.fit(font, all, room);
    const bool tells = beginning == all || letters(beginning) > telling + 1;  // its last letter are the dots
    if (tells || telling == 0 || telling >= bytes.size()) return beginning;
    const std::string rest = "…" + printable(bytes.substr(telling));
    std::string shown = brush.fit(font, rest, room);
    return shown == rest || letters(shown) > 2 ? shown : beginning;
}

std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace socketscope::stage
