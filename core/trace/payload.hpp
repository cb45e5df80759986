// Payload bytes of a log's records: where they lie on its tape, and how they come into a trace's arena.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/bytes.hpp"
#include "core/trace/chunked.hpp"
#include "core/trace/growth.hpp"

namespace socketscope::trace {

inline constexpr std::size_t kRecordsPerChunk = 2048;

// Appends as much as there is room for.
inline model::ByteRange store(ChunkedBytes& tape, std::string_view bytes) {
    const std::size_t offset = tape.end();
    return {offset, static_cast<std::uint32_t>(tape.append(bytes.substr(0, UINT32_MAX)))};
}

// The same bytes in `arena`.
inline model::ByteRange move_bytes(const ChunkedBytes& tape, model::ByteRange range, std::string& arena) {
    if (range.size == 0) return {};
    const model::ByteRange moved{arena.size(), range.size};
    make_room(arena, range.size);
    tape.copy(range.offset, range.size, arena);
    return moved;
}

}  // namespace socketscope::trace
