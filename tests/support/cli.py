"""Runs the command line as a user would: a process of its own, with its own cache, user data, home and trash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SAMPLES = SHARED / "samples"
COMMAND = (sys.executable, "-m", "engine")


@dataclass(frozen=True, slots=True)
class CliResult:
    """How a command ended. out, err: raw bytes of the two streams."""

    args: tuple[str | bytes, ...]
    code: int
    out: bytes
    err: bytes

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """Both streams, readable, for messages of failing tests."""
        streams = b"\n".join((self.out[-3000:], self.err[-3000:])).decode(errors="replace")
        return f"{self.args} ended with {self.code}\n{streams}"


def private_environment(home: Path) -> dict[str, str]:
    """Variables that keep every file imgfp and Qt write below `home` (created)."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "runtime").mkdir(mode=0o700, exist_ok=True)
    return {
        "HOME": str(home),
        "IMGFP_CACHE_DIR": str(home / "cache"),
        "IMGFP_DATA_DIR": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "xdg-cache"),
        "XDG_CONFIG_HOME": str(home / "xdg-config"),
        "XDG_DATA_HOME": str(home / "xdg-data"),
        "XDG_RUNTIME_DIR": str(home / "runtime"),
        "QT_QPA_PLATFORM": "offscreen",
    }


@dataclass(frozen=True, slots=True)
class Cli:
    """The program, bound to one private home. Call it with arguments; anything of the call may be bytes or a path."""

    home: Path
    command: tuple[str, ...] = COMMAND
    environment: dict[str, str] = field(default_factory=dict)

    def env(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The whole environment of a call."""
        return {**os.environ, **private_environment(self.home), **self.environment, **(more or {})}

    def start(self, *args: str | bytes | Path, env: Mapping[str, str] | None = None, **popen: Any) -> subprocess.Popen[bytes]:
        """Start a command and return at once, in a process group of its own (for kills)."""
        words: Sequence[str | bytes] = [*self.command, *(a if isinstance(a, bytes) else str(a) for a in args)]
        popen = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **popen}
        return subprocess.Popen(words, env=self.env(env), cwd=ROOT, start_new_session=True, **popen)

    def __call__(
        self, *args: str | bytes | Path, env: Mapping[str, str] | None = None, code: int | None = None, timeout: float = 300
    ) -> CliResult:
        """Run a command to its end. With `code` given, any other exit status fails the test and shows both streams."""
        process = self.start(*args, env=env)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"no end after {timeout} s: {args}\n{err[-3000:].decode(errors='replace')}") from None
        given = tuple(a if isinstance(a, bytes) else str(a) for a in args)
        result = CliResult(given, process.returncode, out, err)
        assert code is None or result.code == code, result.text
        return result
