"""A display of our own for a test: Xvfb on the first free number, without a window manager."""

import os
import shutil
import subprocess


class Display:
    def __init__(self, size="1920x1080"):
        # -displayfd: Xvfb itself chooses a free number and says it when it is ready.
        read_end, write_end = os.pipe()
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
        self.process = subprocess.Popen(command, pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as number:
            self.name = ":" + number.readline().strip()
        if self.name == ":":
            self.process.wait()
            raise RuntimeError("Xvfb did not start")

    def __enter__(self):
        return self.name

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def missing_programs():
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
