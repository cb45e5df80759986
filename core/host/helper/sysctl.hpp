// The settings of a host (sysctl(8)) that lessons may change, and how they are put back.
#pragma once

#include <map>
#include <string>

namespace socketscope::host::helper {

// The settings of one host. The process must be in that host's namespace when these are called.
class Sysctls {
public:
    int set(const std::string& name,
            const std::string& value);  // errno or 0; EPERM = not in model/sysctl.hpp
    void restore();

private:
    std::map<std::string, std::string> before_;  // what was there before the first set()
};

}  // namespace socketscope::host::helper
