"""Which files of a library belong together."""

from __future__ import annotations

import os

import numpy as np

from engine import formats, shots
from engine.jobs.library import Files, Library, LibraryFile
from engine.records import PictureFacts, Role

BESIDE = ("raw", "movie", "sidecar")
NOT_IN_SHOTS = ("scan.hidden", "scan.link", "scan.not-regular", "read.vanished")


def form_shots(library: Library) -> None:
    """Settle shots with the facts; companions become ``skipped``, ``scan.companion`` (a hard link keeps its own code)."""
    table = library.table
    for name in ("shot", "role"):
        table.files[name].fill(-1)
    again = table.has_text("code", "scan.companion") & table.files["known"]
    for name in ("status", "code"):
        table.files[name][again] = table.facts[name][again]
    left_out = table.has_text("status", "offline") | table.has_text("code", *NOT_IN_SHOTS)
    given = [_shot_file(file) for file in _in_question(library.files.where(~left_out))]
    library.shared_companions = shots.shared_companions(given)
    library.shots = tuple(sorted(shots.find_shots(given), key=lambda shot: shot.files[0]))
    for number, shot in enumerate(library.shots):
        for index, role in zip(shot.files, shot.roles, strict=True):
            file = library.files[index]
            file.shot, file.role = number, role
            if role in (Role.SIDECAR, Role.MOVIE) and file.code != "scan.hard-link":
                file.status, file.code = "skipped", "scan.companion"


def _in_question(files: Files) -> Files:
    """Those in folders with a camera RAW, a movie or a sidecar: pictures alone make no shot, and most folders hold no more."""
    table, ids = files.table, files.ids
    beside = table.has_fact("kind", *BESIDE)[ids]
    for number in np.flatnonzero(~table.files["known"][ids]).tolist():
        beside[number] = formats.suffix_kind(table.paths[ids.item(number)]) in BESIDE
    folders = {os.path.dirname(table.paths[place]) for place in ids[beside].tolist()}
    if not folders:
        return files[:0]
    inside = [os.path.dirname(table.paths[place]) in folders for place in ids.tolist()]
    return Files(table, ids[np.array(inside, np.bool_)])


def _shot_file(file: LibraryFile) -> shots.ShotFile:
    facts = file.facts or PictureFacts("error")
    kind = facts.kind if file.facts is not None else (formats.suffix_kind(file.path) or "other")
    if file.code == "scan.hard-link" and kind in ("picture", "raw"):
        kind = "other"
    return shots.ShotFile(
        index=file.id,
        path=file.path,
        kind=kind,
        format=facts.format,
        taken=facts.taken,
        taken_fraction=facts.taken_fraction,
        make=facts.make,
        model=facts.model,
        is_picture=file.is_picture,
    )
