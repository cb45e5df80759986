#include <array>
#include <cstdint>
#include <set>

#include "tests/script/parsing.hpp"

using namespace socketscope;
using namespace socketscope::script;
using namespace socketscope::script::test;
using model::Call;

TEST_CASE("the example of the design is read line by line") {
    const Program server = good(
        "s = socket()\n"
        "bind(s, server)\n"
        "listen(s, 1)\n"
        "a = accept(s)\n"
        "until eof: recv(a, 64)\n"
        "close(a)\n");
    REQUIRE(server.statements.size() == 6);
    constexpr std::array kCalls{Call::socket, Call::bind, Call::listen, Call::accept};
    for (std::size_t i = 0; i < kCalls.size(); ++i) {
        CHECK(std::get<CallStatement>(server.statements[i].what).call == kCalls[i]);
        CHECK(server.statements[i].at.line == i + 1);
        CHECK(server.statements[i].at.column == 1);
    }
    const auto& loop = std::get<UntilEof>(server.statements[4].what);
    REQUIRE(loop.body.size() == 1);
    CHECK(std::get<CallStatement>(loop.body[0].what).call == Call::recv);
    CHECK(loop.body[0].at.line == 5);

    const Program client = good(
        "c = socket()\n"
        "connect(c, server)\n"
        "send(c, \"HELLO \")        -> 6\n"
        "send(c, \"WORLD \")\n"
        "shutdown(c, SHUT_WR)\n"
        "recv(c, 64)              -> 0\n");
    const auto& send = std::get<CallStatement>(client.statements[2].what);
    CHECK(value<Text>(send, Param::data).bytes() == "HELLO ");
    REQUIRE(send.expectations.size() == 1);
    CHECK(send.expectations[0].written == "6");
}

