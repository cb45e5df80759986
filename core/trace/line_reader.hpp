// Reads a file line by line, whatever its size; a line may be very long, but not without bound.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace socketscope::trace {

class LineReader {
public:
    explicit LineReader(const std::string& path);  // errors are told by error()
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    std::string_view start(std::size_t size);  // its first bytes, before the first next()
    // The next line without its end; false at the end of the file or after an error. Valid until the next call.
    bool next(std::string_view& line);
    bool whole() const { return whole_; }           // the last line had its line end
    std::size_t number() const { return number_; }  // of the last line, from 1
    int error() const { return error_; }            // errno; EFBIG for a line beyond the bound

private:
    bool fill();  // reads more; false if there is none

    int fd_{-1};
    int error_{0};
    std::vector<char> buffer_;
    std::size_t begin_{0}, end_{0};  // of what was read and not yet given out
    std::size_t number_{0};
    bool whole_{false}, at_end_{false};
};

}  // namespace socketscope::trace
