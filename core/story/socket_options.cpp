#include "core/story/socket_options.hpp"

#include <algorithm>
#include <cstring>

#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

using Option = SocketFacts::Option;

// Those whose value matters at a moment.
constexpr struct {
    std::int64_t level, name;
    Option option;
} kSettings[] = {
    {kSolSocket, kSoPeekOff, Option::peek_offset},
    {kSolUdp, kUdpCork, Option::udp_cork},
    {kSolUdp, kUdpSegment, Option::udp_segment},
    {kSolUdp, kUdpGro, Option::udp_gro},
    {kSolIp, kIpMulticastLoop, Option::multicast_loop},
    {kSolIpv6, kIpv6MulticastLoop, Option::multicast_loop},
    {kSolIp, kIpHdrIncl, Option::header_included},
    {kSolIpv6, kIpv6HdrIncl, Option::header_included},
    {kSolIpv6, kIpv6Checksum, Option::checksum_offset},
    {kSolRaw, kIpv6Checksum, Option::checksum_offset},
};

// struct ip_mreqn and struct ipv6_mreq begin with the group (ip(7), ipv6(7)).
void set_membership(SocketFacts& known, const model::CallRecord& call, std::string_view value) {
    const std::int64_t level = call.args.first, name = call.args.second;
    const bool v4 = level == kSolIp, v6 = level == kSolIpv6;
    const bool joins = (v4 && name == kIpAddMembership) || (v6 && name == kIpv6AddMembership);
    const bool leaves = (v4 && name == kIpDropMembership) || (v6 && name == kIpv6DropMembership);
    if (!joins && !leaves) return;
    packet::Address group;
    group.version = v4 ? 4 : 6;
    std::memcpy(group.bytes, value.data(), std::min<std::size_t>(value.size(), v4 ? 4 : 16));
    if (joins) known.groups.push_back({group, call.enter_ns, model::kNever});
    for (SocketFacts::Group& joined : known.groups)
        if (leaves && same_host(joined.address, group) && joined.until_ns == model::kNever)
            joined.until_ns = call.exit_ns;
}

// struct linger: on, seconds.
bool is_zero_linger(std::string_view value) {
    std::int32_t linger[2] = {0, 0};
    std::memcpy(linger, value.data(), std::min(value.size(), sizeof linger));
    return linger[0] != 0 && linger[1] == 0;
}

}  // namespace

void set_option(SocketFacts& known, const model::CallRecord& call, std::string_view value) {
    const std::int64_t level = call.args.first, name = call.args.second, number = call.args.third;
    if (level == kSolSocket && name == kSoLinger) known.resets_on_close = is_zero_linger(value);
    if (level == kSolSocket && name == kSoOobInline) known.urgent_inline = number != 0;
    if (level == kSolTcp && name == kTcpLinger2) known.linger2_s = number;
    for (const auto& setting : kSettings)
        if (level == setting.level && name == setting.name)
            known.settings.push_back({call.exit_ns, number, setting.option});
    set_membership(known, call, value);
}

}  // namespace socketscope::story
