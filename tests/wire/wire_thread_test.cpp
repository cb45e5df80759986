// The wire's thread between packets and commands.
#include "core/wire/wire_thread.hpp"

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include <memory>
#include <string>

#include "core/model/problem.hpp"

using namespace socketscope;
using namespace socketscope::wire;

namespace {

// A device that always has something to read.
class BusyPorts : public Ports {
public:
    explicit BusyPorts(std::size_t& reads)
        : reads_(reads), ready_(::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC)) {}
    void list(std::vector<pollfd>& descriptors) const override {
        descriptors.push_back({ready_.get(), POLLIN, 0});
    }
    void read(const pollfd&, const Arrived&) override { ++reads_; }
    int write(const Arrival&) override { return 0; }

private:
    std::size_t& reads_;
    socket::Fd ready_;
};

}  // namespace

TEST_CASE("packets are read between commands, however many there are") {
    constexpr std::size_t kCommands = 10'000;
    std::size_t reads = 0, before = 0, after = 0;  // of the wire's thread, until it is joined
    {
        WireThread wire(Carrier::Form::ip_packets, std::make_unique<BusyPorts>(reads));
        wire.in_thread([&] {  // while this runs none of them can be carried out
            before = reads;
            for (std::size_t i = 0; i < kCommands; ++i) wire.command({Act::drop, 0});
        });
        wire.in_thread([&] { after = reads; });
    }
    CHECK(after - before >= kCommands / WireThread::kTasksPerTurn);
}

TEST_CASE("where no descriptor is left there is no wire, and that is said") {
    std::size_t reads = 0;
    auto ports = std::make_unique<BusyPorts>(reads);
    rlimit usual{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
    const rlimit none{0, usual.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    std::string what;
    try {
        const WireThread wire(Carrier::Form::ip_packets, std::move(ports));
    } catch (const model::Failure& failure) {
        what = failure.what();
    }
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
    CHECK(what.find("EMFILE") != std::string::npos);
}
