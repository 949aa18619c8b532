"""A report as read from a file: frozen, checked, with paths as bytes. Nothing here is believed for a removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.records import AS_USUAL, Role, Suggest, Tier, Weights

STATUSES = ("ok", "partial", "error", "skipped", "offline")
DECISIONS = ("different", "keep-all")


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One record of ``files``; path: raw absolute bytes."""

    id: int
    path: bytes
    size: int
    mtime_ns: int
    status: str
    code: str | None
    format: str | None
    width: int | None
    height: int | None
    taken: str | None
    frames: int | None
    shot: int | None
    same_as: int | None
    from_cache: bool


@dataclass(frozen=True, slots=True)
class ReportShot:
    """One record of ``shots``."""

    id: int
    files: tuple[int, ...]
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Transform:
    """How B lies in A: degrees clockwise, mirror, and the box in fractions of A."""

    turn: int
    mirror: bool
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ReportPair:
    """One record of ``pairs``; a < b."""

    a: int
    b: int
    tier: Tier
    similarity: float
    parts: Mapping[str, float]
    edits: tuple[str, ...]
    transform: Transform | None
    decision: str | None


@dataclass(frozen=True, slots=True)
class ReportMember:
    """One member of a cluster."""

    file: int
    tier: Tier
    suggest: Suggest
    reason: str


@dataclass(frozen=True, slots=True)
class ReportCluster:
    """One record of ``clusters``; its members are in no other."""

    id: int
    tier: Tier
    weakest: float
    strongest: float
    reclaimable_bytes: int
    members: tuple[ReportMember, ...]


@dataclass(frozen=True, slots=True)
class ReportProblem:
    """One record of ``problems``."""

    path: bytes
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """What ``settings`` says. scan_pass: ``full`` or ``quick`` (then everything is provisional). protected: raw paths.

    moments: photographs of one moment make clusters too. weights: by which the pairs were scored.
    """

    preset: str
    threshold: float
    scan_pass: str
    protected: tuple[bytes, ...]
    moments: bool = False
    weights: Weights = AS_USUAL


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. files: `files[i].id == i`. stats: as read, for display only."""

    app: str
    profile: str
    settings: ReportSettings
    files: tuple[ReportFile, ...]
    shots: tuple[ReportShot, ...]
    pairs: tuple[ReportPair, ...]
    clusters: tuple[ReportCluster, ...]
    problems: tuple[ReportProblem, ...]
    stats: Mapping[str, Any]
    roots: tuple[bytes, ...] = ()

    def cluster(self, cluster_id: int) -> ReportCluster | None:
        """The cluster with this id, or None."""
        return next((one for one in self.clusters if one.id == cluster_id), None)
