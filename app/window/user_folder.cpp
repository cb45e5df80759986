#include "app/window/user_folder.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace socketscope::window {

namespace fs = std::filesystem;

namespace {

std::string absolute(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value == '/' ? value : "";
}

}  // namespace

std::string home_folder() {
    return absolute("HOME");
}

std::string state_folder() {
    if (const std::string state = absolute("XDG_STATE_HOME"); !state.empty()) return state + "/socketscope";
    if (const std::string home = home_folder(); !home.empty()) return home + "/.local/state/socketscope";
    return {};
}

std::string write_state_file(const std::string& path, const std::string& text) {
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    if (error) return fs::path(path).parent_path().string() + " can't be made: " + error.message();
    const std::string beside = path + ".part";
    std::ofstream file(beside, std::ios::trunc);
    file << text;
    file.close();
    if (!file || std::rename(beside.c_str(), path.c_str()) != 0) {
        const std::string why = std::strerror(errno);
        std::remove(beside.c_str());
        return path + " can't be written: " + why;
    }
    return {};
}

}  // namespace socketscope::window
