// How a line of a script becomes its system call: one row for each model::Call.
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/model/call.hpp"
#include "core/model/constants.hpp"
#include "core/run/descriptor_table.hpp"
#include "core/run/endpoint.hpp"
#include "core/socket/control.hpp"

namespace socketscope::run {

using model::Call;
using script::CallStatement;
using script::Param;
using socket::Address;
using socket::Result;

struct Endpoint::Rows {
    using Make = Did (*)(Endpoint& self, const CallStatement& line, model::TimeNs begin_ns);
    struct Row {
        Call call;
        Make make;
    };

    static Did did(const Result& result, std::string_view data = {}) {
        Did done{result, {}};
        done.outcome.answer = result.value;
        done.outcome.error = result.error;
        done.outcome.data = data;
        done.outcome.interrupted = result.interrupted;
        return done;
    }

    // --- makes and ends sockets
    static Did make_one(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const auto [domain, type, protocol] = kind_of(self, line);
        return did(self.make_socket(domain, type, protocol));
    }
    static Did make_pair(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const auto [domain, type, protocol] = kind_of(self, line);
        int fds[2]{-1, -1};
        const Result result = self.calls_.socketpair(domain, type, protocol, fds);
        for (std::size_t i = 0; i < 2; ++i) {
            self.owns(fds[i]);
            if (i < line.targets.size()) self.values_.set(line.targets[i], std::int64_t{fds[i]});
            if (result.ok()) self.sample_buffers(fds[i], self.lane_.made_here);
        }
        return did(result);
    }
    static Did accept(Endpoint& self, const CallStatement& line, model::TimeNs) {
        Address peer;
        const int fd = self.descriptor(line);
        const Result result = self.calls_.accept(fd, Values::is_null(line, Param::peer) ? nullptr : &peer);
        self.owns(static_cast<int>(result.value));
        if (result.ok()) self.accepted_.push(static_cast<int>(result.value));
        self.set_output(line, Param::peer, peer);
        return did(result);
    }
    static Did dup(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const Result result = self.calls_.dup(self.descriptor(line));
        self.owns(static_cast<int>(result.value));
        return did(result);
    }
    static Did close(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const int fd = self.descriptor(line);
        const Result result = self.calls_.close(fd);
        self.open_.erase(fd);
        return did(result);
    }
    static Did shutdown(Endpoint& self, const CallStatement& line, model::TimeNs) {
        return did(self.calls_.shutdown(self.descriptor(line), self.values_.integer(line, Param::how)));
    }

    // --- names and connections
    static Did bind(Endpoint& self, const CallStatement& line, model::TimeNs) {
        return did(self.calls_.bind(self.descriptor(line), self.values_.address(line, Param::address)));
    }
    static Did listen(Endpoint& self, const CallStatement& line, model::TimeNs) {
        return did(self.calls_.listen(self.descriptor(line), self.values_.integer(line, Param::backlog)));
    }
    static Did connect(Endpoint& self, const CallStatement& line, model::TimeNs) {
        return did(self.calls_.connect(self.descriptor(line), self.values_.address(line, Param::address)));
    }
    static Did getsockname(Endpoint& self, const CallStatement& line, model::TimeNs) {
        Address address;
        return named(self, line, self.calls_.getsockname(self.descriptor(line), address), address);
    }
    static Did getpeername(Endpoint& self, const CallStatement& line, model::TimeNs) {
        Address address;
        return named(self, line, self.calls_.getpeername(self.descriptor(line), address), address);
    }
    static Did unlink(Endpoint& self, const CallStatement& line, model::TimeNs) {
        return did(self.calls_.unlink(self.values_.path(line, Param::path)));
    }

    // --- sends
    static Did send(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const int fd = self.descriptor(line);
        return did(self.calls_.send(fd, self.values_.data(line), self.values_.integer(line, Param::flags)));
    }
    static Did sendto(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const int fd = self.descriptor(line);
        return did(self.calls_.sendto(fd, self.values_.data(line), self.values_.integer(line, Param::flags),
                                      self.values_.address(line, Param::to)));
    }
    static Did sendmsg(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const int fd = self.descriptor(line);
        std::string control;
        if (const auto fds = self.values_.descriptors(line, Param::fds); !fds.empty())
            socket::add_descriptors(control, fds);
        if (self.values_.number(line, Param::creds, 0) != 0)
            socket::add_credentials(control, {::getpid(), ::geteuid(), ::getegid()});
        return did(self.calls_.sendmsg(fd, self.values_.data(line), self.values_.integer(line, Param::flags),
                                       self.values_.address(line, Param::to), control));
    }
    static Did write(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const int fd = self.descriptor(line);
        return did(self.calls_.write(fd, self.values_.data(line)));
    }

