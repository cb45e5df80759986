#include "core/story/passed_descriptors.hpp"

#include <algorithm>

#include "core/story/build.hpp"
#include "core/story/has_beginning.hpp"
#include "core/story/numbers.hpp"

namespace socketscope::story {

// They come with the first byte of what was sent with them, though on a stream bytes from before may stand in front.
bool PassedDescriptors::fits(const Parcel& parcel, std::uint32_t index, std::size_t descriptors) const {
    const model::CallRecord& call = facts_.call(index);
    const std::uint32_t receiver = facts_.call_socket[index];
    const std::uint32_t peer = parcel.from == kNone ? kNone : facts_.sockets[parcel.from].peer;
    if (peer != kNone && receiver != kNone && peer != receiver) return false;
    const bool cut = (call.args.third & kMsgCtrunc) != 0;
    if (cut ? descriptors > parcel.sockets.size() : descriptors != parcel.sockets.size()) return false;
    const std::string_view given = facts_.trace->bytes(call.data);
    const std::string_view sent = facts_.trace->bytes(facts_.call(parcel.call).data);
    return sent.empty() || given.empty() || has_beginning(given, sent);
}

std::optional<Parcel> PassedDescriptors::take(std::uint32_t call, std::size_t descriptors) {
    const auto found = std::find_if(parcels_.begin(), parcels_.end(),
                                    [&](const Parcel& parcel) { return fits(parcel, call, descriptors); });
    if (found == parcels_.end()) return {};
    Parcel parcel = *found;
    if ((facts_.call(call).args.second & kMsgPeek) == 0) parcels_.erase(found);
    return parcel;
}

}  // namespace socketscope::story
