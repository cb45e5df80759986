#include "tests/truth/strace.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <sstream>

#include "tests/support/process.hpp"

namespace socketscope::test {

namespace {

constexpr char kDigits[] = "0123456789abcdef";

// One line of strace: `TIME name(args…) = result`.
struct Line {
    std::string at;  // seconds since 1970, all of one length
    std::string name;
    std::vector<std::string> args;
    std::string result;  // "3", "-1 EPIPE", "1 ([{fd=4, revents=POLLIN}])"
};

// Where the bracket, brace or parenthesis that opens at `at` closes; quotes hide what is in them (-xx: no escaped quotes).
std::size_t closing(std::string_view text, std::size_t at) {
    int depth = 0;
    for (bool quoted = false; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '(' || c == '[' || c == '{') ++depth;
        if ((c == ')' || c == ']' || c == '}') && --depth == 0) return at;
    }
    return std::string_view::npos;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    int depth = 0;
    bool quoted = false;
    std::string part;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '(' || c == '[' || c == '{')) ++depth;
        if (!quoted && (c == ')' || c == ']' || c == '}')) --depth;
        if (c == ',' && depth == 0 && !quoted) {
            parts.push_back(std::move(part));
            part.clear();
        } else if (!part.empty() || c != ' ') {
            part += c;
        }
    }
    if (!part.empty()) parts.push_back(std::move(part));
    return parts;
}

std::string_view inside(std::string_view text) {  // "[a]" → "a"
    return text.size() < 2 ? std::string_view() : text.substr(1, text.size() - 2);
}

// The member `name` of a struct as strace writes it; "" if it has none.
std::string member(std::string_view structure, const std::string& name) {
    for (const std::string& part : split(inside(structure)))
        if (part.rfind(name + "=", 0) == 0) return part.substr(name.size() + 1);
    return "";
}

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
            const std::int32_t value = std::stoi(part.substr(part.find('=') + 1));
            bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        }
    std::int32_t first = 0;
    std::memcpy(&first, bytes.data(), std::min(bytes.size(), sizeof first));
    return std::to_string(first) + (bytes.size() > sizeof first ? " " + hex(bytes) : "");
}

std::string protocol_number(const std::string& name) {
    static const std::map<std::string, std::string> kNumbers{
        {"IPPROTO_IP", "0"},   {"IPPROTO_ICMP", "1"},    {"IPPROTO_TCP", "6"},
        {"IPPROTO_UDP", "17"}, {"IPPROTO_ICMPV6", "58"}, {"IPPROTO_SCTP", "132"}};
    const auto found = kNumbers.find(name);
    return found == kNumbers.end() ? name : found->second;
}

// Levels and options under the names that man pages give them first.
std::string plain_name(std::string name) {
    static const std::map<std::string, std::string> kNames{{"SOL_IP", "IPPROTO_IP"},
                                                           {"SOL_TCP", "IPPROTO_TCP"},
                                                           {"SOL_UDP", "IPPROTO_UDP"},
                                                           {"SOL_IPV6", "IPPROTO_IPV6"},
                                                           {"SOL_RAW", "IPPROTO_RAW"}};
    if (const auto found = kNames.find(name); found != kNames.end()) return found->second;
    if (name.size() > 4 && name.rfind("_OLD") == name.size() - 4) name.resize(name.size() - 4);
    return name;
}

// The descriptors in msg_control, as "[3, 4]".
std::string descriptors_in(const std::string& message) {
    const std::string control = member(message, "msg_control");
    for (const std::string& part : split(inside(control)))
        if (member(part, "cmsg_type") == "SCM_RIGHTS") return member(part, "cmsg_data");
    return "";
}

std::string io_vector(const std::string& message) {
    return split(inside(member(message, "msg_iov"))).at(0);
}

