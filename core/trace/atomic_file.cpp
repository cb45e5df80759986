#include "core/trace/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/model/problem.hpp"

namespace socketscope::trace {

namespace {

constexpr mode_t kMode = 0666;  // less the umask
constexpr int kTries = 100;

std::string what_helps(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return "Make room on that disk, or choose another folder";
        case EFBIG:
            return "`ulimit -f` shows how long a file of yours may be";
        case EROFS:
        case EACCES:
        case EPERM:
            return "Choose a folder that you may write to";
        case ENOENT:
        case ENOTDIR:
            return "Make the folder first";
        default:
            return "";
    }
}

// Where the name leads: a symbolic link is kept, what it points to is replaced.
std::string behind_links(const std::string& path) {
    char resolved[PATH_MAX];
    return ::realpath(path.c_str(), resolved) != nullptr ? resolved : path;
}

void sync_folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;  // the name is there; only a power cut in this moment could undo it
    ::fsync(fd);
    ::close(fd);
}

}  // namespace

std::string describe_file_error(int error) {
    const char* name = ::strerrorname_np(error);
    return (name != nullptr ? std::string(name) + ": " : "") + std::strerror(error);
}

AtomicFile::AtomicFile(const std::string& path) : path_(path), target_(behind_links(path)) {
    struct stat status {};
    const bool there = ::stat(target_.c_str(), &status) == 0;
    if (there && S_ISDIR(status.st_mode)) fail(EISDIR);
    if (there && !S_ISREG(status.st_mode)) {
        fd_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
        if (fd_ < 0) fail(errno);
        return;
    }
    for (int i = 0; i < kTries && fd_ < 0; ++i) {
        temporary_ = target_ + ".part" + std::to_string(::getpid()) + "-" + std::to_string(i);
        fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
        if (fd_ < 0 && errno != EEXIST) break;
    }
    if (fd_ < 0) {
        const int error = errno;
        temporary_.clear();  // not ours
        fail(error);
    }
    if (there) ::fchmod(fd_, status.st_mode & 07777);
}

AtomicFile::~AtomicFile() {
    if (fd_ >= 0) ::close(fd_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) fail(errno);
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void AtomicFile::commit() {
    const bool beside = !temporary_.empty();
    if (beside && ::fsync(fd_) != 0) fail(errno);
    if (::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) fail(errno);
    if (!beside) return;
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
    temporary_.clear();
    sync_folder_of(target_);
}

void AtomicFile::fail(int error) const {
    throw model::Failure({"could not write " + path_, "", describe_file_error(error), what_helps(error)});
}

}  // namespace socketscope::trace
