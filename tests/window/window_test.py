"""The window, used as a person uses it. Usage: window_test.py PROGRAM"""

import os
import signal
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from common import main, open_window, recorded, rung  # noqa: E402

PATIENCE = 20  # seconds for what a window on a quiet machine does at once: no measure, only an end to waiting


class Home(unittest.TestCase):
    def test_a_click_opens_a_lesson_and_its_run_starts_by_itself(self):
        with open_window() as window:
            self.assertEqual(window.settle()["screen"], "home")
            window.click("lesson.2")
            state = recorded(window)
            self.assertEqual(state["lanes"], 2)
            self.assertGreater(state["events"], 20)
            self.assertEqual(state["message"], "")
            window.click("home")
            self.assertEqual(window.settle()["screen"], "home")

    def test_each_cell_of_the_matrix_runs_that_kind(self):
        with open_window() as window:
            for domain in ("unix", "inet", "inet6"):
                for type_ in ("stream", "dgram", "seqpacket", "raw"):
                    kind = f"{domain}/{type_}"
                    with self.subTest(kind=kind):
                        window.settle()
                        window.click(f"matrix.{domain}.{type_}")
                        state = recorded(window)
                        self.assertEqual(state["title"], kind)
                        self.assertEqual(state["lanes"], 1)
                        self.assertGreater(state["events"], 0)
                        self.assertEqual(state["message"], "")
                        window.key("h")

    def test_a_narrow_home_shows_the_matrix_or_the_lessons(self):
        with open_window("--scale", "2") as window:
            window.settle()
            window.xdotool("windowsize", window.id, 1280, 720)
            window.wait(lambda s: s["width"] == 1280 and s["settled"], what="the size")
            self.assertFalse(window.has("matrix.unix.stream"))
            window.click("home.other")
            window.settle()
            self.assertTrue(window.has("matrix.unix.stream"))
            window.key("m")
            window.settle()
            self.assertTrue(window.has("lesson.1"))

    def test_arrows_and_enter_open_a_lesson(self):
        with open_window() as window:
            window.settle()
            window.key("Down", "Down", "Return")
            self.assertEqual(recorded(window)["screen"], "lesson")


