#include "core/socket/fd.hpp"

#include <unistd.h>

#include "core/socket/thread_sanitizer.hpp"

namespace socketscope::socket {

void Fd::reset() {
    if (number_ < 0) return;
    const OwnDescriptors own;
    ::close(std::exchange(number_, -1));
}

}  // namespace socketscope::socket
