#include "app/cli/call_args.hpp"

#include <poll.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "app/cli/byte_text.hpp"
#include "app/cli/control_json.hpp"
#include "core/model/constants.hpp"
#include "core/socket/address.hpp"
#include "core/socket/control.hpp"
#include "core/story/words.hpp"

namespace socketscope::cli {

namespace {

using Json = nlohmann::ordered_json;
using model::Call;
using model::CallRecord;
using model::Family;

std::string address_text(std::string_view sockaddr_bytes) {
    return sockaddr_bytes.empty() ? "" : socket::to_text(sockaddr_bytes);
}

// Behind the uint32 size of the address comes the address (CallRecord::extra of sendmsg and recvmsg), and behind
// that the control messages.
void add_message(Json& args, std::string_view extra) {
    std::uint32_t size = 0;
    args["address"] = "";
    if (extra.size() < sizeof size) return;
    std::memcpy(&size, extra.data(), sizeof size);
    extra.remove_prefix(sizeof size);
    args["address"] = address_text(extra.substr(0, size));
    extra.remove_prefix(std::min<std::size_t>(size, extra.size()));
    if (const auto fds = socket::descriptors_in(extra); !fds.empty()) args["fds"] = fds;
    if (Json control = control_json(extra); !control.empty()) args["control"] = std::move(control);
}

Json poll_list(std::string_view extra) {
    Json list = Json::array();
    for (; extra.size() >= sizeof(pollfd); extra.remove_prefix(sizeof(pollfd))) {
        pollfd entry{};
        std::memcpy(&entry, extra.data(), sizeof entry);
        list.push_back({{"fd", entry.fd},
                        {"events", model::flags_text(Family::events, entry.events)},
                        {"revents", model::flags_text(Family::events, entry.revents)}});
    }
    return list;
}

void add_data(Json& args, const trace::LaneTrace& lane, const CallRecord& call) {
    const std::string_view bytes = lane.bytes(call.data);
    constexpr std::size_t kLongest = 64 * 1024;  // the whole data is in sent and received
    args["data"] = printable(bytes.substr(0, kLongest));
    if (bytes.size() > kLongest) args["data_cut"] = true;
    args["length"] = call.args.first;
}

bool takes_descriptor(Call call) {
    return call != Call::socket && call != Call::socketpair && call != Call::poll && call != Call::unlink;
}

void add_option(Json& args, const CallRecord& call, std::string_view value) {
    args["level"] = story::option_level(call.args.first);
    args["option"] = story::option_name(call.args.first, call.args.second);
    args["value"] = call.args.third;
    args["length"] = value.size();
    if (value.size() != sizeof(std::int32_t) && !value.empty()) args["value_bytes"] = hex(value);
}

}  // namespace

Json call_args(const trace::LaneTrace& lane, const CallRecord& call) {
    Json args = Json::object();
    const std::string_view extra = lane.bytes(call.extra);
    if (takes_descriptor(call.call)) args["fd"] = call.fd;  // also the −1 of a socket() that failed
    switch (call.call) {
        case Call::socket:
        case Call::socketpair:
            args["domain"] = model::constant_name(Family::domain, call.args.first);
            args["type"] = model::type_text(call.args.second);
            args["protocol"] = call.args.third;
            if (call.call == Call::socketpair && extra.size() >= 2 * sizeof(std::int32_t)) {
                std::int32_t pair[2];
                std::memcpy(pair, extra.data(), sizeof pair);
                args["fds"] = {pair[0], pair[1]};
            }
            break;
        case Call::bind:
        case Call::connect:
        case Call::accept:
        case Call::getsockname:
        case Call::getpeername:
            args["address"] = address_text(extra);
            break;
        case Call::listen:
            args["backlog"] = call.args.first;
            break;
        case Call::send:
        case Call::recv:
        case Call::sendto:
        case Call::recvfrom:
        case Call::sendmsg:
        case Call::recvmsg:
            add_data(args, lane, call);
            args["flags"] = model::flags_text(Family::message, call.args.second);
            if (call.call == Call::sendto || call.call == Call::recvfrom)
                args["address"] = address_text(extra);
            if (call.call == Call::sendmsg || call.call == Call::recvmsg) add_message(args, extra);
            if (call.call == Call::recvmsg)
                args["msg_flags"] = model::flags_text(Family::message, call.args.third);
            break;
        case Call::read:
        case Call::write:
            add_data(args, lane, call);
            break;
        case Call::shutdown:
            args["how"] = model::constant_name(Family::how, call.args.first);
            break;
        case Call::poll:
            args["fds"] = poll_list(extra);
            args["timeout_ms"] = call.args.first;
            break;
        case Call::setsockopt:
        case Call::getsockopt:
            add_option(args, call, extra);
            break;
        case Call::ioctl:
            args["request"] = model::constant_name(Family::request, call.args.first);
            args["value"] = call.args.second;
            break;
        case Call::unlink:
            args["path"] = std::string(extra);
            break;
        case Call::close:
        case Call::dup:
        case Call::count:
            break;
    }
    return args;
}

}  // namespace socketscope::cli
