"""What was done to the user's files, durable before it is done: runs, and a row for every file of every shot.

This room only remembers. It never looks at a file; whoever reads a row looks at the disk before believing it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from engine.names import path_fields
from engine.records import StatFacts
from engine.userdata.identity import new_id, utc_now

if TYPE_CHECKING:
    from engine.userdata.database import Database

RunKind = Literal["apply", "undo"]

_PLAN_LIMIT = 1 << 30
"""A stored plan larger than this, unpacked, is not believed."""


class RowState(StrEnum):
    """How far one file is. INTENT: will move. MOVED: lies at its destination, the shot is not finished. DONE: finished.

    REFUSED: was not touched. FAILED: the move did not happen or was taken back.
    """

    INTENT = "intent"
    MOVED = "moved"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


_GONE = (RowState.MOVED, RowState.DONE)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A file about to move, or refused. Paths are raw bytes.

    path: its place in the library. root: the scanned folder above it. destination: where it goes, None while only the trash
    will tell. digest: 32 bytes of the whole file. xattrs: name → value. places: folders in which the trash may put it.
    origin: for an undo, the row of the run that is undone.
    """

    path: bytes
    root: bytes
    stat: StatFacts | None = None
    destination: bytes | None = None
    digest: bytes | None = None
    xattrs: tuple[tuple[bytes, bytes], ...] = ()
    keeper: bytes | None = None
    reason: str = ""
    places: tuple[bytes, ...] = ()
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A `NewRow` as it stands in the journal.

    restored: an undo put it back. placeholder: an empty file of ours may stand at `path`.
    """

    id: int
    run: int
    shot: int
    state: RowState
    path: bytes
    root: bytes
    destination: bytes | None
    digest: bytes | None
    stat: StatFacts
    xattrs: tuple[tuple[bytes, bytes], ...]
    keeper: bytes | None
    reason: str
    places: tuple[bytes, ...]
    origin: int | None
    restored: bool
    placeholder: bool
    code: str | None
    message: str

    @property
    def is_away(self) -> bool:
        """The file left its place in this run and no undo has put it back."""
        return self.state in _GONE and not self.restored


@dataclass(frozen=True, slots=True)
class Run:
    """One apply or undo. folder: the quarantine folder, None for the trash. reverses: seq of the run it takes back.

    is_open: it was not finished: a crash, or it is running now.
    """

    seq: int
    id: str
    kind: RunKind
    when: str
    folder: bytes | None
    reverses: int | None
    is_open: bool


_RUN = "seq, id, kind, made, folder, reverses, open"
_ROW = (
    "id, run, shot, state, path, root, destination, digest, size, mtime_ns, ctime_ns, device, inode, mode, xattrs, keeper, "
    "reason, places, origin, restored, placeholder, code, message"
)
_NO_STAT = StatFacts(0, 0, 0, 0, 0)


class Journal:
    """The runs in one database. Thread-safe. Whatever returns after writing is durable; StoreError means nothing was written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ------------------------------------------------------------------------------------------------ writing

    def begin(self, kind: RunKind, *, folder: bytes | None, plan: Any = None, reverses: int | None = None) -> Run:
        """A new, open run. plan: anything JSON can hold, kept for a redo."""
        packed = None if plan is None else zlib.compress(json.dumps(plan).encode("ascii"), 6)
        name, made = new_id(), utc_now()
        with self._database.writing() as connection:
            seq = connection.execute(
                "INSERT INTO runs (id, kind, made, folder, reverses, plan) VALUES (?, ?, ?, ?, ?, ?)",
                (name, kind, made, folder, reverses, packed),
            ).lastrowid
        assert seq is not None
        return Run(seq, name, kind, made, folder, reverses, is_open=True)

    def intend(self, run: int, shot: int, rows: Sequence[NewRow]) -> list[int]:
        """INTENT rows for all files of one shot, in the order in which they will move; returns their ids."""
        with self._database.writing() as connection:
            return [_insert(connection, run, shot, RowState.INTENT, row, None, "") for row in rows]

    def refuse(self, run: int, rows: Iterable[tuple[int, NewRow, RowState, str, str]]) -> None:
        """Rows for files that stay: (shot, row, REFUSED or FAILED, code, message)."""
        with self._database.writing() as connection:
            for shot, row, state, code, message in rows:
                _insert(connection, run, shot, state, row, code, message)

    def moved(self, row: int, destination: bytes) -> None:
        """The file lies at `destination` now."""
        with self._database.writing() as connection:
            connection.execute("UPDATE run_files SET state = 'moved', destination = ? WHERE id = ?", (destination, row))

    def done(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """All files of a shot have arrived and are durable: (row id, destination)."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE run_files SET state = 'done', destination = ? WHERE id = ?", [(where, row) for row, where in rows]
            )

    def failed(self, rows: Sequence[int], code: str, message: str) -> None:
        """The files are at their old places: the move did not happen or was taken back."""
        with self._database.writing() as connection:
            values = [(code, message, row) for row in rows]
            connection.executemany("UPDATE run_files SET state = 'failed', code = ?, message = ? WHERE id = ?", values)

    def restored(self, row: int, origin: int, place: bytes) -> None:
        """An undo's row is done, and the row it took back is restored: one transaction."""
        with self._database.writing() as connection:
            connection.execute("UPDATE run_files SET state = 'done', path = ? WHERE id = ?", (place, row))
            connection.execute("UPDATE run_files SET restored = 1 WHERE id = ?", (origin,))

    def will_place(self, row: int) -> None:
        """An empty file of ours is about to hold the file's place until it is renamed over it."""
        with self._database.writing() as connection:
            connection.execute("UPDATE run_files SET placeholder = 1 WHERE id = ?", (row,))

    def finish(self, run: int) -> None:
        """The run is over, whatever its rows say."""
        with self._database.writing() as connection:
            connection.execute("UPDATE runs SET open = 0 WHERE seq = ?", (run,))

    # ------------------------------------------------------------------------------------------------ reading

    def find(self, run_id: str) -> Run | None:
        """The run with this id."""
        return self._one(f"SELECT {_RUN} FROM runs WHERE id = ?", run_id)

    def run(self, seq: int) -> Run | None:
        """The run with this number."""
        return self._one(f"SELECT {_RUN} FROM runs WHERE seq = ?", seq)

    def unfinished(self) -> list[Run]:
        """Runs that never came to their end, oldest first."""
        with self._database.reading() as connection:
            return [_run(row) for row in connection.execute(f"SELECT {_RUN} FROM runs WHERE open ORDER BY seq")]

    def newest_to_undo(self) -> Run | None:
        """The newest apply of which files are still away."""
        return self._one(
            f"SELECT {_RUN} FROM runs WHERE kind = 'apply' AND EXISTS (SELECT 1 FROM run_files f WHERE f.run = runs.seq "
            "AND f.state IN ('moved', 'done') AND NOT f.restored) ORDER BY seq DESC LIMIT 1"
        )

    def newest_to_redo(self) -> Run | None:
        """The newest undo that restored something and was not itself taken back."""
        return self._one(
            f"SELECT {_RUN} FROM runs WHERE kind = 'undo' AND EXISTS (SELECT 1 FROM run_files f WHERE f.run = runs.seq "
            "AND f.state = 'done') AND NOT EXISTS (SELECT 1 FROM runs r JOIN run_files g ON g.run = r.seq "
            "WHERE r.reverses = runs.seq AND g.state IN ('moved', 'done')) ORDER BY seq DESC LIMIT 1"
        )

    def reversed_by(self, run: int) -> Run | None:
        """The newest run that took this one back."""
        return self._one(f"SELECT {_RUN} FROM runs WHERE reverses = ? ORDER BY seq DESC LIMIT 1", run)

    def rows(self, run: int) -> list[Row]:
        """The files of a run, in the order in which they were to move."""
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(f"SELECT {_ROW} FROM run_files WHERE run = ? ORDER BY id", (run,))]

    def row(self, row: int) -> Row | None:
        """One row by its id."""
        with self._database.reading() as connection:
            found = connection.execute(f"SELECT {_ROW} FROM run_files WHERE id = ?", (row,)).fetchone()
        return _row(found) if found else None

    def plan(self, run: int) -> Any:
        """What `begin` was given as plan, or None."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT plan FROM runs WHERE seq = ?", (run,)).fetchone()
        if found is None or found[0] is None:
            return None
        unpacked = zlib.decompressobj().decompress(found[0], _PLAN_LIMIT)
        return json.loads(unpacked)

    def history(self) -> list[dict[str, Any]]:
        """Applies and undos as the contract's ``history`` lists them, newest first."""
        with self._database.reading() as connection:
            runs = [_run(row) for row in connection.execute(f"SELECT {_RUN} FROM runs ORDER BY seq DESC")]
        rows = {run.seq: self.rows(run.seq) for run in runs}
        ids = {run.seq: run.id for run in runs}
        taken_back = {run.reverses for run in runs if any(row.state in _GONE for row in rows[run.seq])}
        return [_entry(run, rows[run.seq], ids, taken_back) for run in runs]

    def _one(self, query: str, *values: Any) -> Run | None:
        with self._database.reading() as connection:
            found = connection.execute(query, values).fetchone()
        return _run(found) if found else None


