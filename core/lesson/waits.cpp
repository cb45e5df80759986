#include "core/lesson/waits.hpp"

#include <algorithm>
#include <functional>

#include "core/model/call.hpp"

namespace socketscope::lesson {

namespace {

using Statements = std::vector<script::Statement>;

// Every statement, also those in blocks, until `visit` returns true; whether it did.
bool any_of(const Statements& statements, const std::function<bool(const script::Statement&)>& visit) {
    return std::any_of(statements.begin(), statements.end(), [&](const script::Statement& statement) {
        if (visit(statement)) return true;
        if (const auto* loop = std::get_if<script::UntilEof>(&statement.what))
            return any_of(loop->body, visit);
        if (const auto* loop = std::get_if<script::Repeat>(&statement.what)) return any_of(loop->body, visit);
        return false;
    });
}

bool makes_call(const EndpointPlan& endpoint, model::Call call) {
    return any_of(endpoint.program.statements, [&](const script::Statement& statement) {
        const auto* made = std::get_if<script::CallStatement>(&statement.what);
        return made && made->call == call;
    });
}

void check_wait(const LanePlan& lane, const EndpointPlan& self, const script::Wait& wait, Place at,
                Report& report) {
    if (wait.endpoint == self.name)
        return report.error(at, "`" + self.name + "` waits for itself: that never ends");
    if (wait.form == script::Wait::Form::done) return;
    for (const auto& other : lane.endpoints) {
        if (other.name != wait.endpoint || makes_call(other, wait.call)) continue;
        report.warning(at, "`" + wait.endpoint + "` has no line with " +
                               std::string(model::row(wait.call).name) +
                               "(): this waits until its program has ended");
    }
}

// Every wait of these statements, also those in blocks.
void each_wait(Statements& statements, const std::function<void(script::Wait&)>& visit) {
    for (script::Statement& statement : statements) {
        if (auto* wait = std::get_if<script::Wait>(&statement.what)) visit(*wait);
        if (auto* loop = std::get_if<script::UntilEof>(&statement.what)) each_wait(loop->body, visit);
        if (auto* loop = std::get_if<script::Repeat>(&statement.what)) each_wait(loop->body, visit);
    }
}

}  // namespace

void settle_waits(LanePlan& lane) {
    const auto only_binds = [&](const std::string& name) {
        const auto endpoint = std::find_if(lane.endpoints.begin(), lane.endpoints.end(),
                                           [&](const auto& known) { return known.name == name; });
        return endpoint != lane.endpoints.end() && !makes_call(*endpoint, model::Call::listen) &&
               makes_call(*endpoint, model::Call::bind);
    };
    for (auto& endpoint : lane.endpoints)
        each_wait(endpoint.program.statements, [&](script::Wait& wait) {
            const bool for_listening =
                wait.form == script::Wait::Form::call && wait.call == model::Call::listen && wait.succeeded;
            if (for_listening && only_binds(wait.endpoint)) wait.call = model::Call::bind;
        });
}

void check_waits(const LanePlan& lane, Report& report) {
    for (const auto& endpoint : lane.endpoints) {
        any_of(endpoint.program.statements, [&](const script::Statement& statement) {
            const auto line = static_cast<int>(statement.at.line) + endpoint.file_line - 1;
            if (const auto* wait = std::get_if<script::Wait>(&statement.what))
                check_wait(lane, endpoint, *wait,
                           {line, static_cast<int>(statement.at.column) + endpoint.file_indent}, report);
            return false;
        });
    }
}

}  // namespace socketscope::lesson
