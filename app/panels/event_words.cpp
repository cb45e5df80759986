#include "app/panels/event_words.hpp"

#include "app/stage/excerpt.hpp"
#include "app/style/imgui_bridge.hpp"
#include "core/story/words.hpp"

namespace socketscope::panels {
namespace {

// Which byte of what a call carried tells its first message from its neighbours; 0: it begins with what tells.
std::uint32_t telling_byte_of(const story::Story& story, std::uint32_t call) {
    story::Piece first{story.message_of(call), 0, 0};
    if (const std::uint32_t receive = story.receive_of(call); receive != story::kNone) {
        const auto pieces = story.pieces(story.receives()[receive].pieces);
        if (!pieces.empty()) first = pieces.front();
    }
    if (first.message == story::kNone) return 0;
    const std::uint32_t telling = stage::telling_byte(story, first.message);
    return telling > first.offset ? telling - first.offset : 0;
}

}  // namespace

std::string event_words(const story::Story& story, const story::Event& event, std::string_view who,
                        const style::Look& look, float room) {
    std::string words = std::string(who) + story.describe(event);
    if (event.of != model::RefKind::call || event.kind == story::MarkKind::lost) return words;
    constexpr auto kFont = style::FontRole::small;
    if (look.text_size(kFont, words).x <= room) return words;
    const std::uint32_t telling = telling_byte_of(story, event.index);
    const std::size_t quote = words.find('"');
    if (telling == 0 || quote == std::string::npos) return words;
    const std::string_view bytes = story.trace().bytes(story.trace().calls[event.index].data);
    const std::size_t needed = quote + story::quoted(bytes.substr(0, telling + 1), SIZE_MAX).size() - 1;
    const float kept = room - look.text_size(kFont, "…").x;
    if (style::bytes_that_fit(look.font(kFont), words, kept) >= needed) return words;
    return std::string(who) + story.describe(event, telling);
}

}  // namespace socketscope::panels
