// Errors as sentences for people: what happened, where, why, and what helps.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace socketscope::model {

struct Problem {
    std::string what;   // "connect to 192.0.2.2:7000 failed"
    std::string where;  // "client, line 3"; may be empty
    std::string why;    // "ECONNREFUSED: nobody listens there"; may be empty
    std::string help;   // "start the server first"; may be empty

    std::string sentence() const;  // all of it in one line
};

// Thrown where an error is not expected (a broken file, no memory, a helper that died). Carries the Problem.
class Failure : public std::runtime_error {
public:
    explicit Failure(Problem problem)
        : std::runtime_error(problem.sentence()), problem_(std::move(problem)) {}
    const Problem& problem() const { return problem_; }

private:
    Problem problem_;
};

// A Failure that is this machine's, not the person's: no display, no such rung. The program's exit status says which.
class NotPossible : public Failure {
public:
    using Failure::Failure;
};

// A mistake in a file that a person wrote. line and column from 1 (column in bytes); 0 = the whole file.
struct Diagnostic {
    int line{0};
    int column{0};
    std::string message;     // what is wrong and what was expected
    std::string suggestion;  // "did you mean `recvfrom`?"; may be empty
    bool warning{false};     // worth saying, does not stop a run

    std::string format(const std::string& file) const;  // "file:line:col: error: message (suggestion)"
};

// Why, after std::bad_alloc. Short enough for a std::string to take no memory for it.
inline constexpr const char* kNoMemory = "no memory left";

// The known word nearest to `word` (edit distance ≤ a third of its length), or "" if none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace socketscope::model
