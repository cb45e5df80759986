// Collects what is wrong with a lesson file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/model/problem.hpp"

namespace socketscope::lesson {

struct Place {
    int line{0}, column{0};
};  // in the file, from 1; 0 = the whole file

class Report {
public:
    void error(Place at, std::string message, std::string suggestion = {}) {
        add({at.line, at.column, std::move(message), std::move(suggestion), false});
    }
    void warning(Place at, std::string message, std::string suggestion = {}) {
        add({at.line, at.column, std::move(message), std::move(suggestion), true});
    }
    // The same at the same place is said once: several lanes may run one script.
    void add(model::Diagnostic diagnostic);
    bool has_errors() const;
    std::size_t size() const { return diagnostics_.size(); }
    // By line.
    std::vector<model::Diagnostic> take();

private:
    std::vector<model::Diagnostic> diagnostics_;
};

// No errors among them; warnings are fine.
bool no_errors(const std::vector<model::Diagnostic>& diagnostics);

}  // namespace socketscope::lesson
