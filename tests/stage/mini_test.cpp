#include <doctest/doctest.h>

#include "app/stage/mini.hpp"
#include "tests/stage/judge.hpp"

using namespace socketscope;
using namespace socketscope::tests;

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
            }
        }
    }
}
