// The kernel settings that a lesson may change in its two hosts: one list for the lesson's reader and for the helper.
#pragma once

#include <span>
#include <string_view>

namespace socketscope::model {

// Each belongs to the network namespace and changes nothing outside of it (Linux
// Documentation/networking/ip-sysctl.rst, tcp(7), ip(7), unix(7)). In alphabetical order.
std::span<const std::string_view> allowed_sysctls();
bool sysctl_allowed(std::string_view name);

}  // namespace socketscope::model
