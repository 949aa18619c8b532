"""One file as the store knows it."""

from __future__ import annotations

from typing import Any

from engine.records import PictureFacts, StatFacts
from engine.store.entries import BOOL_PLACES, FIRST_FACT, PLACES, Fields

_STATUS, _CODE, _DECODER, _BLAKE3 = (PLACES[name] for name in ("status", "code", "decoder", "blake3"))


class StoredFile:
    """One file as the store knows it; its check sums agreed when it was given out. Not to be changed.

    Attributes
    ----------
    fields: the record. row: where its fingerprint lies, None when there is none. attempts: how often running this state of the
    file came to this error.
    record_seal, seal: check sums over the record, and over it and the fingerprint, for `FingerprintStore.verify_rows`.

    `stat` and `facts` are made when they are first asked for: that costs more than reading the record.
    """

    __slots__ = ("_facts", "_stat", "attempts", "fields", "record_seal", "row", "seal")

    def __init__(self, fields: Fields, row: int | None, attempts: int, record_seal: int = 0, seal: int = 0) -> None:
        self.fields = fields
        self.row = row
        self.attempts = attempts
        self.record_seal = record_seal
        self.seal = seal
        self._stat: StatFacts | None = None
        self._facts: PictureFacts | None = None

    @property
    def path(self) -> bytes:
        """Raw bytes."""
        path: bytes = self.fields[0]
        return path

    @property
    def volume(self) -> str:
        """What the volume is called."""
        name: str = self.fields[1]
        return name

    @property
    def status(self) -> str:
        """As `facts.status`."""
        status: str = self.fields[_STATUS]
        return status

    @property
    def code(self) -> str | None:
        """As `facts.code`."""
        code: str | None = self.fields[_CODE]
        return code

    @property
    def decoder(self) -> str:
        """As `facts.decoder`."""
        decoder: str = self.fields[_DECODER]
        return decoder

    @property
    def is_picture(self) -> bool:
        """As `facts.is_picture`."""
        return self.status in ("ok", "partial")

    @property
    def stat(self) -> StatFacts:
        """The state of the file that all else was read from."""
        if self._stat is None:
            self._stat = StatFacts(*self.fields[2:FIRST_FACT])
        return self._stat

    @property
    def facts(self) -> PictureFacts:
        """What a worker told of it."""
        if self._facts is None:
            values: list[Any] = list(self.fields[FIRST_FACT:])
            for place in BOOL_PLACES:
                values[place - FIRST_FACT] = bool(values[place - FIRST_FACT])
            self._facts = PictureFacts(*values)
        return self._facts

    def same_file_state(self, stat: StatFacts) -> bool:
        """As `StatFacts.same_file_state` for `stat`."""
        size, mtime_ns, ctime_ns, device, inode = self.fields[2:7]
        return (size, mtime_ns, ctime_ns, device, inode) == (stat.size, stat.mtime_ns, stat.ctime_ns, stat.device, stat.inode)

    def without_digest(self) -> StoredFile:
        """The same for a file whose bytes were not all read: the digest of all bytes is not known of it."""
        values = list(self.fields)
        values[_BLAKE3] = None
        return StoredFile(tuple(values), self.row, self.attempts, self.record_seal, self.seal)

    def without_row(self) -> StoredFile:
        """The same without a fingerprint."""
        return StoredFile(self.fields, None, self.attempts, self.record_seal, self.seal)

    def _values(self) -> tuple[Any, ...]:
        return (self.fields, self.row, self.attempts, self.record_seal, self.seal)

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, StoredFile) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._values())
