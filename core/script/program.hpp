// A parsed socket script: the statements of one endpoint, ready to be run line by line.
//
// The language is described in docs/scripts.md. parse() never throws: what it can't read is a Diagnostic with line,
// column, what was expected and the nearest known word. What parse() lets through is complete: every argument carries
// the name of its parameter, required ones are there, variables are set on an earlier line and hold the right thing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/call.hpp"
#include "core/model/problem.hpp"
#include "core/model/time.hpp"

namespace socketscope::script {

struct Position {
    std::uint32_t line{0}, column{0};
};  // from 1; column in bytes

// --- what an argument can be
struct Expr;
struct Null {};  // NULL
struct Integer {
    std::int64_t value{0};
};  // numbers, sizes (64KB), constants, arithmetic
struct Duration {
    model::TimeNs ns{0};
};  // 100ms; only as the value of setsockopt
// "…", "x" * 100, bytes(64KB), hex("45 00"): `pattern` again and again until there are `size` bytes.
struct Text {
    std::string pattern;
    std::uint64_t size{0};
    std::string bytes() const;              // all of it: up to kLongestText bytes
    void write_to(std::string& out) const;  // the same, where memory is there already
};
struct Variable {
    std::string name;
    std::uint32_t slot{0};  // the same number for the same name, below Program::variables
};                          // an int, bytes or an address (see VariableType)
struct Output {
    Variable variable;
};  // &peer: the variable that the call fills in
// An address, resolved for the lane's kind when the program runs.
struct AddressExpr {
    enum class Form : std::uint8_t {
        endpoint,  // server, client2, server:9   address of that endpoint; unix lanes: "NAME.sock", "NAME.9.sock"
        any,   // any, any:9                  0.0.0.0, :: (ip(7) INADDR_ANY); no port = this endpoint's own
        path,  // unix("name")                a socket file in the lane's private folder
        abstract,  // abstract("name")            abstract name, made unique for the lane (unix(7))
        autobind,  // autobind()                  only sun_family: the kernel chooses an abstract name (unix(7))
        ip,        // inet("192.0.2.2", 9)        or inet6("::1", 9)
        unspec,    // AF_UNSPEC                   connect() to it dissolves a datagram socket's peer
    } form{Form::endpoint};
    std::string name;  // endpoint, file or abstract name, IP address as text (checked)
    bool ipv6{false};  // ip: inet6()
    int port{-1};      // −1: the lane's own port of that endpoint
};
// A packet for a raw socket; all arguments are there, in this order:
enum class Craft : std::uint8_t {
    icmp_echo,   // id, seq, data
    icmp6_echo,  // id, seq, data
    udp,         // from port, to port, data
    ip4,         // from address, to address, protocol, data
};
struct CraftExpr {
    Craft craft{};
    std::vector<Expr> args;
};
struct ListExpr {
    std::vector<Expr> items;
};  // fds=[a, b] (Variable), fds=[&a] (Output), {1, 0} (Integer)
struct PollItem {
    Variable descriptor;
    std::int64_t events{0};
};
struct PollList {
    std::vector<PollItem> items;
};
struct Expr {
    std::variant<Null, Integer, Duration, Text, Variable, Output, AddressExpr, CraftExpr, ListExpr, PollList>
        value;
    Position at;
};
// The parameters of the calls; their names, which are the man pages', stand in signature.cpp.
enum class Param : std::uint8_t {
    domain,
    type,
    protocol,
    fd,
    address,
    backlog,
    peer,
    data,
    flags,
    to,
    buf,
    length,
    from,
    fds,
    creds,
    how,
    events,
    timeout,
    level,
    option,
    value,
    request,
    path,
    count
};
struct Argument {
    Param parameter{};
    Expr value;
};

// --- expectations: `-> 6`, `-> "text"`, `-> EPIPE or ECONNRESET`, `-> stream: 30, dgram|seqpacket: 10`
struct Expected {
    enum class Form : std::uint8_t {
        number,  // 6, SOCK_DGRAM         the call's answer (see Outcome)
        range,   // 1..100                both ends belong to it
        text,    // "HELLO"               all bytes that a receive call gave; an address as text
        prefix,  // "HEL"...              they begin with it
        error,   // EPIPE                 the call returned −1 with this errno
        events,  // POLLIN|POLLHUP, [POLLIN, 0]   revents of each polled descriptor
        blocks,  // blocks, blocks 2s     see blocks_ns
        any,     // any                   documents that it may be anything
    } form{Form::any};
    std::int64_t number{0}, number_to{0};
    std::string text;
    int error{0};
    std::vector<std::int64_t> events;
    // The call does not return by itself within this time. The runner then interrupts it with a signal (the record says
    // kInterrupted, −1 EINTR or a partial result), the expectation holds, and the program goes on with the next line.
    model::TimeNs blocks_ns{200 * model::kMillisecond};
};
struct Expectation {
    std::string selector;  // which kinds: "stream", "unix", "inet/dgram|seqpacket"; empty = every kind
    std::vector<Expected> either;  // one of them must hold
    std::string written;           // as in the script, without the selector: "EPIPE or ECONNRESET"
    Position at;
};

// --- statements
// args by call; what is missing was not written: flags 0, timeout never missing.
//   socket, socketpair  domain, type, protocol (Integer; a missing one is the lane's, protocol 0 if domain or type differ)
//   bind, connect       fd, address             listen    fd, backlog          accept  fd, peer (Output, Null)
//   send, write         fd, data, flags         sendto    fd, data, flags, to
//   recv, read          fd, buf (Output), length, flags       recvfrom  fd, buf, length, flags, from (Output, Null)
//   sendmsg             fd, data, flags, to, fds (ListExpr of Variable), creds (Integer: send SCM_CREDENTIALS)
//   recvmsg             fd, buf, length, flags, from, fds (ListExpr of Output: −1 where none came)
//   shutdown fd, how    close fd   dup fd       poll      fds (PollList), timeout (Integer, Variable: ms, −1 = for ever)
//   setsockopt          fd, level, option, value (Integer, Variable; Duration: timeval; ListExpr: struct of int;
//                       Text: its bytes; AddressExpr: ip_mreq / ipv6_mreq)
//   getsockopt          fd, level, option       getsockname, getpeername   fd, address (Output)
//   ioctl               fd, request (Integer), value (Integer; only FIONBIO)
//   unlink              path (AddressExpr)
// fd is a Variable or an Integer. data: Text, CraftExpr, or a Variable of bytes. address: AddressExpr or Variable.
struct CallStatement {
    model::Call call{model::Call::socket};
    std::string written_name;       // "nonblocking", "FIONREAD": what the script calls it
    std::vector<Variable> targets;  // take the answer; socketpair: two descriptors
    std::vector<Argument> args;     // in the order of the parameters
    std::vector<Expectation> expectations;
};
struct Statement;
// The body again and again, left at once when a receive call in it returns 0 or −1.
struct UntilEof {
    std::vector<Statement> body;
};
struct Repeat {
    std::uint64_t times{0};
    std::vector<Statement> body;
};  // times ≥ 1
// Until the nth return of that call by that endpoint, or (done) the end of its program. Also over when the endpoint's
// program ends without it. What happened before counts: no wake-up is lost.
struct Wait {
    enum class Form : std::uint8_t { call, done } form{Form::call};
    std::string endpoint;
    model::Call call{model::Call::listen};
    bool at_enter{false};  // when the nth call is entered, not when it returns
    bool succeeded{false};  // only calls that did not return −1 count (listening, bound, connected, accepted)
    std::uint32_t nth{1};
    std::string written;  // "server.listening"
};
struct Sleep {
    model::TimeNs ns{0};
};

struct Statement {
    std::variant<CallStatement, UntilEof, Repeat, Wait, Sleep> what;
    Position at;
};

struct Program {
    std::vector<Statement> statements;
    std::uint32_t variables{0};  // how many it has
};
struct ParseResult {
    Program program;
    std::vector<model::Diagnostic> diagnostics;  // lines and columns within `text`
    bool ok() const;                             // no errors (warnings are fine)
};
// `endpoints`: the names of the programs, for addresses and wait(). `server` and `client` are addresses in any case: a
// host answers also where no program runs (ping; a port that nobody listens on).
ParseResult parse(std::string_view text, const std::vector<std::string>& endpoints);

inline constexpr std::uint64_t kLongestText = 128U * 1024 * 1024;      // bytes of one message
inline constexpr std::int64_t kLongestBuffer = std::int64_t{1} << 30;  // length of a receive call
inline constexpr std::size_t kLongestScript = 1024 * 1024;             // bytes of one script

// The argument of that parameter, nullptr if it was not written.
const Expr* argument(const CallStatement& statement, Param parameter);

// --- checking expectations
// What a call did, as expectations see it.
struct Outcome {
    // The result; for getsockopt the option's value (first int), for FIONREAD and SIOCOUTQ the number, if it succeeded.
    std::int64_t answer{0};
    int error{0};                      // errno if the call returned −1
    std::string_view data;             // what a receive call gave; getsockname, getpeername: address as text;
                                       // getsockopt: the value's bytes
    std::vector<std::int64_t> events;  // poll: revents, in the order of the list
    bool interrupted{false};           // it did not return by itself within blocks_ns
};
// Which expectation applies to a lane of this kind: the most specific one (nullptr = none).
const Expectation* expectation_for(const CallStatement& statement, const std::string& kind_name);
bool holds(const Expectation& expectation, const Outcome& outcome);
// How long the call gets before the runner interrupts it; kNever if `blocks` is not expected.
model::TimeNs blocks_after(const Expectation* expectation);
// What was seen, in the words of the expectation: "−1 ECONNREFUSED", "6", "\"HELLO\" (5)".
std::string describe(const Expectation& expectation, const Outcome& outcome);

// Pieces of a line for colouring: [offset, size) and what it is.
enum class TokenKind : std::uint8_t {
    plain,
    comment,
    call,
    control,
    constant,
    number,
    string,
    variable,
    address,
    expectation
};
struct ColouredToken {
    std::uint32_t offset, size;
    TokenKind kind;
};
std::vector<ColouredToken> colour(std::string_view line);

}  // namespace socketscope::script
