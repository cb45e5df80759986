// Lines, blocks and statements. What stands inside a line: arguments.cpp, expression.cpp, expectation.cpp.
#include <algorithm>
#include <limits>
#include <string>

#include "core/model/event.hpp"
#include "core/script/arguments.hpp"
#include "core/script/complete.hpp"
#include "core/script/expectation.hpp"
#include "core/script/expression.hpp"
#include "core/script/words.hpp"

namespace socketscope::script {

namespace {

constexpr std::size_t kMostLines = 20'000;
static_assert(kMostLines <= std::numeric_limits<decltype(model::CallRecord::line)>::max());
constexpr std::uint64_t kMostRepeats = 10'000'000;  // of one line, all `repeat` around it multiplied
constexpr model::TimeNs kLongestSleep = 3600 * model::kSecond;

struct Line {
    std::string_view text;
    std::uint32_t number{0};
    std::uint32_t indent{0};  // columns; a tab counts as 4
};

std::uint32_t indent_of(std::string_view text) {
    constexpr std::uint32_t kTab = 4;
    std::uint32_t columns = 0;
    for (const char c : text) {
        if (c == ' ')
            ++columns;
        else if (c == '\t')
            columns += kTab;
        else
            break;
    }
    return columns;
}

// The lines that hold more than spaces and a comment.
std::vector<Line> split(std::string_view text) {
    std::vector<Line> lines;
    std::uint32_t number = 0;
    for (std::size_t begin = 0; begin <= text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        const auto first = line.find_first_not_of(" \t\r");
        if (first != std::string_view::npos && line[first] != '#')
            lines.push_back({line, number + 1, indent_of(line)});
        begin = end + 1;
    }
    return lines;
}

bool receives_something(const std::vector<Statement>& body) {
    return std::any_of(body.begin(), body.end(), [](const Statement& statement) {
        if (const auto* call = std::get_if<CallStatement>(&statement.what))
            return model::receives(call->call);
        if (const auto* repeat = std::get_if<Repeat>(&statement.what))
            return receives_something(repeat->body);
        return false;
    });
}

class Parser {
public:
    Parser(std::vector<Line> lines, Scope& scope) : lines_(std::move(lines)), scope_(scope) {}

    std::vector<Statement> program() {
        std::vector<Statement> statements;
        while (at_ < lines_.size() && !scope_.too_many_errors()) {
            if (!statements.empty() && lines_[at_].indent != lines_.front().indent) wrong_indent(lines_[at_]);
            block(statements, lines_[at_].indent);
        }
        return statements;
    }

private:
    using MaybeStatement = std::optional<Statement>;

    void wrong_indent(const Line& line) {
        scope_.error({line.number, line.indent + 1}, "this line is indented differently from the lines above",
                     "only lines below `repeat N:` and `until eof:` are indented, all of a block alike");
    }

    // Statements from the current line on, as long as they are indented by `indent`.
    void block(std::vector<Statement>& statements, std::uint32_t indent) {
        while (at_ < lines_.size() && lines_[at_].indent == indent && !scope_.too_many_errors()) {
            const Line line = lines_[at_++];
            Cursor cursor(line.text, tokenize(line.text), line.number);
            auto parsed = statement(cursor, line.indent);
            if (parsed && !cursor.at_end()) {
                cursor.unexpected(scope_, "the end of the line", what_may_follow(*parsed));
                parsed.reset();
            }
            if (parsed) statements.push_back(std::move(*parsed));
            // Behind a mistake in a line that opens a block the block is still read, for its own mistakes.
            if (at_ < lines_.size() && lines_[at_].indent > indent) {
                if (parsed || !opens_block(line.text)) wrong_indent(lines_[at_]);
                block(statements, lines_[at_].indent);
            }
        }
    }

    static bool opens_block(std::string_view line) {
        const auto last = line.find_last_not_of(" \t\r");
        return last != std::string_view::npos && line[last] == ':';
    }

    static std::string what_may_follow(const Statement& statement) {
        return std::holds_alternative<CallStatement>(statement.what) ? "an expectation begins with `->`" : "";
    }

