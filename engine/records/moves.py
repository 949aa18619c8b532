"""What the window asks before it moves: per folder, what is left and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApplyFolder:
    """Photos that would go from one folder, and their bytes with companions left out."""

    path: str
    photos: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ApplyLeft:
    """A photo that is left alone, and why: code as in the contract, a sentence, what to do."""

    path: str
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ApplyCheck:
    """What a move would do, checked against the files just now; nothing was moved.

    id: for `Session.apply_checked`. photos, clusters, companions: counts. bytes: with companions; companion_bytes: theirs.
    folders: from where, most bytes first. files: ids of the photos, for thumbnails, in the order of the clusters.
    left: refused before it happens. poorer: (path, what the kept photo lacks: ``rating`` ``keywords`` ``gps``) of photos whose
    facts the kept one has not. no_trash: readable names of volumes without a trash that photos lie on (trash destination only).
    scope: sentences that must be confirmed apart (safety rule S18); empty mostly.
    """

    id: int
    photos: int
    clusters: int
    companions: int
    bytes: int
    companion_bytes: int
    folders: tuple[ApplyFolder, ...]
    files: tuple[int, ...]
    left: tuple[ApplyLeft, ...]
    poorer: tuple[tuple[str, tuple[str, ...]], ...]
    no_trash: tuple[str, ...]
    scope: tuple[str, ...]
