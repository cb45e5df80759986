// A file descriptor with one owner: closed when the owner goes (close(2)). Move-only.
#pragma once

#include <utility>

namespace socketscope::socket {

class Fd {
public:
    Fd() = default;
    explicit Fd(int number) : number_(number) {}
    Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) {
            reset();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }
    ~Fd() { reset(); }

    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    int release() { return std::exchange(number_, -1); }  // the caller owns it now
    void reset();  // closes; errors of close(2) on a socket lose nothing we could save

private:
    int number_{-1};
};

}  // namespace socketscope::socket
