#include "core/script/signature.hpp"

namespace socketscope::script {

namespace {

using enum ParameterKind;
using model::Call;

constexpr Parameter kFd{"fd", descriptor};
constexpr Parameter kFlags{"flags", number, true, model::Family::message};
constexpr Parameter kBuf{"buf", out_bytes, true};
constexpr Parameter kLength{"length", number};
constexpr Parameter kData{"data", data};

constexpr Parameter kSocket[] = {{"domain", number, true, model::Family::domain},
                                 {"type", number, true, model::Family::type},
                                 {"protocol", number, true, model::Family::protocol}};
constexpr Parameter kOnlyFd[] = {kFd};
constexpr Parameter kFdAddress[] = {kFd, {"address", address}};
constexpr Parameter kListen[] = {kFd, {"backlog", number}};
constexpr Parameter kAccept[] = {kFd, {"peer", out_address, true}};
constexpr Parameter kSend[] = {kFd, kData, kFlags};
constexpr Parameter kWrite[] = {kFd, kData};
constexpr Parameter kRecv[] = {kFd, kBuf, kLength, kFlags};
constexpr Parameter kRead[] = {kFd, kBuf, kLength};
constexpr Parameter kSendto[] = {kFd, kData, kFlags, {"to", address}};
constexpr Parameter kRecvfrom[] = {kFd, kBuf, kLength, kFlags, {"from", out_address, true}};
constexpr Parameter kSendmsg[] = {kFd,
                                  kData,
                                  kFlags,
                                  {"to", address, true, model::Family::value, true},
                                  {"fds", descriptors, true, model::Family::value, true},
                                  {"creds", number, true, model::Family::value, true}};
constexpr Parameter kRecvmsg[] = {kFd,
                                  kBuf,
                                  kLength,
                                  kFlags,
                                  {"from", out_address, true, model::Family::value, true},
                                  {"fds", out_descriptors, true, model::Family::value, true}};
constexpr Parameter kShutdown[] = {kFd, {"how", number, false, model::Family::how}};
constexpr Parameter kPoll[] = {
    {"fds", poll_list}, {"events", number, true, model::Family::events}, {"timeout", timeout}};
constexpr Parameter kSetsockopt[] = {kFd,
                                     {"level", number, false, model::Family::level},
                                     {"option", number, false, model::Family::socket_option},
                                     {"value", option_value}};
constexpr Parameter kGetsockopt[] = {kFd,
                                     {"level", number, false, model::Family::level},
                                     {"option", number, false, model::Family::socket_option}};
constexpr Parameter kName[] = {kFd, {"address", out_address, true}};
constexpr Parameter kIoctl[] = {
    kFd, {"request", number, false, model::Family::request}, {"value", number, true}};
constexpr Parameter kNonblocking[] = {kFd, {"value", number, true}};
constexpr Parameter kUnlink[] = {{"path", path}};

// <asm-generic/ioctls.h>
constexpr std::int64_t kFionread = 0x541B, kTiocoutq = 0x5411, kFionbio = 0x5421;

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
    {"nonblocking", Call::ioctl, kNonblocking, Answer::result, kFionbio},
    {"FIONREAD", Call::ioctl, kOnlyFd, Answer::value, kFionread},
    {"SIOCINQ", Call::ioctl, kOnlyFd, Answer::value, kFionread},
    {"SIOCOUTQ", Call::ioctl, kOnlyFd, Answer::value, kTiocoutq},
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
        std::string name(parameter.name);
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
