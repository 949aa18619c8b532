"""The way out into a quarantine folder on the file's own volume, with a manifest from which a person can restore by hand.

The folder is marked so that no scan enters it; every run gets a folder of its own in it, made a moment before, so that nothing
can be overwritten there.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import locations
from engine.actions import primitives, refusals
from engine.actions.descriptors import (
    Folder,
    Identity,
    OpenFile,
    identity,
    is_below_by_name,
    is_quarantine_at,
    opened_folder,
    protected_identities,
)
from engine.actions.mover import MAX_CLASHES, Hook, Landed, is_taken, move_away, move_into_ours, numbered, put_back
from engine.actions.ways import Reserved, WayOut
from engine.errors import ActionError, UsageError
from engine.names import display_text, is_plain_absolute, path_fields
from engine.scan import QUARANTINE_LINE, QUARANTINE_NAME

QUARANTINE_MARK = QUARANTINE_LINE
"""First bytes of `.imgfp-quarantine`."""

MANIFEST = b"manifest.jsonl"
_MARK_TEXT = b"Photos that imgfp set aside. Scans leave this folder out. manifest.jsonl says where each file came from.\n"
_PART = b".imgfp-"
_HARMLESS = frozenset({b"lost+found", MANIFEST})


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A quarantine folder as a destination. folder: raw absolute path; it is made when missing."""

    folder: bytes

    def __init__(self, folder: bytes | str | Path) -> None:
        # Lexically, so that "q/../q" and a relative path are one folder in the history.
        object.__setattr__(self, "folder", os.path.normpath(os.path.abspath(os.fsencode(folder))))

    def check(self, roots: Sequence[bytes], protected: Sequence[bytes]) -> None:
        """Raise UsageError where the folder cannot be a quarantine: touches nothing."""
        shown = display_text(self.folder)
        if not is_plain_absolute(self.folder) or self.folder == b"/":
            raise UsageError(f"{shown} cannot be a quarantine folder.", hint="Name a folder of its own.")
        place, missing = self._nearest()
        try:
            with opened_folder(place) as folder:
                self._check_place(folder, roots, protected)
                if not missing:
                    _check_contents(folder.descriptor, shown)
        except OSError as error:
            raise UsageError(f"{shown} cannot be a quarantine folder ({error.strerror}).", hint="Name another folder.") from error

    def _check_place(self, folder: Folder, roots: Sequence[bytes], protected: Sequence[bytes]) -> None:
        shown = display_text(self.folder)
        if is_below_by_name(self.folder + b"/", protected) or protected_identities(protected).intersection(folder.above):
            raise UsageError(f"{shown} lies in a protected folder.", hint="Name a folder outside of it.")
        own = protected_identities([os.fsencode(locations.data_dir()), os.fsencode(locations.cache_dir())])
        if own.intersection(folder.above):
            raise UsageError(f"{shown} lies in a folder of imgfp's own.", hint="Name another folder.")
        for root in roots:
            if (root.rstrip(b"/") + b"/").startswith(self.folder + b"/") or self._holds(root, folder):
                raise UsageError(
                    f"{shown} holds a scanned folder; as a quarantine it would never be scanned again.",
                    hint="Name a folder of its own, for example one inside it.",
                )

    def _holds(self, root: bytes, nearest: Folder) -> bool:
        if nearest.path != self.folder:
            return False  # it does not exist yet, so it holds nothing
        try:
            with opened_folder(root) as opened:
                return nearest.above[0] in opened.above
        except OSError:
            return False

    def _nearest(self) -> tuple[bytes, bool]:
        """The folder, or the nearest one above it that exists; and whether it must be made."""
        place = self.folder
        while not os.path.lexists(place):
            place = os.path.dirname(place)
        return place, place != self.folder

    def begin(self, run_id: str) -> WayOut:
        """The way of one run: folder, mark and manifest are made when the first file is on its way."""
        return _ToQuarantine(self, run_id)

    def rehearse(self) -> WayOut:
        """The same checks, for a run that moves nothing."""
        return _ToQuarantine(self, "")


