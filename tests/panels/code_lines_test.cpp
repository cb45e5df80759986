#include "app/panels/code_lines.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace socketscope::panels;

namespace {

// The rows as they are seen.
std::string shown(std::string_view text, std::size_t columns) {
    std::vector<std::string> rows(1);
    for (const CodePiece& piece : break_code(text, columns)) {
        rows.resize(std::max(rows.size(), piece.row + 1));
        rows[piece.row].resize(std::max(rows[piece.row].size(), piece.column), ' ');
        rows[piece.row] += text.substr(piece.offset, piece.size);
    }
    std::string out;
    for (const std::string& row : rows) out += row + "\n";
    return out;
}

std::string without_blanks(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ' ' && c != '\n') out += c;
    }
    return out;
}

}  // namespace

TEST_CASE("a line that fits stands as it was written") {
    CHECK(shown("recv(a, 64)      -> 6", 30) == "recv(a, 64)      -> 6\n");
}

TEST_CASE("the room before an expectation shrinks first") {
    CHECK(shown("recv(a, 64)               -> \"HELLO \"", 26) == "recv(a, 64)  -> \"HELLO \"\n");
}

TEST_CASE("then an expectation goes into the next row as a whole") {
    CHECK(shown("recv(a, 64)      -> \"WORLD AGAIN\"", 20) == "recv(a, 64)\n  -> \"WORLD AGAIN\"\n");
    CHECK(shown("    recv(a, 64)      -> \"WORLD\"", 20) == "    recv(a, 64)\n      -> \"WORLD\"\n");
}

TEST_CASE("a long call breaks at a blank, a word that is longer than a row where the row ends") {
    CHECK(shown("setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, 100ms)", 28) ==
          "setsockopt(s, SOL_SOCKET,\n  SO_RCVTIMEO, 100ms)\n");
    CHECK(shown("connection = accept(a_listening_socket)", 24) ==
          "connection = accept(\n  a_listening_socket)\n");
    CHECK(shown("send(c, \"0123456789 0123456789\")", 16) == "send(c,\n  \"0123456789 01\n  23456789\")\n");
}

TEST_CASE("nothing is left out at any width, and no row is longer than it may be") {
    const std::string lines[] = {
        "recv(the_accepted_connection, &buffer, 4096, MSG_WAITALL|MSG_PEEK)  -> \"The quick brown fox \\\" "
        "jumps\"",
        "    until eof: recv(a, 64)      # the server is busy, and says so at some length",
        "x = \"größer als Zeile für Zeile erlaubt ist\"",
        "",
        "   ",
        "#"};
    for (const std::string& line : lines) {
        for (std::size_t columns = 12; columns < 120; ++columns) {
            CAPTURE(line);
            CAPTURE(columns);
            CHECK(without_blanks(shown(line, columns)) == without_blanks(line));
            for (const CodePiece& piece : break_code(line, columns)) {
                const std::string row = line.substr(piece.offset, piece.size);
                const auto letters =
                    static_cast<std::size_t>(std::count_if(row.begin(), row.end(), [](char c) {
                        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
                    }));
                CHECK(piece.column + letters <= columns);
            }
        }
    }
}
