// Carries packets: decides the fate of each, keeps those in flight, delivers them when due, records all of it.
//
// No thread and no descriptor: time and the way out are given to it, so that it is tested without waiting. Not
// thread-safe; the wire's thread owns it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/event.hpp"
#include "core/model/link.hpp"
#include "core/trace/log.hpp"
#include "core/wire/command.hpp"
#include "core/wire/dice.hpp"
#include "core/wire/flows.hpp"
#include "core/wire/impairment.hpp"

namespace socketscope::wire {

// A packet as it came in. `route` means something to the way out only.
struct Arrival {
    model::Host from{model::Host::client};
    std::string_view bytes;
    std::uint64_t route{0};
};

class Carrier {
public:
    enum class Form : std::uint8_t { ip_packets, payloads };  // payloads: recorded with kPayloadOnly
    using Clock = std::function<model::TimeNs()>;
    using WayOut = std::function<int(const Arrival&)>;  // hands the bytes to the other host; errno or 0

    Carrier(Form form, Clock clock, WayOut way_out);
    ~Carrier();

    // As Wire's.
    void begin_lane(const model::LinkSpec& link, std::uint64_t seed, trace::PacketLog& log);
    void end_run();
    void carry_out(Command command);

    void arrived(const Arrival& arrival);
    void deliver_due();
    model::TimeNs next_due() const;  // kNever: nothing in flight that has a time
    std::size_t in_flight() const { return flying_.size(); }

private:
    struct Lane;
    struct Flying {
        Lane* lane{nullptr};
        std::uint32_t id{0};
        model::Host from{model::Host::client};
        std::uint64_t route{0};
        std::uint32_t rule{0};
        std::optional<std::uint32_t> flipped_bit;
        std::optional<model::PacketClass> swap_with;  // waits for that one
        std::string bytes;
        model::TimeNs place_ns{0};  // when it would be due if it did not wait to swap
    };
    // In the order of delivery: by time, then as they came.
    struct Turn {
        model::TimeNs due_ns{0};
        std::uint64_t number{0};
        // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 at every defaulted <=>
        auto operator<=>(const Turn&) const = default;
    };
    using InFlight = std::map<Turn, Flying>;

    Lane* lane_of(const packet::Headers& headers, std::string_view bytes);
    model::PacketRecord record_of(const Arrival& arrival, const Passing& passing, const Fate& fate,
                                  const Lane& lane) const;
    void set_out(Flying packet, const model::PacketRecord& record, std::uint32_t copies,
                 std::string_view bytes);
    void keep(Flying packet, Turn turn);
    InFlight::node_type take(InFlight::iterator packet);
    void land(const Flying& packet, std::string_view bytes);
    // The packets that wait for this one to pass them by.
    std::vector<Turn> waiting_for(const Passing& passing, const Flying& packet) const;
    Turn turn_at(model::TimeNs due_ns) { return {due_ns, ++turns_}; }
    void move(Turn from, model::TimeNs due_ns, model::Cause cause);
    void exchange_with_next(InFlight::iterator packet);
    void drop(InFlight::iterator packet, model::Cause cause);
    void corrupt(InFlight::value_type& packet);
    void add_twin(InFlight::iterator packet);

    Form form_;
    Clock clock_;
    WayOut way_out_;
    Flows flows_;
    std::map<LaneNumber, std::unique_ptr<Lane>> lanes_;  // of this run
    LaneNumber newest_{0}, present_{0};                  // present: 0 between the runs
    InFlight flying_;
    std::vector<Turn> waiting_to_swap_;  // those of flying_ that have swap_with
    std::uint64_t turns_{0};
};

}  // namespace socketscope::wire
