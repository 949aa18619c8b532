"""A real X display of one's own, driven from outside as by a person: keys by xdotool, screenshots from the frame buffer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from PIL import Image

NEEDED = ("Xvfb", "xdotool")
LOOK_S = 0.1


def missing() -> list[str]:
    """Programs that are not installed here."""
    return [name for name in NEEDED if shutil.which(name) is None]


class XDisplay:
    """An Xvfb of its own, from `with` to the end of the block."""

    def __init__(self, width: int = 1280, height: int = 800) -> None:
        self._size = (width, height)
        self.name = ""

    def __enter__(self) -> XDisplay:
        self._folder = tempfile.TemporaryDirectory(prefix="imgfp-x-")
        out, into = os.pipe()
        width, height = self._size
        command = ["Xvfb", "-displayfd", str(into), "-screen", "0", f"{width}x{height}x24", "-fbdir", self._folder.name]
        self._server = subprocess.Popen([*command, "-nolisten", "tcp"], pass_fds=[into], stderr=subprocess.DEVNULL)
        os.close(into)
        with os.fdopen(out) as answer:
            self.name = f":{answer.readline().strip()}"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.terminate()
        self._server.wait()
        self._folder.cleanup()

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The surroundings of a program that is to show itself here."""
        return {**os.environ, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", **(more or {})}

    def start(self, arguments: Sequence[str], more: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start the window as a program of its own."""
        return subprocess.Popen([sys.executable, "-m", "imgfp_gui", *arguments], env=self.environment(more))

    def tool(self, *words: str) -> str:
        """What xdotool answers."""
        done = subprocess.run(["xdotool", *words], env=self.environment(), capture_output=True, text=True)
        return done.stdout.strip()

    def window(self, patience_s: float) -> str:
        """The id of the program's window, once it is there; it gets the keyboard."""
        self.wait(lambda: bool(self.tool("search", "--onlyvisible", "--name", "imgfp")), patience_s, "no window came up")
        found = self.tool("search", "--onlyvisible", "--name", "imgfp").split()[0]
        self.tool("windowfocus", "--sync", found)
        return found

    def press(self, *keys: str) -> None:
        """Keys as a hand presses them, one after the other."""
        for key in keys:
            self.tool("key", "--clearmodifiers", key)

    def title(self, window: str) -> str:
        """What the window is called now."""
        return self.tool("getwindowname", window)

    def wait(self, reached: Callable[[], bool], patience_s: float, trouble: str) -> None:
        """Look again and again until `reached`. Raises TimeoutError."""
        end = time.monotonic() + patience_s
        while not reached():
            if time.monotonic() > end:
                raise TimeoutError(trouble)
            time.sleep(LOOK_S)

    def shoot(self, path: Path) -> None:
        """Leave a PNG of the whole screen."""
        self.picture().save(path)

    def picture(self) -> Image.Image:
        """The screen as it is now: the server keeps it as an X window dump."""
        raw = (Path(self._folder.name) / "Xvfb_screen0").read_bytes()
        head = np.frombuffer(raw, ">u4", 25)
        header, width, height, stride, colours = int(head[0]), int(head[4]), int(head[5]), int(head[12]), int(head[19])
        rows = np.frombuffer(raw, np.uint8, stride * height, header + 12 * colours).reshape(height, stride)
        return Image.fromarray(np.ascontiguousarray(rows[:, : 4 * width].reshape(height, width, 4)[:, :, 2::-1]))
