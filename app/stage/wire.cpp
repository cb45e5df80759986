// The wire: a track each way, packets on them, ghosts of what was lost between them.
#include "app/stage/rails.hpp"

namespace socketscope::stage {

using style::Ink;

void draw_wire(LaneView& view, Rect at, Rect sockets) {
    const Geometry g = geometry_of(view, at, sockets);
    const bool forth = view.plan.packets_from[0], back = view.plan.packets_from[1];
    if (forth || !back) draw_track(view, g, 0);
    if (back) draw_track(view, g, 2);
    std::vector<OnWire> rails[3];
    bool held[3]{};
    for (const OnWire& p : packets_now(view)) {
        const model::PacketRecord& record = view.story.trace().packets[p.packet];
        const int rail = record.from == model::Host::client ? 0 : 2;
        const bool aside = (record.flags & model::kHeld) != 0;
        held[rail] |= aside && p.alpha > 0;
        rails[aside ? 1 : rail].push_back(p);
    }
    for (const int rail : {0, 2}) {
        const Tint tint{rail == 0 ? lane_ink(view.accent) : Ink::good, 0.45f};
        if (held[rail])
            draw_bypass(view.brush, {g.low(), g.high(), g.rails[rail].port, g.rails[1].across, g.column},
                        tint);
    }
    const Traffic traffic{place_packets(view, g, 0, std::move(rails[0])),
                          place_packets(view, g, 1, std::move(rails[1])),
                          place_packets(view, g, 2, std::move(rails[2]))};
    std::vector<Rect> taken = draw_ghosts(view, g, traffic);
    for (const int rail : {0, 2, 1}) draw_packets(view, g, rail, traffic, taken);
}

}  // namespace socketscope::stage
