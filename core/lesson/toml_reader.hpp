// Typed access to the tables of a front matter: every mistake is reported with its place in the file.
// Includes toml++: only for .cpp files.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/lesson/parsed.hpp"
#include "core/lesson/report.hpp"

namespace socketscope::lesson {

// One table. Remembers which keys were asked for: done() reports the others.
class TableReader {
public:
    // `line_offset`: lines of the file before the TOML text. `name`: "link", "beats"; empty at the top.
    TableReader(const toml::table& table, Report& report, int line_offset, std::string name)
        : table_(table), report_(report), line_offset_(line_offset), name_(std::move(name)) {}

    Place place() const { return place_of(table_.source()); }
    Place place(std::string_view key) const;  // of its value, of the table if it is missing
    bool has(std::string_view key) const { return table_.contains(key); }

    // nullopt if the key is missing, or is something else (then that is reported).
    std::optional<std::string> text(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t lowest, std::int64_t highest);
    // A number or a text, as text: 0.1 and "10%".
    std::optional<std::string> number_or_text(std::string_view key);
    std::vector<std::pair<std::string, Place>> texts(std::string_view key);
    std::optional<TableReader> table(std::string_view key);
    std::vector<TableReader> tables(std::string_view key);  // [[key]]
    // All keys in the order of the file, each marked as asked for.
    std::vector<std::string> keys();

    // A text read by a function such as parse_time; its mistakes are reported where they are.
    template <class Value, class Read>
    std::optional<Value> parsed(std::string_view key, Read read) {
        const auto written = number_or_text(key);
        if (!written) return std::nullopt;
        const Parsed<Value> result = read(std::string_view(*written));
        if (!result.value)
            report_.error(inside(place(key), result.column), result.message, result.suggestion);
        return result.value;
    }
    // The place of the nth column inside a text that begins with one quote at `text`.
    static Place inside(Place text, std::uint32_t column) {
        return {text.line, text.column + static_cast<int>(column)};
    }

    void error(std::string_view key, std::string message, std::string suggestion = {}) {
        report_.error(place(key), std::move(message), std::move(suggestion));
    }
    // Reports every key that nobody asked for.
    void done();

private:
    const toml::node* find(std::string_view key);
    Place place_of(const toml::source_region& region) const {
        return {static_cast<int>(region.begin.line) + line_offset_, static_cast<int>(region.begin.column)};
    }
    void expected(const toml::node& found, std::string_view key, std::string_view what);

    const toml::table& table_;
    Report& report_;
    int line_offset_;
    std::string name_;
    std::vector<std::string> asked_;
};

}  // namespace socketscope::lesson
