// A folder of our own for socket files, removed with all that is in it (mkdtemp(3)).
#pragma once

#include <string>

#include "core/socket/fd.hpp"

namespace socketscope::run {

// While it exists its folder is locked (flock(2)), so that remove_stale_folders() can
// tell it from one whose program was killed.
class PrivateFolder {
public:
    // In $XDG_RUNTIME_DIR, the folder for temporary files, or another place that may be written to and whose name is so
    // short that a socket's path has room behind it. Mode 0700, whatever the umask. Throws model::Failure.
    PrivateFolder();
    ~PrivateFolder();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;

    const std::string& path() const { return path_; }
    std::string name() const {
        return path_.substr(path_.rfind('/') + 1);
    }  // unique on this machine while it exists

private:
    std::string path_;
    socket::Fd lock_;
};

// Removes the folders of this user's killed runs.
void remove_stale_folders();

}  // namespace socketscope::run
