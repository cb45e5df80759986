// Mutated lessons and plain scripts: answered with mistakes that stand where they are said to, or accepted.
#include <filesystem>

#include <doctest/doctest.h>

#include "core/lesson/lesson.hpp"
#include "tests/fuzz/mutate.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;

namespace {

constexpr int kRounds = 400;  // of each text; a few seconds in all, also under a sanitizer
const std::vector<std::string_view> kWords{"+++\n",
                                           "'''",
                                           "\"\"\"",
                                           "[[beats]]\n",
                                           "[link]\n",
                                           "[scripts.client]\n",
                                           "rules = [",
                                           "lanes = [\"",
                                           "drop data 1 ",
                                           "from client",
                                           "{beat=",
                                           "# server\n",
                                           "# lanes: ",
                                           "# link: ",
                                           "= socket()\n",
                                           "-> ",
                                           "-> blocks",
                                           "repeat 3:\n    ",
                                           "until eof:",
                                           "wait(",
                                           "server",
                                           "client.",
                                           "99999999999999999999",
                                           "128MB",
                                           "\"x\" * ",
                                           "hex(\"",
                                           "&peer",
                                           "MSG_PEEK|",
                                           "[a: POLLIN, ",
                                           "inet6(\"::1\", ",
                                           "..",
                                           "...",
                                           "((((((((",
                                           "\\x",
                                           "\xff\xfe",
                                           "\xe2\x82",
                                           "10ms",
                                           "-1",
                                           "$",
                                           "\r\n",
                                           "\t",
                                           "= {a.b.c.d = 1}\n",
                                           "#",
                                           "\"",
                                           "call server recv 2 + 3ms",
                                           "or EPIPE",
                                           "stream: 3, dgram: "};

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t at = 0;;) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        if (end == std::string_view::npos) return lines;
        at = end + 1;
    }
}

void check_places(const std::string& text, const std::vector<model::Diagnostic>& diagnostics) {
    const auto lines = lines_of(text);
    for (const auto& diagnostic : diagnostics) {
        const std::string said = diagnostic.format("x");
        bool good = !diagnostic.message.empty() && diagnostic.line >= 0 && diagnostic.column >= 0;
        good = good && diagnostic.line <= static_cast<int>(lines.size());
        if (good && diagnostic.line > 0)
            good = diagnostic.column <=
                   static_cast<int>(lines[static_cast<std::size_t>(diagnostic.line) - 1].size()) + 1;
        good = good && said.find('\n') == std::string::npos;
        const std::size_t index =
            std::min(static_cast<std::size_t>(std::max(diagnostic.line, 1)), lines.size()) - 1;
        CHECK_MESSAGE(good, said, " in the line: ", lines[index]);
    }
}

void fuzz(const std::string& good, const std::string& file, std::uint64_t seed) {
    test::Dice dice(seed);
    int accepted = 0;
    for (int round = 0; round < kRounds; ++round) {
        std::string text = good;
        for (std::size_t i = 1 + dice.below(4); i > 0; --i) test::mutate_once(text, dice, kWords);
        const auto result = lesson::parse_lesson(text, file);
        check_places(text, result.diagnostics);
        // Refused means that something was said; accepted, that it could be run.
        CHECK((result.ok() || !result.diagnostics.empty()));
        if (result.ok()) {
            ++accepted;
            CHECK(lesson::make_scenario(*result.lesson).ok());
        }
    }
    MESSAGE(file << ": " << accepted << " of " << kRounds << " accepted");
}

}  // namespace

TEST_CASE("mutated lessons") {
    std::uint64_t seed = 1;
    for (const auto& file : lesson::lesson_files(std::string(SOCKETSCOPE_SOURCE_DIR) + "/assets/lessons"))
        fuzz(test::read_file(file), std::filesystem::path(file).filename().string(), seed++);
}

TEST_CASE("mutated plain scripts") {
    fuzz(
        "# lanes: inet/stream unix/stream\n# link: delay=20ms loss=10%\n# rule: drop data 2 from client\n# "
        "timeout: 5s\n"
        "# server\ns = socket()\nbind(s, server)\nlisten(s, 1)\na = accept(s, &peer)\nuntil eof: recv(a, "
        "&line, 64)\n"
        "repeat 3:\n    send(a, line)   -> 3 or EPIPE\n    sleep(1ms)\nclose(a)\n"
        "# client stream\nc = socket()\nwait(server.listening)\nconnect(c, server)\nsend(c, \"HELLO\" * 3) "
        "-> 15\n"
        "poll([c: POLLIN, c: POLLOUT], 1s) -> [POLLIN, 0]\nsetsockopt(c, SOL_SOCKET, SO_LINGER, {1, 0})\n"
        "recv(c, 64, MSG_PEEK|MSG_DONTWAIT) -> stream: \"HEL\"..., dgram: 3\n",
        "x.txt", 99);
}
