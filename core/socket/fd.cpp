#include "core/socket/fd.hpp"

#include <unistd.h>

namespace socketscope::socket {

void Fd::reset() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
}

}  // namespace socketscope::socket
