#include "core/story/words.hpp"

#include <cstdio>
#include <cstring>

#include "core/packet/packet.hpp"
#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

constexpr std::size_t kShownValue = 48;  // characters of a value that is shown as bytes

// Of a value that has at least at + sizeof(Number) bytes.
template <class Number>
std::string number_at(std::string_view value, std::size_t at) {
    Number number{};
    std::memcpy(&number, value.data() + at, sizeof number);
    return std::to_string(number);
}

std::string address_at(std::string_view value, std::size_t at, int version) {
    packet::Address address;
    address.version = static_cast<std::uint8_t>(version);
    std::memcpy(address.bytes, value.data() + at, version == 4 ? 4 : sizeof address.bytes);
    return '"' + address.host() + '"';
}

// struct linger: two ints. struct timeval: two longs. struct ucred: pid, uid, gid. socket(7), unix(7)
std::string linger(std::string_view value) {
    return "{l_onoff=" + number_at<std::int32_t>(value, 0) +
           ", l_linger=" + number_at<std::int32_t>(value, 4) + "}";
}
std::string timeval(std::string_view value) {
    return "{tv_sec=" + number_at<std::int64_t>(value, 0) + ", tv_usec=" + number_at<std::int64_t>(value, 8) +
           "}";
}
std::string credentials(std::string_view value) {
    return "{pid=" + number_at<std::int32_t>(value, 0) + ", uid=" + number_at<std::uint32_t>(value, 4) +
           ", gid=" + number_at<std::uint32_t>(value, 8) + "}";
}
// struct ip_mreq: group, address of the interface. struct ipv6_mreq: group, index of the interface. ip(7), ipv6(7)
std::string group4(std::string_view value) {
    return "{imr_multiaddr=inet_addr(" + address_at(value, 0, 4) + "), imr_interface=inet_addr(" +
           address_at(value, 4, 4) + ")}";
}
std::string group6(std::string_view value) {
    return "{ipv6mr_multiaddr=" + address_at(value, 0, 6) +
           ", ipv6mr_interface=" + number_at<std::int32_t>(value, 16) + "}";
}
std::string text(std::string_view value) {
    return quoted(value.substr(0, value.find('\0')), kShownValue);
}

struct OptionForm {
    std::string_view level, option;
    std::size_t size;  // 0: any
    std::string (*write)(std::string_view value);
};
constexpr OptionForm kForms[] = {
    {"SOL_SOCKET", "SO_LINGER", 8, linger},          {"SOL_SOCKET", "SO_RCVTIMEO", 16, timeval},
    {"SOL_SOCKET", "SO_SNDTIMEO", 16, timeval},      {"SOL_SOCKET", "SO_PEERCRED", 12, credentials},
    {"SOL_SOCKET", "SO_BINDTODEVICE", 0, text},      {"SOL_TCP", "TCP_CONGESTION", 0, text},
    {"SOL_IP", "IP_ADD_MEMBERSHIP", 8, group4},      {"SOL_IP", "IP_DROP_MEMBERSHIP", 8, group4},
    {"SOL_IPV6", "IPV6_ADD_MEMBERSHIP", 20, group6}, {"SOL_IPV6", "IPV6_DROP_MEMBERSHIP", 20, group6},
};

}  // namespace

std::string option_value(std::int64_t level, std::int64_t option, std::string_view value) {
    const std::string level_word = option_level(level), word = option_name(level, option);
    for (const OptionForm& form : kForms)
        if (form.level == level_word && form.option == word && (form.size == 0 || form.size == value.size()))
            return form.write(value);
    return value.size() == sizeof(std::int32_t) ? "[" + number_at<std::int32_t>(value, 0) + "]"
                                                : quoted(value, kShownValue);
}

std::string option_name(std::int64_t level, std::int64_t option) {
    using model::Family;
    constexpr struct {
        std::int64_t level;
        Family family;
    } kLevels[] = {{kSolSocket, Family::socket_option}, {kSolTcp, Family::tcp_option},
                   {kSolUdp, Family::udp_option},       {kSolIp, Family::ip_option},
                   {kSolIpv6, Family::ipv6_option},     {kSolRaw, Family::raw_option}};
    for (const auto& row : kLevels)
        if (row.level == level) return model::constant_name(row.family, option);
    return std::to_string(option);
}

std::string option_level(std::int64_t level) {
    const std::string name = model::constant_name(model::Family::level, level);
    return name == std::to_string(level) ? model::constant_name(model::Family::protocol, level) : name;
}

namespace {

std::string escaped(char c) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        case '\0':
            return "\\0";
        case '"':
            return "\\\"";
        case '\\':
            return "\\\\";
        default:
            break;
    }
    if (byte >= 0x20 && byte < 0x7f) return std::string(1, c);
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", byte);
    return text;
}

}  // namespace

std::string quoted(std::string_view bytes, std::size_t limit) {
    std::string text = "\"";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::string next = escaped(bytes[i]);
        if (text.size() - 1 + next.size() > limit) return text + "\"…";
        text += next;
    }
    return text + '"';
}

std::string bytes_word(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace socketscope::story
