// Requests to rtnetlink(7): builds one message with nested attributes, sends it, and waits for the kernel's answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace socketscope::host::helper {

class NetlinkRequest {
public:
    // `family_header` is the struct behind the nlmsghdr (ifinfomsg, ifaddrmsg, …).
    template <class Header>
    NetlinkRequest(std::uint16_t type, std::uint16_t flags, const Header& family_header)
        : NetlinkRequest(type, flags, &family_header, sizeof family_header) {}

    void add(std::uint16_t attribute, const void* value, std::size_t size);
    void add(std::uint16_t attribute, std::string_view text);  // with the final zero
    template <class Number>
    void add_number(std::uint16_t attribute, Number value) {
        add(attribute, &value, sizeof value);
    }
    // Raw bytes inside a nest: VETH_INFO_PEER begins with an ifinfomsg that is no attribute.
    void add_bytes(const void* value, std::size_t size);
    std::size_t begin_nest(std::uint16_t attribute);
    void end_nest(std::size_t nest);

    // Sends it in the namespace that the process is in. errno of the answer, 0 = done.
    int send();

private:
    NetlinkRequest(std::uint16_t type, std::uint16_t flags, const void* header, std::size_t size);
    std::vector<char> bytes_;
};

}  // namespace socketscope::host::helper
