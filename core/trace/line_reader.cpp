#include "core/trace/line_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace socketscope::trace {

namespace {

constexpr std::size_t kAtOnce = std::size_t{1} << 18;
constexpr std::size_t kLongest = std::size_t{1} << 30;  // one call of 128 MB, both its bytes in hex, and room

}  // namespace

// O_NONBLOCK: opening a named pipe would wait for somebody who writes; without one it reads as empty (fifo(7)).
LineReader::LineReader(const std::string& path)
    : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0) error_ = errno;
    if (fd_ >= 0) ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) & ~O_NONBLOCK);
}

LineReader::~LineReader() {
    if (fd_ >= 0) ::close(fd_);
}

bool LineReader::fill() {
    if (error_ != 0 || at_end_) return false;
    if (begin_ > 0) {  // a long line grows in place: what was given out before it goes
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ > kLongest) {
        error_ = EFBIG;
        return false;
    }
    if (buffer_.size() - end_ < kAtOnce) buffer_.resize(std::max(buffer_.size() * 2, end_ + kAtOnce));
    ssize_t size;
    do size = ::read(fd_, buffer_.data() + end_, buffer_.size() - end_);
    while (size < 0 && errno == EINTR);
    if (size < 0) error_ = errno;
    if (size == 0) at_end_ = true;
    if (size <= 0) return false;
    end_ += static_cast<std::size_t>(size);
    return true;
}

std::string_view LineReader::start(std::size_t size) {
    while (end_ < size && fill()) {}
    return {buffer_.data(), std::min(size, end_)};
}

bool LineReader::next(std::string_view& line) {
    std::size_t searched = begin_;
    for (;;) {
        const std::size_t offset = searched - begin_;  // fill() may move what is there to the front
        const auto* found =
            end_ > searched
                ? static_cast<const char*>(std::memchr(buffer_.data() + searched, '\n', end_ - searched))
                : nullptr;
        if (found != nullptr) {
            const auto at = static_cast<std::size_t>(found - buffer_.data());
            line = std::string_view(buffer_.data() + begin_, at - begin_);
            begin_ = at + 1;
            whole_ = true;
            ++number_;
            return true;
        }
        const std::size_t known = std::max(offset, end_ - begin_);
        if (!fill()) break;
        searched = begin_ + known;
    }
    if (end_ == begin_ || error_ != 0) return false;
    line = std::string_view(buffer_.data() + begin_, end_ - begin_);
    begin_ = end_;
    whole_ = false;
    ++number_;
    return true;
}

}  // namespace socketscope::trace