class Lesson(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.window = open_window("one-packet-is-lost")
        recorded(cls.window)

    @classmethod
    def tearDownClass(cls):
        cls.window.__exit__()

    def setUp(self):
        self.window.key("Escape", "Escape", "Home")
        self.window.settle()

    def test_play_and_pause(self):
        self.window.click("play")
        playing = self.window.wait(lambda s: s["t_ns"] > 0, what="the playhead moving")
        self.assertTrue(playing["playing"])
        self.window.click("play")
        self.assertFalse(self.window.settle()["playing"])

    def test_stepping_by_events_and_beats(self):
        first = self.window.key("period")["t_ns"]
        second = self.window.key("period")["t_ns"]
        self.assertLess(first, second)
        self.assertEqual(self.window.key("comma")["t_ns"], first)
        beat = self.window.key("Next")
        self.assertNotEqual(beat["beat"], "")
        self.assertEqual(self.window.key("End")["t_ns"], beat["end_ns"])

    def test_reading_on_plays_to_the_next_beat_and_once_more_is_there(self):
        self.window.click("lesson.next")
        self.window.wait(lambda s: s["playing"], what="playing to the next step")
        self.window.click("lesson.next")
        state = self.window.settle()
        self.assertFalse(state["playing"])
        self.assertNotEqual(state["beat"], "")
        self.window.click("lesson.back")

    def test_dragging_on_the_timeline_scrubs(self):
        self.window.drag("timeline", 0.3, 0.6, fy=0.35)
        there = self.window.state()["t_ns"]
        self.assertGreater(there, 0)
        self.window.drag("timeline", 0.6, 0.4, fy=0.35)
        self.assertLess(self.window.state()["t_ns"], there)

    def test_the_wheel_zooms_and_zero_shows_everything(self):
        self.window.click("timeline", 0.5, 0.35, button=4)
        self.window.settle()
        self.assertNotEqual(self.window.state()["view"], [0, 0])
        self.window.key("0")
        self.assertEqual(self.window.settle()["view"], [0, 0])

    def test_an_event_of_the_list_takes_us_there(self):
        self.window.key("Next", "Next")
        rows = [i["id"] for i in self.window.settle()["items"] if i["id"].startswith("event.")]
        self.assertGreater(len(rows), 2)
        self.window.click(rows[1])
        self.assertNotEqual(self.window.settle()["selected"]["kind"], 0)

    def test_a_packet_on_the_stage_is_chosen_and_its_kin_light_up(self):
        self.window.key("Next", "Next", "Next")
        items = self.window.settle()["items"]
        packets = [i["id"] for i in items if i["id"].startswith("stage.0.packet.")]
        if not packets and rung() == "loopback":
            self.skipTest("this machine can't make a wire of its own")
        self.assertTrue(packets)
        self.window.click(packets[0])
        state = self.window.settle()
        self.assertEqual(state["selected"]["kind"], 2)
        self.assertGreater(state["linked"], 0)
        self.assertTrue(self.window.has("inspector.close"))
        self.window.key("Escape")
        self.assertEqual(self.window.settle()["selected"]["kind"], 0)

    def test_one_thing_on_the_stage_after_another_is_chosen_by_the_mouse(self):
        def click(name, fy):
            self.window.click(name, 0.12, fy)  # beside the calls and bytes that lie on a card
            chosen = self.window.settle()["selected"]
            return (chosen["kind"], chosen["lane"], chosen["index"])

        program = 6
        self.assertEqual(click("stage.0.program.0", 0.06), (program, 0, 0))
        self.assertEqual(click("stage.0.program.1", 0.5), (program, 0, 1))
        self.assertEqual(click("stage.1.program.1", 0.5), (program, 1, 1))

    def test_theme_presenter_help_overlay_and_scale(self):
        self.window.click("theme")
        self.assertEqual(self.window.settle()["theme"], "light")
        self.window.key("t")
        self.assertEqual(self.window.settle()["theme"], "dark")
        self.window.key("F5")
        self.assertFalse(self.window.has("lesson.next"))
        self.window.settle()
        shown = self.window.state()["scale"]
        self.assertGreater(self.window.key("ctrl+equal")["scale"], shown)
        for _ in range(20):
            before = self.window.settle()["scale"]
            if self.window.key("ctrl+equal")["scale"] == before:
                break
        self.assertTrue(self.window.has("message.close"), "the last press says why nothing is larger")
        self.assertEqual(self.window.key("ctrl+0")["scale"], shown)
        self.assertFalse(self.window.has("message.close"))
        self.window.key("F5")
        self.window.key("F1")
        self.window.settle()
        self.assertTrue(self.window.has("help.close"))
        self.window.click("help.close")
        self.assertFalse(self.window.settle()["help"])
        self.window.key("ctrl+equal")
        self.assertGreater(self.window.settle()["ui_scale"], 1)
        self.window.key("ctrl+0")
        self.assertEqual(self.window.settle()["ui_scale"], 1)
        self.window.key("F12")
        self.assertTrue(self.window.settle()["overlay"])
        self.window.key("F12")

    def test_text_in_the_filter_is_no_shortcut(self):
        self.window.click("events.filter")
        self.window.type("tk")
        state = self.window.settle()
        self.assertEqual(state["filter"], "tk")
        self.assertEqual(state["theme"], "dark")
        self.assertFalse(state["playing"])
        self.window.key("BackSpace", "BackSpace")
        self.assertEqual(self.window.settle()["filter"], "")

    def test_many_quick_clicks_all_arrive(self):
        before = self.window.state()["input"]["releases"]
        x, y = self.window.centre("step")
        self.window.xdotool("mousemove", "--window", self.window.id, x, y, "click", "--repeat", 10, "--delay", 1, 1)
        self.window.wait(lambda s: s["input"]["releases"] >= before + 10 and s["settled"], what="ten clicks")
        there = self.window.state()["t_ns"]
        self.window.key("Home")
        stepped = self.window.key(*["period"] * 10)["t_ns"]
        self.assertEqual(there, stepped, "ten clicks are ten steps")

    def test_keyboard_alone_reaches_the_next_step(self):
        before = self.window.settle()
        self.window.key("n")
        self.window.key("n")
        self.assertGreater(self.window.settle()["t_ns"], before["t_ns"])

    def test_running_again_gives_a_new_recording(self):
        self.window.click("run_again")
        self.window.wait(lambda s: s["running"] or s["playing"], what="the second run")
        state = recorded(self.window)
        self.assertGreater(state["events"], 20)


class Process(unittest.TestCase):
    def test_control_q_and_signals_close_the_window_cleanly(self):
        for end in ("ctrl+q", signal.SIGTERM, signal.SIGINT):
            with self.subTest(end=end), open_window() as window:
                window.settle()
                if isinstance(end, str):
                    window.xdotool("key", "--window", window.id, end)
                else:
                    window.process.send_signal(end)
                self.assertEqual(window.process.wait(PATIENCE), 0, window.output())

    def test_the_window_closes_in_the_middle_of_a_run(self):
        with open_window("unix-against-internet") as window:
            window.wait(lambda s: s["running"] or s["beats"] > 0)
            window.process.send_signal(signal.SIGTERM)
            self.assertEqual(window.process.wait(PATIENCE), 0, window.output())

    def test_it_rests_when_nothing_happens(self):
        with open_window() as window:
            state = window.settle()
            print(f"first picture after {state['first_frame_ms']:.0f} ms", file=sys.stderr)
            before = window.processor_seconds()
            time.sleep(3)  # the measurement itself
            percent = (window.processor_seconds() - before) / 3 * 100
            print(f"idle: {percent:.1f} % of a processor", file=sys.stderr)
            self.assertLess(percent, 1.5)

    def test_a_file_that_is_broken_is_said_in_the_window(self):
        with tempfile.TemporaryDirectory() as folder:
            broken = os.path.join(folder, "broken.md")
            with open(broken, "w") as file:
                file.write('+++\ntitle = "Broken"\nlanes = ["inet/strem"]\n+++\n')
            with open_window(broken) as window:
                state = window.wait(lambda s: s["message"] != "", what="the message")
                self.assertIn("broken.md:", state["message"])
                window.settle()
                window.click("message.close")
                self.assertEqual(window.settle()["message"], "")


if __name__ == "__main__":
    sys.exit(main())
