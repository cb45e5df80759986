#include "core/lesson/prose.hpp"

#include <md4c.h>

#include <algorithm>
#include <functional>

namespace socketscope::lesson {

namespace {

std::string_view decode_entity(std::string_view entity) {
    struct Entity {
        std::string_view written, meant;
    };
    constexpr Entity kEntities[] = {{"&amp;", "&"},  {"&lt;", "<"},   {"&gt;", ">"},    {"&quot;", "\""},
                                    {"&nbsp;", " "}, {"&rarr;", "→"}, {"&hellip;", "…"}};
    for (const auto& known : kEntities)
        if (known.written == entity) return known.meant;
    return entity;
}

std::string trimmed(std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return std::string(text);
}

class Builder {
public:
    Builder(std::string_view markdown, int first_line) : markdown_(markdown), first_line_(first_line) {}

    std::vector<Section> take() { return std::move(sections_); }

    int enter_block(MD_BLOCKTYPE type, void* detail) {
        switch (type) {
            case MD_BLOCK_H:
                begin_heading(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
                break;
            case MD_BLOCK_LI:
                begin(Block::Form::bullet);
                break;
            case MD_BLOCK_CODE:
                begin(Block::Form::code);
                break;
            // The first paragraph of a loose list item is the item.
            case MD_BLOCK_P:
                if (!block_ || block_->form != Block::Form::bullet || !block_->runs.empty())
                    begin(Block::Form::paragraph);
                break;
            default:
                break;
        }
        return 0;
    }

    int leave_block(MD_BLOCKTYPE type) {
        if (in_title_ && type == MD_BLOCK_H) end_title();
        if (type == MD_BLOCK_H || type == MD_BLOCK_P || type == MD_BLOCK_LI || type == MD_BLOCK_CODE) end();
        return 0;
    }

    int enter_span(MD_SPANTYPE type) {
        if (type == MD_SPAN_EM) ++emphasis_;
        if (type == MD_SPAN_STRONG) ++strong_;
        if (type == MD_SPAN_CODE) ++code_;
        return 0;
    }
    int leave_span(MD_SPANTYPE type) {
        if (type == MD_SPAN_EM) --emphasis_;
        if (type == MD_SPAN_STRONG) --strong_;
        if (type == MD_SPAN_CODE) --code_;
        return 0;
    }

    int text(MD_TEXTTYPE type, std::string_view text) {
        std::string_view meant = text;
        if (type == MD_TEXT_ENTITY) meant = decode_entity(text);
        if (type == MD_TEXT_NULLCHAR) meant = "\uFFFD";
        if (type == MD_TEXT_SOFTBR) meant = " ";
        if (type == MD_TEXT_BR) meant = "\n";
        if (in_title_) {
            if (section().line == first_line_ - 1) section().line = line_of(text);
            title_ += meant;
            return 0;
        }
        if (!block_) begin(Block::Form::paragraph);
        append(meant);
        return 0;
    }

private:
    Section& section() {
        if (sections_.empty()) sections_.push_back({{}, {}, {}, first_line_});
        return sections_.back();
    }

    void begin(Block::Form form) {
        end();
        section().blocks.push_back({form, {}});
        block_ = &section().blocks.back();
    }
    void end() {
        if (block_ && block_->runs.empty()) section().blocks.pop_back();
        block_ = nullptr;
    }

    void begin_heading(unsigned level) {
        if (level > 2) return begin(Block::Form::heading);
        end();
        sections_.push_back({{}, {}, {}, first_line_ - 1});  // the line is known with the first text
        in_title_ = true;
        title_.clear();
    }

    // "The hole {beat=hole}"
    void end_title() {
        in_title_ = false;
        constexpr std::string_view kTie = "{beat=";
        section().title = trimmed(title_);
        const auto tie = title_.rfind(kTie);
        const std::string whole = trimmed(title_);
        if (tie == std::string::npos || !whole.ends_with('}')) return;
        const std::string rest = trimmed(std::string_view(title_).substr(tie + kTie.size()));
        section().beat = trimmed(std::string_view(rest).substr(0, rest.size() - 1));
        section().title = trimmed(std::string_view(title_).substr(0, tie));
    }

    void append(std::string_view text) {
        const auto style = code_ > 0       ? Run::Style::code
                           : strong_ > 0   ? Run::Style::strong
                           : emphasis_ > 0 ? Run::Style::emphasis
                                           : Run::Style::plain;
        if (block_->runs.empty() || block_->runs.back().style != style) block_->runs.push_back({style, {}});
        block_->runs.back().text += text;
    }

    // md4c hands out pieces of the text that it was given, except where it had to change something.
    int line_of(std::string_view piece) {
        const std::less_equal<const char*> before;
        if (!before(markdown_.data(), piece.data()) ||
            !before(piece.data(), markdown_.data() + markdown_.size()))
            return first_line_;
        if (before(piece.data(), markdown_.data() + counted_)) return first_line_ + line_;
        line_ += static_cast<int>(std::count(markdown_.data() + counted_, piece.data(), '\n'));
        counted_ = static_cast<std::size_t>(piece.data() - markdown_.data());
        return first_line_ + line_;
    }

    std::string_view markdown_;
    int first_line_;
    std::vector<Section> sections_;
    Block* block_{nullptr};  // open; in the last section, which has no other pointers to it
    bool in_title_{false};
    std::string title_;
    int emphasis_{0}, strong_{0}, code_{0};
    std::size_t counted_{0};  // newlines before this offset are in line_
    int line_{0};
};

Builder& builder(void* user) {
    return *static_cast<Builder*>(user);
}

}  // namespace

std::vector<Section> parse_prose(std::string_view markdown, int first_line) {
    Builder build(markdown, first_line);
    MD_PARSER parser{};
    parser.flags = MD_DIALECT_COMMONMARK | MD_FLAG_NOHTML;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
        return builder(user).enter_block(type, detail);
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) { return builder(user).leave_block(type); };
    parser.enter_span = [](MD_SPANTYPE type, void*, void* user) { return builder(user).enter_span(type); };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* user) { return builder(user).leave_span(type); };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
        return builder(user).text(type, {text, size});
    };
    md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, &build);
    return build.take();
}

}  // namespace socketscope::lesson
