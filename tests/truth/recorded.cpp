#include "tests/truth/recorded.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/model/errno_text.hpp"
#include "tests/truth/strace.hpp"

namespace socketscope::test {

namespace {

using Json = nlohmann::json;

std::string number(const Json& value) {
    return std::to_string(value.get<std::int64_t>());
}

std::string option_value(const Json& args) {
    if (shown_as_words(args.at("option").get<std::string>())) return "…";
    const int value = args.at("value");
    if (args.at("option") == "SO_ERROR" && value != 0) return std::string(model::errno_name(value));
    const std::string bytes = args.value("value_bytes", "");
    return std::to_string(value) + (bytes.empty() ? "" : " " + bytes);
}

std::string control_text(const Json& args) {
    std::string text;
    for (const Json& message : args.value("control", Json::array())) {
        std::string type = message.at("type");
        if (type == "SCM_RIGHTS") {
            std::string fds;
            for (const Json& fd : message.at("fds")) fds += (fds.empty() ? "" : ", ") + number(fd);
            type += " [" + fds + "]";
        } else if (type == "SCM_CREDENTIALS") {
            type += " " + number(message.at("pid")) + " " + number(message.at("uid")) + " " +
                    number(message.at("gid"));
        } else {
            type = message.at("level").get<std::string>() + " " + type;
        }
        text += (text.empty() ? "" : "; ") + type;
    }
    return text;
}

std::string poll_text(const Json& args) {
    std::string text;
    for (const Json& item : args.at("fds")) {
        const std::string fd = number(item.at("fd"));
        const std::string asked = sorted_flags(item.at("events").get<std::string>());
        text += fd + ":" + (fd[0] == '-' ? "-" : asked) + ">" +
                sorted_flags(item.at("revents").get<std::string>()) + " ";
    }
    return text + number(args.at("timeout_ms"));
}

std::string arguments(const std::string& name, const Json& args, bool failed) {
    const auto is = [&](std::initializer_list<const char*> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    const auto flags = [&](const char* key) { return sorted_flags(args.at(key).get<std::string>()); };
    if (is({"socket", "socketpair"})) {
        std::string text =
            args.at("domain").get<std::string>() + ", " + flags("type") + ", " + number(args.at("protocol"));
        if (args.contains("fds"))
            text += ", [" + number(args["fds"][0]) + ", " + number(args["fds"][1]) + "]";
        return text;
    }
    if (name == "poll") return poll_text(args);
    if (name == "unlink") return args.at("path");
    std::string text = number(args.at("fd"));
    if (name == "recvmsg" && failed) return text + ", failed";
    if (is({"bind", "connect", "accept", "getsockname", "getpeername"}))
        text += ", " + args.at("address").get<std::string>();
    if (name == "listen") text += ", " + number(args.at("backlog"));
    if (is({"send", "recv", "sendto", "recvfrom", "sendmsg", "recvmsg", "read", "write"}))
        text += ", \"" + args.at("data").get<std::string>() + "\", " + number(args.at("length"));
    if (is({"send", "recv", "sendto", "recvfrom", "sendmsg", "recvmsg"}))
        text += ", " + flags("flags") + ", " + args.value("address", "");
    if (is({"sendmsg", "recvmsg"})) text += ", {" + control_text(args) + "}";
    if (name == "recvmsg") text += ", " + flags("msg_flags");
    if (name == "shutdown") text += ", " + args.at("how").get<std::string>();
    if (is({"setsockopt", "getsockopt"}))
        text += ", " + args.at("level").get<std::string>() + ", " + args.at("option").get<std::string>() +
                ", " + option_value(args);
    if (name == "ioctl")
        text += ", " + args.at("request").get<std::string>() + ", " + number(args.at("value"));
    return text;
}

}  // namespace

std::string recorded_form(const Json& call) {
    const std::string name = call.at("call");
    const bool failed = call.at("result") == -1;
    const std::string kernel_name = name == "send" ? "sendto" : name == "recv" ? "recvfrom" : name;
    return kernel_name + "(" + arguments(name, call.at("args"), failed) + ") = " + number(call.at("result")) +
           (failed ? " " + call.at("errno").get<std::string>() : "");
}

}  // namespace socketscope::test
