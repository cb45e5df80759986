// The wire: one thread that carries every packet between the two hosts, delays, drops and records it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/host/hosts.hpp"
#include "core/model/event.hpp"
#include "core/model/link.hpp"
#include "core/trace/log.hpp"
#include "core/wire/command.hpp"

namespace socketscope::wire {

class Wire {
public:
    // Takes both ends. The thread starts at once and carries packets without impairment until begin_lane().
    Wire(host::LinkEnd client, host::LinkEnd server);
    ~Wire();  // stops and joins
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    // From now on new flows belong to this lane: its link, its seed, its log (which must outlive end_run()).
    // A flow that began in an earlier lane stays with that lane's log and link (PacketFlag kFromBefore). Rule counters
    // start anew. Returns when the wire's thread has taken it over: the next packet sent is the lane's.
    void begin_lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& log);
    // Nothing in flight and nothing read for `quiet_ns`, or `limit_ns` over. Returns whether it is quiet.
    bool wait_quiet(model::TimeNs quiet_ns, model::TimeNs limit_ns);
    // Packets still in flight get Cause::wire_closed; the logs are not touched afterwards.
    void end_run();
    // Thread-safe; carried out by the wire's thread. A packet that has arrived already is left alone.
    void command(Command command);
    std::string failure() const;  // not empty: the wire carries nothing any more, and why

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace socketscope::wire
