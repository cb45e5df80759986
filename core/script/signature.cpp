#include "core/script/signature.hpp"

#include "core/model/constant_table.hpp"

namespace socketscope::script {

namespace {

using enum ParameterKind;
using model::Call;
using model::number_of;

constexpr std::string_view kNames[] = {"domain", "type",   "protocol", "fd",      "address", "backlog",
                                       "peer",   "data",   "flags",    "to",      "buf",     "length",
                                       "from",   "fds",    "creds",    "how",     "events",  "timeout",
                                       "level",  "option", "value",    "request", "path"};
static_assert(std::size(kNames) == static_cast<std::size_t>(Param::count), "a Param without its name");

constexpr Parameter kFd{Param::fd, descriptor};
constexpr Parameter kFlags{Param::flags, number, true, model::Family::message};
constexpr Parameter kBuf{Param::buf, out_bytes, true};
constexpr Parameter kLength{Param::length, number};
constexpr Parameter kData{Param::data, data};

constexpr Parameter kSocket[] = {{Param::domain, number, true, model::Family::domain},
                                 {Param::type, number, true, model::Family::type},
                                 {Param::protocol, number, true, model::Family::protocol}};
constexpr Parameter kOnlyFd[] = {kFd};
constexpr Parameter kFdAddress[] = {kFd, {Param::address, address}};
constexpr Parameter kListen[] = {kFd, {Param::backlog, number}};
constexpr Parameter kAccept[] = {kFd, {Param::peer, out_address, true}};
constexpr Parameter kSend[] = {kFd, kData, kFlags};
constexpr Parameter kWrite[] = {kFd, kData};
constexpr Parameter kRecv[] = {kFd, kBuf, kLength, kFlags};
constexpr Parameter kRead[] = {kFd, kBuf, kLength};
constexpr Parameter kSendto[] = {kFd, kData, kFlags, {Param::to, address}};
constexpr Parameter kRecvfrom[] = {kFd, kBuf, kLength, kFlags, {Param::from, out_address, true}};
constexpr Parameter kSendmsg[] = {kFd,
                                  kData,
                                  kFlags,
                                  {Param::to, address, true, model::Family::value, true},
                                  {Param::fds, descriptors, true, model::Family::value, true},
                                  {Param::creds, number, true, model::Family::value, true}};
constexpr Parameter kRecvmsg[] = {kFd,
                                  kBuf,
                                  kLength,
                                  kFlags,
                                  {Param::from, out_address, true, model::Family::value, true},
                                  {Param::fds, out_descriptors, true, model::Family::value, true}};
constexpr Parameter kShutdown[] = {kFd, {Param::how, number, false, model::Family::how}};
constexpr Parameter kPoll[] = {
    {Param::fds, poll_list}, {Param::events, number, true, model::Family::events}, {Param::timeout, timeout}};
constexpr Parameter kSetsockopt[] = {kFd,
                                     {Param::level, number, false, model::Family::level},
                                     {Param::option, number, false, model::Family::socket_option},
                                     {Param::value, option_value}};
constexpr Parameter kGetsockopt[] = {kFd,
                                     {Param::level, number, false, model::Family::level},
                                     {Param::option, number, false, model::Family::socket_option}};
constexpr Parameter kName[] = {kFd, {Param::address, out_address, true}};
constexpr Parameter kIoctl[] = {
    kFd, {Param::request, number, false, model::Family::request}, {Param::value, number, true}};
constexpr Parameter kNonblocking[] = {kFd, {Param::value, number, true}};
constexpr Parameter kUnlink[] = {{Param::path, path}};

constexpr Signature kSignatures[] = {
    {"socket", Call::socket, kSocket, Answer::descriptor},
    {"socketpair", Call::socketpair, kSocket, Answer::two_descriptors},
    {"bind", Call::bind, kFdAddress},
    {"listen", Call::listen, kListen},
    {"accept", Call::accept, kAccept, Answer::descriptor},
    {"connect", Call::connect, kFdAddress},
    {"send", Call::send, kSend},
    {"recv", Call::recv, kRecv},
    {"sendto", Call::sendto, kSendto},
    {"recvfrom", Call::recvfrom, kRecvfrom},
    {"sendmsg", Call::sendmsg, kSendmsg},
    {"recvmsg", Call::recvmsg, kRecvmsg},
    {"read", Call::read, kRead},
    {"write", Call::write, kWrite},
    {"shutdown", Call::shutdown, kShutdown},
    {"close", Call::close, kOnlyFd},
    {"dup", Call::dup, kOnlyFd, Answer::descriptor},
    {"poll", Call::poll, kPoll},
    {"setsockopt", Call::setsockopt, kSetsockopt},
    {"getsockopt", Call::getsockopt, kGetsockopt, Answer::value},
    {"getsockname", Call::getsockname, kName},
    {"getpeername", Call::getpeername, kName},
    {"ioctl", Call::ioctl, kIoctl, Answer::value},
    {"nonblocking", Call::ioctl, kNonblocking, Answer::result, number_of("FIONBIO")},
    {"FIONREAD", Call::ioctl, kOnlyFd, Answer::value, number_of("FIONREAD")},
    {"SIOCINQ", Call::ioctl, kOnlyFd, Answer::value, number_of("SIOCINQ")},
    {"SIOCOUTQ", Call::ioctl, kOnlyFd, Answer::value, number_of("SIOCOUTQ")},
    {"unlink", Call::unlink, kUnlink},
};

constexpr bool every_call_can_be_written() {
    for (std::size_t call = 0; call < static_cast<std::size_t>(Call::count); ++call) {
        bool found = false;
        for (const auto& signature : kSignatures) found = found || signature.call == static_cast<Call>(call);
        if (!found) return false;
    }
    return true;
}
static_assert(every_call_can_be_written(), "a Call without a row in kSignatures");

}  // namespace

std::string_view to_string(Param parameter) {
    return kNames[static_cast<std::size_t>(parameter)];
}

std::span<const Signature> signatures() {
    return kSignatures;
}

const Signature* find_signature(std::string_view name) {
    for (const auto& signature : kSignatures)
        if (signature.name == name) return &signature;
    return nullptr;
}

std::string prototype(const Signature& signature) {
    std::string text;
    if (signature.answer == Answer::two_descriptors) text += "a, b = ";
    text += std::string(signature.name) + "(";
    bool first = true;
    for (const auto& parameter : signature.parameters) {
        if (!first) text += ", ";
        first = false;
        std::string name(to_string(parameter.id));
        if (parameter.named_only) name += "=…";
        if (parameter.kind == out_bytes || (parameter.kind == out_address && !parameter.named_only))
            name.insert(0, 1, '&');
        if (parameter.optional) {
            name.insert(0, 1, '[');
            name += ']';
        }
        text += name;
    }
    return text + ")";
}

}  // namespace socketscope::script
