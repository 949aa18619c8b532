"""One small library that has everything: a shot of three files, a picture alone, a removal that shares its keeper."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.actions.shelf import Shelf


def fill(base: Path) -> Shelf:
    """A shelf with four files to remove in three shots."""
    shelf = Shelf(base)
    shelf.put("keep.jpg", b"kept", mode=0o644)
    shelf.put("a/IMG.cr2", b"raw")
    shelf.put("a/IMG.xmp", b"<x/>", good=False, mode=0o600)
    shelf.put("b.jpg", b"copy", mode=0o400)
    shelf.put("c d.jpg", b"another copy")
    shelf.pair("keep.jpg", shelf.file("a/IMG.cr2", "a/IMG.xmp"))
    shelf.pair("keep.jpg", "b.jpg", "c d.jpg")
    return shelf


def empty(base: Path) -> None:
    """Remove everything that `fill` and a run left there."""
    for entry in os.scandir(base):
        shutil.rmtree(entry.path)


def contents_everywhere(base: Path) -> set[bytes]:
    """Every content that still exists below the base: library, quarantine, trash."""
    found = set()
    for folder, _, files in os.walk(base):
        for name in files:
            if "data" not in Path(folder).parts[-1:]:
                found.add((Path(folder) / name).read_bytes())
    return found
