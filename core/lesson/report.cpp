#include "core/lesson/report.hpp"

#include <algorithm>

namespace socketscope::lesson {

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
