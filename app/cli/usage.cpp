#include "app/cli/usage.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

#include "core/script/words.hpp"

namespace socketscope::cli {

namespace {

const CLI::App& chosen_command(const CLI::App& app) {
    const auto commands = app.get_subcommands();
    return commands.empty() ? app : *commands.front();
}

std::vector<std::string> options_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options())
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    return names;
}

std::vector<std::string> commands_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return names;
}

std::string list(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

// The first word that nobody took: an option that there is not, a command that there is not, or one word too many.
std::string unexpected_word(const CLI::App& app, const CLI::App& command) {
    auto words = app.remaining(true);
    const auto option = std::find_if(words.begin(), words.end(), [](const auto& w) { return w[0] == '-'; });
    if (option != words.end()) {
        const std::string name = option->substr(0, option->find('='));
        const std::string near = script::nearest_word(name, options_of(command));
        return "there is no option `" + name + "`" + (near.empty() ? "" : ". Did you mean `" + near + "`?");
    }
    const std::string word = words.empty() ? std::string() : words.front();
    if (&command != &app)
        return "`" + word + "` is one word too many: `" + command.get_name() + "` takes none there";
    const std::string near = script::nearest_word(word, commands_of(app));
    return "there is no command `" + word + "`. " + (near.empty() ? "" : "Did you mean `" + near + "`? ") +
           "The commands are: " + list(commands_of(app));
}

// CLI11 2.6 leaves "Usage:" out, and would break the lines of the examples.
class PlainHelp : public CLI::Formatter {
public:
    // `name`: of the program and the command.
    std::string make_usage(const CLI::App* app, std::string name) const override {
        std::string usage = "Usage: " + name + " [OPTIONS]";
        for (const CLI::Option* option : app->get_options())
            if (option->get_positional()) usage += " " + make_option_usage(option);
        const bool has_commands = !app->get_subcommands([](const CLI::App*) { return true; }).empty();
        return usage + (has_commands ? " [SUBCOMMAND]" : "") + "\n";
    }
    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
        return app->get_description() + "\n" + make_usage(app, std::move(name)) + make_positionals(app) +
               make_groups(app, mode) + make_subcommands(app, mode) + "\n" + app->get_footer() + "\n";
    }
};

std::string read_seed(const std::string& text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [read_to, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && read_to == end && !text.empty()) return "";
    return "`" + text + "` is no seed: a whole number from 0 to 18446744073709551615";
}

}  // namespace

std::string misuse(const CLI::App* app, const CLI::Error& error) {
    const CLI::App& command = chosen_command(*app);
    const bool unexpected = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
    const std::string program =
        &command == app ? app->get_name() : app->get_name() + " " + command.get_name();
    return program + ": " + (unexpected ? unexpected_word(*app, command) : std::string(error.what())) + "\n" +
           PlainHelp().make_usage(&command, program) + "`" + program + " --help` says more, with examples.";
}

std::shared_ptr<CLI::FormatterBase> plain_help() {
    return std::make_shared<PlainHelp>();
}

void add_seed(CLI::App& app, std::optional<std::uint64_t>& seed) {
    app.add_option("--seed", seed, "seed of the wire's chances")->check(CLI::Validator(read_seed, ""));
}

std::string not_empty(const std::string& value) {
    return value.empty() ? "expected something behind it, found nothing" : "";
}

}  // namespace socketscope::cli
