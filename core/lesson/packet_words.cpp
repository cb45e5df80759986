#include "core/lesson/packet_words.hpp"

#include <array>

namespace socketscope::lesson {

namespace {

using model::PacketClass;

struct ClassRow {
    std::string_view word;
    PacketClass packet;
};
constexpr std::array kClasses{
    ClassRow{"data", PacketClass::data},     ClassRow{"syn", PacketClass::syn},
    ClassRow{"synack", PacketClass::synack}, ClassRow{"ack", PacketClass::ack},
    ClassRow{"fin", PacketClass::fin},       ClassRow{"rst", PacketClass::rst},
    ClassRow{"icmp", PacketClass::icmp},     ClassRow{"fragment", PacketClass::fragment},
    ClassRow{"any", PacketClass::any},       ClassRow{"packet", PacketClass::any},
};

}  // namespace

std::optional<model::Host> parse_host(std::string_view word) {
    if (word == "client") return model::Host::client;
    if (word == "server") return model::Host::server;
    return std::nullopt;
}

std::optional<PacketClass> parse_packet_class(std::string_view word) {
    for (const auto& row : kClasses)
        if (row.word == word) return row.packet;
    return std::nullopt;
}

std::vector<std::string> packet_class_words() {
    std::vector<std::string> words;
    words.reserve(kClasses.size());
    for (const auto& row : kClasses) words.emplace_back(row.word);
    return words;
}

}  // namespace socketscope::lesson
