"""The folders of a library as a tree, with how many pictures each holds. Asks no disk."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

import numpy as np

from engine.jobs.library import Library
from engine.names import display_text
from engine.records import FolderView


class Folders:
    """The folders between the roots of a library and its pictures; made when first asked for, then kept."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._tree: _Tree | None = None

    @property
    def names(self) -> list[bytes]:
        """Raw paths: parents before their children, siblings by path."""
        return self._made().names

    def views(self, protected: Collection[bytes]) -> tuple[FolderView, ...]:
        """See `FolderView`, in the order of `names`. protected: those that are, or lie below one that is."""
        tree = self._made()
        columns = zip(tree.names, tree.parents, tree.photos, tree.offline, strict=True)
        return tuple([FolderView(display_text(n), n, up, count, off, n in protected) for n, up, count, off in columns])

    def _made(self) -> _Tree:
        if self._tree is None:
            self._tree = _Tree(self._library)
        return self._tree


class _Tree:
    """Folders put in order. parents: places in `names`, -1 for a root."""

    def __init__(self, library: Library) -> None:
        own: dict[bytes, int] = {}
        connected: set[bytes] = set()
        table = library.table
        offline = table.has_text("status", "offline")
        counts = table.pictures() | (offline & table.has_fact("status", "ok", "partial"))
        paths = table.paths
        for number, absent in zip(np.flatnonzero(counts).tolist(), offline[counts].tolist(), strict=True):
            path = paths[number]
            folder = path[: path.rfind(b"/")] or b"/"
            own[folder] = own.get(folder, 0) + 1
            if not absent:
                connected.add(folder)
        roots = {root for root in library.roots if not any(up in library.roots for up in _above(root))}
        found = dict.fromkeys(roots)
        for folder in own:
            found.update(dict.fromkeys(_up_to(folder, roots)))
        # split at the slashes, so that what is in "a" comes before "a b"
        self.names = sorted(found, key=lambda folder: folder.split(b"/"))
        place = {folder: number for number, folder in enumerate(self.names)}
        self.parents = [-1 if name in roots else place[os.path.dirname(name)] for name in self.names]
        self.photos = [own.get(name, 0) for name in self.names]
        alive = [name in connected for name in self.names]
        for number in range(len(self.names) - 1, -1, -1):
            if (parent := self.parents[number]) >= 0:
                self.photos[parent] += self.photos[number]
                alive[parent] = alive[parent] or alive[number]
        self.offline = [count > 0 and not there for count, there in zip(self.photos, alive, strict=True)]


def _above(folder: bytes) -> list[bytes]:
    """Every folder above, nearest first."""
    found = []
    while (above := os.path.dirname(folder)) != folder:
        found.append(above)
        folder = above
    return found


def _up_to(folder: bytes, roots: Collection[bytes]) -> Sequence[bytes]:
    """The folder and those above it up to its root; nothing where it lies in none."""
    way = [folder, *_above(folder)]
    ends = [number for number, place in enumerate(way) if place in roots]
    return way[: ends[0] + 1] if ends else ()
