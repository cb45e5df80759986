// The questions a story answers, over its facts. Story's members are thin wrappers of these.
#pragma once

#include "core/story/facts.hpp"

namespace socketscope::story {

// queue.cpp
Queue send_queue_at(const Facts& facts, std::uint32_t socket, TimeNs t);
Queue receive_queue_at(const Facts& facts, std::uint32_t socket, TimeNs t);
// socket_at.cpp
const StateChange* state_at(const Facts& facts, std::uint32_t socket, TimeNs t);
bool open_at(const Facts& facts, std::uint32_t socket, TimeNs t);
std::vector<std::uint32_t> backlog_at(const Facts& facts, std::uint32_t listener, TimeNs t);
std::vector<InFlight> in_flight_at(const Facts& facts, TimeNs t);
// events.cpp
model::Ref ref(const Facts& facts, const Event& event);
// describe.cpp
std::string describe(const Facts& facts, const Event& event, std::uint32_t from = 0);
std::string describe_call(const Facts& facts, std::uint32_t call, std::uint32_t from = 0);
std::string describe_packet(const Facts& facts, std::uint32_t packet);
// why.cpp, related.cpp, moment.cpp
std::string why(const Facts& facts, model::Ref ref);
std::vector<model::Ref> related(const Facts& facts, model::Ref ref);
std::optional<TimeNs> find(const Facts& facts, const model::Moment& moment);

}  // namespace socketscope::story
