"""From what the user marked to a plan: exactly the named photos go, and each needs a kept one of its cluster that is still there.

The open library says what the user saw. Every file is looked at again: what changed since, what a new file joined, and what
nothing would stand for is left alone, with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.actions import Plan, PlanFile, PlanItem, refusals
from engine.errors import ActionError
from engine.jobs.library import Library, LibraryFile
from engine.jobs.plan_parts import distance, neighbours, plan_file, whole_shot
from engine.jobs.provisional import why_not
from engine.names import base_name
from engine.records import Cluster, PairView, Suggest, Tier

CHOSEN = "chosen by you"

PairOf = Callable[[int, int], PairView | None]
"""Two files of the open library as the matcher sees them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The open library as the user saw it. clusters: at the line, as the rules judge them. protected: raw paths of folders."""

    library: Library
    clusters: Sequence[Cluster]
    pair: PairOf
    protected: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Going:
    """A photo that may go. face: as the user saw it. unit: its whole shot as it is now, the face first. keeper: likewise."""

    cluster: int
    face: LibraryFile
    unit: tuple[LibraryFile, ...]
    keeper: tuple[LibraryFile, ...]
    tier: Tier
    reason: str


@dataclass(slots=True)
class Marked:
    """What may go, in the order of the clusters, and why the rest of what was named stays."""

    going: list[Going] = field(default_factory=list)
    refused: list[ActionError] = field(default_factory=list)


def look_at_marked(seen: Seen, paths: Sequence[bytes], look: Callable[[Sequence[bytes]], Library]) -> Marked:
    """Which of these photos may go, and which kept photo stands for each.

    paths: each a file of a unit. look: reads these files (and no others) as they are now.
    """
    marked = Marked()
    by_cluster = _by_cluster(seen, paths, marked.refused)
    members = [file for cluster in by_cluster for file in _whole_cluster(seen, cluster)]
    known = {file.path for file in members}
    now = look([*known, *neighbours(known)])
    for cluster, faces in sorted(by_cluster.items()):
        _Cluster(seen, cluster, now, marked).settle(faces)
    return marked


def plan_of(seen: Seen, marked: Marked, digests: Mapping[int, bytes]) -> Plan:
    """The plan; what lacks a digest joins `marked.refused`. digests: by id of the files as they are now."""
    items: dict[tuple[int, int, Tier, str], list[PlanFile]] = {}
    keepers: dict[int, tuple[LibraryFile, ...]] = {}
    for going in marked.going:
        lacking = next((file for file in (*going.unit, *going.keeper) if file.id not in digests), None)
        if lacking is not None:
            marked.refused.append(_changed(going.face, lacking))
            continue
        keepers[going.keeper[0].id] = going.keeper
        key = (seen.clusters[going.cluster].members[0], going.keeper[0].id, going.tier, going.reason)
        items.setdefault(key, []).append(plan_file(going.unit, digests))
    made = [
        PlanItem(cluster, tier, (plan_file(keepers[keeper], digests),), tuple(files), reason)
        for (cluster, keeper, tier, reason), files in items.items()
    ]
    return Plan(seen.library.roots, seen.protected, tuple(made))


def files_of(marked: Marked) -> Iterator[LibraryFile]:
    """Every file that the plan will name, as it is now."""
    for going in marked.going:
        yield from going.unit
        yield from going.keeper


# ---------------------------------------------------------------------------------------------------- clusters


def _by_cluster(seen: Seen, paths: Sequence[bytes], refused: list[ActionError]) -> dict[int, list[LibraryFile]]:
    """The named files by number of their cluster, one a shot."""
    number_of = {member: number for number, cluster in enumerate(seen.clusters) for member in cluster.members}
    known = [file.id for path in paths if (file := seen.library.find(path)) is not None]
    unread = why_not(seen.library, seen.clusters, known)
    found: dict[int, dict[int, LibraryFile]] = {}
    for path in dict.fromkeys(paths):
        file = seen.library.find(path)
        number = number_of.get(file.id) if file is not None else None
        if file is None:
            refused.append(refusals.not_planned(path, "lies in none of the scanned folders"))
        elif file.id in unread:
            refused.append(refusals.not_planned(path, unread[file.id]))
        elif number is None:
            refused.append(refusals.last_copy(path, "it is in no group of photos that are alike"))
        else:
            found.setdefault(number, {}).setdefault(_shot(file), file)
    return {number: list(files.values()) for number, files in found.items()}


def _shot(file: LibraryFile) -> int:
    return file.shot if file.shot is not None else -1 - file.id


def _whole_cluster(seen: Seen, number: int) -> list[LibraryFile]:
    library = seen.library
    files = {file.id: file for m in seen.clusters[number].members for file in whole_shot(library, library.files[m])}
    return list(files.values())


class _Cluster:
    """One cluster, and what became of its files since it was seen."""

    def __init__(self, seen: Seen, number: int, now: Library, marked: Marked) -> None:
        self._seen = seen
        self._number = number
        self._cluster = seen.clusters[number]
        self._now = now
        self._marked = marked
        self._nest_of = {member: n for n, nest in enumerate(self._cluster.nests) for member in nest}
        self._reasons = {v.file: v.reason for v in self._cluster.verdicts if v.suggest is Suggest.REMOVE}

    def settle(self, faces: Sequence[LibraryFile]) -> None:
        """Sort these photos into what may go and what stays."""
        gone = {_shot(file) for file in faces}
        library = self._seen.library
        kept = [file for m in self._cluster.members if _shot(file := library.files[m]) not in gone]
        for face in faces:
            error = self._trouble(face)
            if error is None and not kept:
                error = refusals.last_copy(face.path, "nothing of its cluster would be kept")
            if error is None:
                keeper = self._keeper_for(face, kept)
                if keeper is None:
                    error = refusals.keeper_gone(face.path, "the photos that would be kept in its place are gone or changed")
                else:
                    self._marked.going.append(self._going(face, keeper))
            if error is not None:
                self._marked.refused.append(error)

    def _going(self, face: LibraryFile, keeper: LibraryFile) -> Going:
        return Going(
            self._number,
            face,
            self._unit_now(face),
            self._unit_now(keeper),
            self._tier(face, keeper),
            self._reasons.get(face.id, CHOSEN),
        )

    # ------------------------------------------------------------------------------------------------ since it was seen

    def _trouble(self, face: LibraryFile) -> ActionError | None:
        """Why a shot is no longer what the user saw; None when it is, or has only got a new companion."""
        before = whole_shot(self._seen.library, face)
        for file in before:
            now = self._now.find(file.path)
            if now is None or now.code == "read.vanished":
                return refusals.absent(face.path) if file is face else _changed(face, file)
            if not _same(file, now):
                return _changed(face, file)
        unit = self._unit_now(face)
        names = {file.path for file in before}
        lost = next((file for file in before if file.path not in {now.path for now in unit}), None)
        joined = next((now for now in unit if now.path not in names and now.is_picture), None)
        if lost is not None or joined is not None:
            return _changed(face, lost or joined or face)
        shared = next((now for now in unit if now.id in self._now.shared_companions), None)
        return refusals.not_planned(face.path, f"stays: {_name(shared)} may belong to another photo") if shared else None

    def _unit_now(self, file: LibraryFile) -> tuple[LibraryFile, ...]:
        now = self._now.find(file.path)
        assert now is not None
        return tuple(whole_shot(self._now, now))

    # ------------------------------------------------------------------------------------------------ keepers

    def _keeper_for(self, face: LibraryFile, kept: Sequence[LibraryFile]) -> LibraryFile | None:
        """The kept picture that stands for a shot: whole, of the same nest, closest; None when all are gone or changed."""
        there = [file for file in kept if self._is_there(file)]
        return min(there, key=lambda file: self._rank(face, file), default=None)

    def _is_there(self, file: LibraryFile) -> bool:
        now = self._now.find(file.path)
        return now is not None and now.is_picture and _same(file, now)

    def _rank(self, face: LibraryFile, kept: LibraryFile) -> tuple[object, ...]:
        near = self._nest_of.get(face.id, -1) == self._nest_of.get(kept.id, -2)
        same, kind, number = distance(kept, face)
        pair = self._seen.pair(face.id, kept.id) if same and not near else None
        return kept.status != "ok", not near, same, -pair.score if pair is not None else 0.0, kind, number

    def _tier(self, face: LibraryFile, keeper: LibraryFile) -> Tier:
        """The loosest tier that is needed to cover every picture of the shot by one of the keeper's."""
        ours = [file for file in whole_shot(self._seen.library, face) if file.is_picture]
        theirs = [file for file in whole_shot(self._seen.library, keeper) if file.is_picture]
        return max(self._closest(file, theirs) for file in ours)

    def _closest(self, file: LibraryFile, keepers: Sequence[LibraryFile]) -> Tier:
        if any(file.digest is not None and file.digest == keeper.digest for keeper in keepers):
            return Tier.IDENTICAL
        pairs = [self._seen.pair(file.id, keeper.id) for keeper in keepers]
        return min((pair.tier for pair in pairs if pair is not None), default=max(self._cluster.tier, Tier.EDITED))


def _same(before: LibraryFile, now: LibraryFile) -> bool:
    """The very bytes that were seen, as far as can be told without reading them again."""
    if before.digest is not None and now.digest is not None:
        return before.digest == now.digest
    return (before.stat.size, before.stat.mtime_ns) == (now.stat.size, now.stat.mtime_ns)


def _name(file: LibraryFile) -> str:
    return base_name(file.path)


def _changed(face: LibraryFile, other: LibraryFile) -> ActionError:
    error = refusals.changed(other.path)
    return error if other.path == face.path else refusals.with_shot(face.path, error)
