"""Where answers go: JSON to standard output or a file, progress and warnings to standard error.

A file of the user's is never overwritten: only an empty one, or one that imgfp itself wrote.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable
from typing import Any

from engine.cli.progress_line import as_json, as_line
from engine.errors import UsageError
from engine.names import display_text
from engine.records import Problem, Progress

OURS = re.compile(
    rb"""\{\n"format":\ "imgfp-report",\n                       # a report
    | \{\n\ "format":\ "imgfp-plan",\n
    | \{\n\ "run":\ (?:null|"[^"]*"),\n\ "results":\ \[      # apply, undo
    | \[\n\ \{\n\ \ "id":\ "[^"]*",\n\ \ "when":\          # history
    | \[\]\n\Z
    | \{\n\ "a":\ 0,\n\ "b":\ 1,\n\ "tier":\               # compare
    | \{\n\ "(?:file|query)":\ \{\n\ \ "id":\ 0,\n\ \ "path":\   # inspect, find
    | \{\n\ "versions":\ \{\n\ \ "imgfp":\                  # doctor
    | \{\n\ "(?:folder|complaints)":\ (?:\[|null|"[^"]*",\n\ "profile":)   # store info, verify
    | \{\n\ "(?:files|bytes_before)":\ \d+,\n\ "[a-z_]+":\ \d+[,\n]   # store compact, clear
    """,
    re.VERBOSE,
)
"""How what imgfp writes begins, in words that no other program begins its JSON with."""


def say(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr, flush=True)


def check_target(target: str | None, begins: tuple[bytes, ...] = ()) -> None:
    """Raise UsageError when `target` (a file name, "-" or None) may not be written; called before any work is done.

    begins: what a file of ours of that kind begins with, beside reports and plans.
    """
    if target is None or target == "-":
        return
    shown = display_text(os.fsencode(target))
    folder = os.path.dirname(os.path.abspath(target))
    if not os.path.isdir(folder):
        raise UsageError(f"The folder of {shown} does not exist.", hint="Create it, or name another file.")
    try:
        facts = os.lstat(target)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"{shown} cannot be written ({error.strerror}).", hint="Name another file.") from error
    if not stat.S_ISREG(facts.st_mode):
        raise UsageError(f"{shown} exists and is not a file.", hint="Name another file.")
    if facts.st_size and not _is_ours(target, begins):
        raise UsageError(
            f"{shown} exists and was not written by imgfp, so it is left alone.",
            hint="Name another file, or move that one away.",
        )


def _is_ours(target: str, begins: tuple[bytes, ...]) -> bool:
    """True for what imgfp wrote; a file that cannot be read is somebody else's."""
    try:
        with open(target, "rb") as file:
            head = file.read(65536)
    except OSError:
        return False
    return OURS.match(head) is not None or head.startswith(begins)


def write_bytes(data: bytes, target: str) -> None:
    """Whole or not at all: to standard output for "-", else through a temporary file beside `target`."""
    write_chunks([data], target)


def write_chunks(chunks: Iterable[bytes], target: str) -> None:
    """As `write_bytes`, piece by piece."""
    if target == "-":
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.buffer.flush()
        return
    target = os.path.abspath(target)
    handle, part = tempfile.mkstemp(prefix=".imgfp-", suffix=".part", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o666 & ~_umask())
        os.replace(part, target)  # own file: checked by check_target
    except OSError as error:
        if os.path.exists(part):
            os.unlink(part)  # own temporary
        raise UsageError(f"{display_text(os.fsencode(target))} could not be written ({error.strerror}).") from error


def write_json(value: Any, target: str) -> None:
    """Strict JSON in UTF-8, one line at the end."""
    write_bytes(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1).encode("utf-8") + b"\n", target)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


class ProgressWriter:
    """Progress as a line that moves (bar), as JSON lines, or not at all; problems as lines of their own under a bar."""

    def __init__(self, kind: str | None) -> None:
        self._kind = kind or ("bar" if sys.stderr.isatty() else "none")
        self._open_line = False

    def progress(self, progress: Progress) -> None:
        """Show how far a job is."""
        if self._kind == "json":
            say(json.dumps(as_json(progress)))
        elif self._kind == "bar":
            self._draw(progress)

    def problem(self, problem: Problem) -> None:
        """Name a file that turned out bad, when somebody is looking."""
        if self._kind == "bar":
            self.end()
            say(display_text(problem.message))

    def end(self) -> None:
        """Finish the moving line."""
        if self._open_line:
            print(file=sys.stderr, flush=True)
            self._open_line = False

    def _draw(self, progress: Progress) -> None:
        width = max(20, shutil.get_terminal_size().columns - 1)
        text = as_line(progress)[:width]
        print("\r" + text.ljust(width), end="", file=sys.stderr, flush=True)
        self._open_line = True
