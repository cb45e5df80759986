#include "app/window/recordings.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/window/chore.hpp"
#include "core/model/problem.hpp"
#include "core/trace/file.hpp"

namespace socketscope::window {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kEnding = ".jsonl";

std::size_t events_of(const trace::Trace& trace) {
    std::size_t count = 0;
    for (const trace::LaneTrace& lane : trace.lanes) count += lane.calls.size() + lane.packets.size();
    return count;
}

// "2026-11-26T17:41:03Z" as the clock on the wall says it: "26 Nov 18:41".
std::string local_time(const std::string& utc) {
    std::tm parts{};
    if (strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) return utc;
    const std::time_t at = timegm(&parts);
    std::tm local{};
    localtime_r(&at, &local);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%e %b %H:%M", &local)};
}

// Only the first line is read: the whole of a recording may be large.
std::optional<panels::RecordingCard> card_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const auto head = nlohmann::json::parse(line, nullptr, false);
    if (!head.is_object() || head.value("format", "") != "socketscope-trace") return std::nullopt;
    return panels::RecordingCard{head.value("title", path.stem().string()),
                                 local_time(head.value("recorded_at", "")), path.string()};
}

std::vector<fs::path> files_in(const std::string& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == kEnding) out.push_back(entry.path());
    std::sort(out.rbegin(), out.rend());  // their names begin with the time
    return out;
}

void remove_the_oldest(const std::string& folder) {
    const auto files = files_in(folder);
    std::error_code error;
    for (std::size_t i = kMostRecordings; i < files.size(); ++i) fs::remove(files[i], error);
}

std::string name_of(const trace::Trace& trace) {
    const std::string lesson = fs::path(trace.source_name).stem().string();
    std::string when = trace.recorded_at;
    std::replace(when.begin(), when.end(), ':', '-');
    return when + "-" + (lesson.empty() ? "recording" : lesson);
}

std::string write(const std::string& folder, const trace::Trace& trace) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return folder + " can't be made: " + error.message();
    try {
        trace::save(trace, free_path(folder, name_of(trace)));
    } catch (const model::Failure& failure) {
        return failure.problem().sentence();
    }
    remove_the_oldest(folder);
    return {};
}

}  // namespace

std::string free_path(const std::string& folder, const std::string& name) {
    std::error_code error;
    fs::path path = fs::path(folder) / (name + std::string(kEnding));
    for (int i = 2; fs::exists(path, error); ++i)
        path = fs::path(folder) / (name + "-" + std::to_string(i) + std::string(kEnding));
    return path.string();
}

std::vector<panels::RecordingCard> list_recordings(const std::string& folder) {
    std::vector<panels::RecordingCard> out;
    if (folder.empty()) return out;
    for (const fs::path& path : files_in(folder)) {
        if (out.size() == kMostRecordings) break;
        if (auto card = card_of(path)) out.push_back(std::move(*card));
    }
    return out;
}

Recordings::Recordings(std::string folder) : folder_(std::move(folder)), list_(list_recordings(folder_)) {}

void Recordings::keep(std::shared_ptr<const trace::Trace> trace) {
    const std::size_t events = events_of(*trace);
    if (folder_.empty() || events == 0 || events > kMostEvents) return;
    saving_ =
        start_chore([folder = folder_, trace = std::move(trace), before = std::move(saving_)]() mutable {
            if (before.valid()) before.wait();
            return write(folder, *trace);
        });
}

bool Recordings::poll() {
    if (!saving_.valid() || saving_.wait_for(0s) != std::future_status::ready) return false;
    trouble_ = saving_.get();
    list_ = list_recordings(folder_);
    return true;
}

}  // namespace socketscope::window
