#include "tests/story/build_trace.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace socketscope::tests {
namespace {

using model::Call;
using model::Host;
using model::TimeNs;

packet::Address address(Host host) {
    packet::Address a;
    a.version = 4;
    const std::uint8_t bytes[4] = {192, 0, 2, static_cast<std::uint8_t>(host == Host::client ? 1 : 2)};
    std::memcpy(a.bytes, bytes, 4);
    return a;
}

void put16(std::string& bytes, unsigned value) {
    bytes.push_back(static_cast<char>(value >> 8));
    bytes.push_back(static_cast<char>(value & 0xff));
}
void put32(std::string& bytes, std::uint32_t value) {
    put16(bytes, value >> 16);
    put16(bytes, value & 0xffff);
}
void set16(std::string& bytes, std::size_t at, unsigned value) {
    bytes[at] = static_cast<char>(value >> 8);
    bytes[at + 1] = static_cast<char>(value & 0xff);
}

std::uint32_t pseudo(Host from, std::uint8_t protocol, std::size_t size) {
    std::uint32_t sum = protocol + static_cast<std::uint32_t>(size);
    for (const Host host : {from, model::other(from)}) {
        const packet::Address a = address(host);
        sum += static_cast<std::uint32_t>(a.bytes[0] << 8 | a.bytes[1]) +
               static_cast<std::uint32_t>(a.bytes[2] << 8 | a.bytes[3]);
    }
    return sum;
}

}  // namespace

std::string sockaddr4(std::string_view host, std::uint16_t port) {
    const std::uint16_t family = 2;
    std::string bytes(reinterpret_cast<const char*>(&family), 2);
    put16(bytes, port);
    unsigned a = 0, b = 0, c = 0, d = 0;
    std::sscanf(std::string(host).c_str(), "%u.%u.%u.%u", &a, &b, &c, &d);
    for (const unsigned part : {a, b, c, d}) bytes.push_back(static_cast<char>(part));
    bytes.append(8, '\0');
    return bytes;
}

std::string sockaddr_unix(std::string_view path) {
    const std::uint16_t family = 1;
    std::string bytes(reinterpret_cast<const char*>(&family), 2);
    bytes += path;
    if (path.starts_with('@'))
        bytes[2] = '\0';
    else
        bytes.push_back('\0');
    return bytes;
}

std::string ip4_packet(Host from, std::uint8_t protocol, const std::string& payload, std::uint16_t id,
                       std::uint16_t fragment_field) {
    std::string bytes = packet::ipv4(address(from), address(model::other(from)), protocol, payload);
    set16(bytes, 4, id);
    set16(bytes, 6, fragment_field);
    set16(bytes, 10, 0);
    set16(bytes, 10, packet::checksum(std::string_view(bytes).substr(0, 20)));
    return bytes;
}

std::string tcp_bytes(Host from, const Segment& segment) {
    const bool client = from == Host::client;
    std::string bytes;
    put16(bytes, client ? segment.from_port : segment.to_port);
    put16(bytes, client ? segment.to_port : segment.from_port);
    put32(bytes, segment.seq);
    put32(bytes, segment.ack);
    const bool option = segment.window_scale >= 0;
    bytes.push_back(static_cast<char>((option ? 6 : 5) << 4));
    bytes.push_back(static_cast<char>(segment.flags));
    put16(bytes, segment.window);
    put32(bytes, 0);
    if (option) {
        bytes += "\x03\x03";
        bytes.push_back(static_cast<char>(segment.window_scale));
        bytes.push_back('\0');
    }
    bytes += segment.payload;
    set16(bytes, 16, packet::checksum(bytes, pseudo(from, 6, bytes.size())));
    return ip4_packet(from, 6, bytes);
}

std::string udp_bytes(Host from, std::uint16_t from_port, std::uint16_t to_port, std::string_view payload) {
    std::string bytes = packet::udp_header(from_port, to_port, payload);
    set16(bytes, 6, packet::checksum(bytes, pseudo(from, 17, bytes.size())));
    return ip4_packet(from, 17, bytes);
}

TraceBuilder::TraceBuilder(std::string_view kind) {
    lane.kind = model::parse_kind(kind).value();
    lane.endpoints = {{"client", Host::client, ""}, {"server", Host::server, ""}};
    lane.complete = true;
}

model::ByteRange TraceBuilder::keep(std::string_view bytes) {
    const model::ByteRange range{static_cast<std::uint32_t>(lane.arena.size()),
                                 static_cast<std::uint32_t>(bytes.size())};
    lane.arena += bytes;
    return range;
}

model::CallRecord& TraceBuilder::call(int endpoint, Call call, int fd, TimeNs enter, TimeNs exit,
                                      std::int64_t result) {
    model::CallRecord record;
    record.call = call;
    record.endpoint = static_cast<std::uint8_t>(endpoint);
    record.fd = fd;
    record.enter_ns = enter;
    record.exit_ns = exit;
    record.result = static_cast<std::int32_t>(result);
    lane.calls.push_back(record);
    if (exit != model::kNever) lane.end_ns = std::max(lane.end_ns, exit);
    return lane.calls.back();
}

