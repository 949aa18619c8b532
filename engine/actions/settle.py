"""Settles a whole plan before anything moves: a keeper anywhere is a removal nowhere, a file named twice acts once.

Looks at the files' identities only (which file is behind which name); reads no contents and moves nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.actions import primitives, refusals
from engine.actions.descriptors import Identity, Roots, is_below_by_name, protected_identities
from engine.actions.plan import Plan, PlanFile
from engine.errors import ActionError
from engine.records import Tier

Entry = tuple[Identity, bytes] | bytes
"""A directory entry: its folder and the name as the folder spells it; the path itself where nothing was found."""


@dataclass(frozen=True, slots=True)
class Need:
    """Before a shot moves, one of these keepers must be proven. digests: of the pictures that the keepers stand for."""

    tier: Tier
    keepers: tuple[PlanFile, ...]
    digests: frozenset[bytes]


@dataclass(slots=True)
class Shot:
    """Files that move together or not at all, companions first. refusals: by path; one is enough to keep the whole shot."""

    number: int
    parts: tuple[PlanFile, ...]
    needs: tuple[Need, ...]
    reason: str
    refusals: dict[bytes, ActionError] = field(default_factory=dict)

    @property
    def cause(self) -> ActionError | None:
        """The first refusal, None when the shot may go on."""
        return next(iter(self.refusals.values()), None)


@dataclass(frozen=True, slots=True)
class Settled:
    """Shots in the order of the plan. same: a path that is another spelling of a part → that part's path."""

    shots: tuple[Shot, ...]
    same: dict[bytes, bytes]


@dataclass(slots=True)
class _Sight:
    """What is behind a path: identity and entry where it could be opened, else the refusal."""

    path: bytes
    entry: Entry
    identity: Identity | None = None
    above: tuple[Identity, ...] = ()
    error: ActionError | None = None


def settle(plan: Plan, roots: Roots, protected: Sequence[bytes]) -> Settled:
    """Decide for every file of a plan whether it may go at all, and with which others.

    protected: raw paths of all protected folders, the plan's and the session's.
    """
    return _Settlement(plan, roots, protected).settle()


class _Settlement:
    def __init__(self, plan: Plan, roots: Roots, protected: Sequence[bytes]) -> None:
        self._plan = plan
        self._protected = protected
        self._protected_ids = protected_identities(protected)
        self._sights = _look_at_all(plan, roots)
        self._kept = self._marks(file for item in plan.items for keeper in item.keep for file in keeper.whole())
        self._removed = self._marks(file for item in plan.items for gone in item.remove for file in gone.whole())

    def settle(self) -> Settled:
        groups = _Groups()
        for item in self._plan.items:
            for gone in item.remove:
                groups.join([self._sights[file.path].entry for file in gone.whole()])
        members: dict[Entry, list[tuple[int, PlanFile]]] = {}
        for index, item in enumerate(self._plan.items):
            for gone in item.remove:
                members.setdefault(groups.top(self._sights[gone.path].entry), []).append((index, gone))
        same: dict[bytes, bytes] = {}
        shots = tuple(self._shot(number, group, same) for number, group in enumerate(members.values()))
        return Settled(shots, same)

    def _shot(self, number: int, group: Sequence[tuple[int, PlanFile]], same: dict[bytes, bytes]) -> Shot:
        pictures = {self._sights[gone.path].entry for _, gone in group}
        first: dict[Entry, PlanFile] = {}
        refused: dict[bytes, ActionError] = {}
        for _, gone in group:
            for file in gone.whole():
                known = first.setdefault(self._sights[file.path].entry, file)
                if known.path != file.path:
                    same[file.path] = known.path
                if known.blake3 != file.blake3:
                    refused[known.path] = refusals.changed(known.path)
        parts = sorted(first.items(), key=lambda pair: pair[0] in pictures)
        for _, file in parts:
            error = self._refusal(file)
            if error is not None:
                refused[file.path] = error
        needs = self._needs(group, refused)
        reason = next((self._plan.items[index].reason for index, _ in group), "")
        return Shot(number, tuple(file for _, file in parts), needs, reason, refused)

    def _refusal(self, file: PlanFile) -> ActionError | None:
        sight = self._sights[file.path]
        in_protected = bool(self._protected_ids.intersection((*sight.above, sight.identity or (-1, -1))))
        if in_protected or is_below_by_name(file.path, self._protected):
            return refusals.protected(file.path)
        if sight.error is not None:
            return sight.error
        if self._is_marked(sight, self._kept):
            return refusals.last_copy(file.path, "it is kept, or belongs to a photo that is kept, in this same plan")
        return None

    def _needs(self, group: Sequence[tuple[int, PlanFile]], refused: dict[bytes, ActionError]) -> tuple[Need, ...]:
        by_item: dict[int, list[PlanFile]] = {}
        for index, gone in group:
            by_item.setdefault(index, []).append(gone)
        needs = []
        for index, pictures in by_item.items():
            item = self._plan.items[index]
            keepers = tuple(keeper for keeper in item.keep if not self._is_marked(self._sights[keeper.path], self._removed))
            if not keepers:
                why = "its keeper is to be removed too" if item.keep else "nothing of its cluster would be kept"
                for picture in pictures:
                    refused.setdefault(picture.path, refusals.last_copy(picture.path, why))
            needs.append(Need(item.tier, keepers, frozenset(picture.blake3 for picture in pictures)))
        return tuple(needs)

    def _marks(self, files: Iterable[PlanFile]) -> set[Identity | Entry]:
        marks: set[Identity | Entry] = set()
        for file in files:
            sight = self._sights[file.path]
            marks.add(sight.entry)
            if sight.identity is not None:
                marks.add(sight.identity)
        return marks

    @staticmethod
    def _is_marked(sight: _Sight, marks: set[Identity | Entry]) -> bool:
        return sight.entry in marks or (sight.identity is not None and sight.identity in marks)