std::string text_of(const std::string& data, const std::string& length) {
    const auto size = static_cast<std::size_t>(std::stoull(length));
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
        text += member(item, "fd") + ":" + events(member(item, "events")) + ">" +
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
               sorted_flags(l.args[2]) + ", " + address_of(member(l.args[1], "msg_name")) + ", fds " +
               descriptors_in(l.args[1]);
    };
    const Write option = [](const Line& l) {
        return l.args[0] + ", " + plain_name(l.args[1]) + ", " + plain_name(l.args[2]) + ", " +
               option_value(l.args[3]);
    };
    const Write kind = [](const Line& l) {
        return l.args[0] + ", " + sorted_flags(l.args[1]) + ", " + protocol_number(l.args[2]);
    };
    static const std::map<std::string, Write> kWriters{
        {"socket", kind},
        {"socketpair", [kind](const Line& l) { return kind(l) + ", " + l.args[3]; }},
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
        {"shutdown", [](const Line& l) { return l.args[0] + ", " + l.args[1]; }},
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

// "-1 EPIPE (Broken pipe)" → "-1 EPIPE"; "? ERESTARTSYS (…)": the program sees EINTR, for its handler has no SA_RESTART.
std::string plain_result(const std::string& result) {
    if (result[0] == '?') return "-1 EINTR";
    std::istringstream words(result);
    std::string value, error;
    words >> value >> error;
    return value == "-1" ? value + " " + error : value;
}

std::string in_common_form(const Line& line) {
    const auto found = writers().find(line.name);
    const std::string args = found == writers().end() ? "?" : found->second(line);
    return line.name + "(" + args + ") = " + plain_result(line.result);
}

// Nothing for what is no call: signals, "+++ exited with 0 +++".
std::optional<Line> parsed(const std::string& text) {
    Line line;
    const auto space = text.find(' ');
    const auto open = text.find('(');
    if (space == std::string::npos || open == std::string::npos) return std::nullopt;
    line.at = text.substr(0, space);
    line.name = text.substr(space + 1, open - space - 1);
    const auto close = closing(text, open);
    const auto equals = close == std::string::npos ? close : text.find("= ", close);
    if (equals == std::string::npos || line.name.find(' ') != std::string::npos) return std::nullopt;
    line.args = split(std::string_view(text).substr(open + 1, close - open - 1));
    line.result = text.substr(equals + 2);
    return line;
}

std::vector<Line> lines_of(const std::string& file) {
    std::vector<Line> lines;
    std::istringstream in(read_file(file));
    for (std::string text; std::getline(in, text);)
        if (auto line = parsed(text)) lines.push_back(std::move(*line));
    return lines;
}

// The descriptor that close_range() in front of the script left open: our end of the helper's pair.
std::string helper_descriptor(const std::vector<Line>& lines) {
    for (const Line& line : lines)
        if (line.name == "close_range" && line.args[1] == "4294967295")
            return std::to_string(std::stoi(line.args[0]) - 1);
    return "";
}

bool runs_a_script(const std::vector<Line>& lines) {
    return !lines.empty() && lines[0].name == "unshare" && lines[0].args[0] == "CLONE_FILES";
}

}  // namespace

std::string printable(std::string_view bytes) {
    constexpr std::size_t kLongest = 256;
    std::string text;
    for (const char byte : bytes.substr(0, kLongest)) {
        const auto code = static_cast<unsigned char>(byte);
        if (code >= 0x20 && code < 0x7f && code != '\\')
            text += byte;
        else
            text += {'\\', 'x', kDigits[code >> 4], kDigits[code & 15]};
    }
    return text;
}

std::string sorted_flags(std::string_view text) {
    std::vector<std::string> flags;
    std::istringstream in{std::string(text)};
    for (std::string flag; std::getline(in, flag, '|');) flags.push_back(flag);
    std::sort(flags.begin(), flags.end());
    std::string sorted;
    for (const std::string& flag : flags) sorted += (sorted.empty() ? "" : "|") + flag;
    return sorted;
}

std::vector<std::string> strace_command(const std::string& folder) {
    return {"strace", "-ff",
            "-xx",    "-s",
            "100000", "--absolute-timestamps=format:unix,precision:ns",
            "-e",     "signal=none",
            "-e",     "trace=%network,read,write,close,dup,poll,ioctl,unlink,unshare,close_range",
            "-o",     folder + "/t"};
}

bool strace_works(const std::string& what) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // A sanitizer makes calls of its own in our threads (pipes at their end), and LeakSanitizer stops under ptrace(2).
    skipped(what, "a sanitizer's own calls are no part of the program");
    return false;
#endif
    if (!have_tool("strace", what)) return false;
    const Finished tried = run_program({"strace", "-f", "-o", "/dev/null", "true"});
    if (tried.status != 0) skipped(what, "strace may not trace here: " + tried.err);
    return tried.status == 0;
}

std::vector<std::vector<std::string>> endpoint_threads(const std::string& folder) {
    std::vector<std::vector<Line>> scripts;
    std::vector<Line>
        others_sockets;  // by time: each request to the helper is answered before the next one is made
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().filename().string().rfind("t.", 0) != 0) continue;
        auto lines = lines_of(entry.path().string());
        if (runs_a_script(lines)) {
            scripts.push_back(std::move(lines));
            continue;
        }
        for (const Line& line : lines)
            if (line.name == "socket") others_sockets.push_back(line);
    }
    const auto earlier = [](const Line& a, const Line& b) { return a.at < b.at; };
    std::sort(others_sockets.begin(), others_sockets.end(), earlier);
    std::sort(scripts.begin(), scripts.end(),
              [&](const auto& a, const auto& b) { return earlier(a[0], b[0]); });

    std::vector<std::vector<std::string>> threads;
    for (const auto& lines : scripts) {
        const std::string helper = helper_descriptor(lines);
        auto& thread = threads.emplace_back();
        Line asked;
        for (const Line& line : lines) {
            if (line.name == "unshare" || line.name == "close_range") continue;
            if (line.args[0] != helper || (line.name != "sendmsg" && line.name != "recvmsg")) {
                thread.push_back(in_common_form(line));
            } else if (line.name == "sendmsg") {
                asked = line;
            } else {
                const auto made =
                    std::upper_bound(others_sockets.begin(), others_sockets.end(), asked, earlier);
                if (made == others_sockets.end()) continue;
                Line socket = *made;
                // The number it has here is the one under which the answer brought it.
                const std::string fds = descriptors_in(line.args[1]);
                if (!fds.empty()) socket.result = inside(fds);
                thread.push_back(in_common_form(socket));
            }
        }
    }
    return threads;
}

}  // namespace socketscope::test
