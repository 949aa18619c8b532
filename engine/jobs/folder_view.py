"""The folders of a library as a tree, with how many pictures each holds. Asks no disk but for roots that may be gone."""

from __future__ import annotations

import os
from collections.abc import Sequence

from engine.jobs.library import Library
from engine.jobs.protection import is_spelled_below
from engine.names import display_text
from engine.records import FolderView


def folder_views(library: Library, protected: Sequence[bytes] = ()) -> tuple[FolderView, ...]:
    """Every folder between a root and a picture, parents before their children, siblings by raw path."""
    own: dict[bytes, int] = {}
    offline: dict[bytes, bool] = {}
    for file in library.files:
        if file.is_picture or (file.status == "offline" and file.facts is not None and file.facts.is_picture):
            folder = file.path[: file.path.rfind(b"/")] or b"/"
            own[folder] = own.get(folder, 0) + 1
            offline[folder] = offline.get(folder, True) and file.status == "offline"
    roots = [root for root in library.roots if not any(o != root and is_spelled_below(root, [o]) for o in library.roots)]
    return tuple(_Tree(own, offline, protected).views(roots))


class _Tree:
    """Folders being put in order."""

    def __init__(self, own: dict[bytes, int], offline: dict[bytes, bool], protected: Sequence[bytes]) -> None:
        self._own = own
        self._offline = offline
        self._protected = protected

    def views(self, roots: Sequence[bytes]) -> list[FolderView]:
        paths = dict.fromkeys(roots)
        for folder in self._own:
            for above in _up_to_root(folder, roots):
                paths[above] = None
        # split at the slashes, so that what is in a folder follows it before "folder b" comes
        ordered = sorted(paths, key=lambda path: path.split(b"/"))
        number = {path: place for place, path in enumerate(ordered)}
        parents = [-1 if path in roots else number[os.path.dirname(path)] for path in ordered]
        photos = [self._own.get(path, 0) for path in ordered]
        offline = [self._offline.get(path) for path in ordered]
        for place in range(len(ordered) - 1, -1, -1):
            if (parent := parents[place]) >= 0:
                photos[parent] += photos[place]
                offline[parent] = offline[place] if offline[parent] is None else offline[parent] and offline[place]
        return [
            FolderView(display_text(path), path, parent, count, bool(gone), is_spelled_below(path + b"/", self._protected))
            for path, parent, count, gone in zip(ordered, parents, photos, offline, strict=True)
        ]


def _up_to_root(folder: bytes, roots: Sequence[bytes]) -> list[bytes]:
    """The folder and those above it, up to the root it lies in; nothing where it lies in none."""
    found = [folder]
    while found[-1] not in roots:
        above = os.path.dirname(found[-1])
        if above == found[-1]:
            return []
        found.append(above)
    return found
