"""From what a walk met to the files of a library, those of absent volumes included."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from engine.errors import FolderMissing
from engine.jobs.library import Library, NewFile, library_files
from engine.names import display_text
from engine.records import FoundFile, Walk
from engine.scan.roots import absolute
from engine.store import FingerprintStore, StoredFile
from engine.volumes import Volumes

UNREAD = "unread"  # met on the walk, its turn has not come; never leaves this room


def split_roots(store: FingerprintStore, volumes: Volumes, roots: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Roots that are there, and roots on absent volumes. Raises FolderMissing for any other."""
    present, offline = [], []
    for given in roots:
        root = absolute(given) if given else b""  # no name is no folder, not the current one
        if root and os.path.exists(root):
            present.append(root)
        elif root and any(volumes.is_absent(stored.volume) for stored in store.files_below(root)):
            offline.append(root)
        else:
            name = display_text(given) or "(no name)"
            raise FolderMissing(f"The folder {name} does not exist.", path=root, hint="Check its spelling, or connect its disk.")
    return present, offline


def library_of(store: FingerprintStore, volumes: Volumes, walked: Walk, offline_roots: list[bytes]) -> Library:
    """The files met, and those that are known from absent volumes, in path order; nothing is read yet."""
    roots = tuple(dict.fromkeys([*walked.roots, *offline_roots]))
    met = {file.path for file in walked.files}
    entries: list[tuple[bytes, FoundFile | StoredFile]] = [(file.path, file) for file in walked.files]
    if any(volumes.is_absent(volume) for volume in store.volumes()):
        for root in roots:
            for stored in store.files_below(root):
                if stored.path not in met and volumes.is_absent(stored.volume):
                    met.add(stored.path)
                    entries.append((stored.path, stored))
    entries.sort(key=lambda entry: entry[0])
    by_path = {path: number for number, (path, entry) in enumerate(entries)}
    files = library_files(_record(entry, by_path) for _, entry in entries)
    return Library(roots, files, folders_skipped=dict(walked.folders_skipped), warnings=list(walked.warnings))


def _record(entry: FoundFile | StoredFile, by_path: Mapping[bytes, int]) -> NewFile:
    if not isinstance(entry, FoundFile):
        return NewFile(entry.path, entry.stat, "offline", "scan.offline", entry.facts)
    if entry.skip is not None:
        same_as = by_path[entry.same_as] if entry.same_as is not None else None
        return NewFile(entry.path, entry.stat, "skipped", entry.skip, same_as=same_as)
    return NewFile(entry.path, entry.stat, "error" if entry.error else UNREAD, entry.error)
