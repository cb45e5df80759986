// The bar at the top: where we are, how far the course has come, the run, and the buttons for the looks.
#pragma once

#include <optional>

#include "app/panels/home.hpp"
#include "app/panels/view.hpp"

namespace socketscope::panels {

// A message, if there is one for it, takes the place of the title.
void draw_top_bar(const View& view, style::Box area, const std::optional<style::Box>& message,
                  const HomeContent& home);

}  // namespace socketscope::panels
