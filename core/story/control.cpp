#include "core/story/control.hpp"

#include <cstring>

#include "core/story/numbers.hpp"

namespace socketscope::story {
namespace {

constexpr std::int32_t kScmRights = 1;  // Linux, <sys/socket.h>

template <typename T>
bool read_at(std::string_view bytes, std::size_t at, T& value) {
    if (at > bytes.size() || bytes.size() - at < sizeof value) return false;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return true;
}

// struct cmsghdr of 64-bit Linux: size_t cmsg_len, int cmsg_level, int cmsg_type, then the data; aligned to 8 bytes.
constexpr std::size_t kHeader = 16;

void parse_messages(std::string_view bytes, Control& control) {
    std::size_t at = 0;
    std::uint64_t length = 0;
    std::int32_t level = 0, type = 0;
    while (read_at(bytes, at, length) && read_at(bytes, at + 8, level) && read_at(bytes, at + 12, type)) {
        if (length < kHeader || length > bytes.size() - at) return;
        const std::string_view data = bytes.substr(at + kHeader, length - kHeader);
        if (level == kSolSocket && type == kScmRights) {
            std::int32_t fd = -1;
            for (std::size_t i = 0; read_at(data, i, fd); i += sizeof fd) control.descriptors.push_back(fd);
        }
        std::uint32_t drops = 0;
        if (level == kSolSocket && type == kSoRxqOvfl && read_at(data, 0, drops)) control.drops = drops;
        at += (length + 7) / 8 * 8;
    }
}

}  // namespace

Control parse_control(std::string_view extra) {
    Control control;
    std::uint32_t address_size = 0;
    if (!read_at(extra, 0, address_size)) return control;
    extra.remove_prefix(sizeof address_size);
    if (address_size > extra.size()) return control;
    control.address = extra.substr(0, address_size);
    parse_messages(extra.substr(address_size), control);
    return control;
}

std::optional<std::uint32_t> drops_before(const trace::LaneTrace& trace, const model::CallRecord& call) {
    if (call.call != model::Call::recvmsg || call.result < 0) return {};
    return parse_control(trace.bytes(call.extra)).drops;
}

std::string_view address_of(const trace::LaneTrace& trace, const model::CallRecord& call) {
    using model::Call;
    const std::string_view extra = trace.bytes(call.extra);
    switch (call.call) {
        case Call::sendmsg:
        case Call::recvmsg:
            return parse_control(extra).address;
        case Call::bind:
        case Call::connect:
        case Call::accept:
        case Call::sendto:
        case Call::recvfrom:
        case Call::getsockname:
        case Call::getpeername:
            return extra;
        default:
            return {};
    }
}

}  // namespace socketscope::story
