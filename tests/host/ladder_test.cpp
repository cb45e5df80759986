// The capability ladder: each rung forced, what is missing said, and the matrix as each rung answers it.
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include <doctest/doctest.h>

#include "core/model/problem.hpp"
#include "tests/host/support.hpp"

using namespace socketscope;
using host::Cell;
using host::CellResult;
using host::Hosts;
using host::Rung;
using model::Host;
using test::Environment;

namespace {

const Cell& cell(const std::vector<Cell>& cells, std::string_view name) {
    const auto kind = model::parse_kind(name);
    REQUIRE(kind);
    for (const Cell& cell : cells) {
        if (cell.kind.domain == kind->domain && cell.kind.type == kind->type) return cell;
    }
    FAIL("no such cell");
    return cells.front();
}

}  // namespace

TEST_CASE("SOCKETSCOPE_RUNG takes numbers and names, and refuses the rest with the list") {
    for (const auto& [text, rung] :
         {std::pair{"1", Rung::tun}, {"veth", Rung::veth}, {"3", Rung::loopback}, {"replay", Rung::replay}}) {
        const Environment forced("SOCKETSCOPE_RUNG", text);
        CHECK(host::forced_rung() == rung);
    }
    const Environment empty("SOCKETSCOPE_RUNG", "");
    CHECK_FALSE(host::forced_rung());
    const Environment nonsense("SOCKETSCOPE_RUNG", "tunnel");
    CHECK_THROWS_WITH_AS(Hosts::open(), doctest::Contains("1 or tun, 2 or veth, 3 or loopback, 4 or replay"),
                         model::Failure);
}

TEST_CASE("each forced rung is had, or refused with a reason") {
    for (const char* name : {"tun", "veth", "loopback"}) {
        CAPTURE(name);
        const Environment forced("SOCKETSCOPE_RUNG", name);
        try {
            const auto hosts = Hosts::open();
            CHECK(hosts->report().forced);
            CHECK(hosts->report().rung == host::forced_rung());
            CHECK(hosts->make_socket(Host::server, AF_INET, SOCK_STREAM, 0).fd);
            CHECK(hosts->take_link_end(Host::client).packet_socket == (hosts->report().rung == Rung::veth));
            CHECK_FALSE(hosts->take_link_end(Host::client).fd);  // once
        } catch (const model::Failure& failure) {
            CHECK(failure.problem().why.size() > 10);
            test::skipped(std::string("the rung ") + name, failure.problem().why);
        }
    }
}

TEST_CASE("the loopback rung makes sockets here, and says what it has not") {
    const Environment forced("SOCKETSCOPE_RUNG", "loopback");
    const auto hosts = Hosts::open();
    CHECK(hosts->helper_pid() == 0);
    CHECK_FALSE(hosts->take_link_end(Host::client).fd);
    CHECK(hosts->device_drops(Host::client) == 0);
    CHECK(hosts->set_sysctl("net.ipv4.tcp_sack", "0").find("loopback") != std::string::npos);
    CHECK_THROWS_AS(hosts->start_program(Host::client, "true", 1), model::Failure);
    CHECK(host::address_of(Rung::loopback, Host::server, true) == "::1");
    if (::geteuid() != 0) {
        const auto cells = host::probe_matrix(*hosts);
        CHECK(cell(cells, "inet/raw").error == EPERM);
        CHECK(cell(cells, "inet/raw").why.find("CAP_NET_RAW") != std::string::npos);
    }
}

TEST_CASE(
    "the replay rung makes no socket for a script; the matrix is what the kernel answers all the same") {
    const Environment forced("SOCKETSCOPE_RUNG", "replay");
    const auto hosts = Hosts::open();
    CHECK_THROWS_AS(hosts->make_socket(Host::client, AF_INET, SOCK_STREAM, 0), model::Failure);
    const auto cells = host::probe_matrix(*hosts);
    CHECK(cell(cells, "unix/stream").result == CellResult::works);
    CHECK(cell(cells, "unix/raw").becomes == "dgram");
}

TEST_CASE("the matrix: twelve cells as this kernel answers them") {
    const auto hosts = Hosts::open();
    const auto cells = host::probe_matrix(*hosts);
    REQUIRE(cells.size() == model::kKindCount);
    for (const char* name : {"unix/stream", "unix/dgram", "unix/seqpacket", "inet/stream", "inet/dgram"}) {
        CAPTURE(name);
        CHECK(cell(cells, name).result == CellResult::works);
        CHECK(cell(cells, name).why.empty());
    }
    CHECK(cell(cells, "unix/raw").result == CellResult::becomes);
    CHECK(cell(cells, "unix/raw").becomes == "dgram");
    for (const Cell& cell : cells) {
        if (cell.result != CellResult::refused) continue;
        CHECK(cell.error != 0);
        CHECK_FALSE(cell.why.empty());
    }
}

TEST_CASE("without its helper program the ladder goes on to loopback and says what is missing") {
    const Environment elsewhere("SOCKETSCOPE_HELPER", "/nonexistent/socketscope-hosts");
    const Environment free("SOCKETSCOPE_RUNG", "");
    const auto hosts = Hosts::open();
    CHECK(hosts->report().rung == Rung::loopback);
    CHECK(hosts->report().missing.find("ENOENT") != std::string::npos);
    CHECK(hosts->report().missing.find("SOCKETSCOPE_HELPER") != std::string::npos);
    CHECK(hosts->report().missing.starts_with("TUN, veth: "));  // the same reason, said once
}

TEST_CASE("a helper that can't be started, or is another program, is said") {
    const Environment free("SOCKETSCOPE_RUNG", "");
    for (const auto& row : {std::pair{"/etc/passwd", "EACCES"},
                            {"/bin/true", "ended with status 0"},
                            {"/bin/false", "ended with status 1"}}) {
        const auto& program = row.first;
        const auto& says = row.second;
        CAPTURE(program);
        const Environment helper("SOCKETSCOPE_HELPER", program);
        const auto hosts = Hosts::open();
        CHECK(hosts->report().rung == Rung::loopback);
        CHECK_MESSAGE(hosts->report().missing.find(says) != std::string::npos, hosts->report().missing);
    }
}

TEST_CASE("all of this as an ordinary user") {
    if (::geteuid() != 0) return;  // we are one
    if (!test::have_tool("setpriv", "the hosts as an ordinary user")) return;
    // Copies, because the clone may stand in a folder that root alone may enter.
    const test::TempFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    for (const char* name : {"test_hosts", "holds_hosts", "socketscope-hosts"}) {
        std::filesystem::copy_file(test::built_program(name), folder.file(name));
    }
    std::vector<std::string> as_nobody{"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"};
    test::ProcessOptions there;
    there.folder = folder.path();
    auto probe = as_nobody;
    probe.insert(probe.end(), {"test", "-x", folder.file("test_hosts")});
    if (test::run_program(probe, there).status != 0) {
        return test::skipped("the hosts as an ordinary user",
                             "user 65534 may start nothing in " + folder.path());
    }
    as_nobody.push_back(folder.file("test_hosts"));
    const test::Finished finished = test::run_program(as_nobody, there);
    INFO(finished.out);
    INFO(finished.err);
    CHECK(finished.status == 0);
}
