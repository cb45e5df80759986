"""What the window keeps, saves and opens; what it says of files that are wrong. Usage: files_test.py PROGRAM"""

import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from common import Setup, main, open_window, recorded  # noqa: E402
from drop import drop  # noqa: E402

LESSON = """+++
title = "It lies"
lanes = ["unix/dgram"]

[scripts.client]
any = '''
a, b = socketpair()
send(a, "HELLO")          -> 17
recv(b, 64)               -> "HELLO"
'''

[[beats]]
name = "sent"
at = "call client send 1"
+++
## Sent {beat=sent}
Five bytes.
"""


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="socketscope-files-")
        self.addCleanup(self.folder.cleanup)
        self.state = os.path.join(self.folder.name, "state")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def open(self, *arguments, **more):
        return open_window(*arguments, environment={"XDG_STATE_HOME": self.state}, cwd=self.folder.name, **more)

    def type_a_path(self, window, path):
        window.key("ctrl+o")
        window.wait(lambda s: s["asks_for_file"] and s["settled"], what="the field")
        window.type(path)
        self.assertEqual(window.settle()["path"], path, "all of it was typed into the field")
        window.key("Return")
        return window.wait(lambda s: not s["asks_for_file"] and not s["loading"] and s["settled"], what="the file")

    def test_a_path_is_typed_and_opened_or_said_to_be_wrong(self):
        self.write("mine.md", LESSON.replace("-> 17", "-> 5"))
        with self.open() as window:
            window.settle()
            window.key("ctrl+o")
            window.wait(lambda s: s["asks_for_file"], what="the field")
            window.key("Escape")
            window.wait(lambda s: not s["asks_for_file"], what="no field")
            state = self.type_a_path(window, "/no/such/file.md")
            self.assertIn("/no/such/file.md", state["message"])
            self.assertEqual(state["screen"], "home")
            os.mkfifo(self.path("pipe"))
            for path, words in ((self.path("pipe"), "no ordinary file"), (self.folder.name, "is a folder")):
                self.assertIn(words, self.type_a_path(window, path)["message"])
            # The field holds what was wrong; typing replaces it.
            self.type_a_path(window, "mine.md")
            state = recorded(window)
            self.assertEqual((state["title"], state["message"]), ("It lies", ""))
            window.key("ctrl+s")
            window.settle()
            self.type_a_path(window, self.saved(window))
            self.assertEqual(window.wait(lambda s: s["events"] > 0 and s["settled"], what="the trace")["message"], "")

    def saved(self, window):
        """The path of the recording that was just saved."""
        notice = window.wait(lambda s: s["notice"], what="the notice")["notice"]
        return notice.removeprefix("Saved as ")

    def test_what_is_called_a_recording_is_read_as_one_and_seen_without_the_filter_of_another(self):
        with open(self.path("other.jsonl"), "w") as file:
            file.write('{"hello": 1}\n')
        with self.open("connection-life") as window:
            recorded(window)
            window.key("slash")
            window.settle()
            window.type("recv")
            window.key("Return")
            self.assertEqual(window.settle()["filter"], "recv")
            self.type_a_path(window, self.path("other.jsonl"))
            state = window.wait(lambda s: s["message"], what="the message")
            self.assertIn("does not begin as a trace", state["message"])
            self.assertEqual(state["filter"], "")

    def test_saving_says_where_and_overwrites_nothing(self):
        with self.open("connection-life") as window:
            recorded(window)
            for name in ("connection-life.jsonl", "connection-life-2.jsonl"):
                window.key("ctrl+s")
                state = window.settle()
                self.assertEqual(state["message"], "")
                self.assertIn(self.path(name), state["notice"])
                self.assertTrue(os.path.getsize(self.path(name)) > 0)
            window.click("message.copy")
            self.assertIn("Copied", window.settle()["notice"])
            window.key("Escape")
            self.assertEqual(window.settle()["notice"], "")

    def test_a_folder_that_is_gone_is_said(self):
        gone = tempfile.mkdtemp(prefix="socketscope-gone-")
        with open_window("connection-life", environment={"XDG_STATE_HOME": self.state}, cwd=gone) as window:
            recorded(window)
            os.rmdir(gone)
            window.key("ctrl+s")
            self.assertIn("gone", window.settle()["message"])

    def test_the_last_runs_stand_on_home_in_the_next_session_too(self):
        with self.open("connection-life") as window:
            recorded(window)
            window.key("h")
            window.wait(lambda s: any(i["id"] == "recording.1" for i in s["items"]), what="the recording on Home")
        kept = os.listdir(os.path.join(self.state, "socketscope", "recordings"))
        self.assertEqual(len(kept), 1)
        with self.open() as window:
            window.settle()
            window.click("recording.1")
            state = recorded(window)
            self.assertEqual(state["message"], "")
            self.assertGreater(state["events"], 20)
        self.assertEqual(kept, os.listdir(os.path.join(self.state, "socketscope", "recordings")),
                         "what is only looked at is not kept again")

    def test_no_more_than_a_dozen_recordings_are_kept(self):
        with self.open("connection-life") as window:
            recorded(window)
        folder = os.path.join(self.state, "socketscope", "recordings")
        one = os.path.join(folder, os.listdir(folder)[0])
        with open(one) as file:
            text = file.read()
        for i in range(20):
            with open(os.path.join(folder, f"2001-01-01T00-00-{i:02}Z-old.jsonl"), "w") as file:
                file.write(text)
        with self.open("connection-life") as window:
            recorded(window)
            window.wait(lambda s: len(os.listdir(folder)) <= 12, what="the oldest to go")
        self.assertIn(os.path.basename(one), os.listdir(folder))

    def test_progress_is_kept(self):
        with self.open() as window:
            window.settle()
            window.click("lesson.4")
            recorded(window)
            window.key("End", "h")
            window.settle()
            self.assertTrue(window.has("lesson.4.done"))
        with open(os.path.join(self.state, "socketscope", "progress.json")) as file:
            progress = json.load(file)
        self.assertEqual(len(progress), 1)
        one = next(iter(progress.values()))
        self.assertEqual(one["seen"], one["steps"])
        with self.open() as window:
            window.settle()
            self.assertTrue(window.has("lesson.4.done"))
            self.assertFalse(window.has("lesson.2.done"))

    def test_a_state_folder_that_is_a_file_costs_nothing_but_the_memory(self):
        self.write("state", "no folder")
        with self.open("connection-life") as window:
            self.assertEqual(recorded(window)["message"], "")
            window.key("h")
            self.assertFalse([i for i in window.settle()["items"] if i["id"].startswith("recording.")])

    def test_a_file_that_falls_onto_the_window_is_opened(self):
        lesson = self.write("lies.md", LESSON)
        with self.open() as window:
            window.settle()
            taken = drop(Setup.display, int(window.id), lesson)
            if taken is None:
                self.skipTest("libX11 was not found (apt install libx11-6)")
            self.assertTrue(taken)
            self.assertEqual(recorded(window)["title"], "It lies")
            window.key("Escape", "ctrl+s")
            saved = window.settle()["notice"].split()[-1]
            window.key("h")
            drop(Setup.display, int(window.id), saved)
            state = window.wait(lambda s: s["screen"] == "lesson" and s["events"] > 0, what="the recording")
            self.assertEqual(state["title"], "It lies")
            drop(Setup.display, int(window.id), self.write("words.txt", "no lesson\n"))
            window.wait(lambda s: "words.txt:1:1" in s["message"], what="the message")

    def test_a_mistake_is_shown_with_its_line_and_a_caret(self):
        file = self.write("broken.md", LESSON.replace("send(a", "sned(a"))
        with self.open(file) as window:
            state = window.wait(lambda s: s["message"] != "", what="the message")
            first, line, caret = state["message"].split("\n")[:3]
            self.assertIn("broken.md:8:1", first)
            self.assertIn('sned(a, "HELLO")', line)
            self.assertEqual(caret, "^")

    def test_expectations_that_do_not_hold_are_named(self):
        with self.open(self.write("lies.md", LESSON)) as window:
            state = recorded(window)
            self.assertIn("1 of 2 expectations did not hold", state["message"])
            self.assertIn("client line 8: expected 17, saw 5", state["message"])

    def test_a_script_that_blocks_for_ever_is_stopped_by_its_button(self):
        script = self.write("blocks.md", LESSON.replace('recv(b, 64)               -> "HELLO"', "recv(a, 64)"))
        with self.open(script, settled=False) as window:
            window.wait(lambda s: s["running"] and s["events"] > 2, what="the run")
            window.click("stop")
            state = window.wait(lambda s: not s["running"], 2, what="the stop")
            self.assertIn("stopped before its end", state["message"])
            window.xdotool("key", "--window", window.id, "r")  # no rest to wait for: the run blocks again
            window.wait(lambda s: s["running"], what="the next run")

    def test_what_developers_ask_for_is_written_down(self):
        log = self.path("log")
        environment = {"XDG_STATE_HOME": self.state, "SOCKETSCOPE_LOG": log}
        with open_window("connection-life", environment=environment) as window:
            recorded(window)
        with open(log) as file:
            text = file.read()
        for part in ("window: scale", "run begins", "run is over", "recording: 1 lanes"):
            self.assertIn(part, text)


if __name__ == "__main__":
    sys.exit(main())
