#include "core/lesson/report.hpp"

#include <algorithm>

namespace socketscope::lesson {

void Report::add(model::Diagnostic diagnostic) {
    constexpr std::size_t kMost = 200;
    const bool known = std::any_of(diagnostics_.begin(), diagnostics_.end(), [&](const auto& other) {
        return other.line == diagnostic.line && other.column == diagnostic.column &&
               other.message == diagnostic.message;
    });
    if (!known && diagnostics_.size() < kMost) diagnostics_.push_back(std::move(diagnostic));
}

bool Report::has_errors() const {
    return !no_errors(diagnostics_);
}

std::vector<model::Diagnostic> Report::take() {
    std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(diagnostics_);
}

bool no_errors(const std::vector<model::Diagnostic>& diagnostics) {
    return std::all_of(diagnostics.begin(), diagnostics.end(),
                       [](const auto& diagnostic) { return diagnostic.warning; });
}

}  // namespace socketscope::lesson
