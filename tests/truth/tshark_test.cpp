// What the wire recorded and what the story says of it, against captures taken inside both hosts by tcpdump and read by
// tshark: the same packets, byte for byte; every difference between the hosts explained by a verdict; the same segments
// called retransmitted or out of order.
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "core/run/runner.hpp"
#include "core/story/story.hpp"
#include "tests/run/scene.hpp"
#include "tests/run/traffic.hpp"
#include "tests/support/process.hpp"

using namespace socketscope;
using model::Host;
using story::kNone;
using story::Story;

namespace {

struct Captured {
    trace::LaneTrace lane;
    std::string client, server;  // pcap files
};

bool possible(run::Runner& runner) {
    const host::Rung rung = runner.rung().rung;
    if (rung != host::Rung::tun && rung != host::Rung::veth) {
        test::skipped("captures inside the hosts", runner.rung().missing);
        return false;
    }
    return test::have_tool("tcpdump", "captures inside the hosts") &&
           test::have_tool("tshark", "captures inside the hosts");
}

Captured capture(run::Runner& runner, const test::TempFolder& folder, const std::string& kind,
                 const std::string& server, const std::string& client, const model::LinkSpec& link) {
    auto scenario = tests::scene({kind}, {{"server", server}, {"client", client}});
    scenario.seed = 5;
    scenario.timeout_ns = 30 * model::kSecond;
    scenario.lanes[0].link = link;
    run::Options options;
    // Immediate mode has few places for packets, each as large as a packet may be: hence a small snapshot length and a
    // large buffer. Root’s tcpdump would become another user, who may not write here.
    const std::string user = ::geteuid() == 0 ? " -Z root" : "";
    options.beside = "exec tcpdump --immediate-mode -q -i wire0 -U -s 2000 -B 16384" + user + " -w '" +
                     folder.path() + "/{host}.pcap' 'ip or ip6'";
    Captured captured;
    captured.lane = runner.run(scenario, options).lanes.at(0);
    captured.client = folder.file("client.pcap");
    captured.server = folder.file("server.pcap");
    return captured;
}

// Packets of a pcap file (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html), link header removed.
std::vector<std::string> packets_of(const std::string& file) {
    const std::string bytes = test::read_file(file);
    std::vector<std::string> packets;
    std::uint32_t magic = 0, link_type = 0;
    if (bytes.size() < 24) return packets;
    std::memcpy(&magic, bytes.data(), 4);
    std::memcpy(&link_type, bytes.data() + 20, 4);
    REQUIRE((magic == 0xa1b2c3d4 || magic == 0xa1b23c4d));
    const std::size_t link_header = link_type == 1 ? 14 : 0;  // Ethernet on the veth rung, else raw IP
    for (std::size_t at = 24; at + 16 <= bytes.size();) {
        std::uint32_t size = 0;
        std::memcpy(&size, bytes.data() + at + 8, 4);
        packets.push_back(bytes.substr(at + 16 + link_header, size - link_header));
        at += 16 + size;
    }
    return packets;
}

// Routers, listeners and neighbours: what a kernel says by itself when a device comes up.
bool noise(const std::string& bytes) {
    const auto headers = packet::decode(bytes);
    return headers.protocol == 58 && headers.icmp_type >= 130 && headers.icmp_type != 128 &&
           headers.icmp_type != 129;
}

using Bag = std::multiset<std::string>;

Bag captured_from(const std::vector<std::string>& packets, const std::string& address) {
    Bag bag;
    for (const std::string& bytes : packets)
        if (!noise(bytes) && packet::decode(bytes).from.host() == address) bag.insert(bytes);
    return bag;
}

Bag recorded_sent(const trace::LaneTrace& lane, Host from) {
    Bag bag;
    for (const model::PacketRecord& record : lane.packets) {
        const std::string bytes(lane.bytes(record.bytes));
        if (record.from == from && (record.flags & model::kDuplicate) == 0 && !noise(bytes))
            bag.insert(bytes);
    }
    return bag;
}

Bag recorded_delivered(const trace::LaneTrace& lane, Host from) {
    Bag bag;
    for (std::uint32_t number = 0; number < lane.packets.size(); ++number) {
        const model::PacketRecord& record = lane.packets[number];
        if (record.from != from || record.verdict != model::Verdict::delivered) continue;
        const bool changed = (record.flags & model::kCorrupted) != 0;
        const std::string bytes(lane.bytes(changed ? record.delivered_bytes : record.bytes));
        if (!noise(bytes)) bag.insert(bytes);
    }
    return bag;
}

std::string difference(const Bag& captured, const Bag& recorded) {
    std::string text;
    const auto say = [&](const char* what, const Bag& a, const Bag& b) {
        std::vector<std::string> rest;
        std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
        for (const std::string& bytes : rest)
            text += std::string(what) + packet::summary(packet::decode(bytes)) + "\n";
    };
    say("only captured: ", captured, recorded);
    say("only recorded: ", recorded, captured);
    return text;
}

void check_bytes(const Captured& captured) {
    const bool v6 = captured.lane.kind.domain == model::Domain::inet6;
    const std::string client = v6 ? "2001:db8::1" : "192.0.2.1", server = v6 ? "2001:db8::2" : "192.0.2.2";
    const auto at_client = packets_of(captured.client), at_server = packets_of(captured.server);
    REQUIRE(at_client.size() > 2);
    CHECK(difference(captured_from(at_client, client), recorded_sent(captured.lane, Host::client)) == "");
    CHECK(difference(captured_from(at_server, server), recorded_sent(captured.lane, Host::server)) == "");
    CHECK(difference(captured_from(at_server, client), recorded_delivered(captured.lane, Host::client)) ==
          "");
    CHECK(difference(captured_from(at_client, server), recorded_delivered(captured.lane, Host::server)) ==
          "");
}

using Row = std::map<std::string, std::string>;

std::vector<Row> tshark(const std::string& file, const std::string& filter,
                        const std::vector<std::string>& fields) {
    std::vector<std::string> argv{"tshark", "-n", "-r",     file, "-Y",
                                  filter,   "-T", "fields", "-E", "separator=;"};
    for (const std::string& field : fields) argv.insert(argv.end(), {"-e", field});
    const auto finished = test::run_program(argv);
    REQUIRE_MESSAGE(finished.status == 0, finished.err);
    std::vector<Row> rows;
    std::istringstream lines(finished.out);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream cells(line + ";");
        Row row;
        for (const std::string& field : fields) std::getline(cells, row[field], ';');
        rows.push_back(std::move(row));
    }
    return rows;
}

