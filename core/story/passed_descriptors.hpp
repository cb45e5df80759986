// Descriptors on their way through AF_UNIX sockets (SCM_RIGHTS, unix(7)): which receive call got which.
#pragma once

#include <optional>
#include <vector>

#include "core/story/facts.hpp"

namespace socketscope::story {

struct Parcel {
    std::uint32_t call{kNone}, from{kNone};  // the sendmsg, and the socket it was made on
    std::vector<std::uint32_t> sockets;      // kNone: no socket that the trace knows
};

class PassedDescriptors {
public:
    explicit PassedDescriptors(const Facts& facts) : facts_(facts) {}

    void put(Parcel parcel) { parcels_.push_back(std::move(parcel)); }
    // The oldest parcel that this recvmsg can have been given. One that was only peeked at stays.
    std::optional<Parcel> take(std::uint32_t call, std::size_t descriptors);
    const std::vector<Parcel>& never_taken() const { return parcels_; }

private:
    bool fits(const Parcel& parcel, std::uint32_t call, std::size_t descriptors) const;

    const Facts& facts_;
    std::vector<Parcel> parcels_;  // by the time they were sent
};

}  // namespace socketscope::story
