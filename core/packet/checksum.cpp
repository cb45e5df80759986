#include <bit>
#include <cstring>

#include "core/packet/octets.hpp"
#include "core/packet/protocol.hpp"

namespace socketscope::packet {

std::uint16_t checksum(std::string_view bytes, std::uint32_t start) {
    std::uint64_t sum = start;
    std::size_t at = 0;
    // Whole words first: 2^16 ≡ 1 modulo 2^16 − 1, so words of any width may be summed (RFC 1071 §2).
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
        sum += (word >> 32) + (word & 0xffff'ffff);
    }
    for (; at + 1 < bytes.size(); at += 2) sum += be16(bytes, at);
    if (at < bytes.size())
        sum += static_cast<std::uint64_t>(octet(bytes, at)) << 8;  // an odd byte is padded behind
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum & 0xffff);
}

std::uint32_t pseudo_header(std::string_view packet, const Headers& headers, std::uint8_t protocol,
                            std::size_t size) {
    const std::size_t begin = headers.version == 4 ? 12 : 8;
    const std::size_t end = headers.version == 4 ? 20 : 40;
    std::uint32_t sum = protocol;
    for (std::size_t at = begin; at < end; at += 2) sum += be16(packet, at);
    sum += static_cast<std::uint32_t>(size >> 16) + static_cast<std::uint32_t>(size & 0xffff);
    return sum;
}

}  // namespace socketscope::packet
