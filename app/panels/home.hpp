// Home: what this very kernel answers for each kind of socket, and the lessons. A click or Enter opens one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/panels/view.hpp"
#include "core/model/kind.hpp"

namespace socketscope::panels {

// How far a person has come in a lesson, in this session or an earlier one.
struct LessonProgress {
    std::size_t seen{0}, steps{0};   // beats that were reached
    std::size_t right{0}, asked{0};  // predictions

    bool done() const { return steps > 0 && seen >= steps; }
    bool operator==(const LessonProgress&) const = default;
};
// A run that was kept.
struct RecordingCard {
    std::string title, when, file;
};
struct LessonCard {
    std::string title, summary, part, file;
    std::vector<model::Kind> lanes;
    std::string trouble;  // not empty: it can't be read, and why
    std::string name{};   // "one-packet-is-lost"
    LessonProgress progress{};
};
// One cell of the matrix as the kernel answered (host::Cell, without the kernel's side of it).
struct MatrixCell {
    enum class Result : std::uint8_t { works, refused, becomes };
    model::Kind kind;
    Result result{Result::works};
    int error{0};
    std::string becomes, why;
};
// What Home shows; the session fills it.
struct HomeContent {
    std::vector<LessonCard> lessons;        // in teaching order
    std::vector<MatrixCell> matrix;         // empty: the answers are not there yet
    std::vector<RecordingCard> recordings;  // the last runs, the newest first
    std::string not_kept;                   // not empty: the last run could not be kept, and why
    std::string rung, missing;              // of the capability ladder
    std::string kernel;                     // "Linux 6.18 x86_64"
    std::string trouble;                    // nothing can be run here, and why; recordings still open
};

// Which of its parts the keyboard is given now.
enum class HomeFocus : std::uint8_t { unchanged, matrix, lessons, recordings };
// Whether there is room for matrix and lessons beside each other; else M changes between them. `width`: logical pixels.
bool home_shows_both(const player::State& state, float width);
void draw_home(const View& view, style::Box area, const HomeContent& content, HomeFocus focus);

}  // namespace socketscope::panels
