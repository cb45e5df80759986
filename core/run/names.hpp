// What the names in a script's addresses stand for in one lane: IP addresses and ports, socket files, abstract names.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/host/hosts.hpp"
#include "core/lesson/lesson.hpp"
#include "core/run/private_folder.hpp"
#include "core/script/program.hpp"
#include "core/socket/address.hpp"

namespace socketscope::run {

class Names {
public:
    static constexpr unsigned kPortsApart = 1000;
    // `first_port`: the lane's own; each endpoint of the plan gets one a thousand further.
    Names(const lesson::LanePlan& plan, host::Rung rung, std::uint16_t first_port);

    // For datagrams that cross a relay (core/wire/relay.hpp): an address that a program of the plan binds is from now
    // on what `publish` gives for it, to all endpoints that do not bind it. Before the endpoints run, on a thread
    // that may publish. An address that nobody binds stays as it is: the kernel itself then answers.
    using Publish = std::function<socket::Address(model::Host, const socket::Address& real)>;
    void publish(const lesson::LanePlan& plan, const Publish& publish);

    // As seen by endpoint `self`. nullopt if no address can be made of it (a name too long for sun_path).
    std::optional<socket::Address> address(const script::AddressExpr& expr, std::size_t self) const;
    // The file of an address for unlink(2); "" if it names none.
    std::string path(const script::AddressExpr& expr, std::size_t self) const;
    // IP address of an endpoint's host, as text.
    std::string ip(std::size_t endpoint, bool ipv6) const;
    std::optional<std::size_t> endpoint(const std::string& name) const;

private:
    std::optional<socket::Address> real_address(const script::AddressExpr& expr, std::size_t self) const;
    std::uint16_t port(const script::AddressExpr& expr, std::size_t endpoint) const;
    std::string file_name(const script::AddressExpr& expr, std::size_t self) const;

    struct Place {
        std::string name;
        model::Host host;
    };
    std::vector<Place> places_;
    model::Kind kind_;
    host::Rung rung_;
    std::uint16_t first_port_;
    PrivateFolder folder_;
    struct Bound {
        std::size_t by;
        socket::Address real, published;
    };
    std::vector<Bound> bound_;  // empty: no relay
};

}  // namespace socketscope::run