void TraceBuilder::socket(int endpoint, int fd, TimeNs at) {
    model::CallRecord& record = call(endpoint, Call::socket, -1, at, at + 10 * us, fd);
    record.args = {model::c_domain(lane.kind.domain), model::c_type(lane.kind.type), lane.kind.protocol};
}
void TraceBuilder::bind(int endpoint, int fd, const std::string& sockaddr, TimeNs at) {
    call(endpoint, Call::bind, fd, at, at + 10 * us).extra = keep(sockaddr);
}
void TraceBuilder::listen(int endpoint, int fd, TimeNs at) {
    call(endpoint, Call::listen, fd, at, at + 10 * us).args.first = 1;
}
void TraceBuilder::connect(int endpoint, int fd, const std::string& sockaddr, TimeNs enter, TimeNs exit,
                           int error) {
    model::CallRecord& record = call(endpoint, Call::connect, fd, enter, exit, error == 0 ? 0 : -1);
    record.error = static_cast<std::int16_t>(error);
    record.extra = keep(sockaddr);
}
void TraceBuilder::accept(int endpoint, int fd, int made, const std::string& peer, TimeNs enter,
                          TimeNs exit) {
    call(endpoint, Call::accept, fd, enter, exit, made).extra = keep(peer);
}
std::uint32_t TraceBuilder::send(int endpoint, int fd, std::string_view data, TimeNs at,
                                 std::int64_t result) {
    model::CallRecord& record = call(endpoint, Call::send, fd, at, at + 10 * us,
                                     result == -2 ? static_cast<std::int64_t>(data.size()) : result);
    record.args.first = static_cast<std::int64_t>(data.size());
    record.data = keep(data);
    return static_cast<std::uint32_t>(lane.calls.size() - 1);
}
std::uint32_t TraceBuilder::sendto(int endpoint, int fd, std::string_view data, const std::string& to,
                                   TimeNs at) {
    model::CallRecord& record =
        call(endpoint, Call::sendto, fd, at, at + 10 * us, static_cast<std::int64_t>(data.size()));
    record.args.first = static_cast<std::int64_t>(data.size());
    record.data = keep(data);
    record.extra = keep(to);
    return static_cast<std::uint32_t>(lane.calls.size() - 1);
}
std::uint32_t TraceBuilder::recv(int endpoint, int fd, std::int64_t room, std::string_view given,
                                 TimeNs enter, TimeNs exit, std::int32_t flags) {
    model::CallRecord& record =
        call(endpoint, Call::recv, fd, enter, exit, static_cast<std::int64_t>(given.size()));
    record.args = {room, flags, 0};
    record.data = keep(given);
    return static_cast<std::uint32_t>(lane.calls.size() - 1);
}
void TraceBuilder::refused(int endpoint, Call what, int fd, int error, TimeNs enter, TimeNs exit) {
    model::CallRecord& record = call(endpoint, what, fd, enter, exit, -1);
    record.error = static_cast<std::int16_t>(error);
    record.args.first = 64;
}
void TraceBuilder::shutdown(int endpoint, int fd, int how, TimeNs at) {
    call(endpoint, Call::shutdown, fd, at, at + 10 * us).args.first = how;
}
void TraceBuilder::setsockopt(int endpoint, int fd, int level, int name, std::int64_t value, TimeNs at) {
    call(endpoint, Call::setsockopt, fd, at, at + 10 * us).args = {level, name,
                                                                   static_cast<std::int32_t>(value)};
}
void TraceBuilder::close(int endpoint, int fd, TimeNs at) {
    call(endpoint, Call::close, fd, at, at + 10 * us);
}

std::uint32_t TraceBuilder::packet(Host from, std::string bytes, TimeNs sent, TimeNs delivered) {
    model::PacketRecord record;
    record.from = from;
    record.sent_ns = sent;
    record.due_ns = record.delivered_ns = delivered == model::kNever ? sent : delivered;
    record.verdict = delivered == model::kNever ? model::Verdict::dropped : model::Verdict::delivered;
    if (delivered == model::kNever) record.cause = model::Cause::rule;
    record.bytes = keep(bytes);
    lane.packets.push_back(record);
    lane.end_ns = std::max(lane.end_ns, record.delivered_ns);
    return static_cast<std::uint32_t>(lane.packets.size() - 1);
}
std::uint32_t TraceBuilder::tcp(Host from, const Segment& segment, TimeNs sent, TimeNs delivered) {
    return packet(from, tcp_bytes(from, segment), sent, delivered);
}
std::uint32_t TraceBuilder::udp(Host from, std::uint16_t from_port, std::uint16_t to_port,
                                std::string_view payload, TimeNs sent, TimeNs delivered) {
    return packet(from, udp_bytes(from, from_port, to_port, payload), sent, delivered);
}
void TraceBuilder::corrupt(std::uint32_t packet) {
    model::PacketRecord& record = lane.packets[packet];
    std::string bytes(lane.bytes(record.bytes));
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    record.delivered_bytes = keep(bytes);
    record.flags |= model::kCorrupted;
}
void TraceBuilder::duplicate(std::uint32_t packet, TimeNs delivered) {
    model::PacketRecord copy = lane.packets[packet];
    copy.copy_of = packet;
    copy.flags |= model::kDuplicate;
    copy.due_ns = copy.delivered_ns = delivered;
    lane.packets.push_back(copy);
}

trace::LaneTrace TraceBuilder::take() {
    std::stable_sort(
        lane.calls.begin(), lane.calls.end(),
        [](const model::CallRecord& a, const model::CallRecord& b) { return a.enter_ns < b.enter_ns; });
    return std::move(lane);
}

}  // namespace socketscope::tests
