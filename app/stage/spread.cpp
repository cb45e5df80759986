#include "app/stage/spread.hpp"

#include <algorithm>
#include <cstddef>

namespace socketscope::stage {

// Pool adjacent violators: with x_i = placed_i minus the room of everything before it, "no overlap" means that x never
// falls, and the nearest such sequence to the wanted one is the isotonic regression. Unique, hence continuous.
float spread(std::vector<Spread>& items, float low, float high) {
    float total = 0;
    for (const Spread& item : items) total += item.extent;
    const float room = std::max(high - low, 0.0f);
    const float scale = total > room ? room / total : 1.0f;

    struct Pool {
        double sum;
        std::size_t count;
        double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Pool> pools;
    std::vector<double> before(items.size());
    double offset = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const double half = static_cast<double>(items[i].extent * scale) / 2;
        offset += half;
        before[i] = offset;
        offset += half;
        pools.push_back({static_cast<double>(items[i].wanted) - before[i], 1});
        while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
            const Pool last = pools.back();
            pools.pop_back();
            pools.back().sum += last.sum;
            pools.back().count += last.count;
        }
    }
    const double first = static_cast<double>(low), last = static_cast<double>(high) - offset;
    std::size_t i = 0;
    for (const Pool& pool : pools) {
        const double x = std::clamp(pool.mean(), first, std::max(first, last));
        for (std::size_t k = 0; k < pool.count; ++k, ++i) items[i].placed = static_cast<float>(x + before[i]);
    }
    return scale;
}

}  // namespace socketscope::stage
