// Work beside the thread that draws.
#pragma once

#include <future>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

namespace socketscope::window {

// As std::async with a thread of its own. Where the machine gives no thread it is done here and now, which is slower.
template <class Work>
std::future<std::invoke_result_t<Work&>> start_chore(Work work) {
    // A thread that does not begin would take the work with it.
    const auto kept = std::make_shared<Work>(std::move(work));
    const auto do_it = [kept] { return (*kept)(); };
    try {
        return std::async(std::launch::async, do_it);
    } catch (const std::system_error&) {  // EAGAIN: RLIMIT_NPROC, or no memory for its stack
        auto done = std::async(std::launch::deferred, do_it);
        done.wait();
        return done;
    }
}

}  // namespace socketscope::window
