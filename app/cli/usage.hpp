// What a misuse of the command line is answered with: what is wrong, the word that was meant, and the usage.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace CLI {
class App;
class Error;
class FormatterBase;
}  // namespace CLI

namespace socketscope::cli {

// Three lines, for CLI::App::failure_message(). `app` is the whole program's.
std::string misuse(const CLI::App* app, const CLI::Error& error);

// --help in the same lines whatever the version of CLI11. For CLI::App::formatter(), before its commands are added.
std::shared_ptr<CLI::FormatterBase> plain_help();

// --seed: a whole number that 64 bits hold. CLI11 by itself would take −1 for a very large one.
void add_seed(CLI::App& app, std::optional<std::uint64_t>& seed);
// For CLI::Option::check(): an option given as "" is a script's unset variable, not a wish.
std::string not_empty(const std::string& value);

}  // namespace socketscope::cli
