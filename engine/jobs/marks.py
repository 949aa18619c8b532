"""What the user said of single files, in memory for whoever shows them, and on its way to the user data.

Setting returns at once; reading takes no lock. Storing runs in a lane of its own and in the order in which things were said.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from engine.records import StatFacts, Suggest
from engine.userdata import Mark, MarkTable

MOST_CHANGES = 1_000
"""Of more changes than that it is not worth while to tell them apart."""

FactsOf = Callable[[bytes], StatFacts | None]
"""Raw path to the facts of that file in the library on which it was marked; None when it is not in it."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One call, not stored yet: it speaks of the files as they are in the library that was open."""

    marks: Mapping[bytes, Suggest | None]
    facts: FactsOf


class Marks:
    """Marks by raw path, and clusters set aside by key. All methods may be called from any thread.

    What is read may be a moment older or newer than `calls`; read `calls` first to know what is surely in it.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, Mark] = {}
        self._new: tuple[_Said, ...] = ()  # swapped whole, oldest first
        self._aside: frozenset[str] = frozenset()
        self._aside_new: dict[str, bool] = {}
        self._unstored: dict[bytes, Mark | None] = {}
        self._calls = 0
        self._loads = 0
        self._changes: deque[tuple[int, frozenset[bytes]]] = deque(maxlen=MOST_CHANGES)
        self._lock = threading.Lock()
        self._storing = threading.Lock()
        self._loaded = threading.Event()

    # ------------------------------------------------------------------------------------------------ reading

    @property
    def calls(self) -> int:
        """How many calls of `set` and `set_aside` can be read."""
        return self._calls

    @property
    def stamp(self) -> tuple[int, int]:
        """What is known now, for `changed_since`."""
        return self._loads, self._calls

    def changed_since(self, stamp: tuple[int, int]) -> frozenset[bytes] | None:
        """Raw paths of which something was said since that stamp; None when it was too long ago, or of too many."""
        with self._lock:
            changes, (loads, calls) = list(self._changes), stamp
            known = loads == self._loads and self._calls - calls <= len(changes)
        paths = [said for call, said in changes if call > calls]
        if not known or sum(map(len, paths)) > MOST_CHANGES:
            return None
        return frozenset[bytes]().union(*paths)

    @property
    def aside(self) -> frozenset[str]:
        """Keys of the clusters that were set aside."""
        return self._aside

    def __bool__(self) -> bool:
        return bool(self._known or self._new)

    def said(self, path: bytes, stat: StatFacts) -> Suggest | None:
        """What the user said of this file; None when nothing, or when it was another file (size, time) of that name."""
        for said in reversed(self._new):
            if path in said.marks:
                return said.marks[path]
        mark = self._known.get(path)
        if mark is None or (mark.size, mark.mtime_ns) != (stat.size, stat.mtime_ns):
            return None
        return mark.suggest

    # ------------------------------------------------------------------------------------------------ saying

    def set(self, marks: Mapping[bytes, Suggest | None], facts: FactsOf) -> None:
        """Say something of files, or take it back (None). `facts` tells which state of each file is meant."""
        with self._lock:
            self._new = (*self._new, _Said(dict(marks), facts))
            self._calls += 1
            self._changes.append((self._calls, frozenset(marks)))

    def set_aside(self, key: str, aside: bool, also: Collection[str] = ()) -> None:
        """Set a cluster aside, or take it up again. also: other keys by which it is known."""
        keys = {key, *also}
        with self._lock:
            self._aside = self._aside.union(keys) if aside else self._aside.difference(keys)
            self._aside_new.update(dict.fromkeys(keys, aside))
            self._calls += 1
            self._changes.append((self._calls, frozenset()))

    # ------------------------------------------------------------------------------------------------ user data

    def load(self, table: MarkTable) -> None:
        """Take over what was stored; what was said meanwhile counts more. Raises StoreError; then nothing is known of before."""
        try:
            stored, aside = table.marks(), table.aside()
            with self._lock:
                stored.update(self._known)
                self._known = stored
                self._loads += 1
                self._aside = (aside | self._aside) - {key for key, is_aside in self._aside_new.items() if not is_aside}
        finally:
            self._loaded.set()

    def store(self, table: Callable[[], MarkTable]) -> None:
        """Store all that was said so far. Raises StoreError; then it is known in this session, and the next call tries again."""
        self._loaded.wait()
        with self._storing:
            while self._new:
                self._unstored.update(self._settle(self._new[0]))
            with self._lock:
                aside = dict(self._aside_new)
            if not self._unstored and not aside:
                return
            table().store(self._unstored, aside)
            self._unstored.clear()
            with self._lock:  # what was said of a key meanwhile waits for the next call
                self._aside_new = {key: now for key, now in self._aside_new.items() if aside.get(key) is not now}

    def _settle(self, said: _Said) -> dict[bytes, Mark | None]:
        """Tie the oldest of what is new to the files that were meant. Readers find it here or there at any moment."""
        marks: dict[bytes, Mark | None] = {}
        for path, suggest in said.marks.items():
            stat = said.facts(path) if suggest is not None else None
            marks[path] = Mark(stat.size, stat.mtime_ns, suggest) if stat is not None and suggest is not None else None
        for path, mark in marks.items():
            if mark is None:
                self._known.pop(path, None)
            else:
                self._known[path] = mark
        with self._lock:
            self._new = self._new[1:]
        return marks
