#include "core/script/scope.hpp"

#include <algorithm>

#include "core/model/constants.hpp"
#include "core/script/signature.hpp"
#include "core/script/words.hpp"

namespace socketscope::script {

std::string_view in_words(VariableType type) {
    switch (type) {
        case VariableType::integer:
            return "a descriptor or number";
        case VariableType::bytes:
            return "bytes";
        case VariableType::address:
            break;
    }
    return "an address";
}

bool Scope::is_endpoint(std::string_view name) const {
    return std::find(endpoints_.begin(), endpoints_.end(), name) != endpoints_.end();
}

bool Scope::is_host(std::string_view name) const {
    return name == "server" || name == "client" || is_endpoint(name);
}

bool Scope::set(Variable& variable, VariableType type, Position at) {
    const std::string& name = variable.name;
    constexpr std::string_view kWords[] = {"until", "eof", "repeat", "wait",     "sleep", "NULL",
                                           "any",   "or",  "blocks", "endpoint", "done"};
    const std::string quoted = "`" + printable(name) + "`";
    if (is_host(name))
        return error(at, quoted + " is an endpoint; choose another name for the variable"), false;
    if (find_signature(name))
        return error(at, quoted + " is a call; choose another name for the variable"), false;
    if (model::find_constant_row(name))
        return error(at, quoted + " is a constant; choose another name for the variable"), false;
    if (std::find(std::begin(kWords), std::end(kWords), name) != std::end(kWords))
        return error(at, quoted + " is a word of the language; choose another name for the variable"), false;
    const auto [entry, is_new] = variables_.try_emplace(name, Known{type, at.line, variables()});
    variable.slot = entry->second.slot;
    if (is_new || entry->second.type == type) return true;
    error(at, quoted + " holds " + std::string(in_words(entry->second.type)) + " since line " +
                  std::to_string(entry->second.line) + "; choose another name here");
    return false;
}

Variable Scope::variable(std::string_view name) const {
    const auto found = variables_.find(name);
    return {std::string(name), found == variables_.end() ? 0 : found->second.slot};
}

std::optional<VariableType> Scope::type_of(std::string_view name) const {
    const auto found = variables_.find(name);
    if (found == variables_.end()) return std::nullopt;
    return found->second.type;
}

std::vector<std::string> Scope::known_values() const {
    std::vector<std::string> known;
    for (const auto& [name, variable] : variables_) known.push_back(name);
    known.insert(known.end(), endpoints_.begin(), endpoints_.end());
    known.insert(known.end(), {"server", "client"});
    for (const auto& constant : model::constants()) known.emplace_back(constant.name);
    return known;
}

std::nullopt_t Scope::error(Position at, std::string message, std::string suggestion) {
    ++errors_;
    if (errors_ == kMostErrors) {
        message += " (and more: the rest was not read)";
        suggestion.clear();
    }
    if (errors_ <= kMostErrors)
        diagnostics_.push_back({static_cast<int>(at.line), static_cast<int>(at.column), std::move(message),
                                std::move(suggestion), false});
    return std::nullopt;
}

void Scope::warning(Position at, std::string message, std::string suggestion) {
    constexpr std::size_t kMostDiagnostics = 100;
    if (diagnostics_.size() < kMostDiagnostics)
        diagnostics_.push_back({static_cast<int>(at.line), static_cast<int>(at.column), std::move(message),
                                std::move(suggestion), true});
}

std::string_view Cursor::written_since(std::size_t begin) const {
    const std::size_t first = tokens_[begin].column - 1;
    const std::size_t last = peek().column - 1;
    std::string_view text = line_.substr(first, last - first);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::nullopt_t Cursor::unexpected(Scope& scope, std::string_view expected, std::string suggestion) const {
    if (peek().kind == Tok::bad) return scope.error(position(), peek().bytes);
    return scope.error(position(), "expected " + std::string(expected) + ", found " + describe(peek()),
                       std::move(suggestion));
}

}  // namespace socketscope::script
