// Where a receive call that only looks (MSG_PEEK) begins, if the program asked to go on behind what it has seen
// (SO_PEEK_OFF, socket(7)).
#pragma once

#include <algorithm>

#include "core/story/facts.hpp"

namespace socketscope::story {

class PeekOffset {
public:
    explicit PeekOffset(const SocketFacts& reader) : reader_(reader) {}

    void set_until(TimeNs at_ns) {
        for (; next_ < reader_.settings.size() && reader_.settings[next_].at_ns <= at_ns; ++next_)
            if (reader_.settings[next_].option == SocketFacts::Option::peek_offset)
                offset_ = reader_.settings[next_].value;
    }
    bool is_set() const { return offset_ >= 0; }
    std::uint64_t bytes() const { return static_cast<std::uint64_t>(std::max<std::int64_t>(offset_, 0)); }

    void looked_at(std::uint64_t size) {
        if (is_set()) offset_ += static_cast<std::int64_t>(size);
    }
    void taken(std::uint64_t size) {
        if (is_set()) offset_ = std::max<std::int64_t>(offset_ - static_cast<std::int64_t>(size), 0);
    }

private:
    const SocketFacts& reader_;
    std::size_t next_{0};
    std::int64_t offset_{-1};
};

}  // namespace socketscope::story
