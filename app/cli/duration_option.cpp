#include "app/cli/duration_option.hpp"

#include <charconv>
#include <cmath>

#include "core/model/problem.hpp"

namespace socketscope::cli {

model::TimeNs parse_duration(const std::string& text, const std::string& option) {
    static constexpr struct {
        std::string_view name;
        double ns;
    } kUnits[] = {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 6e10}};
    constexpr double kLongest = 86'400e9;  // a day: anything longer is a mistake
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (error == std::errc{} && std::isfinite(value) && value >= 0)
        for (const auto& known : kUnits)
            if (known.name == unit && value * known.ns <= kLongest)
                return static_cast<model::TimeNs>(std::llround(value * known.ns));
    throw model::Failure(
        {"`" + text + "` is no duration", option, "", "Write it with a unit: 500ms, 2s, 20us"});
}

}  // namespace socketscope::cli
