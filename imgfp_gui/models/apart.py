"""Names and folders beside each other, as short as tells them apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

SHORT_NAME = 12  # characters of a file name that a column has room for
SEPARATORS = "_- "
WINDOWS = re.compile(r"[A-Za-z]:\\|\\\\")


def names_apart(names: Sequence[str]) -> list[str]:
    """Long file names without the words that they all begin with: ``…baseline.jpg``."""
    first, last = min(names), max(names)
    common = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    cut = max(first.rfind(mark, 0, common) for mark in SEPARATORS) + 1
    if first == last or cut < SHORT_NAME // 2 or max(map(len, names)) <= SHORT_NAME:
        return list(names)
    return ["…" + name[cut:] for name in names]


def folders_apart(folders: Sequence[str]) -> list[str]:
    """The folders from behind, as few names as tell them apart: ``…/Raw``."""
    parts = [tuple(part for part in folder.split(_mark(folder)) if part) for folder in folders]
    longest, different = max(map(len, parts)), len(set(parts))
    depth = 1
    while depth < longest and len({names[-depth:] for names in parts}) < different:
        depth += 1
    # with all its names below the root, the path itself is no longer
    short = ["…/" + "/".join(names[-depth:]) for names in parts]
    return [whole if depth >= len(names) else cut for whole, names, cut in zip(folders, parts, short, strict=True)]


def split(path: str) -> tuple[str, str]:
    """Folder and name of a path as it is shown."""
    folder, mark, name = path.rpartition(_mark(path))
    return folder or mark, name


def _mark(path: str) -> str:
    """What stands between the names of a path: a backslash in those of Windows."""
    return "\\" if WINDOWS.match(path) else "/"
