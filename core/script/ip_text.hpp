// Says whether a text is an IP address, as inet_pton(3) would; without it, for what replays includes no socket header.
#pragma once

#include <string_view>

namespace socketscope::script {

bool is_ipv4(std::string_view text);  // "192.0.2.2"
bool is_ipv6(std::string_view text);  // "2001:db8::2", "::ffff:192.0.2.2" (RFC 4291 §2.2)

}  // namespace socketscope::script