    MaybeStatement statement(Cursor& cursor, std::uint32_t indent) {
        const Position at = cursor.position();
        if (cursor.peek().kind != Tok::word) return cursor.unexpected(scope_, "a call or a control line");
        if (cursor.at_word("until")) return until_eof(cursor, indent, at);
        if (cursor.at_word("repeat")) return repeat(cursor, indent, at);
        if (cursor.at_word("wait")) return wait(cursor, at);
        if (cursor.at_word("sleep")) return sleep(cursor, at);
        return call(cursor, at);
    }

    // Behind `:`: the rest of the line, or the lines below that are indented more.
    std::optional<std::vector<Statement>> body(Cursor& cursor, std::uint32_t indent) {
        std::vector<Statement> statements;
        if (!cursor.skip(":"))
            return cursor.unexpected(scope_, "`:`", "the lines of the block stand below, indented");
        if (depth_ >= kDeepestNesting) {
            at_ = lines_.size();  // what stands below stands too deep as well
            return scope_.error(cursor.position(), "too many blocks inside one another");
        }
        ++depth_;
        bool found = true;
        if (!cursor.at_end()) {
            auto only = statement(cursor, indent);
            found = only.has_value();
            if (only) statements.push_back(std::move(*only));
        } else if (at_ < lines_.size() && lines_[at_].indent > indent) {
            const std::size_t begin = at_;
            block(statements, lines_[at_].indent);
            found = !statements.empty() || begin == at_;
        } else {
            cursor.unexpected(scope_, "what is to be repeated, behind `:` or indented on the next lines");
            found = false;
        }
        --depth_;
        if (!found) return std::nullopt;
        return statements;
    }

    MaybeStatement until_eof(Cursor& cursor, std::uint32_t indent, Position at) {
        cursor.next();
        if (!cursor.at_word("eof")) return cursor.unexpected(scope_, "`eof` behind `until`");
        cursor.next();
        auto statements = body(cursor, indent);
        if (!statements) return std::nullopt;
        if (!receives_something(*statements))
            return scope_.error(at, "`until eof` never ends: no receive call in it",
                                "for example `until eof: recv(a, 64)`");
        return Statement{UntilEof{std::move(*statements)}, at};
    }

    MaybeStatement repeat(Cursor& cursor, std::uint32_t indent, Position at) {
        cursor.next();
        const auto count = parse_arithmetic(cursor, scope_);
        if (!count) return std::nullopt;
        const auto* number = std::get_if<Integer>(&count->value);
        if (!number || number->value < 1)
            return scope_.error(count->at, "expected how many times (1 or more) behind `repeat`");
        const std::uint64_t before = repeats_;
        if (__builtin_mul_overflow(repeats_, static_cast<std::uint64_t>(number->value), &repeats_) ||
            repeats_ > kMostRepeats) {
            repeats_ = before;
            return scope_.error(count->at, "a line can be repeated at most 10,000,000 times in all");
        }
        auto statements = body(cursor, indent);
        repeats_ = before;
        if (!statements) return std::nullopt;
        return Statement{Repeat{static_cast<std::uint64_t>(number->value), std::move(*statements)}, at};
    }

    MaybeStatement sleep(Cursor& cursor, Position at) {
        cursor.next();
        if (!cursor.skip("(")) return cursor.unexpected(scope_, "`(` behind `sleep`");
        if (cursor.peek().kind == Tok::number)
            return scope_.error(cursor.position(), "expected a time with its unit",
                                "sleep(" + printable(cursor.peek().text) + "ms)?");
        if (cursor.peek().kind != Tok::duration) return cursor.unexpected(scope_, "a time such as 10ms");
        const model::TimeNs time = cursor.peek().value;
        if (time > kLongestSleep) return scope_.error(cursor.position(), "expected a time of at most 1 h");
        cursor.next();
        if (!cursor.skip(")")) return cursor.unexpected(scope_, "`)`");
        return Statement{Sleep{time}, at};
    }

