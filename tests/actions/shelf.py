"""A small library of files on disk, plans over it, and snapshots to compare. The contents are text: this room decodes nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from blake3 import blake3

from engine.actions import ApplyOutcome, Plan, PlanFile, PlanItem, Quarantine, Trash, carry_out, undo
from engine.actions.ways import Destination
from engine.errors import DecodeError
from engine.records import Tier
from engine.userdata import UserData

Snapshot = dict[bytes, tuple[object, ...]]

GOOD = b"PICTURE "


def check_readable(path: bytes, size: int) -> None:
    """Stands for the worker: a picture opens when it begins with the word."""
    with open(path, "rb") as file:
        if not file.read(len(GOOD)) == GOOD:
            raise DecodeError("no picture came out", code="decode.corrupt", path=path)


def snapshot(root: Path) -> Snapshot:
    """Names, bytes, modes, times (ns) and attributes of all below a folder; for folders only names and modes."""
    found: Snapshot = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name in folders:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, os.fsencode(root))] = ("folder", stat.S_IMODE(os.lstat(path).st_mode))
        for name in files:
            path = os.path.join(folder, name)
            facts = os.lstat(path)
            data = os.readlink(path) if stat.S_ISLNK(facts.st_mode) else b""
            if stat.S_ISREG(facts.st_mode):
                data = Path(os.fsdecode(path)).read_bytes()
            found[os.path.relpath(path, os.fsencode(root))] = (data, facts.st_mode, facts.st_mtime_ns, _attributes(path))
    return found


def _attributes(path: bytes) -> tuple[tuple[str, bytes], ...]:
    return tuple(
        (name, os.getxattr(path, name, follow_symlinks=False)) for name in sorted(os.listxattr(path, follow_symlinks=False))
    )


@dataclass
class Shelf:
    """A library at ``base/library`` with user data at ``base/data``; what is beside them belongs to the test."""

    base: Path
    items: list[PlanItem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = self.base / "library"
        self.root.mkdir(parents=True, exist_ok=True)
        self.data = self.base / "data"

    def path(self, name: str | bytes) -> bytes:
        return os.path.join(os.fsencode(self.root), os.fsencode(name))

    def put(
        self, name: str | bytes, text: bytes = b"x", *, good: bool = True, mode: int = 0o640, mtime_ns: int | None = None
    ) -> bytes:
        """Write a picture and return its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(os.fsdecode(path)).write_bytes((GOOD if good else b"") + text)
        os.chmod(path, mode)
        at = 1_500_000_000_123_456_789 + 1_000_001 * len(path) if mtime_ns is None else mtime_ns
        os.utime(path, ns=(at, at))
        return path

    def file(self, name: str | bytes, *companions: str | bytes) -> PlanFile:
        """The plan's view of a file as it is now."""
        path = self.path(name)
        facts = os.stat(path)
        digest = blake3(Path(os.fsdecode(path)).read_bytes()).digest()
        return PlanFile(path, facts.st_size, facts.st_mtime_ns, digest, tuple(self.file(other) for other in companions))

    def pair(self, keep: str | bytes, *remove: str | bytes | PlanFile, tier: Tier = Tier.SAME_PICTURE) -> PlanItem:
        """Add an item: keep one, remove the others."""
        gone = tuple(name if isinstance(name, PlanFile) else self.file(name) for name in remove)
        return self.item((self.file(keep),), gone, tier)

    def item(self, keep: Sequence[PlanFile], remove: Sequence[PlanFile], tier: Tier = Tier.SAME_PICTURE) -> PlanItem:
        item = PlanItem(len(self.items), tier, tuple(keep), tuple(remove), "more pixels")
        self.items.append(item)
        return item

    def plan(self, protected: Sequence[bytes] = (), roots: Sequence[bytes] | None = None) -> Plan:
        return Plan((os.fsencode(self.root),) if roots is None else tuple(roots), tuple(protected), tuple(self.items))

    def quarantine(self) -> Quarantine:
        return Quarantine(self.base / "quarantine")

    def destination(self, kind: str) -> Destination:
        return Trash() if kind == "trash" else self.quarantine()

    def apply(self, destination: Destination | None = None, plan: Plan | None = None, **more: object) -> ApplyOutcome:
        """Carry the plan out and close the user data again."""
        with UserData.open(self.data) as userdata:
            arguments = {"check_readable": check_readable, **more}
            return carry_out(plan or self.plan(), destination=destination or self.quarantine(), userdata=userdata, **arguments)

    def undo(self, run: str | None = None, **more: object) -> ApplyOutcome:
        with UserData.open(self.data) as userdata:
            return undo(run, userdata=userdata, check_readable=check_readable, **more)

    def history(self) -> list[dict[str, object]]:
        with UserData.open(self.data) as userdata:
            return userdata.journal.history()

    def snapshot(self) -> Snapshot:
        return snapshot(self.root)


def codes(outcome: ApplyOutcome) -> dict[bytes, str | None]:
    """Base name → code (or outcome where there is none)."""
    return {os.path.basename(result.path): result.code or result.outcome for result in outcome.results}