def _check_contents(folder: int, shown: str) -> None:
    """An existing folder must be a quarantine or empty: a mark would hide the user's photos in it from every scan."""
    if is_quarantine_at(folder):
        return
    if any(name not in _HARMLESS and not _is_part(folder, name) for name in primitives.names_in(folder)):
        raise UsageError(
            f"{shown} holds other files already. As a quarantine it would be left out of every scan.",
            hint="Name a new or an empty folder.",
        )


def _is_part(folder: int, name: bytes) -> bool:
    """A mark that a crash kept from getting its name."""
    found = primitives.look(folder, name)
    return (
        name.startswith(_PART)
        and name != QUARANTINE_NAME
        and stat.S_ISREG(found.st_mode)
        and found.st_size <= len(QUARANTINE_LINE + _MARK_TEXT)
    )


class _ToQuarantine:
    def __init__(self, quarantine: Quarantine, run_id: str) -> None:
        self._quarantine = quarantine
        self._run_id = run_id
        self._top: Folder | None = None
        self._run: Folder | None = None
        self._manifest = -1
        self._volume: tuple[int, str] | None = None
        self._promised: set[tuple[Identity, bytes]] = set()

    def check(self, file: OpenFile) -> None:
        if self._volume is None:
            place, _ = self._quarantine._nearest()
            with opened_folder(place) as folder:
                self._volume = _volume(folder.descriptor)
        device, mount = self._volume
        here, here_mount = _volume(file.folder.descriptor)
        if here != device or (mount and here_mount and mount != here_mount):
            raise refusals.other_volume(file.path)

    def reserve(self, file: OpenFile, digest: bytes, parts: Sequence[bytes]) -> Reserved:
        run = self._open_run()
        folder = Folder(os.dup(run.descriptor), run.path)
        try:
            for name in parts[:-1]:
                below, used = _open_or_make(folder.descriptor, name)
                folder.close()
                folder.descriptor, folder.path = below, os.path.join(folder.path, used)
            landing = Landed(folder, self._free_name(folder, parts[-1]))
            self._write_line(file, digest, landing)
        except BaseException:
            folder.close()
            raise
        return Reserved(landing.path, (), landing)

    def go(self, file: OpenFile, reserved: Reserved) -> Landed:
        landing = reserved.landing
        assert landing is not None
        move_away(file, landing)
        return Landed(Folder(os.dup(landing.folder.descriptor), landing.folder.path), landing.name)

    def come_back(self, file: OpenFile, landed: Landed, hook: Hook) -> None:
        put_back(file.path, landed, file.folder.descriptor, file.name, hook)

    def finish(self) -> None:
        if self._run is not None:
            self._run.close()
            self._run = None
        if self._top is not None:
            prune(self._top.descriptor, self._run_id.encode("ascii"))
            self._top.close()
            self._top = None
        if self._manifest >= 0:
            primitives.close(self._manifest)
            self._manifest = -1

    def _open_run(self) -> Folder:
        if self._run is None:
            if self._top is None:
                self._top = _open_top(self._quarantine.folder)
            if self._manifest < 0:
                self._manifest = _open_manifest(self._top.descriptor)
            name = self._run_id.encode("ascii")
            primitives.make_folder_at(self._top.descriptor, name, 0o700)
            primitives.sync(self._top.descriptor)
            self._run = Folder(primitives.open_folder_at(self._top.descriptor, name), os.path.join(self._top.path, name))
        return self._run

    def _free_name(self, folder: Folder, name: bytes) -> bytes:
        here = identity(primitives.facts(folder.descriptor))
        for number in range(1, MAX_CLASHES):
            free = numbered(name, number)
            if (here, free) not in self._promised and not is_taken(folder.descriptor, free):
                self._promised.add((here, free))
                return free
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)

    def _write_line(self, file: OpenFile, digest: bytes, landing: Landed) -> None:
        path, exact = path_fields(file.path)
        to, to_exact = path_fields(landing.path)
        line: dict[str, Any] = {
            "run": self._run_id,
            "path": path,
            "path_b64": exact,
            "blake3": digest.hex(),
            "size": file.facts.st_size,
            "mtime_ns": file.facts.st_mtime_ns,
            "mode": stat.S_IMODE(file.facts.st_mode),
            "to": to,
            "to_b64": to_exact,
        }
        primitives.write(self._manifest, json.dumps(line).encode("ascii") + b"\n")

    def promise(self) -> None:
        primitives.sync(self._manifest)


