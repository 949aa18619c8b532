"""What the user said of clusters, keyed by content: *different* and *keep-all*, each taken back by *forget*.

A decision is found by the digest of a file's bytes or by that of its picture data, so it survives rename, move, rescan and the
loss of the cache. Where several speak of one pair, the newest one counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import UsageError
from engine.names import path_fields
from engine.records import PAIR_DIFFERENT, PAIR_KEEP_ALL
from engine.userdata.identity import new_id, utc_now

if TYPE_CHECKING:
    from engine.userdata.database import Database

Kind = Literal["different", "keep-all", "forget"]
KINDS: tuple[Kind, ...] = ("different", "keep-all", "forget")

_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """One file a decision covers. blake3: 32 bytes of the whole file; picture_digest: 32 bytes or None.

    path, size: only to show the decision in the history, and to know which files are worth digesting (`Decisions.sizes`).
    """

    blake3: bytes
    picture_digest: bytes | None = None
    path: bytes = b""
    size: int = 0

    def __post_init__(self) -> None:
        for digest in (self.blake3, self.picture_digest):
            if digest is not None and len(digest) != _DIGEST_BYTES:
                raise ValueError("a digest has 32 bytes")


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing said. seq: order in which it was said. files: equal files stand once for each copy."""

    seq: int
    id: str
    kind: str
    when: str
    taken_back: bool
    files: tuple[DecisionFile, ...]


class Decisions:
    """The decisions in one database. Thread-safe; every answer is read afresh."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, kind: Literal["different", "keep-all"], files: Sequence[DecisionFile]) -> str:
        """Store a decision over all files of a cluster (each copy once) and return its id; durable when this returns.

        Raises UsageError for fewer than two files, StoreError when it cannot be stored.
        """
        return self._store(kind, files)

    def forget(self, files: Sequence[DecisionFile]) -> bool:
        """Take back what was said of every pair among these files. Returns False, and stores nothing, when nothing was said."""
        if not self._speaks_of(files):
            return False
        self._store("forget", files)
        return True

    def take_back(self, decision_id: str) -> bool:
        """Take back one decision by its id in the history. Returns False when there is none or it was taken back before."""
        with self._database.writing() as connection:
            done = connection.execute("UPDATE decisions SET taken_back = 1 WHERE id = ? AND NOT taken_back", (decision_id,))
            return done.rowcount > 0

    def known(self, decision_id: str) -> bool:
        """True when the history has a decision of this id."""
        with self._database.reading() as connection:
            return connection.execute("SELECT 1 FROM decisions WHERE id = ?", (decision_id,)).fetchone() is not None

    def all(self) -> tuple[Decision, ...]:
        """Everything said, oldest first."""
        with self._database.reading() as connection:
            files: dict[int, list[DecisionFile]] = {}
            for seq, blake3, picture, path, size in connection.execute(
                "SELECT decision, blake3, picture, path, size FROM decision_files ORDER BY rowid"
            ):
                files.setdefault(seq, []).append(DecisionFile(blake3, picture, path, size))
            found = connection.execute("SELECT seq, id, kind, made, taken_back FROM decisions ORDER BY seq").fetchall()
        return tuple(Decision(n, name, kind, made, bool(gone), tuple(files.get(n, ()))) for n, name, kind, made, gone in found)

    def sizes(self) -> frozenset[int]:
        """Sizes in bytes of the files that decisions cover.

        A file whose whole digest is not known needs one only if its size is in here; otherwise no decision can cover it by
        its bytes.
        """
        return frozenset(file.size for decision in self._in_force() for file in decision.files)

    def flags(self, digests: Sequence[tuple[bytes | None, bytes | None]], pairs: NDArray[Any]) -> NDArray[np.uint16]:
        """What was decided of each pair.

        digests: for every picture of the library, in the order that pairs index, (digest of the bytes or None, digest of the
        picture data or None). All pictures of the library belong in here, not only those in pairs: *keep-all* covers as many
        files of each digest as there were when it was said, and one more copy is a new member.
        pairs: `PAIR_DTYPE`, shape (n,); only a and b are read.

        Returns uint16, shape (n,): 0, `PAIR_DIFFERENT` or `PAIR_KEEP_ALL`.
        """
        flags = np.zeros(len(pairs), np.uint16)
        decisions = self._in_force()
        if not decisions or not len(pairs):
            return flags
        library = _Library(digests, decisions)
        touched = np.zeros(len(digests), np.bool_)
        touched[[index for index, covers in enumerate(library.covers) if covers]] = True
        for row in np.flatnonzero(touched[pairs["a"]] & touched[pairs["b"]]):
            flags[row] = library.verdict(int(pairs["a"][row]), int(pairs["b"][row]))
        return flags

    def history(self) -> list[dict[str, Any]]:
        """Entries of kind "decide" as the contract's ``history`` lists them, newest first."""
        return [_entry(decision) for decision in reversed(self.all())]

    def _in_force(self) -> list[Decision]:
        return [decision for decision in self.all() if not decision.taken_back]

    def _speaks_of(self, files: Sequence[DecisionFile]) -> bool:
        digests = [(file.blake3, file.picture_digest) for file in files]
        library = _Library(digests, self._in_force())
        return any(library.spoken(a, b) for b in range(len(files)) for a in range(b))

    def _store(self, kind: Kind, files: Sequence[DecisionFile]) -> str:
        if kind not in KINDS:
            raise ValueError(f"unknown decision {kind!r}")
        if len(files) < 2:
            raise UsageError("A decision needs at least two files.")
        name = new_id()
        with self._database.writing() as connection:
            made = connection.execute("INSERT INTO decisions (id, kind, made) VALUES (?, ?, ?)", (name, kind, utc_now()))
            connection.executemany(
                "INSERT INTO decision_files (decision, blake3, picture, path, size) VALUES (?, ?, ?, ?, ?)",
                [(made.lastrowid, file.blake3, file.picture_digest, file.path, file.size) for file in files],
            )
        return name


