#include "core/model/constants.hpp"

#include <cstdio>

#include "core/model/constant_table.hpp"

namespace socketscope::model {

std::span<const Constant> constants() {
    return kConstants;
}

const Constant* find_constant_row(std::string_view name) {
    for (const auto& constant : kConstants)
        if (constant.name == name) return &constant;
    return nullptr;
}

bool takes_one_int(std::int64_t request) {
    for (const auto& constant : kConstants)
        if (constant.family == Family::request && constant.value == request) return true;
    return false;
}

namespace {

std::string number_text(std::int64_t value) {
    char text[32];
    std::snprintf(text, sizeof text, value > 9 ? "0x%llx" : "%lld", static_cast<long long>(value));
    return text;
}

}  // namespace

std::string constant_name(Family family, std::int64_t value) {
    for (const auto& constant : kConstants)
        if (constant.family == family && constant.value == value) return std::string(constant.name);
    return std::to_string(value);
}

std::string flags_text(Family family, std::int64_t value) {
    std::string text;
    for (const auto& constant : kConstants) {
        if (constant.family != family || constant.value == 0 || (value & constant.value) != constant.value)
            continue;
        value &= ~constant.value;
        text += (text.empty() ? "" : "|") + std::string(constant.name);
    }
    if (value != 0 || text.empty()) text += (text.empty() ? "" : "|") + number_text(value);
    return text;
}

std::string type_text(std::int64_t type) {
    constexpr std::int64_t kTypeMask = 0xf;  // socket(2): SOCK_NONBLOCK and SOCK_CLOEXEC are or-ed in
    std::string text = constant_name(Family::type, type & kTypeMask);
    std::int64_t left = type & ~kTypeMask;
    for (const char* name : {"SOCK_NONBLOCK", "SOCK_CLOEXEC"}) {
        const std::int64_t flag = find_constant_row(name)->value;
        if ((left & flag) == 0) continue;
        left &= ~flag;
        text += std::string("|") + name;
    }
    return left == 0 ? text : number_text(type);
}

}  // namespace socketscope::model
