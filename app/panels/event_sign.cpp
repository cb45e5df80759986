#include "app/panels/event_sign.hpp"

namespace socketscope::panels {

using style::Ink;

EventSign sign_of(story::MarkKind kind, std::size_t lane) {
    using story::MarkKind;
    switch (kind) {
        case MarkKind::send:
            return {style::Mark::triangle, style::lane_ink(lane)};
        case MarkKind::receive:
            return {style::Mark::disc, style::lane_ink(lane)};
        case MarkKind::lost:
            return {style::Mark::cross, Ink::loss};
        case MarkKind::retransmitted:
            return {style::Mark::diamond, Ink::text};
        case MarkKind::ack:
            return {style::Mark::ring, Ink::good};
        case MarkKind::refused:
            return {style::Mark::square, Ink::loss};
        case MarkKind::blocked:
            return {style::Mark::bar, Ink::loss};
        case MarkKind::call:
        case MarkKind::packet_sent:
        case MarkKind::packet_delivered:
        case MarkKind::control:
            return {style::Mark::ring, Ink::faint};
    }
    return {style::Mark::ring, Ink::faint};
}

}  // namespace socketscope::panels
