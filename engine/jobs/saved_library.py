"""Libraries that were scanned before, kept below the cache: found by their folders, believed while the store is the same."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from engine.jobs.file_table import NOT_MET
from engine.jobs.library import Files, Library
from engine.jobs.saved_matching import Matching, matching_arrays, matching_from
from engine.jobs.snapshot import Snapshot, from_arrays, shape, snapshot_key, to_arrays
from engine.jobs.snapshot_error import SnapshotError
from engine.jobs.table import usable
from engine.store import FingerprintStore

log = logging.getLogger(__name__)


@dataclass(slots=True)
class SavedLibrary:
    """One of them. matching: what was made of it when it was matched. roots: raw paths, as they were asked for.

    Nothing in it may be believed of a single file before the disk was asked.
    """

    snapshot: Snapshot
    matching: Matching
    roots: tuple[bytes, ...] = field(default=())

    def library(self) -> Library:
        """As it was left; not final, for nobody asked the disk."""
        snapshot = self.snapshot
        files = Files(snapshot.table)
        return Library(self.roots, files, snapshot.shots, snapshot.shared, matching=self.matching, saved=self.matching)


def load_library(store: FingerprintStore, roots: Iterable[bytes]) -> SavedLibrary | None:
    """The library of these folders as it was left; None where there is none, or the store is no longer what it was."""
    folder = store.libraries()
    if folder is None:
        return None
    roots = tuple(roots)
    key = snapshot_key(roots, folder.profile)
    found = folder.read(key)
    if found is None:
        return None
    about, arrays = found
    if about.get("shape") != shape() or about.get("profile") != folder.profile or about.get("roots") != _named(roots):
        folder.drop(key)
        return None
    if about.get("state") != store.state().hex():
        return None  # something was read since then; the next scan saves it anew
    try:
        saved = SavedLibrary(from_arrays(arrays), matching_from(about, arrays), roots)
        if not np.array_equal(saved.matching.ids, usable(saved.library()).ids):
            raise SnapshotError("its pictures are not those that were matched")
        return saved
    except SnapshotError as error:
        log.warning("event=saved_library_refused reason=%r", str(error))
        folder.drop(key)
        return None


def save_library(store: FingerprintStore, library: Library) -> bool:
    """Keep a library that was read to its end and matched. False where that is not needed, or cannot be done."""
    folder, matching, roots = store.libraries(), library.matching, library.roots
    if folder is None or matching is None or matching is library.saved or not roots:
        return False
    if not library.final or library.provisional or (library.table.files["met"] == NOT_MET).any():
        return False
    about = {"shape": shape(), "profile": folder.profile, "roots": _named(roots), "state": store.state().hex()}
    arrays = to_arrays(library)
    matched, more = matching_arrays(matching)
    return folder.write(snapshot_key(roots, folder.profile), about | matched, arrays | more)


def _named(roots: Iterable[bytes]) -> list[str]:
    return [root.hex() for root in roots]
