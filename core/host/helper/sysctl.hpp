// The settings of a host (sysctl(8)) that lessons may change, and how they are put back.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace socketscope::host::helper {

// Whether `name` ("net.ipv4.tcp_sack") is in the table of settings that belong to one namespace and that lessons use.
bool sysctl_allowed(std::string_view name);

// The settings of one host. The process must be in that host's namespace when these are called.
class Sysctls {
public:
    int set(const std::string& name, const std::string& value);  // errno or 0; EPERM = not in the table
    void restore();

private:
    std::map<std::string, std::string> before_;  // what was there before the first set()
};

}  // namespace socketscope::host::helper
