// The last runs, kept on disk so that Home can show them again, in this session and in later ones.
//
// They lie in a folder of their own (state_folder()/recordings), at most kMostRecordings; the oldest are removed. A
// run of more than kMostEvents is not kept by itself: Ctrl S does. Main thread only; the writing is done by a
// thread of its own.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "app/panels/home.hpp"
#include "core/trace/trace.hpp"

namespace socketscope::window {

inline constexpr std::size_t kMostRecordings = 12;
inline constexpr std::size_t kMostEvents = 50'000;

class Recordings {
public:
    // `folder` "": nothing can be kept.
    explicit Recordings(std::string folder);

    // Begins to write it. What ran nothing is not kept.
    void keep(std::shared_ptr<const trace::Trace> trace);
    // Whether the list or the trouble changed since the last call.
    bool poll();
    bool busy() const { return saving_.valid(); }
    const std::vector<panels::RecordingCard>& list() const { return list_; }  // the newest first
    const std::string& trouble() const { return trouble_; }                   // why the last was not kept

private:
    std::string folder_;
    std::vector<panels::RecordingCard> list_;
    std::string trouble_;
    std::future<std::string> saving_;  // its trouble
};

// What stands in that folder; files that are no recordings are left out.
std::vector<panels::RecordingCard> list_recordings(const std::string& folder);
// `folder`/NAME.jsonl, or NAME-2, NAME-3 … if that is taken: nothing is overwritten.
std::string free_path(const std::string& folder, const std::string& name);

}  // namespace socketscope::window