    // --- receives
    static Did recv(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const auto buffer = self.buffer(line);
        return received(
            self, line, buffer,
            self.calls_.recv(self.descriptor(line), buffer, self.values_.integer(line, Param::flags)));
    }
    static Did recvfrom(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const auto buffer = self.buffer(line);
        Address from;
        const Result result =
            self.calls_.recvfrom(self.descriptor(line), buffer, self.values_.integer(line, Param::flags),
                                 Values::is_null(line, Param::from) ? nullptr : &from);
        self.set_output(line, Param::from, from);
        return received(self, line, buffer, result);
    }
    static Did recvmsg(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const auto buffer = self.buffer(line);
        socket::Received beside;
        const Result result = self.calls_.recvmsg(self.descriptor(line), buffer,
                                                  self.values_.integer(line, Param::flags), beside);
        self.set_output(line, Param::from, beside.from);
        take_descriptors(self, line, socket::descriptors_in(beside.control));
        return received(self, line, buffer, result);
    }
    static Did read(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const auto buffer = self.buffer(line);
        return received(self, line, buffer, self.calls_.read(self.descriptor(line), buffer));
    }

    // --- asks and waits
    static Did poll(Endpoint& self, const CallStatement& line, model::TimeNs begin_ns) {
        std::vector<pollfd> items;
        const auto* expr = script::argument(line, Param::fds);
        if (const auto* list = expr ? std::get_if<script::PollList>(&expr->value) : nullptr)
            for (const auto& item : list->items)
                items.push_back({static_cast<int>(self.values_.number(item.descriptor)),
                                 static_cast<short>(item.events), 0});
        int timeout_ms = self.values_.integer(line, Param::timeout, -1);
        // Called again after an interruption: only for what is left of its time.
        const auto gone_ms = (socket::now() - begin_ns) / model::kMillisecond;
        if (timeout_ms > 0) timeout_ms = static_cast<int>(std::max<std::int64_t>(0, timeout_ms - gone_ms));
        Did done = did(self.calls_.poll(items, timeout_ms));
        for (const pollfd& item : items) done.outcome.events.push_back(item.revents);
        return done;
    }
    static Did setsockopt(Endpoint& self, const CallStatement& line, model::TimeNs) {
        const int fd = self.descriptor(line);
        return did(self.calls_.setsockopt(fd, self.values_.integer(line, Param::level),
                                          self.values_.integer(line, Param::option),
                                          self.values_.option_value(line)));
    }
    static Did getsockopt(Endpoint& self, const CallStatement& line, model::TimeNs) {
        self.scratch_.assign(1024, '\0');  // TCP_INFO, the largest that people ask for, fits
        const Result result =
            self.calls_.getsockopt(self.descriptor(line), self.values_.integer(line, Param::level),
                                   self.values_.integer(line, Param::option), self.scratch_);
        Did done = did(result, self.scratch_);
        if (result.ok()) {
            std::int32_t number = 0;
            std::memcpy(&number, self.scratch_.data(), std::min(self.scratch_.size(), sizeof number));
            done.outcome.answer = number;
        }
        return done;
    }
    static Did ioctl(Endpoint& self, const CallStatement& line, model::TimeNs) {
        // nonblocking(fd) means nonblocking(fd, 1); what FIONREAD and SIOCOUTQ start with does not matter.
        const auto request = static_cast<unsigned long>(self.values_.number(line, Param::request, 0));
        if (!model::takes_one_int(static_cast<std::int64_t>(request)))
            throw CannotRun{"the request " + std::to_string(request) + " takes more than an int"};
        int value = self.values_.integer(line, Param::value, request == FIONBIO ? 1 : 0);
        Did done = did(self.calls_.ioctl(self.descriptor(line), request, value));
        if (done.result.ok() && request != FIONBIO) done.outcome.answer = value;
        return done;
    }

