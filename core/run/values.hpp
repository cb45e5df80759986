// The variables of a running script, and its expressions as the values that system calls take.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/run/names.hpp"
#include "core/script/program.hpp"
#include "core/socket/address.hpp"

namespace socketscope::run {

using Value = std::variant<std::int64_t, std::string, socket::Address>;

// A line that could not be carried out: thrown while its arguments are worked out, before any call is made.
struct CannotRun {
    std::string why;
};

class Values {
public:
    // `variables`: how many the program has.
    Values(const Names& names, std::size_t self, std::uint32_t variables)
        : names_(names), self_(self), variables_(variables) {}

    void set(const script::Variable& variable, Value value) { variables_[variable.slot] = std::move(value); }

    // --- arguments of a statement by name; throw CannotRun if the value is not of that sort
    std::int64_t number(const script::CallStatement& statement, script::Param parameter,
                        std::int64_t missing) const;
    int integer(const script::CallStatement& statement, script::Param parameter, int missing = 0) const;
    std::string_view data(const script::CallStatement& statement);  // good until the next call of it
    socket::Address address(const script::CallStatement& statement,
                            script::Param parameter) const;  // empty if missing
    std::string path(const script::CallStatement& statement, script::Param parameter) const;
    std::string option_value(const script::CallStatement& statement) const;
    std::vector<int> descriptors(const script::CallStatement& statement, script::Param parameter) const;
    std::int64_t number(const script::Expr& expr) const;
    std::int64_t number(const script::Variable& variable) const;
    // An output variable; nullptr if it was not written or is NULL.
    static const script::Variable* output(const script::CallStatement& statement, script::Param parameter);
    static bool is_null(const script::CallStatement& statement, script::Param parameter);

private:
    const Value& value(const script::Variable& variable) const;
    socket::Address address(const script::Expr& expr) const;
    std::string bytes(const script::Expr& expr) const;
    std::string crafted(const script::CraftExpr& craft) const;

    const Names& names_;
    std::size_t self_;
    std::vector<std::optional<Value>> variables_;  // by slot
    std::string data_;  // what is handed over now; its memory serves the next line too, unless that is much
};

}  // namespace socketscope::run
