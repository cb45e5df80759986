// How a line of a script is broken where the panel is narrower than the line: nothing of it is left out.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace socketscope::panels {

// A part of the line and where it stands, in letters of a fixed width.
struct CodePiece {
    std::size_t offset{0}, size{0};  // bytes of the text
    std::size_t row{0}, column{0};   // letters
};

// The room that lines up expectations and comments shrinks first; then the line breaks, at best before these, else at a
// blank or behind a bracket outside of strings; rows behind the first one are indented. `columns`: letters in a row.
std::vector<CodePiece> break_code(std::string_view text, std::size_t columns);

std::size_t rows_of(const std::vector<CodePiece>& pieces);

}  // namespace socketscope::panels