TEST_CASE("arguments have the names of their parameters") {
    SUBCASE("flags stand where C has them") {
        CHECK(number(call("recv(a, 4, MSG_TRUNC)"), Param::flags) == 0x20);
        CHECK(number(call("send(c, \"x\", MSG_OOB|MSG_NOSIGNAL)"), Param::flags) == (0x1 | 0x4000));
        CHECK(argument(call("recv(a, 4)"), Param::flags) == nullptr);
    }
    SUBCASE("socket takes its kind from the lane, or names it") {
        CHECK(call("x = socket()").args.empty());
        const auto full = call("x = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)");
        CHECK(number(full, Param::domain) == 2);
        CHECK(number(full, Param::type) == 3);
        CHECK(number(full, Param::protocol) == 1);
        const auto type_only = call("x = socket(type=SOCK_DGRAM)");
        CHECK(argument(type_only, Param::domain) == nullptr);
        CHECK(number(type_only, Param::type) == 2);
    }
    SUBCASE("a pair sets two variables") {
        const auto pair = call("x, y = socketpair()");
        REQUIRE(pair.targets.size() == 2);
        CHECK(pair.targets[0].name == "x");
        CHECK(pair.targets[1].name == "y");
    }
    SUBCASE("outputs are written with &, in C's places") {
        const auto all = call("recvfrom(s, &data, 100, MSG_PEEK, &who)");
        CHECK(value<Output>(all, Param::buf).variable.name == "data");
        CHECK(number(all, Param::length) == 100);
        CHECK(number(all, Param::flags) == 2);
        CHECK(value<Output>(all, Param::from).variable.name == "who");
        const auto short_form = call("recvfrom(s, 100, &who)");
        CHECK(argument(short_form, Param::buf) == nullptr);
        CHECK(value<Output>(short_form, Param::from).variable.name == "who");
        CHECK(std::holds_alternative<Null>(argument(call("x = accept(s, NULL)"), Param::peer)->value));
    }
    SUBCASE("what was received can be sent back to whom it came from") {
        const auto answer = call("sendto(s, buf, peer)");
        CHECK(value<Variable>(answer, Param::data).name == "buf");
        CHECK(value<Variable>(answer, Param::to).name == "peer");
    }
    SUBCASE("control messages are named") {
        const auto out = call("sendmsg(c, \"data\", to=server, fds=[f, a], creds=true, flags=MSG_DONTWAIT)");
        CHECK(value<ListExpr>(out, Param::fds).items.size() == 2);
        CHECK(number(out, Param::creds) == 1);
        CHECK(number(out, Param::flags) == 0x40);
        const auto in = call("recvmsg(a, 64, from=&who, fds=[&g])");
        CHECK(std::get<Output>(value<ListExpr>(in, Param::fds).items[0].value).variable.name == "g");
    }
    SUBCASE("options take numbers, times, structs and addresses") {
        CHECK(number(call("setsockopt(s, SOL_SOCKET, SO_RCVBUF, 4096)"), Param::value) == 4096);
        CHECK(value<Duration>(call("setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, 100ms)"), Param::value).ns ==
              100'000'000);
        CHECK(value<ListExpr>(call("setsockopt(s, SOL_SOCKET, SO_LINGER, {1, 0})"), Param::value)
                  .items.size() == 2);
        CHECK(
            value<Text>(call("setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, \"reno\")"), Param::value).bytes() ==
            "reno");
        CHECK(value<AddressExpr>(call("setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, inet(\"224.0.0.9\", 0))"),
                                 Param::value)
                  .name == "224.0.0.9");
    }
    SUBCASE("poll always ends up with a list and milliseconds") {
        const auto one = call("poll(a, POLLIN, 1s)");
        REQUIRE(value<PollList>(one, Param::fds).items.size() == 1);
        CHECK(value<PollList>(one, Param::fds).items[0].events == 1);
        CHECK(number(one, Param::timeout) == 1000);
        const auto two = call("poll([a: POLLIN, b: POLLOUT|POLLIN], -1)");
        REQUIRE(value<PollList>(two, Param::fds).items.size() == 2);
        CHECK(value<PollList>(two, Param::fds).items[1].events == 5);
        CHECK(number(two, Param::timeout) == -1);
        CHECK(number(call("poll([a: POLLIN], 1500us)"), Param::timeout) == 2);
    }
    SUBCASE("short names of ioctl are written out") {
        const auto blocking = call("nonblocking(s)");
        CHECK(blocking.call == Call::ioctl);
        CHECK(blocking.written_name == "nonblocking");
        CHECK(number(blocking, Param::request) == 0x5421);
        CHECK(number(blocking, Param::value) == 1);
        CHECK(number(call("nonblocking(s, 0)"), Param::value) == 0);
        CHECK(number(call("n = FIONREAD(a)"), Param::request) == 0x541B);
        CHECK(number(call("SIOCOUTQ(a) -> 0"), Param::request) == 0x5411);
        CHECK(number(call("ioctl(a, FIONREAD)"), Param::request) == 0x541B);
    }
}

TEST_CASE("each variable has one slot, wherever it is named") {
    const Program program =
        good("a = socket()\nb = dup(a)\nn = recv(b, &buf, 10)\npoll([b: POLLIN], 0)\nsend(a, buf)");
    CHECK(program.variables == 4);
    const auto line = [&](std::size_t i) { return std::get<CallStatement>(program.statements[i].what); };
    const std::uint32_t a = line(0).targets.at(0).slot, b = line(1).targets.at(0).slot;
    const std::uint32_t n = line(2).targets.at(0).slot;
    const std::uint32_t buf = value<Output>(line(2), Param::buf).variable.slot;
    CHECK(std::set<std::uint32_t>{a, b, n, buf} == std::set<std::uint32_t>{0, 1, 2, 3});
    CHECK(value<Variable>(line(1), Param::fd).slot == a);
    CHECK(value<PollList>(line(3), Param::fds).items.at(0).descriptor.slot == b);
    CHECK(value<Variable>(line(4), Param::fd).slot == a);
    CHECK(value<Variable>(line(4), Param::data).slot == buf);
}