    MaybeStatement wait(Cursor& cursor, Position at) {
        cursor.next();
        if (!cursor.skip("(")) return cursor.unexpected(scope_, "`(` behind `wait`");
        Wait wait;
        const std::size_t begin = cursor.index();
        if (cursor.peek().kind != Tok::word || !scope_.is_endpoint(cursor.peek().text))
            return cursor.unexpected(scope_, "an endpoint (" + join(scope_.endpoints()) + ")",
                                     did_you_mean(cursor.peek().text, scope_.endpoints()));
        wait.endpoint = cursor.next().text;
        if (!cursor.skip("."))
            return cursor.unexpected(scope_, "`.` and what to wait for, as in `server.listening`");
        if (!wait_event(cursor, wait)) return std::nullopt;
        wait.written = cursor.written_since(begin);
        if (!cursor.skip(")")) return cursor.unexpected(scope_, "`)`");
        return Statement{std::move(wait), at};
    }

    bool wait_event(Cursor& cursor, Wait& wait) {
        struct Event {
            std::string_view word;
            model::Call call;
        };
        using model::Call;
        constexpr Event kEvents[] = {{"listening", Call::listen},
                                     {"bound", Call::bind},
                                     {"connected", Call::connect},
                                     {"accepted", Call::accept}};
        const std::string_view word = cursor.peek().kind == Tok::word ? cursor.peek().text : "";
        const auto* event = std::find_if(std::begin(kEvents), std::end(kEvents),
                                         [&](const Event& row) { return row.word == word; });
        const Signature* signature = find_signature(word);
        if (word == "done") {
            wait.form = Wait::Form::done;
        } else if (event != std::end(kEvents)) {
            wait.call = event->call;
            wait.succeeded = true;
        } else if (signature) {
            wait.call = signature->call;
        } else {
            std::vector<std::string> known{"done", "listening", "bound", "connected", "accepted"};
            for (const auto& row : signatures()) known.emplace_back(row.name);
            cursor.unexpected(scope_, "listening, bound, connected, accepted, done or the name of a call",
                              did_you_mean(word, known));
            return false;
        }
        cursor.next();
        return wait_count(cursor, wait);
    }

    bool wait_count(Cursor& cursor, Wait& wait) {
        constexpr std::int64_t kMost = 1'000'000'000;
        if (wait.form == Wait::Form::done) return true;
        if (cursor.peek().kind == Tok::number) {
            if (cursor.peek().value < 1 || cursor.peek().value > kMost)
                return cursor.unexpected(scope_, "which call, counted from 1"), false;
            wait.nth = static_cast<std::uint32_t>(cursor.next().value);
        }
        if (cursor.at_word("enter") && !wait.succeeded) {
            cursor.next();
            wait.at_enter = true;
        }
        return true;
    }

    MaybeStatement call(Cursor& cursor, Position at) {
        CallStatement statement;
        std::vector<Position> targets;
        if (!parse_targets(cursor, statement, targets)) return std::nullopt;
        const Signature* signature = parse_name(cursor);
        if (!signature) return set_targets(targets, statement), std::nullopt;
        statement.call = signature->call;
        statement.written_name = signature->name;
        if (!cursor.skip("("))
            return cursor.unexpected(scope_, "`(` behind `" + statement.written_name + "`",
                                     prototype(*signature));
        const bool understood = parse_arguments(cursor, scope_, *signature, statement);
        // Also behind a mistake, so that the lines below do not complain of a variable that was never set.
        const bool set = set_targets(targets, statement) && check_targets(targets, *signature);
        if (!understood || !set || !complete_arguments(scope_, *signature, statement, at))
            return std::nullopt;
        if (cursor.skip("->") && !parse_expectations(cursor, scope_, statement)) return std::nullopt;
        return Statement{std::move(statement), at};
    }

    // "a =", "a, b ="
    bool parse_targets(Cursor& cursor, CallStatement& statement, std::vector<Position>& positions) {
        if (!cursor.at("=", 1) && !cursor.at(",", 1)) return true;
        for (;;) {
            if (cursor.peek().kind != Tok::word)
                return cursor.unexpected(scope_, "the name of a variable"), false;
            positions.push_back(cursor.position());
            statement.targets.push_back({std::string(cursor.next().text)});
            if (cursor.skip("=")) return true;
            if (!cursor.skip(",")) return cursor.unexpected(scope_, "`,` or `=`"), false;
        }
    }

