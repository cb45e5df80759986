// Small deterministic changes to a text: what typing, cutting, pasting, transmission and malice do to a file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socketscope::test {

// xorshift64*: the same numbers everywhere, unlike those of <random>'s distributions.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed * 2685821657736338717ULL + 1) {}
    std::size_t below(std::size_t limit) {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return static_cast<std::size_t>((state_ * 2685821657736338717ULL) >> 11) %
               std::max<std::size_t>(limit, 1);
    }

private:
    std::uint64_t state_;
};

// One change; `words` are pieces of the language, which reach further into a parser than random bytes.
inline void mutate_once(std::string& text, Dice& dice, const std::vector<std::string_view>& words) {
    const std::size_t at = dice.below(text.size() + 1);
    const std::size_t some = dice.below(std::min<std::size_t>(text.size() - at, 40) + 1);
    switch (dice.below(8)) {
        case 0:
            text.erase(at, some);
            break;
        case 1:
            text.insert(at, text.substr(dice.below(text.size()), some));
            break;
        case 2:
            text.insert(at, 1, static_cast<char>(dice.below(256)));
            break;
        case 3:
            if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << dice.below(8)));
            break;
        case 4:
            text.insert(at, words[dice.below(words.size())]);
            break;
        case 5:
            text.replace(at, some, words[dice.below(words.size())]);
            break;
        case 6: {  // a line goes elsewhere
            const std::size_t begin = text.rfind('\n', at) + 1,
                              end = std::min(text.find('\n', at), text.size());
            if (begin >= end) break;
            const std::string line = text.substr(begin, end - begin) + "\n";
            text.erase(begin, line.size());
            const std::size_t to = text.find('\n', dice.below(text.size() + 1));
            text.insert(to == std::string::npos ? text.size() : to + 1, line);
            break;
        }
        default:
            text.resize(at);
            break;
    }
}

}  // namespace socketscope::test
