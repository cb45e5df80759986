// Writes a file whole or not at all: beside its place first, then rename(2) over it.
#pragma once

#include <string>
#include <string_view>

namespace socketscope::trace {

// "ENOSPC: No space left on device": errno as it is on files (model::errno_sentence speaks of sockets).
std::string describe_file_error(int error);

// A file that is there completely, or as it was before. Devices and pipes are written to directly. Errors (read-only
// folder, full disk …) are model::Failure with what helps; nothing is left beside then.
class AtomicFile {
public:
    explicit AtomicFile(const std::string& path);
    ~AtomicFile();  // without commit(): nothing remains
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::string_view bytes);
    void commit();  // fsync(2), then the new file takes its place

private:
    [[noreturn]] void fail(int error) const;

    std::string path_;       // as asked for
    std::string target_;     // behind symbolic links
    std::string temporary_;  // "" for a device or pipe
    int fd_{-1};
};

}  // namespace socketscope::trace
