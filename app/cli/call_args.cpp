#include "app/cli/call_args.hpp"

#include <poll.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/model/constants.hpp"
#include "core/socket/address.hpp"
#include "core/socket/control.hpp"

namespace socketscope::cli {

namespace {

using Json = nlohmann::ordered_json;
using model::Call;
using model::CallRecord;
using model::Family;

std::string address_text(std::string_view sockaddr_bytes) {
    return sockaddr_bytes.empty() ? "" : socket::to_text(sockaddr_bytes);
}

// Behind the uint32 size of the address comes the address (CallRecord::extra of sendmsg and recvmsg), and behind that the
// control messages.
void add_message(Json& args, std::string_view extra) {
    std::uint32_t size = 0;
    args["address"] = "";
    if (extra.size() < sizeof size) return;
    std::memcpy(&size, extra.data(), sizeof size);
    extra.remove_prefix(sizeof size);
    args["address"] = address_text(extra.substr(0, size));
    extra.remove_prefix(std::min<std::size_t>(size, extra.size()));
    if (const auto fds = socket::descriptors_in(extra); !fds.empty()) args["fds"] = fds;
}

std::string hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes)
        text +=
            {kDigits[static_cast<unsigned char>(byte) >> 4], kDigits[static_cast<unsigned char>(byte) & 15]};
    return text;
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

Family option_family(std::int64_t level) {
    switch (level) {
        case 0:
            return Family::ip_option;
        case 6:
            return Family::tcp_option;
        case 17:
            return Family::udp_option;
        case 41:
            return Family::ipv6_option;
        case 255:
            return Family::raw_option;
        default:
            return Family::socket_option;
    }
}

void add_data(Json& args, const trace::LaneTrace& lane, const CallRecord& call) {
    const std::string_view bytes = lane.bytes(call.data);
    constexpr std::size_t kLongest = 256;  // the whole data is in sent and received
    std::string text;
    for (const char byte : bytes.substr(0, kLongest)) {
        const auto code = static_cast<unsigned char>(byte);
        if (code >= 0x20 && code < 0x7f && code != '\\') {
            text += byte;
        } else {
            static constexpr char kDigits[] = "0123456789abcdef";
            text += {'\\', 'x', kDigits[code >> 4], kDigits[code & 15]};
        }
    }
    args["data"] = text;
    args["length"] = call.args[0];
}

}  // namespace

Json call_args(const trace::LaneTrace& lane, const CallRecord& call) {
    Json args = Json::object();
    const std::string_view extra = lane.bytes(call.extra);
    if (call.fd >= 0) args["fd"] = call.fd;
    switch (call.call) {
        case Call::socket:
        case Call::socketpair:
            args["domain"] = model::constant_name(Family::domain, call.args[0]);
            args["type"] = model::type_text(call.args[1]);
            args["protocol"] = call.args[2];
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
            args["backlog"] = call.args[0];
            break;
        case Call::send:
        case Call::recv:
        case Call::sendto:
        case Call::recvfrom:
        case Call::sendmsg:
        case Call::recvmsg:
            add_data(args, lane, call);
            args["flags"] = model::flags_text(Family::message, call.args[1]);
            if (call.call == Call::sendto || call.call == Call::recvfrom)
                args["address"] = address_text(extra);
            if (call.call == Call::sendmsg || call.call == Call::recvmsg) add_message(args, extra);
            if (call.call == Call::recvmsg)
                args["msg_flags"] = model::flags_text(Family::message, call.args[2]);
            break;
        case Call::read:
        case Call::write:
            add_data(args, lane, call);
            break;
        case Call::shutdown:
            args["how"] = model::constant_name(Family::how, call.args[0]);
            break;
        case Call::poll:
            args["fds"] = poll_list(extra);
            args["timeout_ms"] = call.args[0];
            break;
        case Call::setsockopt:
        case Call::getsockopt:
            args["level"] =
                call.args[0] == 1 ? "SOL_SOCKET" : model::constant_name(Family::protocol, call.args[0]);
            args["option"] = model::constant_name(option_family(call.args[0]), call.args[1]);
            args["value"] = call.args[2];
            if (extra.size() > sizeof(std::int32_t)) args["value_bytes"] = hex(extra);
            break;
        case Call::ioctl:
            args["request"] = model::constant_name(Family::request, call.args[0]);
            args["value"] = call.args[1];
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