    static constexpr std::array<Row, static_cast<std::size_t>(Call::count)> kRows{{
        {Call::socket, make_one},
        {Call::socketpair, make_pair},
        {Call::bind, bind},
        {Call::listen, listen},
        {Call::accept, accept},
        {Call::connect, connect},
        {Call::send, send},
        {Call::recv, recv},
        {Call::sendto, sendto},
        {Call::recvfrom, recvfrom},
        {Call::sendmsg, sendmsg},
        {Call::recvmsg, recvmsg},
        {Call::read, read},
        {Call::write, write},
        {Call::shutdown, shutdown},
        {Call::close, close},
        {Call::dup, dup},
        {Call::poll, poll},
        {Call::setsockopt, setsockopt},
        {Call::getsockopt, getsockopt},
        {Call::getsockname, getsockname},
        {Call::getpeername, getpeername},
        {Call::ioctl, ioctl},
        {Call::unlink, unlink},
    }};

private:
    struct KindArgs {
        int domain, type, protocol;
    };
    // What a script leaves out is the lane's; the lane's protocol only where domain and type are the lane's too.
    static KindArgs kind_of(const Endpoint& self, const CallStatement& line) {
        const model::Kind lane = self.lane_.plan.kind;
        KindArgs args{self.values_.integer(line, Param::domain, model::c_domain(lane.domain)),
                      self.values_.integer(line, Param::type, model::c_type(lane.type)), 0};
        const int plain_type = args.type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
        const bool as_lane =
            args.domain == model::c_domain(lane.domain) && plain_type == model::c_type(lane.type);
        args.protocol = self.values_.integer(line, Param::protocol, as_lane ? lane.protocol : 0);
        return args;
    }
    static Did named(Endpoint& self, const CallStatement& line, const Result& result,
                     const Address& address) {
        self.set_output(line, Param::address, address);
        self.scratch_ = socket::to_text(address);
        return did(result, self.scratch_);
    }
    static Did received(Endpoint& self, const CallStatement& line, std::span<const char> buffer,
                        const Result& result) {
        const std::size_t size =
            result.value <= 0 ? 0 : std::min(buffer.size(), static_cast<std::size_t>(result.value));
        const std::string_view data(buffer.data(), size);
        if (Values::output(line, Param::buf) != nullptr) self.set_output(line, Param::buf, std::string(data));
        return did(result, data);
    }
    // Into `fds=[&a, &b]`, −1 where none came; those that nobody takes stay open until the program ends.
    static void take_descriptors(Endpoint& self, const CallStatement& line, const std::vector<int>& came) {
        for (const int fd : came) self.owns(fd);
        const auto* expr = script::argument(line, Param::fds);
        const auto* list = expr ? std::get_if<script::ListExpr>(&expr->value) : nullptr;
        if (list == nullptr) return;
        for (std::size_t i = 0; i < list->items.size(); ++i)
            if (const auto* output = std::get_if<script::Output>(&list->items[i].value))
                self.values_.set(output->variable, std::int64_t{i < came.size() ? came[i] : -1});
    }
};

Endpoint::Did Endpoint::make_call(const CallStatement& statement, model::TimeNs begin_ns) {
    constexpr auto in_order = [] {
        for (std::size_t i = 0; i < Rows::kRows.size(); ++i)
            if (static_cast<std::size_t>(Rows::kRows[i].call) != i) return false;
        return true;
    };
    static_assert(in_order(), "a Call without its row, or rows out of the enum's order");
    return Rows::kRows[static_cast<std::size_t>(statement.call)].make(*this, statement, begin_ns);
}

// --- what the rows share

// Through the hosts' factory for a socket that must stand in a host's namespace; the stamps are those of the real call.
Result Endpoint::make_socket(int domain, int type, int protocol) {
    const bool in_a_host = (domain == AF_INET || domain == AF_INET6) && lane_.hosts.helper_pid() != 0;
    if (!in_a_host) {
        const Result result = calls_.socket(domain, type, protocol);
        owns(static_cast<int>(result.value));
        if (result.ok()) sample_buffers(static_cast<int>(result.value), lane_.made_here);
        return result;
    }
    host::MadeSocket made = lane_.hosts.make_socket(plan_.host, domain, type, protocol);
    const int fd = made.fd.release();
    owns(fd);
    const Result result =
        calls_.socket_made(domain, type, protocol, made.enter_ns, made.exit_ns, fd, made.error);
    if (result.ok()) sample_buffers(fd, {made.send_buffer, made.receive_buffer});
    return result;
}

void Endpoint::sample_buffers(int fd, BufferSizes sizes) {
    const model::TimeNs at = socket::now();
    const auto endpoint = static_cast<std::uint8_t>(index_);
    if (sizes.send > 0) log_.sample({at, sizes.send, fd, model::Sample::send_buffer, endpoint});
    if (sizes.receive > 0) log_.sample({at, sizes.receive, fd, model::Sample::receive_buffer, endpoint});
}

// A number that is not a descriptor of this program may still be open here (standard input, the app's own): that is not
// for scripts. One that is not open goes to the kernel, which answers EBADF.
int Endpoint::descriptor(const CallStatement& statement) const {
    const int fd = values_.integer(statement, Param::fd, -1);
    if (fd >= 0 && !open_.contains(fd) && is_open(fd))
        throw CannotRun{"descriptor " + std::to_string(fd) + " does not belong to this program"};
    return fd;
}

std::span<char> Endpoint::buffer(const CallStatement& statement) {
    const std::int64_t length = values_.number(statement, Param::length, 0);
    if (length < 0 || length > script::kLongestBuffer)
        throw CannotRun{"a buffer of " + std::to_string(length) + " bytes: up to 1 GiB is possible"};
    const auto size = static_cast<std::size_t>(length);
    if (buffer_size_ < size || !buffer_) {
        buffer_ = std::make_unique_for_overwrite<char[]>(size);
        buffer_size_ = size;
    }
    return {buffer_.get(), size};
}

void Endpoint::set_output(const CallStatement& statement, Param parameter, Value value) {
    if (const auto* variable = Values::output(statement, parameter)) values_.set(*variable, std::move(value));
}

}  // namespace socketscope::run
