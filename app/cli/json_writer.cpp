#include "app/cli/json_writer.hpp"

#include "app/cli/byte_text.hpp"

namespace socketscope::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPiece = std::size_t{64} * 1024;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void JsonWriter::open(const Json& object) {
    const std::string text = dump(object);
    raw(std::string_view(text).substr(0, text.size() - 1));
}

void JsonWriter::raw(std::string_view text) {
    text_ += text;
    if (text_.size() >= kPiece) hand_over();
}

void JsonWriter::end() {
    hand_over();
}

void JsonWriter::add(const Json& object) {
    raw(dump(object));
}

void JsonWriter::add(const JsonEntry& entry) {
    open(entry.members);
    for (const auto& member : entry.bytes)
        if (!member.name.empty()) add(member);
    raw("}");
}

void JsonWriter::add(const JsonEntry::Bytes& member) {
    raw(",\"");
    raw(member.name);
    raw("\":\"");
    for (std::string_view left = member.bytes; !left.empty() && wanted_;) {
        const std::string_view next = left.substr(0, kPiece / 2);
        left.remove_prefix(next.size());
        append_hex(text_, next);
        if (text_.size() >= kPiece) hand_over();
    }
    raw("\"");
}

void JsonWriter::hand_over() {
    if (wanted_ && !text_.empty()) wanted_ = sink_(text_);
    text_.clear();
}

}  // namespace socketscope::cli
