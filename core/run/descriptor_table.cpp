#include "core/run/descriptor_table.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>

namespace socketscope::run {

bool take_own_descriptor_table(int keep) {
    constexpr unsigned kFirst = 3, kLast = ~0U;
    // close_range(2) can unshare too, and is allowed where a filter forbids unshare(2).
    if (::unshare(CLONE_FILES) != 0 && ::close_range(kLast, kLast, CLOSE_RANGE_UNSHARE) != 0) return false;
    if (keep < 0) return ::close_range(kFirst, kLast, 0) == 0;
    const auto kept = static_cast<unsigned>(keep);
    if (kept > kFirst) ::close_range(kFirst, kept - 1, 0);
    ::close_range(std::max(kFirst, kept + 1), kLast, 0);
    return true;
}

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) != -1;
}

}  // namespace socketscope::run
