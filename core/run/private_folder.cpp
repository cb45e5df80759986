#include "core/run/private_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "core/model/errno_text.hpp"
#include "core/model/problem.hpp"

namespace socketscope::run {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "socketscope-run-";
constexpr std::string_view kUnique = "XXXXXX";
// A socket's path has room for 107 bytes (unix(7)); the longest name of a program, a port and ".sock" take 43.
constexpr std::size_t kLongestPlace = 107 - 43 - 1 - 1 - kPrefix.size() - kUnique.size();

std::vector<std::string> possible_places() {
    std::vector<std::string> places;
    const auto add = [&](std::string place) {
        while (place.size() > 1 && place.ends_with('/')) place.pop_back();
        if (place.starts_with('/') && place.size() <= kLongestPlace) places.push_back(std::move(place));
    };
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR")) add(runtime);
    if (const char* temporary = std::getenv("TMPDIR")) add(temporary);
    for (const char* usual : {"/tmp", "/var/tmp", "/dev/shm"}) add(usual);
    return places;
}

// An open and locked descriptor, if nobody else has the lock and the folder is still there.
socket::Fd lock(const std::string& path) {
    socket::Fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat opened {
    }, named{};
    const bool ours = folder && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0 &&
                      ::fstat(folder.get(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
                      opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
    return ours ? std::move(folder) : socket::Fd();
}

bool is_one_of_ours(const fs::path& path) {
    const std::string name = path.filename().string();
    struct stat status {};
    return name.starts_with(kPrefix) && name.size() == kPrefix.size() + kUnique.size() &&
           ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

}  // namespace

PrivateFolder::PrivateFolder() {
    constexpr int kTries = 10;  // somebody who looks for stale folders may be faster than our lock
    int error = 0;
    for (const std::string& place : possible_places()) {
        for (int i = 0; i < kTries; ++i) {
            std::string pattern = place + "/" + std::string(kPrefix) + std::string(kUnique);
            if (::mkdtemp(pattern.data()) == nullptr) {
                error = errno;
                break;
            }
            ::chmod(pattern.c_str(), S_IRWXU);
            path_ = pattern;
            lock_ = lock(path_);
            if (lock_) return;
        }
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    throw model::Failure({"no folder for socket files could be made", "",
                          error ? model::errno_sentence(error) : "it could not be locked",
                          "set TMPDIR to a folder that you may write to, with a name of at most " +
                              std::to_string(kLongestPlace) + " letters"});
}

PrivateFolder::~PrivateFolder() {
    std::error_code ignored;  // nothing a person could do about it, and nothing is lost
    fs::remove_all(path_, ignored);
}

void remove_stale_folders() {
    for (const std::string& place : possible_places()) {
        std::vector<std::string> stale;
        std::error_code error;
        for (fs::directory_iterator entry(place, error), end; !error && entry != end; entry.increment(error))
            if (is_one_of_ours(entry->path())) stale.push_back(entry->path().string());
        for (const std::string& path : stale) {
            std::error_code ignored;
            if (const socket::Fd locked = lock(path)) fs::remove_all(path, ignored);
        }
    }
}

}  // namespace socketscope::run
