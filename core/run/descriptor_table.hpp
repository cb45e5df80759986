// Gives a thread a descriptor table of its own, as if it were a process: unshare(2) with CLONE_FILES.
//
// Two endpoints then never see one another's descriptors, a closed number is not taken over by the other program, and
// the kernel closes what is left when the thread ends.
#pragma once

namespace socketscope::run {

// Only 0, 1, 2 and `keep` (−1: none) stay open in the thread's table. Returns false where the machine does not allow it
// (a container's seccomp filter): the thread then goes on with the table of the process.
bool take_own_descriptor_table(int keep);

// fcntl(2) F_GETFD: is there such a descriptor in this thread's table?
bool is_open(int fd);

}  // namespace socketscope::run
