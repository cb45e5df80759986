// Reads big-endian numbers from bytes without ever leaving them: what is not there reads as 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace socketscope::packet {

inline std::uint8_t octet(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : std::uint8_t{0};
}
inline std::uint16_t be16(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(octet(bytes, at) << 8 | octet(bytes, at + 1));
}
inline std::uint32_t be32(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint32_t>(be16(bytes, at)) << 16 | be16(bytes, at + 2);
}
inline void put16(std::string& bytes, std::uint32_t value) {
    bytes.push_back(static_cast<char>(value >> 8 & 0xff));
    bytes.push_back(static_cast<char>(value & 0xff));
}
inline void put32(std::string& bytes, std::uint32_t value) {
    put16(bytes, value >> 16);
    put16(bytes, value & 0xffff);
}
inline void set16(std::string& bytes, std::size_t at, std::uint16_t value) {
    bytes[at] = static_cast<char>(value >> 8);
    bytes[at + 1] = static_cast<char>(value & 0xff);
}

}  // namespace socketscope::packet