// Packets of one host in the order in which that host sent them, or the other received them.
std::vector<std::uint32_t> in_order(const trace::LaneTrace& lane, Host from, bool delivered) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t number = 0; number < lane.packets.size(); ++number) {
        const model::PacketRecord& record = lane.packets[number];
        if (record.from != from) continue;
        const bool wanted =
            delivered ? record.verdict == model::Verdict::delivered : (record.flags & model::kDuplicate) == 0;
        if (wanted) order.push_back(number);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto& x = lane.packets[a];
        const auto& y = lane.packets[b];
        return delivered ? x.delivered_ns < y.delivered_ns : x.sent_ns < y.sent_ns;
    });
    return order;
}

void check_headers(const Captured& captured, const Story& story) {
    const auto rows = tshark(
        captured.client, "ip.src == 192.0.2.1 and tcp",
        {"tcp.seq_raw", "tcp.ack_raw", "tcp.len", "tcp.flags", "tcp.window_size", "tcp.options.sack.count"});
    const auto order = in_order(captured.lane, Host::client, false);
    REQUIRE(rows.size() == order.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto headers = story.headers(order[i]);
        Row row = rows[i];
        CAPTURE(order[i]);
        CHECK(row["tcp.seq_raw"] == std::to_string(headers.seq));
        CHECK(row["tcp.ack_raw"] == std::to_string(headers.ack));
        CHECK(row["tcp.len"] == std::to_string(headers.payload_size));
        CHECK(std::stoi(row["tcp.flags"], nullptr, 16) == headers.tcp_flags);
        CHECK(row["tcp.window_size"] == std::to_string(story.packets()[order[i]].window_bytes));
        if (headers.sack_count > 0)
            CHECK(row["tcp.options.sack.count"] == std::to_string(headers.sack_count));
    }
}

