"""Names and folders beside each other, as short as tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

SHORT_NAME = 12  # characters of a file name that a column has room for
SEPARATORS = "_- "


def names_apart(names: Sequence[str]) -> list[str]:
    """Long file names without the words that they all begin with: ``…baseline.jpg``."""
    first, last = min(names), max(names)
    common = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    cut = max(first.rfind(mark, 0, common) for mark in SEPARATORS) + 1
    if first == last or cut < SHORT_NAME // 2 or max(map(len, names)) <= SHORT_NAME:
        return list(names)
    return ["…" + name[cut:] for name in names]


def folders_apart(folders: Sequence[PurePath]) -> list[str]:
    """The folders from behind, as few names as tell them apart: ``…/Raw``."""
    longest = max(len(folder.parts) for folder in folders)
    different = len(set(folders))
    depth = 1
    while depth < longest and len({folder.parts[-depth:] for folder in folders}) < different:
        depth += 1
    # with all its names below the root, the path itself is no longer
    return [str(f) if depth >= len(f.parts) - bool(f.anchor) else "…/" + "/".join(f.parts[-depth:]) for f in folders]
