// Lesson files on disk, our own among them.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/lesson/lesson.hpp"

using namespace socketscope;
using namespace socketscope::lesson;

namespace {

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "socketscope-lesson-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
        return (path_ / name).string();
    }
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("what can't be read is said") {
    const Folder folder;
    const auto message = [](const std::string& file) {
        const auto result = load_lesson(file);
        CHECK_FALSE(result.ok());
        return result.diagnostics.at(0).message;
    };
    CHECK(message(folder.path() + "/missing.md") == "can't be opened: No such file or directory");
    CHECK(message(folder.path()) == "this is a folder, not a lesson");
    CHECK(message(folder.write("large.md", std::string(10'000'000, 'x'))).find("8 MB") != std::string::npos);
    CHECK(
        message(folder.write("long.sock", "# client\n" + std::string(2'000'000, 'x'))).find("at most 1 MB") !=
        std::string::npos);
}

TEST_CASE("a named pipe without a writer does not hold anybody up") {
    const Folder folder;
    const std::string pipe = folder.path() + "/pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_FALSE(load_lesson(pipe).ok());
}

TEST_CASE("what is no text is said with its place") {
    CHECK(parse_lesson(std::string("# server\ns = \0ocket()\n", 22), "x.txt")
              .diagnostics.at(0)
              .format("x.txt") == "x.txt:2:5: error: expected text, found a zero byte: this is no lesson");
    CHECK(parse_lesson(std::string("\xff\xfe+\0+\0", 6), "x.md").diagnostics.at(0).message ==
          "expected UTF-8, found UTF-16");
}

TEST_CASE("a folder's lessons are sorted by their order, then by name; broken ones too") {
    const Folder folder;
    const std::string lesson =
        "+++\ntitle = \"t\"\nlanes = [\"unix/dgram\"]\n[scripts.client]\nany = 's = socket()'\n+++\n";
    folder.write("30-b.md", lesson);
    folder.write("20-c.md", "broken");
    folder.write("a.md", lesson);
    folder.write("40-d.md", "+++\norder = 10\n" + lesson.substr(4));
    folder.write("notes.txt", "");
    std::vector<std::string> names;
    for (const auto& file : lesson_files(folder.path()))
        names.push_back(std::filesystem::path(file).filename().string());
    CHECK(names == std::vector<std::string>{"40-d.md", "20-c.md", "30-b.md", "a.md"});
    CHECK(lesson_files(folder.path() + "/missing").empty());
}

TEST_CASE("our own lessons have nothing wrong, and all that a lesson should have") {
    const auto files = lesson_files(SOCKETSCOPE_SOURCE_DIR "/assets/lessons");
    REQUIRE(files.size() >= 5);
    for (const auto& file : files) {
        const auto result = load_lesson(file);
        for (const auto& diagnostic : result.diagnostics) INFO(diagnostic.format(file));
        REQUIRE(result.diagnostics.empty());
        const Lesson& lesson = *result.lesson;
        CAPTURE(lesson.name);
        CHECK_FALSE(lesson.summary.empty());
        CHECK_FALSE(lesson.part.empty());
        CHECK(lesson.predictions.size() >= 1);
        CHECK(lesson.sections.size() == lesson.beats.size());
        for (std::size_t i = 0; i < lesson.beats.size() && i < lesson.sections.size(); ++i) {
            CHECK(lesson.beats[i].name ==
                  lesson.sections[i].beat);  // each beat is explained, in the same order
            CHECK_FALSE(lesson.beats[i].caption.empty());
        }
    }
}
