#include "core/story/words.hpp"

#include <cstdio>
#include <span>

namespace socketscope::story {
namespace {

struct Word {
    std::int64_t value;
    std::string_view name;
};

constexpr Word kMessageFlags[] = {{0x1, "MSG_OOB"},
                                  {0x2, "MSG_PEEK"},
                                  {0x4, "MSG_DONTROUTE"},
                                  {0x8, "MSG_CTRUNC"},
                                  {0x20, "MSG_TRUNC"},
                                  {0x40, "MSG_DONTWAIT"},
                                  {0x80, "MSG_EOR"},
                                  {0x100, "MSG_WAITALL"},
                                  {0x800, "MSG_CONFIRM"},
                                  {0x2000, "MSG_ERRQUEUE"},
                                  {0x4000, "MSG_NOSIGNAL"},
                                  {0x8000, "MSG_MORE"},
                                  {0x40000000, "MSG_CMSG_CLOEXEC"}};
constexpr Word kPollEvents[] = {{0x1, "POLLIN"},   {0x2, "POLLPRI"},   {0x4, "POLLOUT"},     {0x8, "POLLERR"},
                                {0x10, "POLLHUP"}, {0x20, "POLLNVAL"}, {0x2000, "POLLRDHUP"}};
constexpr Word kShutdown[] = {{0, "SHUT_RD"}, {1, "SHUT_WR"}, {2, "SHUT_RDWR"}};
constexpr Word kLevels[] = {{1, "SOL_SOCKET"},   {0, "IPPROTO_IP"},    {6, "IPPROTO_TCP"},
                            {17, "IPPROTO_UDP"}, {41, "IPPROTO_IPV6"}, {58, "IPPROTO_ICMPV6"}};
constexpr Word kSocketOptions[] = {{2, "SO_REUSEADDR"},   {3, "SO_TYPE"},       {4, "SO_ERROR"},
                                   {6, "SO_BROADCAST"},   {7, "SO_SNDBUF"},     {8, "SO_RCVBUF"},
                                   {9, "SO_KEEPALIVE"},   {10, "SO_OOBINLINE"}, {13, "SO_LINGER"},
                                   {15, "SO_REUSEPORT"},  {16, "SO_PASSCRED"},  {17, "SO_PEERCRED"},
                                   {18, "SO_RCVLOWAT"},   {20, "SO_RCVTIMEO"},  {21, "SO_SNDTIMEO"},
                                   {30, "SO_ACCEPTCONN"}, {38, "SO_PROTOCOL"},  {39, "SO_DOMAIN"},
                                   {40, "SO_RXQ_OVFL"},   {42, "SO_PEEK_OFF"},  {55, "SO_MEMINFO"}};
constexpr Word kTcpOptions[] = {{1, "TCP_NODELAY"},      {2, "TCP_MAXSEG"},    {3, "TCP_CORK"},
                                {11, "TCP_INFO"},        {12, "TCP_QUICKACK"}, {13, "TCP_CONGESTION"},
                                {18, "TCP_USER_TIMEOUT"}};
constexpr Word kIpOptions[] = {
    {2, "IP_TTL"}, {3, "IP_HDRINCL"}, {10, "IP_MTU_DISCOVER"}, {11, "IP_RECVERR"}, {14, "IP_MTU"}};
constexpr Word kIpv6Options[] = {
    {16, "IPV6_UNICAST_HOPS"}, {23, "IPV6_MTU_DISCOVER"}, {24, "IPV6_MTU"}, {26, "IPV6_V6ONLY"}};
constexpr Word kRequests[] = {{0x541B, "FIONREAD"}, {0x5411, "SIOCOUTQ"}, {0x5421, "FIONBIO"}};

std::string one(std::span<const Word> words, std::int64_t value) {
    for (const Word& word : words)
        if (word.value == value) return std::string(word.name);
    return std::to_string(value);
}

std::string all(std::span<const Word> words, std::int64_t bits) {
    std::string text;
    for (const Word& word : words) {
        if ((bits & word.value) == 0) continue;
        text += (text.empty() ? "" : "|") + std::string(word.name);
        bits &= ~word.value;
    }
    if (bits == 0) return text.empty() ? "0" : text;
    char rest[24];
    std::snprintf(rest, sizeof rest, "0x%llx", static_cast<unsigned long long>(bits));
    return text + (text.empty() ? "" : "|") + rest;
}

}  // namespace

std::string message_flags(std::int64_t flags) {
    return all(kMessageFlags, flags);
}
std::string poll_events(std::int64_t events) {
    return all(kPollEvents, events);
}
std::string shutdown_how(std::int64_t how) {
    return one(kShutdown, how);
}
std::string option_level(std::int64_t level) {
    return one(kLevels, level);
}
std::string request_name(std::int64_t request) {
    return one(kRequests, request);
}

std::string option_name(std::int64_t level, std::int64_t option) {
    switch (level) {
        case 1:
            return one(kSocketOptions, option);
        case 0:
            return one(kIpOptions, option);
        case 6:
            return one(kTcpOptions, option);
        case 41:
            return one(kIpv6Options, option);
        default:
            return std::to_string(option);
    }
}

std::string quoted(std::string_view bytes, std::size_t limit) {
    std::string text = "\"";
    for (const char c : bytes.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n')
            text += "\\n";
        else if (c == '\r')
            text += "\\r";
        else if (c == '\t')
            text += "\\t";
        else if (c == '\0')
            text += "\\0";
        else if (c == '"' || c == '\\')
            (text += '\\') += c;
        else if (byte < 0x20 || byte >= 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\x%02x", byte);
            text += escape;
        } else
            text += c;
    }
    return text + (bytes.size() > limit ? "\"…" : "\"");
}

std::string bytes_word(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace socketscope::story
