// A parsed socket script: the statements of one endpoint, ready to be run line by line.
//
// The language is described in docs/scripts.md. parse() never throws: what it can't read is a Diagnostic with line,
// column, what was expected and the nearest known word.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/call.hpp"
#include "core/model/problem.hpp"
#include "core/model/time.hpp"

namespace socketscope::script {

struct Position { std::uint32_t line{0}, column{0}; };  // from 1

// A named address: `server`, `client`, `server:9`, `client2`, or a place of AF_UNIX: unix("name"), abstract("name"), or
// inet("192.0.2.2", 9). Resolved for the lane's kind when the program runs.
struct AddressExpr {
    enum class Form : std::uint8_t { endpoint, path, abstract, ip } form{Form::endpoint};
    std::string name;        // endpoint, path or IP address text
    int port{-1};            // −1: the lane's own port of that endpoint
};
// A packet crafted for a raw socket: icmp_echo(id, seq, "text"), icmp6_echo(…), udp(from, to, "text"), ip4(proto, data).
struct Expr;
struct CraftExpr { std::string name; std::vector<Expr> args; };
struct ListExpr { std::vector<Expr> items; };                 // [a, b]; for poll: [a: POLLIN, b: POLLOUT]
struct PollItem { std::string variable; std::int64_t events{0}; };
struct PollList { std::vector<PollItem> items; };
struct Variable { std::string name; };
struct Integer { std::int64_t value{0}; };                     // numbers, sizes (64KB), constants and their `|`
struct Duration { model::TimeNs ns{0}; };
struct Text { std::string bytes; };                            // "…" with escapes, "x" * 100, bytes(100), hex("45 00")
struct Expr {
    std::variant<Integer, Duration, Text, Variable, AddressExpr, CraftExpr, ListExpr, PollList> value;
    Position at;
};
struct Argument { std::string name; Expr value; };             // name empty: positional

// `-> 6`, `-> "text"`, `-> EPIPE`, `-> blocks`, `-> POLLIN|POLLRDHUP`, `-> any`. Several for different kinds:
// `-> stream: 30, dgram|seqpacket: 10`; `kinds` is then the selector ("stream", "unix", "inet/dgram"), empty = every kind.
struct Expectation {
    enum class Form : std::uint8_t { number, text, error, blocks, any } form{Form::any};
    std::string selector;
    std::int64_t number{0};
    std::string text;       // bytes
    int error{0};           // errno
    std::string written;    // as in the script
    Position at;
};

struct CallStatement {
    model::Call call{model::Call::socket};
    std::string written_name;               // "nonblocking", "FIONREAD": what the script calls it
    std::vector<std::string> targets;       // variables that take the result(s)
    std::vector<Argument> args;
    std::vector<Expectation> expectations;
};
struct Statement;
struct UntilEof { std::vector<Statement> body; };               // until a receive call in the body returns 0 (or −1)
struct Repeat { std::uint64_t times{0}; std::vector<Statement> body; };
struct Wait { std::string endpoint, event; std::uint32_t nth{1}; };  // wait(server.listening), wait(client.send 2), wait(server.done)
struct Sleep { model::TimeNs ns{0}; };

struct Statement {
    std::variant<CallStatement, UntilEof, Repeat, Wait, Sleep> what;
    Position at;
};

struct Program {
    std::vector<Statement> statements;
};
struct ParseResult {
    Program program;
    std::vector<model::Diagnostic> diagnostics;   // lines and columns within `text`
    bool ok() const;                              // no errors (warnings are fine)
};
// `endpoints`: the names that addresses and wait() may use.
ParseResult parse(std::string_view text, const std::vector<std::string>& endpoints);

// Which expectation applies to a lane of this kind (nullptr = none).
const Expectation* expectation_for(const CallStatement& statement, const std::string& kind_name);

// Value of a C constant the scripts know (AF_INET, MSG_PEEK, SO_RCVBUF, SHUT_WR, POLLIN …), on Linux.
bool find_constant(std::string_view name, std::int64_t& value);
// Pieces of a line for colouring: [offset, size) and what it is.
enum class TokenKind : std::uint8_t { plain, comment, call, control, constant, number, string, variable, address, expectation };
struct ColouredToken { std::uint32_t offset, size; TokenKind kind; };
std::vector<ColouredToken> colour(std::string_view line);

}  // namespace socketscope::script