def _look_at_all(plan: Plan, roots: Roots) -> dict[bytes, _Sight]:
    sights: dict[bytes, _Sight] = {}
    spellings: dict[tuple[Identity, str], list[_Sight]] = {}
    for item in plan.items:
        for named in (*item.keep, *item.remove):
            for file in named.whole():
                if file.path not in sights:
                    sight = sights[file.path] = _look_at(file.path, roots)
                    if isinstance(sight.entry, tuple):
                        folder, name = sight.entry
                        spellings.setdefault((folder, _folded(name)), []).append(sight)
    for group in spellings.values():
        if len({sight.entry for sight in group}) > 1:
            _resolve(group, roots)
    return sights


def _look_at(path: bytes, roots: Roots) -> _Sight:
    try:
        with roots.open_file(path) as file:
            return _Sight(path, (file.folder.above[0], file.name), file.identity, file.folder.above)
    except ActionError as error:
        return _Sight(path, path, error=error)


def _resolve(group: Sequence[_Sight], roots: Roots) -> None:
    """Names that differ only in case or normal form may be one entry: ask the folder how it spells them."""
    try:
        with roots.open_file(group[0].path) as file:
            names = set(primitives.names_in(file.folder.descriptor))
    except (ActionError, OSError):
        names = set()  # every spelling then counts as one entry: the careful side
    for sight in group:
        assert isinstance(sight.entry, tuple)
        folder, name = sight.entry
        if name not in names:
            spelled = next((other for other in sorted(names) if _folded(other) == _folded(name)), name)
            sight.entry = (folder, spelled)


def _folded(name: bytes) -> str:
    return unicodedata.normalize("NFC", name.decode("utf-8", "surrogateescape")).casefold()


class _Groups:
    """Union-find over entries: shots that share a file are one."""

    def __init__(self) -> None:
        self._up: dict[Entry, Entry] = {}

    def top(self, entry: Entry) -> Entry:
        while (up := self._up.setdefault(entry, entry)) != entry:
            self._up[entry] = self._up.get(up, up)
            entry = up
        return entry

    def join(self, entries: Sequence[Entry]) -> None:
        first = self.top(entries[0])
        for entry in entries[1:]:
            self._up[self.top(entry)] = first
