#include <doctest/doctest.h>

#include <algorithm>

#include "app/stage/mini.hpp"
#include "tests/stage/judge.hpp"

using namespace socketscope;
using namespace socketscope::tests;

namespace {

long marks_of_loss(const stage::Scene& scene) {
    return std::count_if(scene.shapes.begin(), scene.shapes.end(), [](const stage::Shape& shape) {
        const auto* box = std::get_if<stage::Box>(&shape.what);
        return std::holds_alternative<stage::Cross>(shape.what) ||
               (box != nullptr && box->border.ink == style::Ink::loss);
    });
}

bool any_dashed(model::Kind kind) {
    const stage::Scene scene =
        stage::mini({kind, stage::Answer::works, "", model::SocketType::dgram, 160, 60, fixed_measure});
    return std::any_of(scene.shapes.begin(), scene.shapes.end(), [](const stage::Shape& shape) {
        const auto* box = std::get_if<stage::Box>(&shape.what);
        return box != nullptr && box->dash > 0;
    });
}

}  // namespace

TEST_CASE("dashed is what no kernel promises to deliver: a datagram to another host") {
    using model::Domain, model::SocketType;
    CHECK(any_dashed({Domain::inet, SocketType::dgram, 0}));
    CHECK(any_dashed({Domain::inet6, SocketType::raw, 0}));
    CHECK_FALSE(any_dashed({Domain::inet, SocketType::stream, 0}));
    CHECK_FALSE(any_dashed({Domain::local, SocketType::dgram, 0}));
}

TEST_CASE("each kind's miniature stays within its stamp, at any size and answer") {
    for (const model::KindRow& row : model::kinds()) {
        for (const stage::Answer answer :
             {stage::Answer::works, stage::Answer::refused, stage::Answer::becomes}) {
            for (const float width : {90.0f, 150.0f, 260.0f}) {
                const stage::MiniInput input{{row.domain, row.type, 0},
                                             answer,
                                             "ESOCKTNOSUPPORT",
                                             model::SocketType::dgram,
                                             width,
                                             width * 0.3f,
                                             fixed_measure};
                const stage::Scene scene = stage::mini(input);
                CAPTURE(row.name);
                CAPTURE(width);
                CHECK(joined(faults(scene, {})) == "");
                CHECK(scene.shapes.size() > 1);
                CHECK(says(scene, "ESOCKT") == (answer == stage::Answer::refused));
                // Nothing was sent, so nothing was lost.
                if (answer != stage::Answer::refused) CHECK(marks_of_loss(scene) == 0);
            }
        }
    }
}
