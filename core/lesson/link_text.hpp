// Reads what a lesson says of the wire: "20ms", "10%", "10Mbit/s", "drop data 2 from client".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/parsed.hpp"
#include "core/model/link.hpp"

namespace socketscope::lesson {

Parsed<model::TimeNs> parse_time(std::string_view text);  // "20ms", "1.5s"
Parsed<double> parse_chance(std::string_view text);       // "10%", "0.1": in [0, 1]
Parsed<std::uint64_t> parse_rate(std::string_view text);  // "10Mbit/s", "64kbit/s": bits per second
// ACTION [every] CLASS [N] [with next] from HOST [for TIME]: "drop data 2 from client", "hold data 1 from client for
// 30ms", "swap data 2 with next from client", "corrupt every data from server". Without N: the first.
Parsed<model::LinkRule> parse_rule(std::string_view text);

// Sets a number of the link by its name in lessons: "delay", "loss", "rate", … Returns what is wrong, "" if nothing.
struct LinkNumber {
    std::string_view name, words;
    Parsed<bool> (*set)(model::LinkSpec&, std::string_view text);
};
const LinkNumber* find_link_number(std::string_view name);
std::vector<std::string> link_number_names();

}  // namespace socketscope::lesson
