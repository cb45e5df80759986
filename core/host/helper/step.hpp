// A step of building the hosts that the kernel refused: which one, and its errno.
#pragma once

#include <cerrno>
#include <string>
#include <utility>

namespace socketscope::host::helper {

struct StepFailed {
    std::string step;  // as in the man page: "unshare(CLONE_NEWUSER|CLONE_NEWNET)"
    int error{0};
};

// Throws StepFailed with the present errno if `result` is negative, else returns it.
inline int check(int result, std::string step) {
    if (result < 0) throw StepFailed{std::move(step), errno};
    return result;
}

}  // namespace socketscope::host::helper