    const Signature* parse_name(Cursor& cursor) {
        if (cursor.peek().kind != Tok::word) return cursor.unexpected(scope_, "a call"), nullptr;
        const Token& name = cursor.peek();
        if (const Signature* signature = find_signature(name.text)) return cursor.next(), signature;
        std::string help = instead_of(name.text);
        if (help.empty())
            help = cursor.at(".", 1) ? "the socket is the first argument: send(s, \"HELLO\")"
                   : cursor.at(":", 1) && cursor.at("=", 2)
                       ? "a variable is set by `=`: s = socket()"
                       : "calls are those of sockets: socket, bind, connect, send, recv, close, …";
        scope_.error(cursor.position(), "unknown call `" + printable(name.text) + "`", std::move(help));
        return nullptr;
    }

    // What to write in place of a word that is no call here.
    static std::string instead_of(std::string_view word) {
        struct Help {
            std::string_view words;  // with a space around each
            std::string_view help;
        };
        constexpr Help kHelps[] = {
            {" int char ssize_t struct const let var auto ", "variables have no type: s = socket()"},
            {" while for do loop if else elif ",
             "control lines are `until eof:`, `repeat 3:`, `wait(server.listening)`, `sleep(10ms)`"},
            {" fcntl ", "nonblocking(fd) is the same as O_NONBLOCK"},
            {" select pselect ppoll epoll_wait epoll_create epoll_ctl ", "poll([a: POLLIN, b: POLLOUT], 1s)"},
            {" inet inet6 unix abstract autobind ",
             "addresses stand in calls: connect(c, inet(\"192.0.2.2\", 9))"},
            {" accept4 ", "accept(fd), then nonblocking(fd)"},
            {" readv writev sendmmsg recvmmsg sendfile splice ", "one buffer a call: sendmsg, recvmsg"},
            {" getaddrinfo gethostbyname inet_pton htons ",
             "addresses are written server, inet(\"192.0.2.2\", 9), inet6(\"::1\", 9)"},
            {" fork clone execve pthread_create ", "a second program is a section of its own: # client2"},
            {" usleep nanosleep ", "sleep(10ms)"},
        };
        const std::string spaced = " " + std::string(word) + " ";
        for (const Help& known : kHelps)
            if (known.words.find(spaced) != std::string_view::npos) return std::string(known.help);
        std::vector<std::string> known{"until eof:", "repeat", "wait", "sleep"};
        for (const auto& signature : signatures()) known.emplace_back(signature.name);
        return did_you_mean(word, known);
    }

    bool set_targets(const std::vector<Position>& at, CallStatement& statement) {
        bool set = true;
        for (std::size_t i = 0; i < at.size(); ++i)
            set = scope_.set(statement.targets[i], VariableType::integer, at[i]) && set;
        return set;
    }

    bool check_targets(const std::vector<Position>& at, const Signature& signature) {
        const std::size_t wanted = signature.answer == Answer::two_descriptors ? 2 : 1;
        if (at.empty() || at.size() == wanted) return true;
        scope_.error(at[0],
                     std::string(signature.name) + "() answers with " +
                         (wanted == 2 ? "two descriptors" : "one value"),
                     wanted == 2 ? "a, b = socketpair()" : "");
        return false;
    }

    std::vector<Line> lines_;
    Scope& scope_;
    std::size_t at_{0};
    int depth_{0};
    std::uint64_t repeats_{1};
};

}  // namespace

ParseResult parse(std::string_view text, const std::vector<std::string>& endpoints) {
    ParseResult result;
    Scope scope(endpoints);
    if (text.size() > kLongestScript) {
        scope.error({}, "the script has " + std::to_string(text.size()) + " bytes: expected at most 1 MB");
    } else if (auto lines = split(text); lines.size() > kMostLines) {
        scope.error({}, "the script has more than 20,000 lines", "`repeat 1000:` repeats a line");
    } else {
        result.program.statements = Parser(std::move(lines), scope).program();
        result.program.variables = scope.variables();
    }
    result.diagnostics = scope.take_diagnostics();
    std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return result;
}

}  // namespace socketscope::script
