"""What the window's test files share: the program, a display of our own, and a lesson that has run."""

import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from display import Display, missing_programs  # noqa: E402
from driver import Window  # noqa: E402


SKIPPED = 77  # what ctest takes for "could not run"; a case that is skipped hides no failure of another one


class Setup:
    program = ""
    display = ""


def open_window(*arguments, **more):
    return Window(Setup.program, *arguments, display=Setup.display, **more)


def rung():
    """How far this machine goes: "two hosts (TUN)" … "loopback"."""
    command = [Setup.program, "matrix", "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["rung"]


def recorded(window):
    """Waits until the lesson has run, and skips its opening."""
    state = window.wait(lambda s: s["screen"] == "lesson" and not s["running"] and s["beats"] > 0, 20, what="the run")
    if state["playing"]:
        window.key("k")
    return window.settle()


def main():
    missing = missing_programs()
    if missing:
        print(f"SKIPPED: window tests: {', '.join(missing)} not installed (apt install xvfb xdotool)")
        return SKIPPED
    Setup.program = os.path.abspath(sys.argv.pop(1))
    with Display() as Setup.display:
        result = unittest.main(module="__main__", exit=False, verbosity=2).result
    for test, why in result.skipped:
        print(f"\nSKIPPED: {test.id()}: {why}")
    return 0 if result.wasSuccessful() else 1