class _Library:
    """Which decisions cover which pictures of one library.

    covers[i]: decision index → numbers of the members (distinct contents) of that decision that picture i is.
    """

    def __init__(self, digests: Sequence[tuple[bytes | None, bytes | None]], decisions: Sequence[Decision]) -> None:
        self._decisions = decisions
        self._digests = digests
        self._copies: list[list[int]] = []  # decision → how many files each member stood for
        self._covered: list[Counter[tuple[str, bytes]]] = []  # decision → files by digest
        places: dict[tuple[str, bytes], list[tuple[int, int]]] = {}
        for number, decision in enumerate(decisions):
            members = Counter((file.blake3, file.picture_digest) for file in decision.files)
            self._copies.append(list(members.values()))
            self._covered.append(Counter(key for file in decision.files for key in _keys(file.blake3, file.picture_digest)))
            for member, (blake3, picture) in enumerate(members):
                for key in _keys(blake3, picture):
                    places.setdefault(key, []).append((number, member))
        self._present = Counter(key for pair in digests for key in _keys(*pair) if key in places)
        self.covers: list[dict[int, set[int]]] = [{} for _ in digests]
        for index, pair in enumerate(digests):
            for key in _keys(*pair):
                for number, member in places.get(key, ()):
                    self.covers[index].setdefault(number, set()).add(member)

    def verdict(self, a: int, b: int) -> int:
        """The flag of one pair: that of the newest decision that covers it; none when a new copy ended that decision."""
        for number in sorted(self.covers[a].keys() & self.covers[b].keys(), reverse=True):
            if not self._is_pair(number, a, b):
                continue
            kind = self._decisions[number].kind
            if kind == "different":
                return PAIR_DIFFERENT
            if kind == "forget" or self._has_new_copy(number, a) or self._has_new_copy(number, b):
                return 0
            return PAIR_KEEP_ALL
        return 0

    def spoken(self, a: int, b: int) -> bool:
        """True when the newest decision over the pair is one that can be forgotten, new copies or not."""
        for number in sorted(self.covers[a].keys() & self.covers[b].keys(), reverse=True):
            if self._is_pair(number, a, b):
                return self._decisions[number].kind != "forget"
        return False

    def _is_pair(self, number: int, a: int, b: int) -> bool:
        """True when a and b can be two files of this decision, and not only one and the same."""
        members = self.covers[a][number] | self.covers[b][number]
        return len(members) > 1 or self._copies[number][next(iter(members))] > 1

    def _has_new_copy(self, number: int, index: int) -> bool:
        covered = self._covered[number]
        return any(self._present[key] > covered[key] for key in _keys(*self._digests[index]) if key in covered)


def _keys(blake3: bytes | None, picture: bytes | None) -> list[tuple[str, bytes]]:
    keys = []
    if blake3 is not None:
        keys.append(("bytes", blake3))
    if picture is not None:
        keys.append(("picture", picture))
    return keys


def _entry(decision: Decision) -> dict[str, Any]:
    items = []
    for file in decision.files:
        text, exact = path_fields(file.path)
        items.append({"path": text, "path_b64": exact, "blake3": file.blake3.hex(), "size": file.size})
    return {
        "id": decision.id,
        "when": decision.when,
        "kind": "decide",
        "decision": decision.kind,
        "to": None,
        "files": len(items),
        "bytes": 0,
        "state": "undone" if decision.taken_back else "done",
        "items": items,
    }
