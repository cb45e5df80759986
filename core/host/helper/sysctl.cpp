#include "core/host/helper/sysctl.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/host/helper/namespaces.hpp"
#include "core/model/sysctl.hpp"

namespace socketscope::host::helper {
namespace {

std::string path_of(const std::string& name) {
    std::string path = "/proc/sys/" + name;
    std::replace(path.begin(), path.end(), '.', '/');
    return path;
}

int read_file(const std::string& path, std::string& value) {
    const socket::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return errno;
    char text[256];
    const ssize_t size = ::read(file.get(), text, sizeof text);
    if (size < 0) return errno;
    value.assign(text, static_cast<std::size_t>(size));
    return 0;
}

}  // namespace

int Sysctls::set(const std::string& name, const std::string& value) {
    if (!model::sysctl_allowed(name)) return EPERM;
    const std::string path = path_of(name);
    std::string before;
    if (const int error = read_file(path, before)) return error;
    if (const int error = write_file(path.c_str(), value.c_str())) return error;
    before_.try_emplace(name, before);
    return 0;
}

void Sysctls::restore() {
    for (const auto& [name, value] : before_) write_file(path_of(name).c_str(), value.c_str());
    before_.clear();
}

}  // namespace socketscope::host::helper
