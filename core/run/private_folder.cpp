#include "core/run/private_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "core/model/errno_text.hpp"
#include "core/model/problem.hpp"

namespace socketscope::run {

namespace {

// Short, because a socket's path has room for 107 bytes (unix(7)).
std::vector<std::string> possible_places() {
    std::vector<std::string> places;
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime != nullptr && *runtime == '/')
        places.emplace_back(runtime);
    std::error_code none;
    places.push_back(std::filesystem::temp_directory_path(none).string());
    places.emplace_back("/tmp");
    return places;
}

}  // namespace

PrivateFolder::PrivateFolder() {
    int error = 0;
    for (const std::string& place : possible_places()) {
        std::string pattern = place + "/socketscope-XXXXXX";
        if (::mkdtemp(pattern.data()) != nullptr) {
            path_ = pattern;
            return;
        }
        error = errno;
    }
    throw model::Failure({"no folder for socket files could be made", "", model::errno_sentence(error),
                          "set TMPDIR to a folder that you may write to"});
}

PrivateFolder::~PrivateFolder() {
    std::error_code ignored;  // nothing a person could do about it, and nothing is lost
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace socketscope::run