// Seen where they were sent: the segments that tshark calls retransmissions of any sort.
void check_retransmissions(const Captured& captured, const Story& story) {
    const auto rows = tshark(captured.client, "ip.src == 192.0.2.1 and tcp",
                             {"tcp.analysis.retransmission", "tcp.analysis.out_of_order"});
    const auto order = in_order(captured.lane, Host::client, false);
    REQUIRE(rows.size() == order.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        CAPTURE(story.describe_packet(order[i]));
        const bool again =
            !row["tcp.analysis.retransmission"].empty() || !row["tcp.analysis.out_of_order"].empty();
        CHECK(again == (story.packets()[order[i]].first_copy != kNone));
    }
}

// Seen where they arrived: behind a hole (tshark: previous segment not captured), or behind what had already come.
void check_arrivals(const Captured& captured, const Story& story) {
    const auto rows =
        tshark(captured.server, "ip.src == 192.0.2.1 and tcp",
               {"tcp.analysis.lost_segment", "tcp.analysis.retransmission", "tcp.analysis.out_of_order"});
    const auto order = in_order(captured.lane, Host::client, true);
    REQUIRE(rows.size() == order.size());
    std::uint64_t highest = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const story::Packet& packet = story.packets()[order[i]];
        Row row = rows[i];
        if (packet.role != story::PacketRole::data) continue;
        CAPTURE(story.describe_packet(order[i]));
        const bool late =
            !row["tcp.analysis.retransmission"].empty() || !row["tcp.analysis.out_of_order"].empty();
        CHECK(late == (packet.stream_begin < highest));
        CHECK(!row["tcp.analysis.lost_segment"].empty() == (packet.stream_begin > highest));
        highest = std::max(highest, packet.stream_end());
    }
}

}  // namespace

TEST_CASE("TCP: the same segments as tcpdump saw, the same judgement as tshark's") {
    run::Runner runner;
    if (!possible(runner)) return;
    const test::TempFolder folder;
    model::LinkSpec link;
    link.delay_ns = 3 * model::kMillisecond;
    link.loss = 0.06;
    link.reorder = 0.04;
    const Captured captured =
        capture(runner, folder, "inet/stream", tests::kStreamServer, tests::kStreamClient, link);
    REQUIRE(captured.lane.refused == "");
    const Story story(captured.lane);
    check_bytes(captured);
    check_headers(captured, story);
    check_retransmissions(captured, story);
    check_arrivals(captured, story);
    CHECK(story.retransmissions() > 0);
}

TEST_CASE("TCP over IPv6, with copies and damaged packets: the same bytes in both hosts") {
    run::Runner runner;
    if (!possible(runner)) return;
    const test::TempFolder folder;
    model::LinkSpec link;
    link.delay_ns = 2 * model::kMillisecond;
    link.duplicate = 0.1;
    link.corrupt = 0.1;
    const Captured captured =
        capture(runner, folder, "inet6/stream", tests::kStreamServer, tests::kStreamClient, link);
    if (!captured.lane.refused.empty()) return test::skipped("inet6/stream", captured.lane.refused);
    check_bytes(captured);
}

TEST_CASE("UDP with fragments: the same datagrams, and every missing one has a verdict") {
    run::Runner runner;
    if (!possible(runner)) return;
    for (const char* kind : {"inet/dgram", "inet6/dgram"}) {
        CAPTURE(kind);
        const test::TempFolder folder;
        model::LinkSpec link;
        link.delay_ns = 2 * model::kMillisecond;
        link.loss = 0.1;
        link.reorder = 0.1;
        link.duplicate = 0.1;
        link.corrupt = 0.1;
        const Captured captured =
            capture(runner, folder, kind, tests::kDatagramServer, tests::kDatagramClient, link);
        if (!captured.lane.refused.empty()) {
            test::skipped(kind, captured.lane.refused);
            continue;
        }
        check_bytes(captured);
    }
}
