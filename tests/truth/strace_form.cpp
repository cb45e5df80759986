// The arguments of each call as strace writes them, in the common form of strace.hpp.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <sstream>

#include "tests/truth/strace.hpp"
#include "tests/truth/strace_line.hpp"

namespace socketscope::test {

namespace {

constexpr char kDigits[] = "0123456789abcdef";

// "\x68\x69" with its quotes → the bytes. Anything else (an address of memory, NULL) → nothing.
std::string bytes_of(std::string_view quoted) {
    std::string bytes;
    const auto begin = quoted.find('"');
    if (begin == std::string_view::npos) return bytes;
    for (std::size_t i = begin + 1; i + 3 < quoted.size() && quoted[i] == '\\'; i += 4)
        bytes += static_cast<char>(std::strtol(std::string(quoted.substr(i + 2, 2)).c_str(), nullptr, 16));
    return bytes;
}

// "htons(7000)" → "7000"; "inet_pton(AF_INET6, "…", &x)" → its text
std::string port_of(const std::string& text) {
    const auto open = text.find('(');
    return open == std::string::npos ? text : text.substr(open + 1, text.size() - open - 2);
}

std::string address_of(std::string_view text) {
    const std::string family = member(text, "sa_family");
    if (family == "AF_INET")
        return bytes_of(member(text, "sin_addr")) + ":" + port_of(member(text, "sin_port"));
    if (family == "AF_INET6") {
        const auto at = text.find("inet_pton(");
        return "[" + bytes_of(text.substr(at)) + "]:" + port_of(member(text, "sin6_port"));
    }
    if (family == "AF_UNIX") {
        const std::string path = member(text, "sun_path");
        if (path.empty()) return "(unnamed)";
        const std::string name = bytes_of(path);
        const auto slash = name.rfind('/');  // the run's own folder stands before it
        const std::string last = slash == std::string::npos ? name : name.substr(slash + 1);
        return (path[0] == '@' ? "@" : slash == std::string::npos ? "" : "…/") + last;
    }
    return family == "AF_UNSPEC" ? "AF_UNSPEC" : "";
}

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        const auto code = static_cast<unsigned char>(byte);
        text += {kDigits[code >> 4], kDigits[code & 15]};
    }
    return text;
}

// "[4096]" → the number; a struct of ints or bytes → its first int, and all of it in hexadecimal.
std::string option_value(const std::string& text) {
    if (text.empty()) return "0";
    if (text[0] == '[') return std::string(inside(text));
    std::string bytes;
    if (text[0] == '"') bytes = bytes_of(text);
    if (text[0] == '{')
        for (const std::string& part : split(inside(text))) {
            const std::int64_t value = std::stoll(part.substr(part.find('=') + 1));
            const bool time = part.rfind("tv_", 0) == 0;  // struct timeval: two longs; the others hold ints
            bytes.append(reinterpret_cast<const char*>(&value), time ? sizeof value : sizeof(std::int32_t));
        }
    std::int32_t first = 0;
    std::memcpy(&first, bytes.data(), std::min(bytes.size(), sizeof first));
    return std::to_string(first) + (bytes.empty() || bytes.size() == sizeof first ? "" : " " + hex(bytes));
}

// "0x3e7 /* SOL_?? */" → "999"
std::string plain_number(const std::string& text) {
    const auto comment = text.find(" /*");
    if (text.rfind("0x", 0) != 0 || comment == std::string::npos) return text;
    return std::to_string(std::strtoll(text.c_str(), nullptr, 16));
}

std::string protocol_number(const std::string& name) {
    static const std::map<std::string, std::string> kNumbers{
        {"IPPROTO_IP", "0"},      {"IPPROTO_ICMP", "1"},   {"IPPROTO_TCP", "6"},  {"IPPROTO_UDP", "17"},
        {"IPPROTO_ICMPV6", "58"}, {"IPPROTO_SCTP", "132"}, {"IPPROTO_RAW", "255"}};
    const auto found = kNumbers.find(name);
    return found == kNumbers.end() ? plain_number(name) : found->second;
}

// Options under the names that man pages give them first.
std::string plain_name(std::string name) {
    if (name.size() > 4 && name.rfind("_OLD") == name.size() - 4) name.resize(name.size() - 4);
    return plain_number(name);
}

// "SCM_RIGHTS [3, 4]; SCM_CREDENTIALS 12 0 0; SOL_IP IP_TTL"
std::string control_of(const std::string& message) {
    std::string text;
    for (const std::string& part : split(inside(member(message, "msg_control")))) {
        std::string type = member(part, "cmsg_type");
        const std::string data = member(part, "cmsg_data");
        if (type == "SCM_RIGHTS")
            type += " " + data;
        else if (type == "SCM_CREDENTIALS")
            type += " " + member(data, "pid") + " " + member(data, "uid") + " " + member(data, "gid");
        else
            type = plain_name(member(part, "cmsg_level")) + " " + plain_name(type);
        text += (text.empty() ? "" : "; ") + type;
    }
    return text;
}

std::string io_vector(const std::string& message) {
    return split(inside(member(message, "msg_iov"))).at(0);
}

std::string text_of(const std::string& data, const std::string& length) {
    constexpr std::size_t kLongest = 64 * 1024;  // docs/json.md
    const auto size = std::min<std::size_t>(std::stoull(length), kLongest);
    return '"' + printable(bytes_of(data).substr(0, size)) + "\", " + length;
}

std::string events(const std::string& text) {
    return text.empty() ? "0" : sorted_flags(text);
}

