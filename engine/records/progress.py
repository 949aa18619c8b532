"""How far a job is, and what went wrong with single files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that gave no or only part of a picture, in words for the user."""

    path: bytes
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class VolumeProgress:
    """How far the reading of one volume is.

    name: for the user. kind: ``ssd`` ``hdd`` ``network`` ``unknown``. done, total: files; done_bytes, total_bytes: their sizes.
    files_per_second, bytes_per_second: over the last seconds. seconds_left: None while nothing can be said.
    state: ``reading`` ``waiting`` (its turn comes) ``retrying`` ``offline`` ``done``.
    """

    name: str
    kind: str
    done: int
    total: int
    done_bytes: int
    total_bytes: int
    files_per_second: float
    bytes_per_second: float
    seconds_left: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. total is None while unknown; stored is what would survive a kill now; per_second in files.

    stage: ``walk`` ``quick`` (embedded thumbnails) ``read`` ``match``. volumes: while reading, one each.
    waits: why nothing is read now, a sentence, "" when something is.
    """

    stage: str
    done: int
    stored: int
    total: int | None
    per_second: float
    problems: int = 0
    volumes: tuple[VolumeProgress, ...] = ()
    seconds_left: float | None = None
    waits: str = ""


@dataclass(frozen=True, slots=True)
class StageStatistics:
    """CPU milliseconds a file that one stage of reading took, for one format ("" for all).

    stage: ``open`` ``metadata`` ``decode`` ``fingerprint`` ``digest`` ``quick`` ``all``. count: files.
    """

    stage: str
    format: str
    count: int
    p50_ms: float
    p95_ms: float
    total_s: float


@dataclass(frozen=True, slots=True)
class SlowFile:
    """One of the slowest files of a scan. ms: wall time from request to answer."""

    path: bytes
    format: str
    ms: float


@dataclass(frozen=True, slots=True)
class ReadingStatistics:
    """What reading has cost since the session began. slowest: at most 20, slowest first. routes: decode route to number of files.

    skipped: code to number of files that were not looked at or gave no picture.
    """

    stages: tuple[StageStatistics, ...] = ()
    slowest: tuple[SlowFile, ...] = ()
    routes: tuple[tuple[str, int], ...] = ()
    skipped: tuple[tuple[str, int], ...] = ()
