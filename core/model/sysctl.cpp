#include "core/model/sysctl.hpp"

#include <algorithm>
#include <array>

namespace socketscope::model {

namespace {

constexpr auto kAllowed = std::to_array<std::string_view>({
    "net.core.somaxconn",
    "net.ipv4.icmp_echo_ignore_all",
    "net.ipv4.icmp_echo_ignore_broadcasts",
    "net.ipv4.icmp_ratelimit",
    "net.ipv4.ip_default_ttl",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_no_pmtu_disc",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ipfrag_time",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_abort_on_overflow",
    "net.ipv4.tcp_autocorking",
    "net.ipv4.tcp_congestion_control",
    "net.ipv4.tcp_dsack",
    "net.ipv4.tcp_early_retrans",
    "net.ipv4.tcp_ecn",
    "net.ipv4.tcp_fastopen",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_moderate_rcvbuf",
    "net.ipv4.tcp_no_metrics_save",
    "net.ipv4.tcp_orphan_retries",
    "net.ipv4.tcp_recovery",
    "net.ipv4.tcp_reordering",
    "net.ipv4.tcp_retries1",
    "net.ipv4.tcp_retries2",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_rto_max_ms",
    "net.ipv4.tcp_rto_min_us",
    "net.ipv4.tcp_sack",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syn_linear_timeouts",
    "net.ipv4.tcp_syn_retries",
    "net.ipv4.tcp_synack_retries",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_timestamps",
    "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_window_scaling",
    "net.ipv4.tcp_wmem",
    "net.ipv6.bindv6only",
    "net.ipv6.icmp.ratelimit",
    "net.ipv6.ip6frag_time",
    "net.unix.max_dgram_qlen",
});
static_assert(std::is_sorted(kAllowed.begin(), kAllowed.end()));

}  // namespace

std::span<const std::string_view> allowed_sysctls() {
    return kAllowed;
}

bool sysctl_allowed(std::string_view name) {
    return std::binary_search(kAllowed.begin(), kAllowed.end(), name);
}

}  // namespace socketscope::model
