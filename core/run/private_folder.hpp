// A folder of our own for socket files, removed with all that is in it (mkdtemp(3)).
#pragma once

#include <string>

namespace socketscope::run {

class PrivateFolder {
public:
    PrivateFolder();  // in $XDG_RUNTIME_DIR, else in the folder for temporary files; throws model::Failure
    ~PrivateFolder();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;

    const std::string& path() const { return path_; }
    std::string name() const {
        return path_.substr(path_.rfind('/') + 1);
    }  // unique on this machine while it exists

private:
    std::string path_;
};

}  // namespace socketscope::run
