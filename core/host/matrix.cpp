// The matrix domain × type: every cell is asked of the kernel, nothing is known beforehand.
#include <sys/socket.h>

#include <cerrno>

#include "core/host/hosts.hpp"
#include "core/model/errno_text.hpp"

namespace socketscope::host {
namespace {

std::string type_name(model::SocketType type) {
    const std::string_view name = model::row({model::Domain::local, type, 0}).name;
    return std::string(name.substr(name.find('/') + 1));
}

// What a refusal means for this very cell, where errno alone does not tell.
std::string why_refused(const model::KindRow& row, int error) {
    std::string why = model::errno_sentence(error);
    if (const model::ErrnoRow* text = model::find_errno(error); text && !text->helps.empty()) {
        why += "; " + std::string(text->helps);
    }
    if (row.type == model::SocketType::seqpacket && (error == ESOCKTNOSUPPORT || error == EPROTONOSUPPORT)) {
        why +=
            "; records over the internet are SCTP's: `sudo modprobe sctp`, and ask for IPPROTO_SCTP "
            "(sctp(7))";
    }
    return why;
}

Cell probe(Hosts& hosts, const model::KindRow& row) {
    Cell cell;
    cell.kind = {row.domain, row.type, row.default_protocol};
    // Where nothing runs the kernel can be asked all the same.
    const MadeSocket made =
        hosts.report().rung == Rung::replay
            ? make_socket_here(model::c_domain(row.domain), model::c_type(row.type) | SOCK_CLOEXEC,
                               row.default_protocol)
            : hosts.make_socket(model::Host::client, model::c_domain(row.domain), model::c_type(row.type),
                                row.default_protocol);
    if (!made.fd) {
        cell.error = made.error;
        cell.why = why_refused(row, made.error);
        return cell;
    }
    int type = 0;
    socklen_t size = sizeof type;
    ::getsockopt(made.fd.get(), SOL_SOCKET, SO_TYPE, &type, &size);
    const std::optional<model::SocketType> is = model::type_from_c(type);
    if (is == row.type) {
        cell.result = CellResult::works;
        return cell;
    }
    cell.result = CellResult::becomes;
    cell.becomes = is ? type_name(*is) : "type " + std::to_string(type);
    cell.why = "socket() succeeds, but SO_TYPE reads " + cell.becomes + " (unix(7), socket(7))";
    return cell;
}

}  // namespace

std::vector<Cell> probe_matrix(Hosts& hosts) {
    std::vector<Cell> cells;
    for (const model::KindRow& row : model::kinds()) cells.push_back(probe(hosts, row));
    return cells;
}

}  // namespace socketscope::host
