// What bad input gets: exit status 2 and a sentence that says what, where and what helps.
#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/cli/program.hpp"

using namespace socketscope::test;

TEST_CASE("an unknown lesson is answered with those that exist") {
    const auto result = program({"run", "one-packet-is-lots"});
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK_MESSAGE(holds(result.err, "Did you mean `one-packet-is-lost`?"), result.err);
    CHECK_MESSAGE(holds(result.err, "message-boundaries"), result.err);
}

TEST_CASE("an unknown kind is answered with the twelve") {
    const auto result = program({"run", "message-boundaries", "--lane", "inet/streem"});
    CHECK(result.status == 2);
    CHECK_MESSAGE(holds(result.err, "inet/streem"), result.err);
    CHECK_MESSAGE(holds(result.err, "Did you mean `inet/stream`?"), result.err);
    CHECK_MESSAGE(holds(result.err, "inet6/seqpacket"), result.err);
}

TEST_CASE("misuse of the command line is bad input") {
    for (const auto& words : std::vector<std::vector<std::string>>{{"fly"},
                                                                   {"run"},
                                                                   {"run", "x", "--nonsense"},
                                                                   {"render", "message-boundaries"},
                                                                   {"run", "x", "--settle", "1s"},
                                                                   {"check"}}) {
        const auto result = program(words);
        CAPTURE(words.front());
        CHECK(result.status == 2);
        CHECK(!result.err.empty());
        CHECK(result.out.empty());
    }
}

TEST_CASE("misuse is answered with the word that was meant, and the usage") {
    struct Row {
        std::vector<std::string> words;
        std::string says, usage;
    };
    for (const auto& [words, says, usage] :
         {Row{{"rnu", "reordering"}, "Did you mean `run`?", "Usage: socketscope [OPTIONS]"},
          {{"run", "reordering", "--lanes", "inet/dgram"},
           "Did you mean `--lane`?",
           "Usage: socketscope run"},
          {{"run", "reordering", "again"}, "`again` is one word too many", "Usage: socketscope run"},
          {{"run", "reordering", "--seed", "-1"}, "`-1` is no seed", "Usage: socketscope run"},
          {{"run", "reordering", "--seed", "18446744073709551616"}, "is no seed", "Usage: socketscope run"},
          {{"run", "reordering", "--trace", ""}, "--trace", "Usage: socketscope run"},
          {{"run", "reordering", "--json", "--events"}, "excludes", "Usage: socketscope run"},
          {{"render", "reordering", "-o", "x.png", "--beat", "a", "--at", "1ms"},
           "excludes",
           "Usage: socketscope render"}}) {
        const auto result = program(words);
        CAPTURE(result.err);
        CHECK(result.status == 2);
        CHECK(holds(result.err, says));
        CHECK(holds(result.err, usage));
    }
}

TEST_CASE("help has examples everywhere") {
    CHECK(program({"--help"}).status == 0);
    CHECK(program({"--version"}).status == 0);
    for (const char* command : {"run", "matrix", "list", "check", "render", "open"}) {
        const auto result = program({command, "--help"});
        CAPTURE(command);
        CHECK(result.status == 0);
        CHECK_MESSAGE(holds(result.out, "Example"), result.out);
    }
}

TEST_CASE("a broken script is answered with file, line, column and a suggestion") {
    const TempFolder folder;
    const std::string file = folder.file("broken.txt");
    write_file(file, "# server\ns = socket()\nbnd(s, server)\n# client\nc = socket()\n");
    for (const char* command : {"run", "check"}) {
        const auto result = program({command, file});
        CHECK(result.status == 2);
        CHECK_MESSAGE(holds(result.err, file + ":3:1: error: "), result.err);
        CHECK_MESSAGE(holds(result.err, "`bind`"), result.err);
    }
}

