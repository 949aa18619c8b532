"""The folders given by the user: made absolute as spelled, checked all together before anything is looked at."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import FolderMissing
from engine.names import display_text
from engine.scan.longpath import stat_long


@dataclass(frozen=True, slots=True)
class Root:
    """A root as given (absolute, raw bytes). real: its path without links. facts: None when its volume is known to be absent."""

    path: bytes
    real: bytes
    facts: os.stat_result | None

    @property
    def is_folder(self) -> bool:
        return self.facts is not None and stat.S_ISDIR(self.facts.st_mode)


def absolute(path: bytes) -> bytes:
    """`path` made absolute as spelled, links kept; ``..`` is taken the system's way where a link before it makes a difference."""
    spelled = os.path.abspath(path)
    if spelled.startswith(b"//"):
        spelled = spelled[1:]
    if b".." in path.split(b"/"):
        try:
            same = os.path.samestat(os.stat(path), os.stat(spelled))
        except OSError:
            same = False
        if not same:
            return os.path.realpath(path)
    return spelled


def open_roots(given: Sequence[bytes], offline: Sequence[bytes]) -> list[Root]:
    """All roots in the order given. Raises FolderMissing, naming every one that cannot be reached."""
    away = {absolute(path) for path in offline if path and b"\0" not in path}
    roots: list[Root] = []
    missing: list[bytes] = []
    for path in given:
        try:
            if not path or b"\0" in path:
                raise FileNotFoundError
            spelled = absolute(path)
            if spelled in away:
                roots.append(Root(spelled, spelled, None))
                continue
            roots.append(Root(spelled, os.path.realpath(spelled), stat_long(spelled)))
        except OSError:
            missing.append(path)
    if missing:
        raise _missing(missing)
    return roots


def _missing(paths: list[bytes]) -> FolderMissing:
    shown = ", ".join(display_text(path) or "(no name)" for path in paths)
    sentence = f"These folders cannot be found: {shown}." if len(paths) > 1 else f"The folder {shown} cannot be found."
    return FolderMissing(
        f"{sentence} Nothing was scanned.", path=paths[0], hint="Check the name, or connect the drive it is on, and start again."
    )
