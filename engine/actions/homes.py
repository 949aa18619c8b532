"""The places that files came from: the folder above each, opened by descriptors, made again where it went missing."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Sequence

from engine.actions import primitives, refusals
from engine.actions.descriptors import Folder, OpenFile
from engine.actions.mover import Landed


class Home:
    """The folder a file came from.

    Parameters
    ----------
    root: the scanned folder, raw path; path: the file's place below it. device: of the file that wants to come back; missing
    folders are made again, but only on that device: an empty folder where a disk was is no place to restore to. None: never.
    """

    def __init__(self, root: bytes, path: bytes, device: int | None = None) -> None:
        self._made: list[tuple[bytes, bytes]] = []
        *names, self.name = path[len(root) + 1 :].split(b"/")
        self.path = path
        self.folder = Folder(-1, b"")
        try:
            self.folder = self._open_root(root, device)
            for name in names:
                self._go_down(name, make=device is not None)
        except BaseException:
            self.folder.close()
            self.forget_made()
            raise

    def _open_root(self, root: bytes, device: int | None) -> Folder:
        try:
            return Folder(primitives.open_folder(root), root)
        except FileNotFoundError:
            if device is None:
                raise
        missing = []
        place = root
        while not os.path.lexists(place):
            missing.append(os.path.basename(place))
            place = os.path.dirname(place)
        self.folder = Folder(primitives.open_folder(place), place)
        if primitives.facts(self.folder.descriptor).st_dev != device:
            self.folder.close()
            raise refusals.absent(self.path)
        for name in reversed(missing):
            self._go_down(name, make=True)
        return self.folder

    def _go_down(self, name: bytes, *, make: bool) -> None:
        at = self.folder
        try:
            below = primitives.open_folder_at(at.descriptor, name)
        except FileNotFoundError:
            if not make:
                raise
            primitives.make_folder_at(at.descriptor, name, 0o777)
            primitives.sync(at.descriptor)
            self._made.append((at.path, name))
            below = primitives.open_folder_at(at.descriptor, name)
        at.close()
        self.folder = Folder(below, os.path.join(at.path, name))

    def look(self) -> os.stat_result | None:
        """What stands at the place now, None for nothing."""
        try:
            return primitives.look(self.folder.descriptor, self.name)
        except FileNotFoundError:
            return None

    def holds(self, size: int, digest: bytes | None) -> bool:
        """True when a regular file with this content stands at the place."""
        found = self.look()
        return found is not None and has_content(self.folder.descriptor, self.name, found, size, digest)

    def forget_made(self) -> None:
        """Remove the folders made by this object, as far as they are empty: the restore came to nothing."""
        for above, name in reversed(self._made):
            with contextlib.suppress(OSError):
                descriptor = primitives.open_folder(above)
                try:
                    primitives.drop_own_folder(descriptor, name)
                finally:
                    primitives.close(descriptor)
        self._made.clear()

    def close(self) -> None:
        """Let go of the folder; harmless when done twice."""
        self.folder.close()


def has_content(folder: int, name: bytes, found: os.stat_result, size: int, digest: bytes | None) -> bool:
    """True when the name leads to a regular file of this size and digest. Unreadable counts as no."""
    if not stat.S_ISREG(found.st_mode) or found.st_size != size or digest is None:
        return False
    try:
        descriptor = primitives.open_file_at(folder, name)
    except OSError:
        return False
    try:
        return primitives.digest(descriptor) == digest
    except OSError:
        return False
    finally:
        primitives.close(descriptor)


def open_away(path: bytes, base: bytes | None) -> Landed:
    """The folder in which a moved file lies, by descriptors. base: the quarantine folder, None for the trash. Raises OSError."""
    folder_path, name = os.path.split(path)
    if base is None or not path.startswith(base + b"/"):
        return Landed(Folder(primitives.open_folder(folder_path), folder_path), name)
    folder = Folder(primitives.open_folder(base), base)
    try:
        for part in folder_path[len(base) + 1 :].split(b"/"):
            below = primitives.open_folder_at(folder.descriptor, part)
            folder.close()
            folder = Folder(below, os.path.join(folder.path, part))
    except BaseException:
        folder.close()
        raise
    return Landed(folder, name)


def open_copy(landed: Landed, label: bytes) -> OpenFile:
    """The moved file itself, opened for reading; takes over `landed`. label: the path that messages name. Raises OSError."""
    descriptor = primitives.open_file_at(landed.folder.descriptor, landed.name)
    try:
        facts = primitives.facts(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "no regular file")
    except BaseException:
        primitives.close(descriptor)
        raise
    return OpenFile(label, landed.folder.path, landed.folder, landed.name, descriptor, facts)


def mend(descriptor: int, mode: int, mtime_ns: int, attributes: Sequence[tuple[bytes, bytes]]) -> bool:
    """Give a restored file back what was recorded of it: permission bits, time, attributes. Raises OSError.

    A move keeps all three; this only matters where somebody changed them while the file was away. Returns True when it did.
    """
    now = primitives.facts(descriptor)
    known = dict(primitives.xattrs(descriptor))
    missing = [(name, value) for name, value in attributes if known.get(name) != value]
    for name, value in missing:
        primitives.set_xattr(descriptor, name, value)
    other_mode, other_time = stat.S_IMODE(now.st_mode) != mode, now.st_mtime_ns != mtime_ns
    if other_mode:
        primitives.set_mode(descriptor, mode)
    if other_time:
        primitives.set_times(descriptor, now.st_atime_ns, mtime_ns)
    return bool(missing) or other_mode or other_time
