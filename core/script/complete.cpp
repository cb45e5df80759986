#include "core/script/complete.hpp"

#include "core/model/constant_table.hpp"

namespace socketscope::script {

namespace {

// poll(a, POLLIN, …) and poll([a, b], POLLIN, …): the descriptors that share the events.
std::vector<Variable> polled_alike(const Expr& fds) {
    std::vector<Variable> polled;
    if (const auto* one = std::get_if<Variable>(&fds.value)) polled.push_back(*one);
    if (const auto* list = std::get_if<ListExpr>(&fds.value))
        for (const Expr& item : list->items) polled.push_back(std::get<Variable>(item.value));
    return polled;
}

bool complete_poll(Scope& scope, const Signature& signature, CallStatement& statement, Position at) {
    Argument* fds = &statement.args[0];
    const Expr* events = argument(statement, Param::events);
    if (const auto polled = polled_alike(fds->value); !polled.empty()) {
        const auto* mask = events ? std::get_if<Integer>(&events->value) : nullptr;
        if (!mask) {
            scope.error(events ? events->at : at, "expected the events to poll for, such as POLLIN",
                        prototype(signature));
            return false;
        }
        PollList list;
        for (const auto& descriptor : polled) list.items.push_back({descriptor, mask->value});
        fds->value.value = std::move(list);
    } else if (events) {
        scope.error(events->at, "expected no events here: the list names them", "poll([a: POLLIN], 1s)");
        return false;
    }
    std::erase_if(statement.args,
                  [](const Argument& argument) { return argument.parameter == Param::events; });
    Expr& timeout = statement.args.back().value;
    if (const auto* time = std::get_if<Duration>(&timeout.value))
        timeout.value = Integer{(time->ns + model::kMillisecond - 1) / model::kMillisecond};
    return true;
}

bool known_request(Scope& scope, const CallStatement& statement) {
    const Expr& request = *argument(statement, Param::request);
    const auto* number = std::get_if<Integer>(&request.value);
    if (!number || model::takes_one_int(number->value)) return true;
    return scope.error(request.at,
                       "expected a request that takes one int, found " + std::to_string(number->value),
                       "FIONREAD, SIOCOUTQ, FIONBIO, SIOCATMARK, SIOCOUTQNSD"),
           false;
}

bool complete_ioctl(Scope& scope, const Signature& signature, CallStatement& statement, Position at) {
    if (signature.request == 0) return known_request(scope, statement);
    statement.args.insert(statement.args.begin() + 1,
                          Argument{Param::request, Expr{Integer{signature.request}, at}});
    if (signature.name == "nonblocking" && !argument(statement, Param::value))
        statement.args.push_back({Param::value, Expr{Integer{1}, at}});
    return true;
}

// What no call can take, said before the run where the number is known by then.
bool complete_length(Scope& scope, const CallStatement& statement) {
    const Expr* length = argument(statement, Param::length);
    const auto* number = length ? std::get_if<Integer>(&length->value) : nullptr;
    if (!number || (number->value >= 0 && number->value <= kLongestBuffer)) return true;
    return scope.error(length->at,
                       "expected a length from 0 to 1 GiB, found " + std::to_string(number->value)),
           false;
}

bool complete_option(Scope& scope, const CallStatement& statement) {
    using model::number_of;
    const auto* level = std::get_if<Integer>(&argument(statement, Param::level)->value);
    const auto* option = std::get_if<Integer>(&argument(statement, Param::option)->value);
    const Expr& value = *argument(statement, Param::value);
    if (!level || !option || level->value != number_of("SOL_SOCKET")) return true;
    const bool timeout =
        option->value == number_of("SO_RCVTIMEO") || option->value == number_of("SO_SNDTIMEO");
    if (timeout && !std::holds_alternative<Duration>(value.value))
        return scope.error(value.at, "expected a time such as 100ms"), false;
    if (!timeout && std::holds_alternative<Duration>(value.value))
        return scope.error(value.at, "only SO_RCVTIMEO and SO_SNDTIMEO take a time"), false;
    if (option->value == number_of("SO_LINGER") && !std::holds_alternative<ListExpr>(value.value))
        return scope.error(value.at, "expected {onoff, seconds} as in struct linger", "{1, 0}"), false;
    return true;
}

}  // namespace

bool complete_arguments(Scope& scope, const Signature& signature, CallStatement& statement, Position at) {
    if (statement.call == model::Call::poll) return complete_poll(scope, signature, statement, at);
    if (statement.call == model::Call::ioctl) return complete_ioctl(scope, signature, statement, at);
    if (!complete_length(scope, statement)) return false;
    if (statement.call == model::Call::setsockopt) return complete_option(scope, statement);
    return true;
}

}  // namespace socketscope::script
