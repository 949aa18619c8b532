"""What the user says of a whole cluster of the open library, remembered by the content of what was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from engine.config import Limits
from engine.errors import Cancelled, UsageError
from engine.jobs.digests import digests_of
from engine.jobs.learnt_digests import LearntDigests
from engine.jobs.looking import Open
from engine.jobs.provisional import NOT_YET, NOT_YET_HINT
from engine.names import display_text
from engine.userdata import DecisionFile, Decisions

Choice = Literal["different", "keep-all"]


def remember(
    seen: Open,
    key: str,
    choice: Choice,
    decisions: Decisions,
    learnt: LearntDigests,
    limits: Limits,
    cancelled: Callable[[], bool],
) -> str:
    """Remember `choice` for the members of a cluster; returns the decision's id.

    Files of which no digest is known are read whole by a worker. Raises UsageError for an unknown key, and when such a file
    changed or went away since it was scanned: what is remembered must be what the user saw.
    """
    cluster = next((cluster for cluster in seen.clusters if cluster.key == key), None)
    if cluster is None:
        raise UsageError("This group of photos is no longer there.", hint="Look at the list again.")
    if cluster.provisional:
        raise UsageError(NOT_YET, hint=NOT_YET_HINT)
    members = [seen.library.files[member] for member in cluster.members]
    known = {file.id: digest for file in members if (digest := learnt.of(file)) is not None}
    digests = {**digests_of((file for file in members if file.id not in known), limits, cancelled), **known}
    if cancelled():
        raise Cancelled
    for file in members:
        if file.id not in digests:
            raise UsageError(f"{display_text(file.path)} changed or went away since it was scanned.", hint="Scan again first.")
        learnt.learn(file, digests[file.id])
    files = [DecisionFile(digests[f.id], f.facts.picture_digest if f.facts else None, f.path, f.stat.size) for f in members]
    return decisions.remember(choice, files)