def _volume(folder: int) -> tuple[int, str]:
    return primitives.facts(folder).st_dev, primitives.mount_of(folder)


def _open_top(path: bytes) -> Folder:
    """The quarantine folder itself, made and marked when missing. Raises OSError, ActionError where the mark is not ours."""
    missing = []
    place = path
    while not os.path.lexists(place):
        missing.append(os.path.basename(place))
        place = os.path.dirname(place)
    folder = Folder(primitives.open_folder(place), place)
    try:
        for name in reversed(missing):
            with contextlib.suppress(FileExistsError):
                primitives.make_folder_at(folder.descriptor, name, 0o700)
                primitives.sync(folder.descriptor)
            below = primitives.open_folder_at(folder.descriptor, name)
            folder.close()
            folder.descriptor, folder.path = below, os.path.join(folder.path, name)
        _mark(folder.descriptor, display_text(path))
    except BaseException:
        folder.close()
        raise
    return folder


def _mark(folder: int, shown: str) -> None:
    if is_quarantine_at(folder):
        return
    part = _PART + os.urandom(6).hex().encode()
    descriptor = primitives.create_file_at(folder, part, 0o600)
    try:
        primitives.write(descriptor, QUARANTINE_LINE + _MARK_TEXT)
        primitives.sync(descriptor)
        move_into_ours(folder, part, folder, QUARANTINE_NAME)
    except OSError as error:
        with contextlib.suppress(OSError):
            primitives.drop_own_name(folder, part)
        if error.errno == errno.EEXIST:
            raise ActionError(f"{shown} holds a mark that is not imgfp's.", hint="Name another quarantine folder.") from error
        raise
    finally:
        primitives.close(descriptor)
    primitives.sync(folder)


def _open_manifest(folder: int) -> int:
    try:
        primitives.close(primitives.create_file_at(folder, MANIFEST, 0o600))
        primitives.sync(folder)
    except FileExistsError:
        pass
    descriptor = primitives.open_for_appending(folder, MANIFEST)
    try:
        found = primitives.facts(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise OSError(errno.EPERM, "the manifest is no file of imgfp's own")
        if found.st_size and os.pread(descriptor, 1, found.st_size - 1) != b"\n":
            primitives.write(descriptor, b"\n")  # the last line was cut by a crash; the next one must not join it
    except BaseException:
        primitives.close(descriptor)
        raise
    return descriptor


def _open_or_make(folder: int, name: bytes) -> tuple[int, bytes]:
    """A folder in a folder of this run, and the name it got: two roots may want one name for a file and a folder."""
    for number in range(1, MAX_CLASHES):
        used = numbered(name, number)
        try:
            primitives.make_folder_at(folder, used, 0o700)
            primitives.sync(folder)
        except FileExistsError:
            pass
        try:
            return primitives.open_folder_at(folder, used), used
        except OSError as error:
            if error.errno not in (errno.ENOTDIR, errno.ELOOP):
                raise
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)


def prune(folder: int, name: bytes) -> None:
    """Remove the folder `name` and all folders in it as far as they are empty; a file in one keeps it. Never an error."""
    with contextlib.suppress(OSError):
        below = primitives.open_folder_at(folder, name)
        try:
            for inner in primitives.names_in(below):
                if stat.S_ISDIR(primitives.look(below, inner).st_mode):
                    prune(below, inner)
        finally:
            primitives.close(below)
        primitives.drop_own_folder(folder, name)