TEST_CASE("files that are none") {
    const TempFolder folder;
    const std::string empty = folder.file("empty.md"), binary = folder.file("binary.md"),
                      huge = folder.file("huge.md");
    write_file(empty, "");
    std::string garbage;
    for (int i = 0; i < 5000; ++i) garbage += static_cast<char>(i * 7919 >> 3);
    write_file(binary, garbage);
    write_file(huge, std::string(10 << 20, 'x'));
    for (const auto& file : {empty, binary, huge, folder.path()}) {
        const auto result = program({"run", file});
        CAPTURE(file);
        CHECK(result.status == 2);
        CHECK_MESSAGE(!result.err.empty(), result.err);
    }
}

TEST_CASE("what is no lesson is said as what it is; nobody waits for it") {
    const TempFolder folder;
    const std::string loop = folder.file("loop"), pipe = folder.file("pipe"), trace = folder.file("t.jsonl");
    REQUIRE(::symlink(loop.c_str(), loop.c_str()) == 0);
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    REQUIRE(program({"run", "message-boundaries", "--lane", "unix/stream", "--trace", trace}).status == 0);
    const std::pair<std::vector<std::string>, const char*> kRows[] = {
        {{"run", folder.path()}, "is a folder"},
        {{"run", loop}, "ELOOP"},
        {{"check", pipe}, "no line to run"},
        {{"run", pipe}, "no line to run"},
        {{"check", trace}, "is a saved trace"},
        {{"run", "/proc/self/mem"}, "can't be read"},
        {{"run", std::string(5000, 'x')}, "ENAMETOOLONG"}};
    for (const auto& [words, says] : kRows) {
        const auto result = program(words);
        CAPTURE(result.err);
        CHECK(result.status == 2);
        CHECK(holds(result.err, says));
    }
}

TEST_CASE("a folder of lessons that is none is said, not passed over") {
    ProcessOptions options;
    options.environment = {"SOCKETSCOPE_ASSETS=/nonexistent"};
    const auto result = program({"list"}, options);
    CHECK(result.status == 2);
    CHECK_MESSAGE(holds(result.err, "/nonexistent/lessons"), result.err);
}

TEST_CASE("a warning is said once") {
    const TempFolder folder;
    const std::string file = folder.file("x.txt");
    write_file(file, "# lanse: unix/dgram\n# client\nc = socket()\n");
    const auto result = program({"check", file});
    CHECK_MESSAGE(result.err.find("is read as a comment") == result.err.rfind("is read as a comment"),
                  result.err);
}

TEST_CASE("with hardly any memory a picture is drawn or refused with a sentence") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skipped("little memory for a picture", "a sanitizer reserves more address space than the limit gives");
#else
    const TempFolder folder;
    const std::string picture = folder.file("x.png");
    const auto recorded = program({"run", "connection-life", "--trace", folder.file("life.jsonl")});
    REQUIRE(recorded.status != 2);
    for (int kib = 30'000; kib < 60'000; kib += 1'700) {
        const auto result = run_program(
            {"bash", "-c",
             "ulimit -v " + std::to_string(kib) + R"(; exec "$0" render "$1" -o "$2" --size 640x400)",
             built_program("socketscope"), folder.file("life.jsonl"), picture});
        CAPTURE(kib);
        CAPTURE(result.err);
        if (result.status == 127) continue;  // ld.so(8) had no room
        CHECK((result.status == 0 || (result.status == 3 && !result.err.empty())));
    }
#endif
}

TEST_CASE("with hardly any memory or descriptors a run ends with a sentence, never by a signal") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skipped("little memory", "a sanitizer reserves more address space than the limit gives");
#else
    const TempFolder folder;
    const std::string script = folder.file("short.txt");
    write_file(script,
               "# lanes: unix/stream inet/stream\n# timeout: 1s\n# server\ns = socket()\nbind(s, server)\n"
               "listen(s, 1)\na = accept(s)\nrecv(a, 9)\n# client\nc = socket()\nwait(server.listening)\n"
               "connect(c, server)\nsend(c, \"hello\")\n");
    std::vector<std::string> limits{"-n 4", "-n 8"};
    // In steps that are no multiple of what an allocation takes: each ends somewhere else.
    for (int kib = 20'000; kib < 80'000; kib += 1'900) limits.push_back("-v " + std::to_string(kib));
    for (const std::string& limit : limits) {
        const auto result = run_program({"bash", "-c", "ulimit " + limit + R"(; exec "$0" run "$1")",
                                         built_program("socketscope"), script});
        CAPTURE(limit);
        CAPTURE(result.out);
        CAPTURE(result.err);
        // What this test was started with may leave too few descriptors to load the program: then ld.so(8) says so.
        if (result.status == 127 && holds(result.err, "error while loading shared libraries")) continue;
        CHECK((result.status == 0 || result.status == 3));
        CHECK((result.status == 0 || !result.err.empty() || holds(result.out, "Not run here: ") ||
               holds(result.out, "Broken off: ")));
        CHECK_FALSE(holds(result.out, "dropped"));  // nobody dropped anything
    }
#endif
}

