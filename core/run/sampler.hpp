// Looks up what a view wants to know of a program's sockets, from outside: the program's thread makes no call for it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "core/host/hosts.hpp"
#include "core/host/sock_diag.hpp"
#include "core/model/event.hpp"

namespace socketscope::run {

// Descriptors that accept() returned, from one endpoint's thread to the runner's. Waits for
// nobody: what does not fit is not looked up.
class NewSockets {
public:
    void push(int fd) {
        const std::uint32_t end = end_.load(std::memory_order_relaxed);
        if (end - begin_.load(std::memory_order_acquire) == fds_.size()) return;
        fds_[end % fds_.size()] = fd;
        end_.store(end + 1, std::memory_order_release);
    }
    std::optional<int> pop() {
        const std::uint32_t begin = begin_.load(std::memory_order_relaxed);
        if (begin == end_.load(std::memory_order_acquire)) return {};
        const int fd = fds_[begin % fds_.size()];
        begin_.store(begin + 1, std::memory_order_release);
        return fd;
    }

private:
    std::array<int, 64> fds_{};
    std::atomic<std::uint32_t> begin_{0}, end_{0};
};

// SO_SNDBUF and SO_RCVBUF of accepted sockets, by sock_diag(7). Used by the runner's thread only. A socket that is
// closed again before anybody looks has no sample.
class Sampler {
public:
    explicit Sampler(host::Hosts& hosts) : hosts_(hosts) {}

    // What is to be told of the sockets that the program in this thread has accepted since the last look.
    std::vector<model::SampleRecord> look(std::uint8_t endpoint, model::Host host, std::thread& thread,
                                          NewSockets& sockets);

private:
    std::optional<host::SocketBuffers> ask(model::Host host, std::uint64_t inode);
    host::SockDiag& of_this_process();
    host::SockDiag& of_host(model::Host host);

    host::Hosts& hosts_;
    std::optional<host::SockDiag> here_, in_host_[2];
};

}  // namespace socketscope::run
