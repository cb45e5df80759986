// The folder of the socket files: private, short enough, gone afterwards, also after a kill -9.
#include "core/run/private_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include <doctest/doctest.h>

using namespace socketscope;
namespace fs = std::filesystem;

namespace {

class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* old = std::getenv(name)) before_ = old;
        ::setenv(name, value.c_str(), 1);
    }
    ~Variable() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
    std::optional<std::string> before_;
};

// A short name: the longest that a socket's path leaves room for is 40 letters.
class Place {
public:
    Place() {
        char name[] = "/tmp/ss-test-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        path = name;
    }
    ~Place() { fs::remove_all(path); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    std::string path;
};

}  // namespace

TEST_CASE("only its owner may look into it, whatever the umask") {
    const Place place;
    const Variable runtime("XDG_RUNTIME_DIR", place.path);
    for (const mode_t mask : {mode_t{0000}, mode_t{0077}, mode_t{0777}}) {
        const mode_t before = ::umask(mask);
        const run::PrivateFolder folder;
        ::umask(before);
        struct stat status {};
        REQUIRE(::stat(folder.path().c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0700);
        CHECK(folder.path().starts_with(place.path + "/"));
    }
    CHECK(fs::is_empty(place.path));
}

TEST_CASE(
    "a place whose name leaves no room for a socket's path is passed over; so is one that is not there") {
    const Place place;
    const std::string deep = place.path + "/" + std::string(60, 'x');
    fs::create_directory(deep);
    const Variable runtime("XDG_RUNTIME_DIR", deep), temporary("TMPDIR", "/nonexistent");
    const run::PrivateFolder folder;
    CHECK(folder.path().size() + 1 + 43 <= 107);
    CHECK(fs::is_empty(deep));
}

TEST_CASE("what a killed run left is removed, what a living one uses is not") {
    const Place place;
    const Variable runtime("XDG_RUNTIME_DIR", place.path);
    const run::PrivateFolder living;
    const std::string stale = place.path + "/socketscope-run-abcdef",
                      others = place.path + "/socketscope-run-notes";
    fs::create_directory(stale);
    fs::create_directory(stale + "/server.sock");
    fs::create_directory(others);
    fs::create_directory_symlink(place.path, place.path + "/socketscope-run-linked");
    run::remove_stale_folders();
    CHECK_FALSE(fs::exists(stale));
    CHECK(fs::exists(others));
    CHECK(fs::exists(living.path()));
    CHECK(fs::is_symlink(place.path + "/socketscope-run-linked"));
}
