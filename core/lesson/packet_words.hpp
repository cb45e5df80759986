// The words of lessons for hosts and classes of packets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/link.hpp"

namespace socketscope::lesson {

std::optional<model::Host> parse_host(std::string_view word);  // "client", "server"
// "data", "syn", … `any` is also `packet`.
std::optional<model::PacketClass> parse_packet_class(std::string_view word);
std::vector<std::string> packet_class_words();

}  // namespace socketscope::lesson
