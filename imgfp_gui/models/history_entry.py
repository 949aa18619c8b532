"""One thing that was done: when, to which photos, and what can still be done about it.

An entry keeps the engine's own record; what costs a look at every file of a run is worked out when it is first asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from PySide6.QtCore import QDateTime, Qt, QTimeZone

from imgfp_gui.models import names

GOOD = ("moved", "restored")


@dataclass(frozen=True, slots=True)
class Photo:
    """A shot that a run was about. path: of its picture. companions: other files of the shot. size: bytes, all of them.

    to, keeper: where it went, and what was kept in its place; empty when unknown. outcome: ``moved`` ``restored`` ``refused``
    ``failed`` or "" (a decision). back: an undo put it back. trouble: why it stayed, or why the last try to put it back failed.
    lost: it is no longer where it was put.
    """

    path: bytes
    companions: int
    size: int
    to: bytes
    keeper: bytes
    outcome: str
    back: bool
    trouble: str
    lost: bool = False

    @property
    def is_away(self) -> bool:
        """It was moved by this run and no undo has put it back."""
        return self.outcome == "moved" and not self.back


class Entry:
    """One record of the engine's history. later: newer records that took this one back, newest first.

    kind: ``apply`` ``undo`` ``different`` ``keep-all`` ``forget``. folder: where a run moved to, empty for the trash.
    again: the run carried out anew what an undo had put back. lost: paths of files that are no longer where they were put;
    None before anybody looked.
    """

    def __init__(
        self, record: Mapping[str, Any], later: Sequence[Mapping[str, Any]] = (), lost: frozenset[bytes] | None = None
    ) -> None:
        self._record = record
        self._later = tuple(later)
        self.id = str(record.get("id", ""))
        self.kind = str(record.get("decision") or record.get("kind", ""))
        self.bytes = int(record.get("bytes") or 0)
        self.folder = names.exact(record, "to") if record.get("to") not in (None, "trash") else b""
        self.again = self.kind == "apply" and bool(record.get("reverses"))
        self.undone = record.get("state") == "undone"
        self.lost = lost

    def looked_at(self, lost: frozenset[bytes]) -> Entry:
        """The same, and which files could not come back."""
        return Entry(self._record, self._later, lost)

    @cached_property
    def when(self) -> QDateTime:
        """In the user's time zone."""
        return _local(self._record)

    @property
    def taken_back(self) -> QDateTime | None:
        """When all of it was taken back, if that is known."""
        return _local(self._later[0]) if self.undone and self._later else None

    @cached_property
    def count(self) -> int:
        """Photos that were moved, put back or spoken of."""
        return int(self._record.get("photos", self._record.get("files", 0)))

    @property
    def companions(self) -> int:
        """Files that travelled with the photos."""
        return max(0, int(self._record.get("files", 0)) - self.count)

    @cached_property
    def photos(self) -> tuple[Photo, ...]:
        """Every shot it was about, in the order in which it happened."""
        return tuple(_photos(self._record, self._later, self.lost or frozenset()))

    @cached_property
    def first(self) -> tuple[tuple[bytes, bytes], ...]:
        """The first three shots: the path of the picture, and of the one that was kept in its place."""
        faces: dict[Any, tuple[bytes, bytes]] = {}
        for number, item in enumerate(self._record.get("items", ())):
            shot = item.get("shot", number)
            if shot not in faces and len(faces) == 3:
                break
            faces[shot] = (names.exact(item), names.exact(item, "keeper"))
        return tuple(faces.values())

    @cached_property
    def away(self) -> tuple[Photo, ...]:
        """Photos that a restore would bring back."""
        return tuple(photo for photo in self.photos if photo.is_away) if self.may_return else ()

    @cached_property
    def stuck(self) -> tuple[Photo, ...]:
        """Photos that cannot be brought back as things are, or could not when it was tried last."""
        return tuple(photo for photo in self.away if photo.trouble or photo.lost)

    @cached_property
    def left(self) -> tuple[Photo, ...]:
        """Photos that were to go but stayed, or were to come back but did not."""
        return tuple(photo for photo in self.photos if photo.outcome in ("refused", "failed"))

    @property
    def may_return(self) -> bool:
        """Some of it may still be away; told without a look at its files."""
        return self.kind == "apply" and not self.undone and self.count > 0

    @property
    def way(self) -> str:
        """What can be done about it: ``restore``, ``forget`` or nothing."""
        if self.away:
            return "restore"
        return "forget" if self.kind in ("different", "keep-all") and not self.undone else ""

    @property
    def caution(self) -> bool:
        """Something in it needs a look."""
        return bool(self.stuck) or (self.kind == "undo" and bool(self.left))

    @cached_property
    def folders(self) -> Counter[bytes]:
        """The folders that the photos came from, and how many from each."""
        return Counter(names.folder(photo.path) for photo in self.photos)

    @cached_property
    def _haystack(self) -> str:
        return "\n".join(str(item.get("path", "")) for item in self._record.get("items", ())).casefold()

    def holds(self, text: str) -> bool:
        """True when the path of a photo holds this text; text is folded."""
        return text in self._haystack


def entries_of(history: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """The engine's history, newest first as it comes."""
    later: dict[str, list[Mapping[str, Any]]] = {}
    for record in history:
        if record.get("reverses"):
            later.setdefault(str(record["reverses"]), []).append(record)
    return tuple(Entry(record, later.get(str(record.get("id")), ())) for record in history)


def _local(record: Mapping[str, Any]) -> QDateTime:
    when = QDateTime.fromString(str(record.get("when", "")), Qt.DateFormat.ISODate)
    when.setTimeZone(QTimeZone(QTimeZone.Initialization.UTC))
    return when.toLocalTime()


def _photos(record: Mapping[str, Any], later: Sequence[Mapping[str, Any]], lost: frozenset[bytes]) -> Iterator[Photo]:
    """Shots of a record; what the newest attempt to bring a file back said of it is its trouble."""
    troubles: dict[Any, str] = {}
    for attempt in reversed(later):
        for item in attempt.get("items", ()):
            troubles[_key(item)] = "" if item.get("outcome") in GOOD else str(item.get("message", ""))
    shots: dict[Any, list[Mapping[str, Any]]] = {}
    for number, item in enumerate(record.get("items", ())):
        shots.setdefault(item.get("shot", number), []).append(item)
    for files in shots.values():
        face = files[-1]  # companions move first, the picture last
        said = [str(file.get("message") or "") for file in files] + [troubles.get(_key(file), "") for file in files]
        outcomes = [str(file.get("outcome", "")) for file in files]
        yield Photo(
            path=names.exact(face),
            companions=len(files) - 1,
            size=sum(int(file.get("size") or 0) for file in files),
            to=names.exact(face, "to"),
            keeper=names.exact(face, "keeper"),
            outcome=next((bad for bad in outcomes if bad not in GOOD), outcomes[-1]),
            back=all(file.get("restored") for file in files),
            trouble=next(filter(None, said), ""),
            lost=bool(lost) and any(names.exact(file) in lost for file in files),
        )


def _key(item: Mapping[str, Any]) -> Any:
    return item.get("path_b64") or item.get("path")
