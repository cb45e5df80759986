// Miniatures: a kind's behaviour in a picture as small as a stamp, for Home's matrix. Static; from properties only.
#pragma once

#include <string>

#include "app/stage/shape.hpp"
#include "app/style/roles.hpp"
#include "core/model/kind.hpp"

namespace socketscope::stage {

// What the kernel answered for a cell of the matrix.
enum class Answer : std::uint8_t { works, refused, becomes };

struct MiniInput {
    model::Kind kind;
    Answer answer{Answer::works};
    std::string errno_name;                               // refused: "EPERM"
    model::SocketType becomes{model::SocketType::dgram};  // becomes: the type it really is
    float width{0}, height{0};                            // logical pixels
    style::TextMeasure measure;
};

// Two sends on the left, what a receive call is given on the right, the wire (or none) between them.
Scene mini(const MiniInput& input);

}  // namespace socketscope::stage
