// The variables of a running script, and its expressions as the values that system calls take.
#pragma once

#include <cstdint>
#include <map>
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
    Values(const Names& names, std::size_t self) : names_(names), self_(self) {}

    void set(const std::string& variable, Value value) { variables_[variable] = std::move(value); }

    // --- arguments of a statement by name; throw CannotRun if the value is not of that sort
    std::int64_t number(const script::CallStatement& statement, std::string_view name,
                        std::int64_t missing) const;
    int integer(const script::CallStatement& statement, std::string_view name, int missing = 0) const;
    std::string_view data(const script::CallStatement& statement);  // good until the next call of it
    socket::Address address(const script::CallStatement& statement,
                            std::string_view name) const;  // empty if missing
    std::string path(const script::CallStatement& statement, std::string_view name) const;
    std::string option_value(const script::CallStatement& statement) const;
    std::vector<int> descriptors(const script::CallStatement& statement, std::string_view name) const;
    std::int64_t number(const script::Expr& expr) const;
    std::int64_t variable_number(const std::string& name) const;
    // Name of an output variable; nullptr if it was not written or is NULL.
    static const std::string* output(const script::CallStatement& statement, std::string_view name);
    static bool is_null(const script::CallStatement& statement, std::string_view name);

private:
    const Value& variable(const std::string& name) const;
    socket::Address address(const script::Expr& expr) const;
    std::string bytes(const script::Expr& expr) const;
    std::string crafted(const script::CraftExpr& craft) const;

    const Names& names_;
    std::size_t self_;
    std::map<std::string, Value, std::less<>> variables_;
    std::string data_;  // what is handed over now; its memory serves the next line too, unless that is much
};

}  // namespace socketscope::run
