// Payload bytes of a log's records: where they lie on its tape, and how they come into a trace's arena.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/bytes.hpp"
#include "core/trace/chunked.hpp"
#include "core/trace/growth.hpp"

namespace socketscope::trace {

inline constexpr std::size_t kRecordsPerChunk = 2048;

// Offsets on a tape are as wide as those of an arena.
inline std::size_t tape_bound(std::size_t wanted) {
    return std::min<std::size_t>(wanted, model::kLargestArena);
}

// Appends as much as there is room for.
inline model::ByteRange store(ChunkedBytes& tape, std::string_view bytes) {
    const auto offset = static_cast<std::uint32_t>(tape.end());
    return {offset, static_cast<std::uint32_t>(tape.append(bytes))};
}

// The same bytes in `arena`; what it has no room for is cut (LogBounds: a lane's logs share the room, so there is).
inline model::ByteRange move_bytes(const ChunkedBytes& tape, model::ByteRange range, std::string& arena) {
    if (range.size == 0) return {};
    const auto size = std::min<std::uint64_t>(range.size, model::kLargestArena - arena.size());
    const model::ByteRange moved{static_cast<std::uint32_t>(arena.size()), static_cast<std::uint32_t>(size)};
    make_room(arena, moved.size);
    tape.copy(range.offset, moved.size, arena);
    return moved;
}

// Programs say the same again and again: bytes at the end of the arena that begin what
// was kept last go again. `last` is moved on.
inline model::ByteRange keep_once(model::ByteRange range, std::string& arena, model::ByteRange& last) {
    const std::string_view all = arena;
    if (range.size > 0 && range.size <= last.size &&
        all.substr(range.offset, range.size) == all.substr(last.offset, range.size)) {
        arena.resize(range.offset);
        return {last.offset, range.size};
    }
    if (range.size > 0) last = range;
    return range;
}
inline model::ByteRange move_bytes_once(const ChunkedBytes& tape, model::ByteRange range, std::string& arena,
                                        model::ByteRange& last) {
    return keep_once(move_bytes(tape, range, arena), arena, last);
}

// Of the calls that came last.
struct LastBytes {
    model::ByteRange data, extra;
};

}  // namespace socketscope::trace
