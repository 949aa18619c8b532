"""What every way out of the library offers; trash and quarantine are the two there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.actions.descriptors import OpenFile
from engine.actions.mover import Hook, Landed


@dataclass(slots=True)
class Reserved:
    """A place made ready for one file. destination: None while only the trash will tell. places: where the trash may put it.

    landing: the opened folder and the free name, owned; None for the trash.
    """

    destination: bytes | None
    places: tuple[bytes, ...] = ()
    landing: Landed | None = None


class WayOut(Protocol):
    """The way out of one run. All errors are ActionError or OSError."""

    def check(self, file: OpenFile) -> None:
        """Raise ActionError where this file cannot go this way; touches nothing."""

    def reserve(self, file: OpenFile, digest: bytes, parts: Sequence[bytes]) -> Reserved:
        """Make a place ready. parts: the names below the file's root. The file itself is not touched."""

    def promise(self) -> None:
        """Make durable what was written about the reserved places, before the first of these files moves."""

    def go(self, file: OpenFile, reserved: Reserved) -> Landed:
        """Move the file there. When this raises, the file is where it was; StrandedError says otherwise."""

    def come_back(self, file: OpenFile, landed: Landed, hook: Hook) -> None:
        """Put what lies there back under the file's name or beside it. Raises StrandedError."""

    def finish(self) -> None:
        """The run is over: let go of everything, remove folders that stayed empty."""


class Destination(Protocol):
    """Where removed files go."""

    @property
    def folder(self) -> bytes | None:
        """The quarantine folder, None for the trash."""

    def check(self, roots: Sequence[bytes], protected: Sequence[bytes]) -> None:
        """Raise UsageError where this destination cannot be used with these roots at all; touches nothing."""

    def begin(self, run_id: str) -> WayOut:
        """The way out of one run. Raises OSError, UsageError."""

    def rehearse(self) -> WayOut:
        """The same checks for a run that moves nothing and writes nothing."""


@dataclass(slots=True)
class OneWay:
    """One file's way, as `mover.move_one` takes it."""

    way: WayOut
    reserved: Reserved
    hook: Hook

    def go(self, file: OpenFile) -> Landed:
        return self.way.go(file, self.reserved)

    def come_back(self, file: OpenFile, landed: Landed) -> None:
        self.way.come_back(file, landed, self.hook)
