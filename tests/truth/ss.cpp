#include "tests/truth/ss.hpp"

#include <time.h>

#include <map>
#include <sstream>

#include "tests/support/process.hpp"

namespace socketscope::tests {

using model::TimeNs;

namespace {

TimeNs clock_ns(clockid_t id) {
    timespec now{};
    ::clock_gettime(id, &now);
    return now.tv_sec * model::kSecond + now.tv_nsec;
}

// As the story writes it.
std::string rfc_name(const std::string& ss_state) {
    static const std::map<std::string, std::string> kNames = {
        {"LISTEN", "LISTEN"},         {"SYN-SENT", "SYN_SENT"},     {"SYN-RECV", "SYN_RCVD"},
        {"ESTAB", "ESTABLISHED"},     {"FIN-WAIT-1", "FIN_WAIT_1"}, {"FIN-WAIT-2", "FIN_WAIT_2"},
        {"CLOSE-WAIT", "CLOSE_WAIT"}, {"CLOSING", "CLOSING"},       {"LAST-ACK", "LAST_ACK"},
        {"TIME-WAIT", "TIME_WAIT"},   {"UNCONN", "CLOSED"}};
    const auto found = kNames.find(ss_state);
    return found == kNames.end() ? "?" + ss_state : found->second;
}

}  // namespace

// Lines: "T 1700000000123456789", rows of ss, "E …" and again.
std::string ss_beside(const std::string& file) {
    return "while :; do date +'T %s%N'; ss -tanH; date +'E %s%N'; sleep 0.02; done > '" + file +
           "' 2>/dev/null";
}

std::vector<SsSample> ss_samples(const std::string& file) {
    const TimeNs ahead_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
    std::vector<SsSample> samples;
    std::istringstream lines(test::read_file(file));
    SsSample sample;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string first;
        words >> first;
        if (first == "T") {
            sample = {};
            words >> sample.before_ns;
            sample.before_ns -= ahead_ns;
        } else if (first == "E") {
            words >> sample.after_ns;
            sample.after_ns -= ahead_ns;
            if (sample.before_ns != 0) samples.push_back(sample);
        } else if (!first.empty()) {
            SsRow row;
            row.state = rfc_name(first);
            words >> row.receive_queue >> row.send_queue >> row.local >> row.remote;
            sample.rows.push_back(row);
        }
    }
    return samples;
}

}  // namespace socketscope::tests