// poll([{fd=4, events=POLLIN}, …], 2, 1000) = 1 ([{fd=4, revents=POLLIN}]): ready ones are listed behind the result.
std::string poll_list(const Line& line) {
    std::map<std::string, std::string> ready;
    if (const auto at = line.result.find("(["); at != std::string::npos) {
        const auto list = line.result.substr(at + 1, line.result.size() - at - 2);
        for (const std::string& item : split(inside(list)))
            if (item[0] == '{') ready[member(item, "fd")] = member(item, "revents");
    }
    std::string text;
    for (const std::string& item : split(inside(line.args[0])))
        text += member(item, "fd") + ":" +
                (member(item, "fd")[0] == '-' ? "-" : events(member(item, "events"))) + ">" +
                events(ready[member(item, "fd")]) + ' ';
    return text;
}

using Write = std::function<std::string(const Line&)>;

// Arguments of each call in the common form, as tests/truth/strace_test.cpp writes those of the recording.
const std::map<std::string, Write>& writers() {
    const Write only_fd = [](const Line& l) { return l.args[0]; };
    const Write fd_and_address = [](const Line& l) { return l.args[0] + ", " + address_of(l.args[1]); };
    const Write data = [](const Line& l) { return l.args[0] + ", " + text_of(l.args[1], l.args[2]); };
    const Write data_and_address = [data](const Line& l) {
        return data(l) + ", " + sorted_flags(l.args[3]) + ", " + address_of(l.args[4]);
    };
    const Write message = [](const Line& l) {
        const std::string part = io_vector(l.args[1]);
        return l.args[0] + ", " + text_of(member(part, "iov_base"), member(part, "iov_len")) + ", " +
               sorted_flags(l.args[2]) + ", " + address_of(member(l.args[1], "msg_name")) + ", {" +
               control_of(l.args[1]) + "}";
    };
    const Write option = [](const Line& l) {
        const std::string name = plain_name(l.args[2]);
        const bool nothing_came = l.name == "getsockopt" && l.result[0] == '-';
        return l.args[0] + ", " + plain_name(l.args[1]) + ", " + name + ", " +
               (shown_as_words(name) ? "…" : option_value(nothing_came ? "" : l.args[3]));
    };
    const Write kind = [](const Line& l) {
        return l.args[0] + ", " + sorted_flags(l.args[1]) + ", " + protocol_number(l.args[2]);
    };
    static const std::map<std::string, Write> kWriters{
        {"socket", kind},
        {"socketpair",
         [kind](const Line& l) { return kind(l) + (l.args[3][0] == '[' ? ", " + l.args[3] : ""); }},
        {"bind", fd_and_address},
        {"connect", fd_and_address},
        {"accept", fd_and_address},
        {"getsockname", fd_and_address},
        {"getpeername", fd_and_address},
        {"listen", [](const Line& l) { return l.args[0] + ", " + l.args[1]; }},
        {"sendto", data_and_address},
        {"recvfrom", data_and_address},
        {"sendmsg", message},
        {"recvmsg",
         [message](const Line& l) {
             // A failed call leaves what was in the struct before it.
             if (l.result[0] == '-') return l.args[0] + ", failed";
             return message(l) + ", " + sorted_flags(member(l.args[1], "msg_flags"));
         }},
        {"read", data},
        {"write", data},
        {"shutdown", [](const Line& l) { return l.args[0] + ", " + plain_number(l.args[1]); }},
        {"close", only_fd},
        {"dup", only_fd},
        {"poll", [](const Line& l) { return poll_list(l) + l.args[2]; }},
        {"setsockopt", option},
        {"getsockopt", option},
        {"ioctl",
         [](const Line& l) { return l.args[0] + ", " + l.args[1] + ", " + option_value(l.args[2]); }},
        {"unlink", [](const Line& l) { return bytes_of(l.args[0]); }},
    };
    return kWriters;
}

// "-1 EPIPE (Broken pipe)" → "-1 EPIPE"; "? ERESTARTSYS (…)": the program sees EINTR, for its handler has no
// SA_RESTART.
std::string plain_result(const std::string& result) {
    if (result[0] == '?') return "-1 EINTR";
    std::istringstream words(result);
    std::string value, error;
    words >> value >> error;
    return value == "-1" ? value + " " + error : value;
}

}  // namespace

std::string in_common_form(const Line& line) {
    const auto found = writers().find(line.name);
    const std::string args = found == writers().end() ? "?" : found->second(line);
    return line.name + "(" + args + ") = " + plain_result(line.result);
}

bool shown_as_words(std::string_view option) {
    constexpr std::string_view kOptions[] = {"TCP_INFO", "IP_ADD_MEMBERSHIP", "IP_MULTICAST_IF",
                                             "ICMP_FILTER"};
    return std::find(std::begin(kOptions), std::end(kOptions), option) != std::end(kOptions);
}

std::string printable(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        const auto code = static_cast<unsigned char>(byte);
        if (code >= 0x20 && code < 0x7f && code != '\\')
            text += byte;
        else
            text += {'\\', 'x', kDigits[code >> 4], kDigits[code & 15]};
    }
    return text;
}

std::string sorted_flags(std::string_view text) {
    text = text.substr(0, text.find(" /*"));  // "0x10000000 /* MSG_??? */"
    std::vector<std::string> flags;
    std::istringstream in{std::string(text)};
    for (std::string flag; std::getline(in, flag, '|');) flags.push_back(flag);
    std::sort(flags.begin(), flags.end());
    std::string sorted;
    for (const std::string& flag : flags) sorted += (sorted.empty() ? "" : "|") + flag;
    return sorted;
}

}  // namespace socketscope::test
