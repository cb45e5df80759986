#include "core/run/board.hpp"

#include <algorithm>

namespace socketscope::run {

Board::Board(const lesson::LanePlan& plan) : rows_(plan.endpoints.size()) {
    for (const auto& endpoint : plan.endpoints) watch(endpoint.program.statements, plan);
}

void Board::watch(const std::vector<script::Statement>& statements, const lesson::LanePlan& plan) {
    for (const auto& statement : statements) {
        if (const auto* wait = std::get_if<script::Wait>(&statement.what)) {
            for (std::size_t i = 0; i < rows_.size(); ++i)
                if (plan.endpoints[i].name == wait->endpoint)
                    rows_[i].watched[static_cast<std::size_t>(wait->call)] = true;
        } else if (const auto* until = std::get_if<script::UntilEof>(&statement.what)) {
            watch(until->body, plan);
        } else if (const auto* repeat = std::get_if<script::Repeat>(&statement.what)) {
            watch(repeat->body, plan);
        }
    }
}

void Board::count(std::size_t endpoint, model::Call call, Moment moment) {
    const std::lock_guard lock(mutex_);
    ++rows_[endpoint].counts[static_cast<std::size_t>(call)].of[static_cast<std::size_t>(moment)];
    changed_.notify_all();
}

void Board::settled(std::size_t endpoint) {
    const std::lock_guard lock(mutex_);
    rows_[endpoint].settled = true;
    changed_.notify_all();
}

void Board::done(std::size_t endpoint) {
    const std::lock_guard lock(mutex_);
    rows_[endpoint].settled = rows_[endpoint].done = true;
    changed_.notify_all();
}

void Board::wait(const script::Wait& what, std::size_t endpoint, const std::atomic<bool>& stop) {
    const auto moment = what.at_enter ? Moment::enter : what.succeeded ? Moment::success : Moment::exit;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
        const Row& row = rows_[endpoint];
        if (row.done || stop.load(std::memory_order_relaxed)) return true;
        if (what.form == script::Wait::Form::done) return false;
        const Counts& counts = row.counts[static_cast<std::size_t>(what.call)];
        return counts.of[static_cast<std::size_t>(moment)] >= what.nth;
    });
}

bool Board::wait_settled(std::size_t endpoint, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return rows_[endpoint].settled; });
}

bool Board::wait_all_done(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] {
        return std::all_of(rows_.begin(), rows_.end(), [](const Row& row) { return row.done; });
    });
}

bool Board::is_done(std::size_t endpoint) const {
    const std::lock_guard lock(mutex_);
    return rows_[endpoint].done;
}

void Board::wake() {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
}

}  // namespace socketscope::run
