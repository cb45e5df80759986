#include "core/script/complete.hpp"

namespace socketscope::script {

namespace {

bool complete_poll(Scope& scope, const Signature& signature, CallStatement& statement, Position at) {
    Argument* fds = &statement.args[0];
    const Expr* events = argument(statement, "events");
    if (const auto* one = std::get_if<Variable>(&fds->value.value)) {
        const auto* mask = events ? std::get_if<Integer>(&events->value) : nullptr;
        if (!mask) {
            scope.error(events ? events->at : at, "expected the events to poll for, such as POLLIN",
                        prototype(signature));
            return false;
        }
        fds->value.value = PollList{{{one->name, mask->value}}};
    } else if (events) {
        scope.error(events->at, "expected no events here: the list names them", "poll([a: POLLIN], 1s)");
        return false;
    }
    std::erase_if(statement.args, [](const Argument& argument) { return argument.name == "events"; });
    Expr& timeout = statement.args.back().value;
    if (const auto* time = std::get_if<Duration>(&timeout.value))
        timeout.value = Integer{(time->ns + model::kMillisecond - 1) / model::kMillisecond};
    return true;
}

void complete_ioctl(const Signature& signature, CallStatement& statement, Position at) {
    if (signature.request == 0) return;
    statement.args.insert(statement.args.begin() + 1,
                          Argument{"request", Expr{Integer{signature.request}, at}});
    if (signature.name == "nonblocking" && !argument(statement, "value"))
        statement.args.push_back({"value", Expr{Integer{1}, at}});
}

bool complete_option(Scope& scope, const CallStatement& statement) {
    constexpr std::int64_t kSolSocket = 1, kLinger = 13, kReceiveTimeout = 20, kSendTimeout = 21;
    const auto* level = std::get_if<Integer>(&argument(statement, "level")->value);
    const auto* option = std::get_if<Integer>(&argument(statement, "option")->value);
    const Expr& value = *argument(statement, "value");
    if (!level || !option || level->value != kSolSocket) return true;
    const bool timeout = option->value == kReceiveTimeout || option->value == kSendTimeout;
    if (timeout && !std::holds_alternative<Duration>(value.value))
        return scope.error(value.at, "expected a time such as 100ms"), false;
    if (!timeout && std::holds_alternative<Duration>(value.value))
        return scope.error(value.at, "only SO_RCVTIMEO and SO_SNDTIMEO take a time"), false;
    if (option->value == kLinger && !std::holds_alternative<ListExpr>(value.value))
        return scope.error(value.at, "expected {onoff, seconds} as in struct linger", "{1, 0}"), false;
    return true;
}

}  // namespace

bool complete_arguments(Scope& scope, const Signature& signature, CallStatement& statement, Position at) {
    if (statement.call == model::Call::poll) return complete_poll(scope, signature, statement, at);
    if (statement.call == model::Call::ioctl) complete_ioctl(signature, statement, at);
    if (statement.call == model::Call::setsockopt) return complete_option(scope, statement);
    return true;
}

}  // namespace socketscope::script