def _insert(connection: Any, run: int, shot: int, state: RowState, row: NewRow, code: str | None, message: str) -> int:
    stat = row.stat or _NO_STAT
    added = connection.execute(
        f"INSERT INTO run_files ({_ROW.removeprefix('id, ')}) VALUES ({', '.join('?' * 22)})",
        (
            run,
            shot,
            str(state),
            row.path,
            row.root,
            row.destination,
            row.digest,
            stat.size,
            stat.mtime_ns,
            stat.ctime_ns,
            str(stat.device),
            str(stat.inode),
            stat.mode,
            _pack(row.xattrs),
            row.keeper,
            row.reason,
            b"\0".join(row.places) or None,
            row.origin,
            0,
            0,
            code,
            message,
        ),
    )
    return int(added.lastrowid)


def _pack(xattrs: tuple[tuple[bytes, bytes], ...]) -> bytes | None:
    return json.dumps([[name.hex(), value.hex()] for name, value in xattrs]).encode("ascii") if xattrs else None


def _unpack(packed: bytes | None) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((bytes.fromhex(name), bytes.fromhex(value)) for name, value in json.loads(packed)) if packed else ()


def _run(row: Sequence[Any]) -> Run:
    seq, name, kind, made, folder, reverses, is_open = row
    return Run(seq, name, kind, made, folder, reverses, bool(is_open))


