"""What is known of a file by its small picture only is shown, but nothing is proposed, decided or moved by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.config import ScanOptions
from engine.jobs.library import Library
from engine.records import Cluster, ClusterState, Suggest

WAIT = "still being read: only its small picture was looked at so far"
FILE_WAITS = "was only looked at by its small picture so far; wait until it was read"
GROUP_WAITS = "is in a group that was only looked at by small pictures so far; wait until they were read"
NOT_YET = "These photos were only looked at by their small pictures so far."
NOT_YET_HINT = "Wait until they were read."


def in_doubt(library: Library) -> NDArray[np.bool_]:
    """One a file: it, or a file of its shot, is known by its small picture only."""
    columns = library.table.files
    doubt: NDArray[np.bool_] = columns["provisional"].copy()
    shots = np.unique(columns["shot"][doubt & (columns["shot"] >= 0)])
    if len(shots):
        doubt |= np.isin(columns["shot"], shots)
    return doubt


def is_quick(library: Library, options: ScanOptions) -> bool:
    """A report of this library speaks of small pictures: as it was asked for, or because the full pass was cancelled."""
    return options.quick or library.provisional


def waiting(cluster: Cluster) -> Cluster:
    """The cluster with nothing proposed."""
    verdicts = tuple(replace(verdict, suggest=Suggest.UNDECIDED, reason=WAIT) for verdict in cluster.verdicts)
    return replace(cluster, verdicts=verdicts, proposals=(), reclaimable_bytes=0, state=ClusterState.UNDECIDED, provisional=True)


def all_waiting(clusters: Iterable[Cluster], library: Library, options: ScanOptions) -> Sequence[Cluster]:
    """The clusters as a report may hold them: where it is one of small pictures, it proposes nothing at all."""
    return [waiting(cluster) for cluster in clusters] if is_quick(library, options) else tuple(clusters)


def why_not(library: Library, clusters: Sequence[Cluster], files: Iterable[int]) -> dict[int, str]:
    """Of these files (ids) those of which nothing can be said or done yet, and why: the end of a sentence that names the file."""
    if not library.provisional:
        return {}
    doubt = in_doubt(library)
    grouped = {member for cluster in clusters if cluster.provisional for member in cluster.members}
    return {file: FILE_WAITS if doubt[file] else GROUP_WAITS for file in files if doubt[file] or file in grouped}
