#include "core/model/time.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace socketscope::model {

namespace {

std::string print(const char* format, int decimals, double value, const char* unit) {
    char text[64];
    std::snprintf(text, sizeof text, format, decimals, value, unit);
    return text;
}

// Decimals that leave three significant digits of a value in [1, 1000).
int decimals_for(double value) {
    const double size = std::fabs(value);
    return size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
}

}  // namespace

std::string format_duration(TimeNs duration) {
    const double ns = static_cast<double>(duration);
    const double size = std::fabs(ns);
    if (size < 1e3) return std::to_string(duration) + " ns";
    const char* unit = " µs";
    double value = ns / 1e3;
    if (size >= 999.5e6) {
        unit = " s";
        value = ns / 1e9;
    } else if (size >= 999.5e3) {
        unit = " ms";
        value = ns / 1e6;
    }
    return print("%.*f%s", decimals_for(value), value, unit);
}

std::string format_ms(TimeNs time, int decimals) {
    return print("%.*f%s", decimals, static_cast<double>(time) / 1e6, "");
}

}  // namespace socketscope::model
