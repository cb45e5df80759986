#include "app/window/mistakes.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

namespace socketscope::window {
namespace {

std::optional<std::string> line_of(const std::string& file, int number) {
    std::ifstream in(file);
    std::string line;
    for (int i = 0; i < number; ++i)
        if (!std::getline(in, line)) return std::nullopt;
    return line;
}

// The line and a caret below the column (in bytes, from 1), cut where a line is too long to be read.
std::string pointed(std::string line, int column) {
    constexpr std::size_t kLongest = 120;
    const auto at = static_cast<std::size_t>(std::max(column, 1)) - 1;
    if (at >= kLongest) return {};
    const std::size_t shown = std::min(at, line.size());
    // A caret counts characters, a column bytes; a tab stays a tab in both lines.
    std::string below;
    for (std::size_t i = 0; i < shown; ++i)
        if ((static_cast<unsigned char>(line[i]) & 0xC0U) != 0x80U) below += line[i] == '\t' ? '\t' : ' ';
    if (line.size() > kLongest) line.resize(kLongest);
    return "\n" + line + "\n" + below + "^";
}

}  // namespace

std::string mistakes_text(const std::vector<model::Diagnostic>& diagnostics, const std::string& file) {
    const model::Diagnostic* first = nullptr;
    std::size_t errors = 0;
    for (const model::Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.warning) continue;
        if (first == nullptr) first = &diagnostic;
        ++errors;
    }
    if (first == nullptr) return {};
    std::string out = first->format(file);
    if (errors > 1) out += "  (and " + std::to_string(errors - 1) + " more: socketscope check " + file + ")";
    if (first->line <= 0) return out;
    const auto line = line_of(file, first->line);
    if (line && line->find('\0') == std::string::npos) out += pointed(*line, first->column);  // text only
    return out;
}

}  // namespace socketscope::window