TEST_CASE("addresses") {
    const auto address = [](const std::string& text) {
        return value<AddressExpr>(call("connect(c, " + text + ")"), Param::address);
    };
    using Form = AddressExpr::Form;
    CHECK(address("server").form == Form::endpoint);
    CHECK(address("server").port == -1);
    CHECK(address("client:9").port == 9);
    CHECK(address("any").form == Form::any);
    CHECK(address("any:7").port == 7);
    CHECK(address("unix(\"name\")").form == Form::path);
    CHECK(address("abstract(\"name\")").name == "name");
    CHECK(address("autobind()").form == Form::autobind);
    CHECK(address("inet(\"192.0.2.2\", 9)").port == 9);
    CHECK(address("inet6(\"::1\", 9)").ipv6);
    CHECK(address("AF_UNSPEC").form == Form::unspec);
}

TEST_CASE("text is kept as a pattern and a size, however long") {
    const auto text = [](const std::string& written) {
        return value<Text>(call("send(c, " + written + ")"), Param::data);
    };
    CHECK(text("\"a\\n\\x41\\\"\\\\\\0\"").bytes() == std::string("a\nA\"\\\0", 6));
    CHECK(text("\"ab\" * 3").bytes() == "ababab");
    CHECK(text("3 * \"ab\"").bytes() == "ababab");
    CHECK(text("\"\" * 3").bytes().empty());
    CHECK(text("bytes(28)").bytes() == "abcdefghijklmnopqrstuvwxyzab");
    CHECK(text("bytes(28) * 2").size == 56);
    CHECK(text("bytes(28) * 2").bytes() == "abcdefghijklmnopqrstuvwxyzababcdefghijklmnopqrstuvwxyzab");
    CHECK(text("bytes(100MB)").size == 104857600);
    CHECK(text("hex(\"45 00 ff\")").bytes() == std::string("\x45\0\xff", 3));
    CHECK(text("\"x\" * (65507 + 1)").size == 65508);
}

TEST_CASE("packets for raw sockets") {
    const auto echo = value<CraftExpr>(call("send(c, icmp_echo(1, seq=2, \"ping\"))"), Param::data);
    CHECK(echo.craft == Craft::icmp_echo);
    REQUIRE(echo.args.size() == 3);
    CHECK(std::get<Integer>(echo.args[1].value).value == 2);
    const auto ip = value<CraftExpr>(
        call("sendto(c, ip4(client, server, IPPROTO_UDP, udp(7000, 7001, buf)), server)"), Param::data);
    CHECK(ip.craft == Craft::ip4);
    REQUIRE(ip.args.size() == 4);
    CHECK(std::get<CraftExpr>(ip.args[3].value).craft == Craft::udp);
}

TEST_CASE("control lines") {
    const Program program = good(
        "s = socket()\n"
        "wait(server.listening)\n"
        "wait(client.send 2)\n"
        "wait(server.accept enter)\n"
        "wait(server.done)\n"
        "sleep(10ms)\n"
        "repeat 2 * 3:\n"
        "    send(s, \"x\")\n"
        "    until eof:\n"
        "        recv(s, 1)   # a comment\n"
        "\n"
        "# a line of its own\n"
        "    close(s)\n"
        "close(s)\n");
    REQUIRE(program.statements.size() == 8);
    const auto wait = [&](std::size_t i) { return std::get<Wait>(program.statements[i].what); };
    CHECK(wait(1).call == Call::listen);
    CHECK(wait(1).succeeded);
    CHECK(wait(1).written == "server.listening");
    CHECK(wait(2).call == Call::send);
    CHECK(wait(2).nth == 2);
    CHECK_FALSE(wait(2).succeeded);
    CHECK(wait(3).at_enter);
    CHECK(wait(4).form == Wait::Form::done);
    CHECK(std::get<Sleep>(program.statements[5].what).ns == 10'000'000);
    const auto& repeat = std::get<Repeat>(program.statements[6].what);
    CHECK(repeat.times == 6);
    REQUIRE(repeat.body.size() == 3);
    CHECK(std::get<UntilEof>(repeat.body[1].what).body.size() == 1);
    CHECK(repeat.body[2].at.line == 13);
}