def _row(values: Sequence[Any]) -> Row:
    (row, run, shot, state, path, root, destination, digest, size, mtime_ns, ctime_ns, device, inode, mode, xattrs, keeper,
     reason, places, origin, restored, placeholder, code, message) = values  # fmt: skip
    stat = StatFacts(size, mtime_ns, ctime_ns, int(device), int(inode), mode)
    folders = tuple(places.split(b"\0")) if places else ()
    return Row(row, run, shot, RowState(state), path, root, destination, digest, stat, _unpack(xattrs), keeper, reason, folders,
               origin, bool(restored), bool(placeholder), code, message)  # fmt: skip


def _entry(run: Run, rows: Sequence[Row], ids: dict[int, str], taken_back: set[int | None]) -> dict[str, Any]:
    gone = [row for row in rows if row.state in _GONE]
    entry: dict[str, Any] = {
        "id": run.id,
        "when": run.when,
        "kind": run.kind,
        "to": "trash" if run.folder is None else path_fields(run.folder)[0],
        "to_b64": None if run.folder is None else path_fields(run.folder)[1],
        "files": len(gone),
        "photos": len({row.shot for row in gone}),
        "bytes": sum(row.stat.size for row in gone),
        "state": _state(run, rows, gone, taken_back),
        "items": [_item(row, run.kind) for row in rows],
    }
    if run.kind == "undo":
        entry["to"] = None
    if run.reverses is not None:
        entry["reverses"] = ids.get(run.reverses)
    return entry


def _state(run: Run, rows: Sequence[Row], gone: Sequence[Row], taken_back: set[int | None]) -> str:
    if run.kind == "undo" and run.seq in taken_back:
        return "undone"
    if gone and all(row.restored for row in gone):
        return "undone"
    whole = bool(rows) and len(gone) == len(rows) and all(row.state is RowState.DONE for row in rows)
    return "done" if whole and not run.is_open and not any(row.restored for row in gone) else "partly"


def _item(row: Row, kind: str) -> dict[str, Any]:
    path, path_b64 = path_fields(row.path)
    to, to_b64 = (None, None) if row.destination is None else path_fields(row.destination)
    keeper, keeper_b64 = (None, None) if row.keeper is None else path_fields(row.keeper)
    arrived = "moved" if kind == "apply" else "restored"
    outcome = {"done": arrived, "moved": arrived, "intent": "failed"}.get(row.state, str(row.state))
    return {
        "path": path,
        "path_b64": path_b64,
        "shot": row.shot,
        "outcome": outcome,
        "restored": row.restored,
        "code": row.code,
        "message": row.message,
        "to": to,
        "to_b64": to_b64,
        "size": row.stat.size,
        "blake3": row.digest.hex() if row.digest else None,
        "keeper": keeper,
        "keeper_b64": keeper_b64,
        "reason": row.reason,
    }
