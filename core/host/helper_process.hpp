// Our side of the helper program: finds and starts it, asks it, and sees to its end.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <mutex>
#include <string>

#include "core/host/hosts.hpp"
#include "core/host/message.hpp"

namespace socketscope::host {

// Why a rung can't be had: the step that failed and its errno.
struct Refusal {
    std::string step;
    int error{0};
};

class HelperProcess {
public:
    HelperProcess() = default;
    ~HelperProcess();
    HelperProcess(const HelperProcess&) = delete;
    HelperProcess& operator=(const HelperProcess&) = delete;

    // Starts the program and waits until its hosts are up; keeps the wire's ends. Step "" = done.
    Refusal start(Rung rung);
    // One request and its answer. Thread-safe. Throws model::Failure if the helper is gone.
    Message ask(const Message& request);
    LinkEnd take_link_end(model::Host host);
    bool has_ipv6(model::Host host) const { return has_ipv6_[static_cast<std::size_t>(host)]; }
    void hurry_when(const std::atomic<bool>& stop) { stop_ = &stop; }  // before other threads ask
    int pid() const { return pid_; }
    int socket() const { return pair_.get(); }  // our end of the pair

private:
    Refusal spawn(const std::string& program, Rung rung);
    // ETIMEDOUT after `patience_ns`, or `when_stopping_ns` while the stop flag is set.
    int receive(Message& reply, model::TimeNs patience_ns, model::TimeNs when_stopping_ns);
    [[noreturn]] void fail(const std::string& during);
    std::string how_it_ended();

    const std::atomic<bool>* stop_{nullptr};
    std::mutex mutex_;
    socket::Fd pair_;
    pid_t pid_{0};
    std::string ended_;  // how, once it is known; it is reaped then
    LinkEnd ends_[2];
    bool has_ipv6_[2]{};
};

}  // namespace socketscope::host
