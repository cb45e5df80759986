#!/bin/sh
# Records the traces that the tests of the stage draw: one a file in scenes/, and the lessons. Not part of any test run.
# usage: tests/stage/record.sh PATH-OF-socketscope
set -eu
program=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
record() {
    cd "$1"
    for scene in *."$2"; do
        # A refused lane or an expectation that does not hold is a picture, too.
        "$program" run "$scene" --seed 1 --trace "$here/traces/${scene%.*}.jsonl" > /dev/null || echo "$scene: exit $?" >&2
    done
}
record "$here/scenes" txt
record "$here/../../assets/lessons" md
