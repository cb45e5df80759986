// Rows of bytes: queues, what was sent, what a program was given. Shortens honestly where not every byte has room.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/stage/brush.hpp"
#include "core/story/story.hpp"

namespace socketscope::stage {

enum class CellLook : std::uint8_t { unsent, sent, sent_again, ready, held, hole, lost, cut, header };

// Consecutive bytes of one message (or of a header, or of a hole) that look alike.
struct Run {
    story::Piece piece;        // message kNone: bytes that belong to none
    std::string bytes;         // of the piece; may be only the first ones of a long piece
    std::uint32_t size{0};     // how many there are
    std::uint32_t telling{0};  // the first of them that tells its message from its neighbours (excerpt.hpp)
    std::string word;          // shown instead of the bytes: "end", "IP header 20 B"
    CellLook look{CellLook::ready};
    std::uint8_t hue{0};
    bool never_came{false};   // sent and lost: a cross beside its number
    std::uint32_t number{0};  // of the message; 0 = none
    std::uint32_t message_size{0};
    model::Ref ref;  // what a click on it selects
    // Runs with the same number lie in one envelope, or were given by one receive call.
    std::uint32_t envelope{story::kNone};
    model::Ref envelope_ref;
    std::string envelope_note;                // what the call returned
    bool open_begin{false}, open_end{false};  // its envelope comes from the line before, goes on in the next
    float alpha{1};
};

enum class Wrapping : std::uint8_t {
    none,
    sealed,
    bracket
};  // sealed: a record with a border; bracket: one receive call

// Where envelope_note stands: in a strip below the cells, or beside the numbers where lines must be low.
enum class Notes : std::uint8_t { none, below, beside };

struct RowStyle {
    Wrapping wrapping{Wrapping::none};
    bool numbers{true};  // a strip above the cells with the messages' numbers
    Notes notes{Notes::none};
    int lines{1};   // the row is so many lines high
    float cell{0};  // > 0: every byte gets a cell so wide, as long as the lines have room for all (lines.hpp)
    bool newest_last{false};         // a history: if runs must go, the oldest ones go
    std::uint64_t reserve{0};        // bytes to make room for, so that cells keep their width as more arrive
    std::uint32_t reserve_wraps{0};  // the same for envelopes
    float reserve_words{0};          // and for words, such as "end"
    std::uint64_t omitted_bytes{0};  // left out by the caller (behind the runs; before them if newest_last)
    float slide_wraps{0};            // the same in envelopes
    float slide{0};  // moves the cells right by so many bytes: those before them have just left
    float cell_height{18};
    const char* name{"queue"};  // for the hits' names
};

inline constexpr float kStrip = 13;  // height of the strips of numbers and notes

float row_height(const RowStyle& style);
// One line of it, and where in the line the cells are.
float line_height(const RowStyle& style);
float cells_top(const RowStyle& style);

// Draws the runs in `area` (whose height is row_height). Returns the width used.
float draw_row(Brush& brush, Rect area, const std::vector<Run>& runs, const RowStyle& style);

// A run of a piece of a message.
Run run_of(const story::Story& story, const Brush& brush, story::Piece piece, CellLook look);

}  // namespace socketscope::stage
