// One runner for all tests of a program (hosts are kept from run to run), and runs that must go well.
#pragma once

#include <string>

#include "core/run/runner.hpp"
#include "tests/run/scene.hpp"

namespace socketscope::tests {

run::Runner& runner();
// Runs; every lane must be complete and every expectation hold, or the test fails with the calls that were made.
trace::Trace run_well(const lesson::Scenario& scenario);
// Does this machine have two hosts with a wire? If not, prints and counts what is skipped.
bool two_hosts(const char* what);

}  // namespace socketscope::tests
