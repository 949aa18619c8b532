"""Libraries whose fingerprints lie in a store, without a file of a photograph on any disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from blake3 import blake3

from engine import fingerprint
from engine.jobs.library import Library, NewFile, library_files
from engine.jobs.workspace import part_specs
from engine.records import PictureFacts, StatFacts
from engine.store import Entry, FingerprintStore

DISK = "uuid:disk@/"


def open_store(folder: Path | None) -> FingerprintStore:
    """A store in a folder, or in memory."""
    if folder is None:
        return FingerprintStore.in_memory(fingerprint.PROFILE, part_specs())
    return FingerprintStore.open(folder, fingerprint.PROFILE, part_specs())


def stored_library(
    store: FingerprintStore, pictures: Sequence[tuple[bytes, bytes]], facts: Sequence[dict[str, Any]] | None = None
) -> Library:
    """A library of (path, packed prints), stored where they are not yet. facts: more than the sizes and digests, one each."""
    named = sorted(zip(pictures, facts or [{}] * len(pictures), strict=True), key=lambda each: each[0][0])
    known = store.known([path for (path, _), _ in named])
    files, entries = [], []
    for (path, prints), more in named:
        content = blake3(prints + repr(sorted(more.items())).encode()).digest()
        stat = StatFacts(1000, int.from_bytes(content[:6], "little"), 5, 1, int.from_bytes(content[6:11], "little"))
        plain = {"format": "jpeg", "kind": "picture", "width": 300, "height": 200, "frames": 1, "flat": bool(prints[-1])}
        fact = PictureFacts("ok", **{**plain, "blake3": content, **more})
        files.append(NewFile(path, stat, "ok", None, fact, None))
        entries.append(Entry(path, stat, fact, prints, None, DISK))
    rows = [found.row if (found := known.get(file.path)) and found.facts.blake3 == file.facts.blake3 else None for file in files]
    new = [place for place, row in enumerate(rows) if row is None]
    for place, row in zip(new, store.put([entries[place] for place in new]), strict=True):
        rows[place] = row
    for file, row in zip(files, rows, strict=True):
        file.row = row
    return Library((b"/photos",), library_files(files), (), final=True)


def packed(pixels: np.ndarray) -> bytes:
    """The fingerprint of a picture as the store takes it."""
    return fingerprint.pack(fingerprint.fingerprint(pixels))