TEST_CASE("a text that is indented as a whole, with tabs and carriage returns") {
    const Program program = good("\ts = socket()\r\n\trepeat 2:\r\n\t\tclose(s)\r\n\tclose(s)");
    REQUIRE(program.statements.size() == 3);
    CHECK(std::get<Repeat>(program.statements[1].what).body.size() == 1);
    CHECK(good("").statements.empty());
    CHECK(good("\n  # nothing\n").statements.empty());
}

namespace {

struct Mistake {
    std::string text;
    int line, column;
    std::string message, suggestion;  // parts of them
};

}  // namespace

TEST_CASE("each mistake is answered with its place, what was expected, and the nearest word") {
    const Mistake kMistakes[] = {
        {"s = soket()", 1, 5, "unknown call `soket`", "did you mean `socket`?"},
        {"s = socket()\nSend(s, \"x\")", 2, 1, "unknown call `Send`", "`send`"},
        {"s = socket()\nrecv(s, 4, MSG_TRUNK)", 2, 12, "unknown word `MSG_TRUNK`", "`MSG_TRUNC`"},
        {"s = socket(AF_INIT)", 1, 12, "unknown word `AF_INIT`", "`AF_INET`"},
        {"s = socket()\nbind(s, sever)", 2, 9, "unknown word `sever`", "`server`"},
        {"send(c, \"x\")", 1, 6, "unknown word `c`: no variable set above", ""},
        {"s = socket()\nlisten(s)", 2, 9, "expected a number as `backlog`, found `)`", "listen(fd, backlog)"},
        {"s = socket()\nsend(s, 5)", 2, 9, "as `data`, found a number", "send(fd, data, [flags])"},
        {"s = socket()\nsend(s, \"x\", 0, 0)", 2, 17, "no length is needed", ""},
        {"s = socket()\nsend(s, \"x\", \"y\")", 2, 14, "found text, which send() does not take here", ""},
        {"s = socket()\nrecv(s, 4, flag=1)", 2, 12, "no parameter `flag`", "`flags`"},
        {"s = socket()\nrecv(s, 4, flags=1, flags=2)", 2, 21, "given twice", ""},
        {"s = socket()\nsend(s, \"x)", 2, 9, "no closing `\"`", ""},
        {"s = socket()\nsend(s, \"\\q\")", 2, 9, "unknown escape `\\q`", ""},
        {"s = socket();", 1, 13, "needs no `;`", ""},
        {"int s = socket()", 1, 1, "unknown call `int`", "no type"},
        {"while 1:", 1, 1, "unknown call `while`", "until eof"},
        {"s = socket()\nrecv(s, 64) -> EPIPEE", 2, 16, "unknown errno `EPIPEE`", "`EPIPE`"},
        {"s = socket()\nrecv(s, 64) -> blocked", 2, 16, "expected a number, text, an errno", "`blocks`"},
        {"s = socket()\nsend(s, \"x\") -> \"x\"", 2, 17, "send() gives no bytes", ""},
        {"s = socket()\nrecv(s, 64) -> steam: 1", 2, 16, "unknown kind `steam`", "`stream`"},
        {"s = socket()\nrecv(s, 64) 5", 2, 13, "expected the end of the line, found the number 5", "`->`"},
        {"s = socket()\nsleep(5)", 2, 7, "expected a time with its unit", "sleep(5ms)?"},
        {"sleep(5mss)", 1, 7, "unknown unit `mss`", ""},
        {"wait(sever.listening)", 1, 6, "expected an endpoint (server, client)", "`server`"},
        {"wait(server.listning)", 1, 13, "expected listening, bound", "`listening`"},
        {"wait(server.done 2)", 1, 18, "expected `)`", ""},
        {"s = socket()\nuntil eof: close(s)", 2, 1, "never ends", "recv"},
        {"s = socket()\nuntil eof:\nclose(s)", 2, 11, "expected what is to be repeated", ""},
        {"repeat 0: sleep(1ms)", 1, 8, "1 or more", ""},
        {"repeat 10000001: sleep(1ms)", 1, 8, "at most 10,000,000", ""},
        {"repeat 10000: repeat 10000: sleep(1ms)", 1, 22, "at most 10,000,000", ""},
        {"s = socket()\n  close(s)", 2, 3, "indented differently", ""},
        {"s = socket()\nrepeat 2:\n    close(s)\n  close(s)", 4, 3, "indented differently", ""},
        {"server = socket()", 1, 1, "`server` is an endpoint", ""},
        {"recv = socket()", 1, 1, "`recv` is a call", ""},
        {"POLLIN = socket()", 1, 1, "`POLLIN` is a constant", ""},
        {"a, b = socket()", 1, 1, "answers with one value", ""},
        {"a = socketpair()", 1, 1, "answers with two descriptors", "a, b = socketpair()"},
        {"s = socket()\na = accept(s, &s)", 2, 15, "holds a descriptor or number since line 1", ""},
        {"s = socket()\na = accept(s, &p)\nclose(p)", 3, 7, "found `p`, which holds an address", ""},
        {"s = socket()\nconnect(s, inet(\"192.0.2.256\", 9))", 2, 17, "expected an IPv4 address", ""},
        {"s = socket()\nconnect(s, inet(\"::1\", 9))", 2, 17, "expected an IPv4 address", "`inet6`"},
        {"s = socket()\nconnect(s, server:70000)", 2, 19, "expected a port", ""},
        {"s = socket()\nbind(s, unix(\"/etc/passwd\"))", 2, 14, "without `/`", "own folder"},
        {"unlink(\"name\")", 1, 8, "as `path`, found text", "unlink(path)"},
        {"s = socket()\nsend(s, hex(\"4\"))", 2, 13, "two hexadecimal digits", ""},
        {"s = socket()\nsend(s, byts(4))", 2, 9, "found `byts(`", "`bytes`"},
        {"s = socket()\nsend(s, \"x\" * 200MB)", 2, 15, "at most 128 MB", ""},
        {"s = socket()\nlisten(s, 99999999999999999999)", 2, 11, "is too large", ""},
        {"s = socket()\nlisten(s, 9223372036854775807 + 1)", 2, 31, "too large for a number", ""},
        {"s = socket()\npoll(s, 1s)", 2, 1, "expected the events to poll for", ""},
        {"s = socket()\npoll(s, POLLIN)", 2, 15, "as `timeout`, found `)`", ""},
        {"s = socket()\nsetsockopt(s, SOL_SOCKET, SO_RCVTIMEO, 5)", 2, 40, "expected a time", ""},
        {"s = socket()\nsetsockopt(s, SOL_SOCKET, SO_LINGER, 5)", 2, 38, "struct linger", ""},
        {"s = socket()\nconnect(s, server", 2, 18, "found the end of the line", ""},
        {"s = socket()\nsend(s, “x”)", 2, 9, "straight quotes", ""},
        {"s = socket()\nrecv(s, 5) → 5", 2, 12, "write an expectation as `->`", ""},
        {"s = socket()\ngetsockname(s) -> server", 2, 19, "found `server`", "compared as text"},
        {"s = socket()\nclose(s) -> {1, 2}", 2, 13, "only getsockopt() answers with a struct", ""},
        {"s = socket()\nioctl(s, 0x8910)", 2, 10, "a request that takes one int", "FIONREAD"},
        {"s = socket() // makes one", 1, 14, "a comment begins with `#`", ""},
        {"s = socket()\nrecv(s, buf, 64)", 2, 9, "unknown word `buf`", "&buf"},
        {"s = socket()\nrecv(s, -1)", 2, 9, "a length from 0 to 1 GiB", ""},
        {"s = socket()\nrecv(s, 2GB)", 2, 9, "a length from 0 to 1 GiB", ""},
        {"s = socket()\nfcntl(s, 4, 2048)", 2, 1, "unknown call `fcntl`", "nonblocking(fd)"},
        {"w = inet(\"192.0.2.2\", 9)", 1, 5, "unknown call `inet`", "connect(c, inet("},
        {"s = socket()\nbind(s, abstract(\"a\\0b\"))", 2, 18, "without a zero byte", "name of its own"},
        {"s = socket()\nbind(s, unix(\"a/b\"))", 2, 14, "without `/`", "own folder"},
        {"s = socket()\ns.send(\"x\")", 2, 1, "unknown call `s`", "first argument: send(s"},
        {"s := socket()", 1, 1, "unknown call `s`", "set by `=`"},
        {"printf(\"x\")", 1, 1, "unknown call `printf`", "socket, bind, connect"},
        {"s = socket()\nbind(s, 192.0.2.2:80)", 2, 9, "inet(\"192.0.2.2\", 80)", ""},
        {"repeat 3 {", 1, 10, "expected `:`, found `{`", "indented"},
        {"epoll_wait(3)", 1, 1, "unknown call `epoll_wait`", "poll("},
        {"s = socket()\npoll([s, s], 1s)", 2, 1, "expected the events to poll for", ""},
        {"-> 5", 1, 1, "expected a call or a control line", ""},
    };
    for (const auto& mistake : kMistakes) {
        CAPTURE(mistake.text);
        const auto result = read(mistake.text);
        CHECK_FALSE(result.ok());
        REQUIRE(result.diagnostics.size() >= 1);
        const auto& found = result.diagnostics[0];
        CAPTURE(found.message);
        CAPTURE(found.suggestion);
        CHECK(result.diagnostics.size() == 1);
        CHECK(found.line == mistake.line);
        CHECK(found.column == mistake.column);
        CHECK(found.message.find(mistake.message) != std::string::npos);
        CHECK(found.suggestion.find(mistake.suggestion) != std::string::npos);
    }
}

