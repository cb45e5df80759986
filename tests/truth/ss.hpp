// What ss(8) says of the TCP sockets of a host, again and again while a script runs there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/time.hpp"

namespace socketscope::tests {

struct SsRow {
    std::string state;  // as the story writes it: "SYN_RCVD"
    std::string local, remote;
    std::uint64_t receive_queue{0}, send_queue{0};
};
struct SsSample {
    model::TimeNs before_ns{0}, after_ns{0};  // on the trace's clock
    std::vector<SsRow> rows;
};

// For run::Options::beside: writes samples to the file until it is ended.
std::string ss_beside(const std::string& file);
std::vector<SsSample> ss_samples(const std::string& file);

}  // namespace socketscope::tests
