"""Keyboard and selection: layouts, the filter, the list, the stage, loops. Usage: keys_test.py PROGRAM"""

import os
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from common import Setup, main, open_window, recorded  # noqa: E402

CALL, PACKET, MESSAGE, BYTE = 1, 2, 3, 4


def imgui_version():
    found = subprocess.run(["pkg-config", "--modversion", "imgui"], capture_output=True, text=True)
    return tuple(int(part) for part in found.stdout.strip().split(".")[:2]) if found.returncode == 0 else (0, 0)


OWN_QUEUE = (0, 0) < imgui_version() < (1, 87)


def row_of(state):
    """Which row of the event list was chosen: a call that waited has two, of its begin and of its end."""
    return state["selected"], state["t_ns"]


class Lesson(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.window = open_window("one-packet-is-lost")
        recorded(cls.window)

    @classmethod
    def tearDownClass(cls):
        cls.window.__exit__()

    def setUp(self):
        self.window.key("Escape", "Escape", "0", "Home")
        self.window.settle()

    def ids(self, start):
        return [i["id"] for i in self.window.settle()["items"] if i["id"].startswith(start)]

    def scroll_the_list(self, button, notches):
        item = self.window.item("events.filter")
        for _ in range(notches):
            before = self.window.state()["input"]["scrolls"]
            self.window.xdotool("mousemove", "--window", self.window.id, item["x"] + 20, item["y"] + 70, "click", button)
            self.window.wait(lambda s: s["input"]["scrolls"] > before and s["settled"], what="the wheel")

    def scroll_the_inspector_to(self, start):
        item = self.window.item("inspector.close")
        for _ in range(20):
            if self.ids(start):
                return
            before = self.window.state()["input"]["scrolls"]
            self.window.xdotool("mousemove", "--window", self.window.id, item["x"] - 60, item["y"] + 120, "click", 5)
            self.window.wait(lambda s: s["input"]["scrolls"] > before and s["settled"], what="the wheel")
        self.fail(f"{start} is not in the inspector")

    def test_keys_count_by_what_they_type(self):
        for name, shown in (("question", True), ("question", False), ("F1", True), ("F1", False)):
            self.window.key(name)
            self.assertEqual(self.window.settle()["help"], shown)
        self.window.key("less")
        slower = self.window.state()["speed"]
        self.window.key("bracketright")
        self.assertGreater(self.window.state()["speed"], slower)
        self.window.key("plus")
        self.assertNotEqual(self.window.settle()["view"], [0, 0])

    def test_the_filter_by_its_key_and_back_by_enter(self):
        self.window.key("slash")
        self.window.settle()
        self.window.type("recv")
        self.assertEqual(self.window.settle()["filter"], "recv", "the slash is no part of it")
        self.window.key("Return")
        self.window.settle()
        self.window.key("t")
        self.assertEqual(self.window.settle()["theme"], "light", "the keys are shortcuts again")
        self.window.key("t", "slash")
        self.window.settle()
        self.window.key(*["BackSpace"] * 4)
        self.window.settle()
        self.window.key("Return")
        self.assertEqual(self.window.settle()["filter"], "")

    def test_a_path_is_typed_into_its_own_field_also_from_the_filter(self):
        self.window.key("slash")
        self.window.type("recv")
        self.window.key("ctrl+o")
        self.window.type("/tmp/a")
        state = self.window.settle()
        self.assertEqual((state["filter"], state["path"]), ("recv", "/tmp/a"))

    @unittest.skipUnless(OWN_QUEUE, "from Dear ImGui 1.87 on its own queue decides what one frame sees")
    def test_a_control_key_let_go_at_once_was_held(self):
        self.window.key("ctrl+o")
        self.window.type("abc")
        before = self.window.state()["input"]["keys"]
        self.window.xdotool("keydown", "--window", self.window.id, "Control_L")
        self.window.wait(lambda s: s["input"]["keys"] > before and s["settled"], what="Ctrl")
        # The window finds all three at once.
        self.window.process.send_signal(signal.SIGSTOP)
        try:
            for step, key in (("keydown", "a"), ("keyup", "Control_L"), ("keyup", "a")):
                self.window.xdotool(step, "--window", self.window.id, key)
        finally:
            self.window.process.send_signal(signal.SIGCONT)
        self.window.wait(lambda s: s["input"]["keys"] > before + 1 and s["settled"], what="A")
        self.window.type("x")
        self.assertEqual(self.window.settle()["path"], "x", "Ctrl A has chosen all of it")

    def test_the_list_by_arrows_and_enter(self):
        self.window.key("Next", "slash")
        self.window.settle()
        self.window.key("Return", "Down", "Return")  # from the filter into the list below it
        first = self.window.settle()
        self.assertNotEqual(first["selected"]["kind"], 0)
        self.window.key("Down", "Down", "Down", "Return")
        later = self.window.settle()
        self.assertNotEqual(row_of(later), row_of(first), "the list has the keyboard still")
        self.assertGreaterEqual(later["t_ns"], first["t_ns"])
        self.scroll_the_list(4, 8)
        self.window.key("Down", "Down", "Return")
        last = self.window.settle()
        self.assertNotEqual(row_of(last), row_of(later), "the row that was scrolled away has the keyboard still")
        self.assertGreaterEqual(last["t_ns"], later["t_ns"])

    def test_a_row_of_the_list_goes_to_its_own_time(self):
        # Of one packet, one row tells when it was sent and one when it arrived: they are not the same moment.
        self.window.key("Next")
        first = int(self.ids("event.")[0].split(".")[1])
        times = []
        for index in range(first, first + 8):
            while f"event.{index}" not in self.ids("event."):
                self.scroll_the_list(5, 1)
            self.window.click(f"event.{index}")
            times.append(self.window.settle()["t_ns"])
        self.assertEqual(times, sorted(times), "the rows stand in the order of time")

    def test_things_of_the_stage_by_arrows_and_enter(self):
        self.window.key("Next", "Next")
        self.window.settle()
        self.window.click("stage.0.program.0")  # the stage has the keyboard now
        self.window.key("Escape", "Down", "Down", "Return")
        self.assertNotEqual(self.window.settle()["selected"]["kind"], 0)

    def test_a_tip_stays_away_while_one_drives_by_keyboard(self):
        self.window.key("Next", "Next", "Next")
        item = self.window.item(self.ids("stage.0.packet.")[0])
        x, y = item["x"] + item["w"] // 2, item["y"] + item["h"] // 2

        def point_at(x, y):
            before = self.window.state()["input"]["moves"]
            self.window.xdotool("mousemove", "--window", self.window.id, x, y)
            self.window.wait(lambda s: s["input"]["moves"] > before and s["settled"], what="the pointer")
            return self.window.item("tip") if self.window.has("tip") else None

        self.assertIsNotNone(point_at(x, y))
        self.window.key("t", "t")
        self.assertFalse(self.window.has("tip"), "a key was pressed")
        low = self.window.item("tip") if self.window.key("w")["explain"] and self.window.has("tip") else None
        self.assertIsNotNone(low, "W says why beside what happened")
        self.assertFalse(self.window.key("w")["explain"])
        self.window.key("t", "t")
        self.assertFalse(self.window.has("tip"))
        self.assertIsNotNone(point_at(x + 1, y), "the pointer has moved")

    def test_keys_of_the_lesson_leave_the_keyboard_where_it_is(self):
        self.window.key("End")
        self.window.settle()
        self.window.click("stage.0.program.0")
        self.window.key("Escape", "Down", "Down", "Return")
        chosen = self.window.settle()["selected"]
        self.assertNotEqual(chosen["kind"], 0)
        self.window.key("Return")
        self.assertEqual(self.window.settle()["selected"]["kind"], 0, "chosen again, it is chosen no more")
        self.window.key("End", "Return")  # the lesson stands at its end already
        self.assertEqual(self.window.settle()["selected"], chosen, "End goes to the end of the lesson, not of the panel")

    def test_the_inspector_leads_to_what_belongs_together(self):
        self.window.key("Next", "Next", "Next")
        self.window.click(self.ids("stage.0.packet.")[0])
        chosen = self.window.settle()["selected"]
        self.assertEqual(chosen["kind"], PACKET)
        self.scroll_the_inspector_to("kin.")
        self.window.click("kin.1")
        state = self.window.settle()
        self.assertNotEqual(state["selected"], chosen)
        self.assertNotEqual(state["selected"]["kind"], 0)

    def test_a_byte_of_a_call_is_chosen_in_the_inspector(self):
        self.window.key("Next", "Next")
        self.window.key("slash")
        self.window.settle()
        self.window.type("send")
        self.window.key("Return")
        self.window.click(self.ids("event.")[1])
        self.assertEqual(self.window.settle()["selected"]["kind"], CALL)
        self.scroll_the_inspector_to("byte.")
        self.window.click(self.ids("byte.")[2])
        state = self.window.settle()
        self.assertEqual((state["selected"]["kind"], state["selected"]["offset"]), (BYTE, 2))
        self.window.key("slash")
        self.window.settle()
        self.window.key(*["BackSpace"] * 4, "Return")
        self.assertEqual(self.window.settle()["filter"], "")

    def test_a_loop_by_key_button_and_pointer(self):
        self.window.key("l")
        self.window.key("period", "period", "period")
        here = self.window.state()["t_ns"]
        self.window.click("loop")
        self.assertEqual(self.window.settle()["loop"], [0, here])
        self.window.click("loop")
        self.assertEqual(self.window.settle()["loop"], [0, 0])
        self.window.drag("timeline.ruler", 0.2, 0.4)
        begin, end = self.window.state()["loop"]
        self.assertLess(begin, end)
        self.assertEqual(self.window.state()["t_ns"], begin)
        self.window.key("k")
        self.window.wait(lambda s: s["t_ns"] > begin, what="playing in the loop")
        high = self.window.state()["t_ns"]
        while high <= (state := self.window.state())["t_ns"]:  # until it has gone round
            self.assertTrue(state["playing"])
            high = state["t_ns"]
        self.window.key("k", "l")
        self.assertEqual(self.window.settle()["loop"], [0, 0])

    def test_a_click_on_the_ruler_goes_there(self):
        self.window.click("timeline.ruler", 0.5, 0.5)
        state = self.window.settle()
        self.assertGreater(state["t_ns"], 0)
        self.assertEqual(state["loop"], [0, 0])

    def test_the_timeline_pans_by_key(self):
        self.window.key("plus", "plus")
        begin, end = self.window.settle()["view"]
        self.window.key("d")
        later = self.window.settle()["view"]
        self.assertGreater(later[0], begin)
        self.assertAlmostEqual(later[1] - later[0], end - begin, delta=2)
        self.window.key("a")
        self.assertLess(self.window.settle()["view"][0], later[0])


class Layout(unittest.TestCase):
    def test_a_german_keyboard_types_the_same_shortcuts(self):
        if shutil.which("setxkbmap") is None:
            self.skipTest("setxkbmap is not installed (apt install x11-xkb-utils)")
        environment = dict(os.environ, DISPLAY=Setup.display)
        subprocess.run(["setxkbmap", "de"], env=environment, check=True)
        self.addCleanup(subprocess.run, ["setxkbmap", "us"], env=environment, check=True)
        with open_window("one-packet-is-lost") as window:
            recorded(window)

            def press(name):  # through the server, which knows the layout; not sent to the window
                before = window.state()["input"]["keys"]
                window.xdotool("key", name)
                return window.wait(lambda s: s["input"]["keys"] > before and s["settled"], what=f"the key {name}")

            self.assertTrue(press("question")["help"])
            press("Escape")
            self.assertNotEqual(press("plus")["view"], [0, 0])
            self.assertEqual(press("minus")["view"], [0, 0])
            self.assertLess(press("less")["speed"], 1)
            self.assertEqual(press("greater")["speed"], 1)
            self.assertLess(press("bracketleft")["speed"], 1)
            before = window.state()["t_ns"]
            self.assertGreater(press("period")["t_ns"], before)
            self.assertGreater(press("ctrl+plus")["ui_scale"], 1)


if __name__ == "__main__":
    sys.exit(main())
