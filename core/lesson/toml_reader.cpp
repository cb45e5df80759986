#include "core/lesson/toml_reader.hpp"

#include <algorithm>
#include <charconv>

#include "core/script/token.hpp"
#include "core/script/words.hpp"

namespace socketscope::lesson {

namespace {

std::string_view in_words(toml::node_type type) {
    switch (type) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "text";
        case toml::node_type::integer:
        case toml::node_type::floating_point:
            return "a number";
        case toml::node_type::boolean:
            return "true or false";
        case toml::node_type::date:
        case toml::node_type::time:
        case toml::node_type::date_time:
            return "a date or time of day";
        case toml::node_type::none:
            break;
    }
    return "nothing";
}

}  // namespace

const toml::node* TableReader::find(std::string_view key) {
    asked_.emplace_back(key);
    return table_.get(key);
}

Place TableReader::place(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return place_of(node ? node->source() : table_.source());
}

void TableReader::expected(const toml::node& found, std::string_view key, std::string_view what) {
    report_.error(place_of(found.source()), "expected " + std::string(what) + " for `" + std::string(key) +
                                                "`, found " + std::string(in_words(found.type())));
}

std::optional<std::string> TableReader::text(std::string_view key) {
    const toml::node* node = find(key);
    if (!node) return std::nullopt;
    if (const auto value = node->value_exact<std::string>()) return *value;
    expected(*node, key, "text between quotes");
    return std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t lowest,
                                                 std::int64_t highest) {
    const toml::node* node = find(key);
    if (!node) return std::nullopt;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= lowest && *value <= highest) return *value;
    const std::string wanted = "a number from " + std::to_string(lowest) + " to " + std::to_string(highest);
    if (value)
        report_.error(place(key), "expected " + wanted + " for `" + std::string(key) + "`, found " +
                                      std::to_string(*value));
    else
        expected(*node, key, wanted);
    return std::nullopt;
}

std::optional<std::string> TableReader::number_or_text(std::string_view key) {
    const toml::node* node = find(key);
    if (!node) return std::nullopt;
    if (const auto value = node->value_exact<std::string>()) return *value;
    if (const auto value = node->value_exact<std::int64_t>()) return std::to_string(*value);
    if (const auto value = node->value_exact<double>()) {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, *value).ptr;
        return std::string(digits, end);
    }
    expected(*node, key, "text or a number");
    return std::nullopt;
}

std::vector<std::pair<std::string, Place>> TableReader::texts(std::string_view key) {
    std::vector<std::pair<std::string, Place>> result;
    const toml::node* node = find(key);
    if (!node) return result;
    const toml::array* array = node->as_array();
    if (!array) return expected(*node, key, "a list of texts such as [\"…\"]"), result;
    for (const toml::node& item : *array) {
        if (const auto value = item.value_exact<std::string>())
            result.emplace_back(*value, place_of(item.source()));
        else
            expected(item, key, "a list of texts");
    }
    return result;
}

std::optional<TableReader> TableReader::table(std::string_view key) {
    const toml::node* node = find(key);
    if (!node) return std::nullopt;
    if (const toml::table* found = node->as_table())
        return TableReader(*found, report_, line_offset_, std::string(key));
    expected(*node, key, "a table `[" + std::string(key) + "]`");
    return std::nullopt;
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
    std::vector<TableReader> result;
    const toml::node* node = find(key);
    if (!node) return result;
    const toml::array* array = node->as_array();
    if (!array) return expected(*node, key, "tables `[[" + std::string(key) + "]]`"), result;
    for (const toml::node& item : *array) {
        if (const toml::table* found = item.as_table())
            result.emplace_back(*found, report_, line_offset_, std::string(key));
        else
            expected(item, key, "tables `[[" + std::string(key) + "]]`");
    }
    return result;
}

std::vector<std::string> TableReader::keys() {
    std::vector<std::pair<toml::source_position, std::string>> found;
    for (const auto& [key, node] : table_) found.emplace_back(key.source().begin, std::string(key.str()));
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> keys;
    keys.reserve(found.size());
    for (auto& [place, key] : found) keys.push_back(key);
    asked_ = keys;
    return keys;
}

void TableReader::done() {
    for (const auto& [key, node] : table_) {
        if (std::find(asked_.begin(), asked_.end(), key.str()) != asked_.end()) continue;
        const std::string where = name_.empty() ? "here" : "in `" + name_ + "`";
        std::string help = script::did_you_mean(key.str(), asked_);
        if (help.empty()) help = "known are " + script::join(asked_, 20);
        report_.error(place_of(key.source()), "unknown key `" + script::printable(key.str()) + "` " + where,
                      std::move(help));
    }
}

}  // namespace socketscope::lesson
