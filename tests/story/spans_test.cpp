#include <random>

#include <doctest/doctest.h>

#include "core/story/spans.hpp"

using socketscope::model::TimeNs;
using socketscope::story::Spans;

TEST_CASE("open spans are those that a plain scan finds") {
    std::mt19937 random(3);
    for (const std::size_t count : {0U, 1U, 31U, 32U, 33U, 1000U, 40'000U}) {
        std::vector<TimeNs> begin, end;
        for (std::size_t i = 0; i < count; ++i) {
            begin.push_back((begin.empty() ? 0 : begin.back()) + static_cast<TimeNs>(random() % 3));
            end.push_back(random() % 50 == 0 ? socketscope::model::kNever
                                             : begin.back() + static_cast<TimeNs>(random() % 40));
        }
        const auto end_of = [&](std::size_t i) { return end[i]; };
        Spans spans;
        spans.build(count, end_of);
        for (int query = 0; query < 50; ++query) {
            const TimeNs t =
                count == 0 ? 0 : static_cast<TimeNs>(random() % static_cast<unsigned>(begin.back() + 50));
            const auto begun =
                static_cast<std::size_t>(std::upper_bound(begin.begin(), begin.end(), t) - begin.begin());
            std::vector<std::size_t> found, expected;
            spans.visit_open(begun, t, end_of, [&](std::size_t i) { found.push_back(i); });
            for (std::size_t i = 0; i < begun; ++i)
                if (end[i] == socketscope::model::kNever || end[i] > t) expected.push_back(i);
            REQUIRE(found == expected);
        }
    }
}
