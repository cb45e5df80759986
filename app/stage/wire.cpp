// The wire: a track each way, packets on them, ghosts of what was lost between them.
#include "app/stage/rails.hpp"

namespace socketscope::stage {

using style::Ink;

namespace {

// The way of a packet that is held back and overtaken: an arc beside the track.
void draw_arc(LaneView& view, const Geometry& g, int rail) {
    Curve arc = g.track(rail);
    const float aside = (g.rails[1].across - g.rails[rail].across) * 4 / 3;
    for (Point* p : {&arc.p1, &arc.p2}) (g.column ? p->x : p->y) = g.rails[rail].across + aside;
    arc.tint = {rail == 0 ? lane_ink(view.accent) : Ink::good, 0.45f};
    arc.width = 1.25f;
    arc.dash = 3;
    arc.gap = 4;
    view.brush.curve(arc);
}

}  // namespace

void draw_wire(LaneView& view, Rect at) {
    const Geometry g = geometry_of(view, at);
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
        if (held[rail]) draw_arc(view, g, rail);
    }
    const Traffic traffic{place_packets(view, g, 0, std::move(rails[0])),
                          place_packets(view, g, 1, std::move(rails[1])),
                          place_packets(view, g, 2, std::move(rails[2]))};
    draw_ghosts(view, g, traffic);
    draw_packets(view, g, 0, traffic[0]);
    draw_packets(view, g, 2, traffic[2]);
    draw_packets(view, g, 1, traffic[1]);
}

}  // namespace socketscope::stage
