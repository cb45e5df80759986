// What the endpoints of a lane have done so far, for those who wait for it: wait(x.event) of scripts, and the runner.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core/lesson/lesson.hpp"
#include "core/model/event.hpp"
#include "core/script/program.hpp"

namespace socketscope::run {

class Board {
public:
    // Only calls that some script waits for are counted: the others cost nothing.
    explicit Board(const lesson::LanePlan& plan);

    // --- endpoint threads
    void entered(std::size_t endpoint, model::Call call) {
        if (watched(endpoint, call)) count(endpoint, call, Moment::enter);
    }
    void returned(std::size_t endpoint, model::Call call, bool succeeded) {
        if (!watched(endpoint, call)) return;
        count(endpoint, call, Moment::exit);
        if (succeeded) count(endpoint, call, Moment::success);
    }
    // It is about to do something that may take its time: what it set up before (listen …) stands.
    void settled(std::size_t endpoint);
    void done(std::size_t endpoint);
    // Until it happened, or that endpoint is done, or `stop`.
    void wait(const script::Wait& what, std::size_t endpoint, const std::atomic<bool>& stop);

    // --- the runner's thread
    bool wait_settled(std::size_t endpoint, std::chrono::milliseconds limit);
    bool wait_all_done(std::chrono::milliseconds limit);
    bool is_done(std::size_t endpoint) const;
    void wake();  // those who wait look at their stop flag

private:
    enum class Moment : std::uint8_t { enter, exit, success };
    struct Counts {
        std::uint32_t of[3]{};
    };
    struct Row {
        std::array<bool, static_cast<std::size_t>(model::Call::count)> watched{};
        std::array<Counts, static_cast<std::size_t>(model::Call::count)> counts{};
        bool settled{false}, done{false};
    };

    bool watched(std::size_t endpoint, model::Call call) const {
        return rows_[endpoint].watched[static_cast<std::size_t>(call)];
    }
    void watch(const std::vector<script::Statement>& statements, const lesson::LanePlan& plan);
    void count(std::size_t endpoint, model::Call call, Moment moment);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Row> rows_;  // `watched` is never changed after the constructor; the rest under mutex_
};

}  // namespace socketscope::run
