// How far a person has come in each lesson of the course, kept from session to session in one small JSON file.
#pragma once

#include <map>
#include <string>

#include "app/panels/home.hpp"
#include "app/player/state.hpp"

namespace socketscope::window {

class Progress {
public:
    // `file` "": nothing is kept. A file that can't be read counts as none.
    explicit Progress(std::string file);

    // Looks at what is shown; writes the file when a step was reached or a question answered for the first time.
    // Returns whether that was so.
    bool note(const player::State& state);
    panels::LessonProgress of(const std::string& lesson) const;  // by its name
    const std::string& trouble() const { return trouble_; }      // why it could not be written

private:
    void write();

    std::string file_, trouble_;
    std::map<std::string, panels::LessonProgress> lessons_;
};

}  // namespace socketscope::window
