"""Shots, clusters, and what is proposed and said of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from engine.records.pairs import Tier


class Role(IntEnum):
    """What a file is in its shot."""

    RAW = 0
    RENDERED = 1
    SIDECAR = 2
    MOVIE = 3

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Shot:
    """Files that are one shot and travel together: indices into the scan's file list (ascending), and a role for each."""

    files: tuple[int, ...]
    roles: tuple[Role, ...]


class Suggest(IntEnum):
    """What the keeper rules propose for one file."""

    KEEP = 0
    REMOVE = 1
    UNDECIDED = 2

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A choice for one file with its one-line reason. source: ``rule`` ``user`` ``default``."""

    file: int
    suggest: Suggest
    reason: str
    tier: Tier
    source: str = "rule"


class ClusterState(IntEnum):
    """How far the user is with a cluster."""

    UNDECIDED = 0
    PROPOSED = 1
    DECIDED = 2
    ASIDE = 3

    @staticmethod
    def of(verdicts: Iterable[Verdict], *, aside: bool) -> ClusterState:
        """The state of a cluster with these verdicts in force; aside: it was set aside.

        What was accepted stays decided when it has moved, also where an edit beside the kept photo was left as it is.
        """
        if aside:
            return ClusterState.ASIDE
        held = [(verdict.suggest, verdict.source == "user") for verdict in verdicts]
        if (Suggest.REMOVE, False) in held:
            return ClusterState.PROPOSED
        decided = (Suggest.REMOVE, True) in held or (Suggest.KEEP, True) in held
        return ClusterState.DECIDED if decided else ClusterState.UNDECIDED


@dataclass(frozen=True, slots=True)
class Cluster:
    """Pictures that belong together at the current line.

    members: file ids, ascending. tier: the loosest that holds it together. weakest, strongest: 0..1, 4 decimals.
    key: content key of the first member by path, stable across rescans.
    nests: file ids of each nest: the cluster cut to links of tier same-picture or stricter.
    units: the members by shot, the best shot first (the proposed keeper, else the one with most pixels), then by path; in a
    unit camera RAW first. What the user sees as one photo is one unit.
    verdicts: one a member, in their order; the user's word where there is one. proposals: what the rules said of each member, ()
    where no verdict is the user's. provisional: a member is known by its embedded thumbnail only; nothing is proposed, decided
    or moved.
    """

    key: str
    members: tuple[int, ...]
    tier: Tier
    weakest: float
    strongest: float
    verdicts: tuple[Verdict, ...] = ()
    reclaimable_bytes: int = 0
    nests: tuple[tuple[int, ...], ...] = ()
    units: tuple[tuple[int, ...], ...] = ()
    state: ClusterState = ClusterState.UNDECIDED
    proposals: tuple[Verdict, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class ClusterColumns:
    """The clusters of a snapshot as arrays, for sorting and filtering 100,000 of them; read-only, first axis one a cluster.

    tier, state uint8. units int32: photos (shots). weakest, strongest float32. reclaimable int64: bytes.
    row_of_file int32, one a file id up to the largest member: row of the cluster it is in, -1 for none.
    row_of_key: row of each cluster key. going int32, going_bytes int64: photos that the user marked for trash, and their bytes.
    """

    tier: NDArray[np.uint8]
    state: NDArray[np.uint8]
    units: NDArray[np.int32]
    weakest: NDArray[np.float32]
    strongest: NDArray[np.float32]
    reclaimable: NDArray[np.int64]
    row_of_file: NDArray[np.int32]
    row_of_key: Mapping[str, int]
    going: NDArray[np.int32]
    going_bytes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClusterSnapshot:
    """All clusters at one line; immutable, swapped whole. line: 0..1; generation rises with every snapshot of a session.

    photos: shots in clusters. library: rises when file ids begin to mean other files. marks: how many calls of
    `Session.set_marks` and `Session.set_aside` its verdicts and states hold. provisional: how many clusters are.
    """

    generation: int
    line: float
    clusters: tuple[Cluster, ...]
    photos: int
    reclaimable_bytes: int
    final: bool
    columns: ClusterColumns
    library: int = 0
    marks: int = 0
    provisional: int = 0


@dataclass(frozen=True, slots=True)
class LineCounts:
    """What a line would give. bytes: space to win; about: True while the rules were not asked and the number is an estimate."""

    clusters: int
    photos: int
    bytes: int
    about: bool = False
