"""Drives the real window as a person does: pointer and keys through xdotool, waiting for what the app says it shows.

The app writes what it shows into a JSON file (--probe). Nothing here sleeps for a fixed time: each step waits until the
input has arrived and the window has settled.
"""

import json
import os
import subprocess
import tempfile
import time


class Timeout(AssertionError):
    pass


class Window:
    def __init__(self, program, *arguments, display, environment=None, cwd=None, settled=True):
        self.folder = tempfile.TemporaryDirectory(prefix="socketscope-window-")
        self.probe = os.path.join(self.folder.name, "probe.json")
        # What it remembers goes into a folder of this window, unless the test names one.
        state = os.path.join(self.folder.name, "state")
        self.environment = dict(os.environ, DISPLAY=display, XDG_STATE_HOME=state)
        self.environment.update(environment or {})
        self.environment.pop("WAYLAND_DISPLAY", None)
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        command = [program, "open", *arguments, "--probe", self.probe]
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log, cwd=cwd)
        # A run that blocks never settles: then the first picture is enough.
        self.wait(lambda s: s["settled"] or s["playing"] or not settled, 20)
        self.id = self.xdotool("search", "--sync", "--pid", str(self.process.pid), "--name", "Socketscope").split()[-1]
        self.xdotool("windowfocus", "--sync", self.id)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def xdotool(self, *arguments):
        command = ["xdotool", *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, timeout=20).stdout

    def output(self):
        self.log.flush()
        with open(self.log.name) as log:
            return log.read()

    def state(self):
        with open(self.probe) as file:
            return json.load(file)

    def wait(self, holds, timeout=20, what=""):
        end = time.monotonic() + timeout
        last = None
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"the window has ended with {self.process.returncode}: {self.output()}")
            try:
                last = self.state()
                if holds(last):
                    return last
            except FileNotFoundError:
                pass
            time.sleep(0.004)  # between two looks
        if last:
            last.pop("items", None)
        raise Timeout(f"{what or 'what was expected'} did not come within {timeout} s: {last}\n{self.output()}")

    def settle(self):
        return self.wait(lambda s: s["settled"], what="rest")

    def item(self, name):
        for item in self.state()["items"]:
            if item["id"] == name:
                return item
        known = sorted({i["id"] for i in self.state()["items"]})
        raise AssertionError(f"nothing named {name} is shown; there are {known}")

    def has(self, name):
        return any(i["id"] == name for i in self.state()["items"])

    def centre(self, name):
        item = self.item(name)
        return item["x"] + item["w"] // 2, item["y"] + item["h"] // 2

    def click(self, name, fx=0.5, fy=0.5, button=1):
        item = self.item(name)
        x, y = int(item["x"] + item["w"] * fx), int(item["y"] + item["h"] * fy)
        before = self.state()["input"]
        self.xdotool("mousemove", "--window", self.id, x, y, "click", button)
        counter = "releases" if button < 4 else "scrolls"
        return self.wait(lambda s: s["input"][counter] > before[counter] and (s["settled"] or s["playing"]), what=f"the click on {name}")

    def drag(self, name, from_fx, to_fx, fy=0.5):
        item = self.item(name)
        y = int(item["y"] + item["h"] * fy)
        x0, x1 = (int(item["x"] + item["w"] * f) for f in (from_fx, to_fx))
        before = self.state()["input"]
        self.xdotool("mousemove", "--window", self.id, x0, y, "mousedown", 1)
        self.wait(lambda s: s["input"]["presses"] > before["presses"] and s["settled"], what="the press")
        moves = self.state()["input"]["moves"]
        self.xdotool("mousemove", "--window", self.id, (x0 + x1) // 2, y)
        self.xdotool("mousemove", "--window", self.id, x1, y)
        self.wait(lambda s: s["input"]["moves"] > moves and s["settled"], what="the movement")
        self.xdotool("mouseup", 1)
        return self.wait(lambda s: s["input"]["releases"] > before["releases"] and s["settled"], what="the release")

    def key(self, *names):
        for name in names:
            before = self.state()["input"]["keys"]
            self.xdotool("key", "--window", self.id, name)
            state = self.wait(lambda s: s["input"]["keys"] > before and (s["settled"] or s["playing"]), what=f"the key {name}")
        return state

    def type(self, text):
        before = self.state()["input"]["keys"]
        self.xdotool("type", "--window", self.id, "--delay", 5, text)
        return self.wait(lambda s: s["input"]["keys"] >= before + len(text) and s["settled"], what=f"the text {text}")

    def screenshot(self, path):
        subprocess.run(["import", "-window", self.id, path], env=self.environment, check=True, timeout=20)

    def processor_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
