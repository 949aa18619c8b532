"""What the cache takes on the disk, by what it is for."""

from __future__ import annotations

import os
from pathlib import Path

from engine.store.files import disk_bytes

GROUPS = ("fingerprints", "catalog", "pairs", "thumbnails", "kernels", "quick", "libraries", "set_aside")
"""What `sizes` tells of, in the order it is shown in."""

_FOLDERS = {
    "columns": "fingerprints",
    "pairs": "pairs",
    "kernels": "kernels",
    "quick": "quick",
    "libraries": "libraries",
    "library": "libraries",
}
_FILES = {"catalog.sqlite": "catalog", "thumbnails.sqlite": "thumbnails"}


def sizes(folder: Path) -> dict[str, int]:
    """Bytes on the disk for each of `GROUPS`. Links are not followed; what is not the cache's is not counted."""
    told = dict.fromkeys(GROUPS, 0)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return told
    for entry in entries:
        group = _group(entry)
        if group is not None:
            told[group] += _below(Path(entry.path)) if entry.is_dir(follow_symlinks=False) else disk_bytes(Path(entry.path))
    return told


def _group(entry: os.DirEntry[str]) -> str | None:
    if ".damaged-" in entry.name:
        return "set_aside"
    if entry.is_dir(follow_symlinks=False):
        return _FOLDERS.get(entry.name)
    return next((group for name, group in _FILES.items() if entry.name.startswith(name)), None)


def _below(folder: Path) -> int:
    return sum(disk_bytes(Path(place, name)) for place, _, names in os.walk(folder, followlinks=False) for name in names)