TEST_CASE("a mistake in one line does not hide those of others, nor add any") {
    const auto result = read("s = soket()\nbind(s, server)\nlisten(s, x)\nrepeat y:\n    recv(s)\n");
    REQUIRE(result.diagnostics.size() == 4);
    CHECK(result.diagnostics[1].line == 3);
    CHECK(result.diagnostics[3].line == 5);
}

TEST_CASE("blocks that stand too deep are one mistake") {
    std::string text;
    for (int depth = 0; depth < 100; ++depth)
        text += std::string(static_cast<std::size_t>(depth), ' ') + "repeat 2:\n";
    CHECK(read(text + std::string(100, ' ') + "sleep(1ms)\n").diagnostics.size() == 1);
}

TEST_CASE("several descriptors can be polled for the same events") {
    const auto statement = call("poll([a, s], POLLIN|POLLOUT, 1s)");
    const auto& list = value<PollList>(statement, Param::fds);
    REQUIRE(list.items.size() == 2);
    CHECK(list.items[0].descriptor.name == "a");
    CHECK(list.items[1].descriptor.name == "s");
    CHECK(list.items[1].events == 5);
}

TEST_CASE("a constant of the wrong family is a warning, not an error") {
    const auto result =
        read("s = socket()\nrecv(s, 4, SHUT_WR)\nsetsockopt(s, IPPROTO_TCP, TCP_NODELAY, 1)\n");
    CHECK(result.ok());
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].warning);
    CHECK(result.diagnostics[0].line == 2);
}
