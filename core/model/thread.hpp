// A thread, or a sentence why this machine gives none.
#pragma once

#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "core/model/problem.hpp"

namespace socketscope::model {

// As std::thread. Throws NotPossible: pthread_create(3), EAGAIN. `whose`: "the wire".
template <class Work>
std::thread start_thread(const std::string& whose, Work&& work) {
    try {
        return std::thread(std::forward<Work>(work));
    } catch (const std::system_error&) {
        throw NotPossible({"no thread for " + whose, "",
                           "this user may have no more threads, or there is no memory for its stack",
                           "`ulimit -u` shows how many there may be"});
    }
}

}  // namespace socketscope::model
