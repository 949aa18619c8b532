"""Progress in one line for a person, or as one JSON object for a program."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from engine.names import display_text
from engine.records import Progress, VolumeProgress

STAGES = {"walk": "Finding files", "quick": "Looking at thumbnails", "read": "Reading", "match": "Comparing"}
STATES = {"retrying": "trying again", "offline": "offline", "waiting": "waits"}
NAME_CHARS = 16


def as_json(progress: Progress) -> dict[str, Any]:
    """The contract's fields, and what was added to them: seconds_left, waits, volumes."""
    return {
        "stage": progress.stage,
        "done": progress.done,
        "stored": progress.stored,
        "total": progress.total,
        "per_second": progress.per_second,
        "seconds_left": _tenths(progress.seconds_left),
        "waits": progress.waits,
        "volumes": [asdict(volume) | {"seconds_left": _tenths(volume.seconds_left)} for volume in progress.volumes],
    }


def as_line(progress: Progress) -> str:
    """How far it is, how fast, how long yet; with several volumes also each of them."""
    of = f" of {progress.total:,}" if progress.total is not None else ""
    text = f"{STAGES.get(progress.stage, progress.stage)}: {progress.done:,}{of}, {progress.per_second:.0f} a second"
    megabytes = sum(volume.bytes_per_second for volume in progress.volumes) / 1e6
    if megabytes >= 0.1:
        text += f", {megabytes:.1f} MB/s"
    if progress.seconds_left:
        text += f", {_time(progress.seconds_left)} left"
    if progress.problems:
        text += f", {progress.problems:,} with problems"
    if progress.waits:
        text += f". {progress.waits}"
    if len(progress.volumes) > 1:
        text += " | " + ", ".join(_volume(volume) for volume in progress.volumes)
    return text


def _volume(volume: VolumeProgress) -> str:
    name = display_text(os.fsencode(os.path.basename(volume.name.rstrip("/")) or volume.name or "disk"))
    share = 100 * volume.done_bytes // volume.total_bytes if volume.total_bytes else 100
    state = STATES.get(volume.state)
    return f"{name[:NAME_CHARS]} {share} %" + (f" ({state})" if state else "")


def _time(seconds: float) -> str:
    """2 h 5 min, 3 min, 40 s."""
    if seconds >= 3600:
        return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60)} min"
    return f"{round(seconds / 60)} min" if seconds >= 90 else f"{max(1, round(seconds))} s"


def _tenths(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