TEST_CASE("without threads a run ends with a sentence") {
#if defined(__SANITIZE_THREAD__)
    skipped("no threads", "the sanitizer needs one of its own");
#else
    // The limit binds no root (setrlimit(2), RLIMIT_NPROC): then somebody who runs nothing else takes its place.
    std::vector<std::string> as_somebody;
    if (::geteuid() == 0) as_somebody = {"setpriv", "--reuid=65533", "--regid=65533", "--clear-groups"};
    const TempFolder folder;
    ProcessOptions options;
    options.environment = {"HOME=/", "XDG_RUNTIME_DIR=", "SOCKETSCOPE_RUNG=", "ASAN_OPTIONS=detect_leaks=0"};
    const auto with_limit = [&](const std::string& limit, const std::string& what) {
        std::vector<std::string> words = as_somebody;
        std::string command = "ulimit -u ";
        command.append(limit).append("; exec \"$0\" ").append(what);
        for (const std::string& word :
             {std::string("bash"), std::string("-c"), command, built_program("socketscope")})
            words.push_back(word);
        return run_program(words, options);
    };
    if (with_limit("unlimited", "--version").status != 0) {
        skipped("no threads", "an ordinary user can't run the program where it was built");
        return;
    }
    for (int limit = 1; limit <= (as_somebody.empty() ? 1 : 3); ++limit) {
        const auto result = with_limit(std::to_string(limit), "run connection-life");
        CAPTURE(limit);
        CAPTURE(result.out);
        CHECK_MESSAGE(result.status == 3, result.err);
        CHECK(holds(result.out + result.err, "`ulimit -u` shows how many there may be"));
    }
#endif
}

TEST_CASE("an expectation that does not hold is exit status 1, with its line") {
    const TempFolder folder;
    const std::string file = folder.file("lies.txt");
    write_file(file,
               "# lanes: unix/dgram\n# server\ns = socket()\nlisten(s, 1) -> 0\n# client\nc = socket()\n");
    const auto checked = program({"check", file});
    CHECK(checked.status == 1);
    CHECK_MESSAGE(holds(checked.err, file + ":4: "), checked.err);
    CHECK_MESSAGE(holds(checked.err, "EOPNOTSUPP"), checked.err);
    CHECK(program({"run", file}).status == 1);
}

TEST_CASE("a display that does not answer is this machine's, status 3") {
    ProcessOptions options;
    // GLFW 3.4 closes the libraries of a display that it could not open; what those kept looks like a leak.
    options.environment = {"DISPLAY=:4711", "WAYLAND_DISPLAY=", "ASAN_OPTIONS=detect_leaks=0"};
    const auto result = program({"open", "message-boundaries"}, options);
    CHECK_MESSAGE(result.status == 3, result.err);
    CHECK_MESSAGE(holds(result.err, "display"), result.err);
}

TEST_CASE("without a display a window is refused in one sentence, and in no other words") {
    const auto result = run_program({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "-u", "XDG_RUNTIME_DIR",
                                     built_program("socketscope"), "open", "message-boundaries"});
    CHECK(result.status == 3);
    CHECK(result.err ==
          "socketscope: no window can be opened: neither DISPLAY nor WAYLAND_DISPLAY is set. "
          "`socketscope run LESSON` works in the terminal\n");
}
