"""Files that a user or a stranger hands in (report, rules, settings): opened once, regular, capped in size, never waited for."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import Any

from engine.errors import UsageError
from engine.names import display_text

TOML_LIMIT = 1 << 20


def read_capped(path: str | bytes | Path, limit: int, what: str) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    what: how the file is called in a sentence, e.g. "rules file". Raises UsageError (exit 2) for anything else.
    """
    shown = display_text(os.fsencode(path))
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be used"
        raise UsageError(f"The {what} {shown} cannot be opened ({reason}).", hint="Check the name.") from error
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise UsageError(f"{shown} is not a file, so it cannot be the {what}.", hint="Name a regular file.")
        data = _read(descriptor, limit + 1) if facts.st_size <= limit else b""
    except OSError as error:
        raise UsageError(f"The {what} {shown} cannot be read ({error.strerror}).") from error
    finally:
        os.close(descriptor)
    if facts.st_size > limit or len(data) > limit:
        raise UsageError(f"The {what} {shown} is larger than {limit >> 20} MB, so it was not read.", hint="Is it the right file?")
    return data


def _read(descriptor: int, most: int) -> bytes:
    """Up to `most` bytes, also of a file that grows meanwhile."""
    pieces: list[bytes] = []
    while most > 0 and (piece := os.read(descriptor, min(most, 1 << 24))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def read_toml(path: str | bytes | Path, what: str) -> dict[str, Any]:
    """The table in a TOML file of at most 1 MiB; raises UsageError with line and column where it is none."""
    data = read_capped(path, TOML_LIMIT, what)
    shown = display_text(os.fsencode(path))
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else display_text(str(error))
        raise UsageError(f"The {what} {shown} is not valid TOML: {reason}.", hint="Compare it with the guide.") from error
