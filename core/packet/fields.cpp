#include "core/packet/protocol.hpp"

namespace socketscope::packet {

bool FieldList::add(std::string name, std::string value, std::size_t offset, std::size_t size,
                    std::string_view source) {
    if (offset + size > packet_.size()) return false;
    fields_.push_back({std::move(name), std::move(value), static_cast<std::uint16_t>(offset),
                       static_cast<std::uint16_t>(size), std::string(source)});
    return true;
}

std::vector<Field> fields(std::string_view ip_packet) {
    ip_packet = ip_packet.substr(0, 65535);
    const Headers headers = decode(ip_packet);
    FieldList list(ip_packet);
    if (headers.version == 4) list_ipv4(list, headers);
    if (headers.version == 6) list_ipv6(list, headers);
    const bool has_transport =
        headers.transport_offset != 0 && !(headers.fragment && headers.fragment_offset != 0);
    if (has_transport && headers.is_tcp()) list_tcp(list, headers);
    if (has_transport && headers.is_udp()) list_udp(list, headers);
    if (has_transport && headers.is_icmp()) list_icmp(list, headers);
    if (headers.payload_size > 0)
        list.add("payload", bytes_word(headers.payload_size), headers.payload_offset, headers.payload_size,
                 "");
    return list.take();
}

}  // namespace socketscope::packet
