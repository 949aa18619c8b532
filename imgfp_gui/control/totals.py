"""Small records that the controller hands to the views."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all clusters, those set aside left out of photos and bytes.

    decided_photos: photos that the user marked for trash; decided_bytes: theirs, companions included. decided_clusters: those in
    state DECIDED. proposed_bytes: all that would be freed, decided included. by_state: clusters per `ClusterState`.
    """

    decided_photos: int = 0
    decided_clusters: int = 0
    decided_bytes: int = 0
    proposed_bytes: int = 0
    by_state: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence over the photos. sign: ``done`` ``remembered`` ``caution``. command: id for its button, button: its text."""

    text: str
    sign: str = "done"
    command: str | None = None
    button: str = ""
