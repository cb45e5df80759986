// Packets as a Linux 6.18 kernel wrote them into a TUN device (and one that it
// read from there): the truth of these tests.
#pragma once

#include <string>
#include <string_view>

namespace real {

inline std::string unhex(std::string_view text) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
    return bytes;
}

inline const std::string kSyn = unhex(
    "4500003c2d3c40004006897cc0000201c0000202a8ca1b582026313000000000a002faf09107000002"
    "0405b40402080ade59442e000000000103030a");
inline const std::string kAck =
    unhex("450000282d3d40004006898fc0000201c0000202a8ca1b5820263131000003e95010003f122f0000");
inline const std::string kData =  // send(fd, "HELLO ", 6)
    unhex("4500002e2d3e400040068988c0000201c0000202a8ca1b5820263131000003e95018003f2e6f000048454c4c4f20");
inline const std::string kSack = unhex(
    "4500003c2d40400040068978c0000201c0000202a8ca1b5820263137000003e9a010003fac21000001010512000003fb00000401"
    "000003ef000003f5");
inline const std::string kFin = unhex(
    "4500003c2d41400040068977c0000201c0000202a8ca1b5820263137000003e9a011003fac20000001010512000003fb00000401"
    "000003ef000003f5");
inline const std::string kUdp =  // sendto(fd, "ONE", 3)
    unhex("4500001f2673400040119057c0000201c00002021b591b58000bb0d44f4e45");
// 3,000 × 'x' in three fragments.
inline const std::string kFragment1 =
    unhex("450005dc267f20004011aa8ec0000201c00002021b591b580bc04bd7") + std::string(1472, 'x');
inline const std::string kFragment2 =
    unhex("450005dc267f20b94011a9d5c0000201c0000202") + std::string(1480, 'x');
inline const std::string kFragment3 =
    unhex("45000044267f01724011ceb4c0000201c0000202") + std::string(48, 'x');
inline const std::string kPortUnreachable = unhex(
    "45c0003bfe3700004001f7c6c0000201c000020203033881000000004500001f000100004011f6c9c0000202c000020100050009"
    "00"
    "0b0000616263");
inline const std::string kUdp6 = unhex(
    "6005ce5c000b114020010db800000000000000000000000120010db80000000000000000000000021b591b58000bd9634f4e45");
inline const std::string kFragment6First =
    unhex(
        "6005ce5c05b02c4020010db800000000000000000000000120010db800000000000000000000000211000001a43a2d19"
        "1b591b580648e8bf") +
    std::string(1440, 'x');
inline const std::string kFragment6Last =
    unhex(
        "6005ce5c00a82c4020010db800000000000000000000000120010db8000000000000000000000002110005a8a43a2d19") +
    std::string(160, 'x');
inline const std::string kPing6 = unhex(
    "600928cf000c3a4020010db800000000000000000000000120010db8000000000000000000000002800045690007000370696e6"
    "7");
inline const std::string kPing6HopByHop = unhex(
    "600928cf0014004020010db800000000000000000000000120010db80000000000000000000000023a0001040000000080004569"
    "00"
    "07000370696e67");

}  // namespace real
