// socketscope matrix: what this kernel answers for each of the twelve kinds of socket.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/command.hpp"
#include "app/cli/terminal.hpp"
#include "core/host/hosts.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::cli {

namespace {

std::string_view result_word(host::CellResult result) {
    switch (result) {
        case host::CellResult::works:
            return "works";
        case host::CellResult::refused:
            return "refused";
        case host::CellResult::becomes:
            return "becomes";
    }
    return "";
}

std::string short_answer(const host::Cell& cell) {
    if (cell.result == host::CellResult::refused) return "refused (" + model::errno_name(cell.error) + ")";
    if (cell.result == host::CellResult::becomes) return "becomes " + cell.becomes;
    return "works";
}

nlohmann::ordered_json cell_json(const host::Cell& cell) {
    const auto& kind = model::row(cell.kind);
    const std::string_view name = kind.name;
    const auto slash = name.find('/');
    nlohmann::ordered_json entry{{"domain", name.substr(0, slash)},
                                 {"type", name.substr(slash + 1)},
                                 {"result", result_word(cell.result)}};
    if (cell.result == host::CellResult::refused) entry["errno"] = model::errno_name(cell.error);
    if (cell.result == host::CellResult::becomes) entry["becomes"] = cell.becomes;
    entry["why"] = cell.why;
    return entry;
}

std::string table(const host::RungReport& rung, const std::vector<host::Cell>& cells) {
    std::string text = fmt::format("{:<9}{:<24}{:<24}{:<32}{}\n", "", "stream", "dgram", "seqpacket", "raw");
    constexpr int kWidths[] = {24, 24, 32, 0};
    for (std::size_t row = 0; row < 3; ++row) {
        const std::string_view name = model::row(cells[row * 4].kind).name;
        text += fmt::format("{:<9}", name.substr(0, name.find('/')));
        for (std::size_t column = 0; column < 4; ++column)
            text += fmt::format("{:<{}}", short_answer(cells[row * 4 + column]), kWidths[column]);
        text += '\n';
    }
    text += '\n';
    for (const auto& cell : cells)
        if (cell.result != host::CellResult::works)
            text += fmt::format("{}: {}\n", model::row(cell.kind).name, cell.why);
    text += fmt::format("\nRung {}: {}\n", static_cast<int>(rung.rung), rung.name);
    if (!rung.missing.empty()) text += rung.missing + "\n";
    return text;
}

int show_matrix(bool json) {
    const auto hosts = host::Hosts::open();
    const auto cells = host::probe_matrix(*hosts);
    if (!json) {
        print(table(hosts->report(), cells));
        return kHeld;
    }
    nlohmann::ordered_json answer{{"rung", hosts->report().name},
                                  {"rung_number", static_cast<int>(hosts->report().rung)},
                                  {"missing", hosts->report().missing}};
    for (const auto& cell : cells) answer["cells"].push_back(cell_json(cell));
    print(answer.dump(2) + "\n");
    return kHeld;
}

}  // namespace

Action add_matrix(CLI::App& app) {
    const auto json = std::make_shared<bool>(false);
    app.add_flag(
        "--json", *json,
        "JSON: {\"rung\", \"cells\": [{\"domain\", \"type\", \"result\", \"errno\", \"becomes\", \"why\"}]}");
    app.footer("Examples:\n  socketscope matrix\n  SOCKETSCOPE_RUNG=loopback socketscope matrix --json");
    return [json] { return show_matrix(*json); };
}

}  // namespace socketscope::cli
