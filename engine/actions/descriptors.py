"""Ways to a file by descriptors: the scanned folder once, then every name below it without following a link.

What is opened here is what is verified and what is moved; a path that leads elsewhere a moment later changes nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from engine.actions import primitives, refusals
from engine.names import is_plain_absolute
from engine.records import StatFacts
from engine.scan import QUARANTINE_LINE, QUARANTINE_NAME

Identity = tuple[int, int]
"""Device and inode."""


def identity(facts: os.stat_result) -> Identity:
    """Device and inode of a stat result."""
    return facts.st_dev, facts.st_ino


def stat_facts(facts: os.stat_result) -> StatFacts:
    """A stat result as the record that other rooms know."""
    return StatFacts(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_dev, facts.st_ino, stat.S_IMODE(facts.st_mode))


@dataclass(slots=True)
class Folder:
    """An opened folder, owned. path: as it was reached. above: identities of it and of every folder above it."""

    descriptor: int
    path: bytes
    above: tuple[Identity, ...] = ()

    def close(self) -> None:
        """Close it; harmless when done twice."""
        if self.descriptor >= 0:
            primitives.close(self.descriptor)
            self.descriptor = -1


@dataclass(slots=True)
class OpenFile:
    """An opened regular file with the folder it was opened in, both owned."""

    path: bytes
    root: bytes
    folder: Folder
    name: bytes
    descriptor: int
    facts: os.stat_result

    @property
    def identity(self) -> Identity:
        return identity(self.facts)

    def digest(self) -> bytes:
        """BLAKE3 of the whole file through its descriptor. Raises `changed` when it was written to meanwhile."""
        before = primitives.facts(self.descriptor)
        found = primitives.digest(self.descriptor)
        after = primitives.facts(self.descriptor)
        if not stat_facts(before).same_file_state(stat_facts(after)):
            raise refusals.changed(self.path)
        self.facts = after
        return found

    def is_still_named(self) -> bool:
        """True while its name in the opened folder leads to this very file."""
        try:
            return identity(primitives.look(self.folder.descriptor, self.name)) == self.identity
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Close file and folder; harmless when done twice."""
        if self.descriptor >= 0:
            primitives.close(self.descriptor)
            self.descriptor = -1
        self.folder.close()

    def __enter__(self) -> OpenFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Roots:
    """The scanned folders of a plan, each opened once; the only way from a path to a file.

    Parameters
    ----------
    roots: raw absolute paths; a root may itself be a link. own: our data and cache folders: neither they nor anything below
    them is part of a library. "/" and every folder above the user's home are no roots either.
    """

    def __init__(self, roots: Sequence[bytes], own: Sequence[bytes] = ()) -> None:
        self._own = frozenset(found for folder in own if (found := _identity_of(folder)) is not None)
        self._homes = _folders_above_home()
        self._paths = sorted({_without_slash(root) for root in roots if is_root_path(root)}, key=len, reverse=True)
        self._opened: dict[bytes, Folder | OSError | None] = {}
        self._quarantines: dict[Identity, bool] = {}

    def close(self) -> None:
        """Close all roots."""
        for folder in self._opened.values():
            if isinstance(folder, Folder):
                folder.close()
        self._opened.clear()

    def root_of(self, path: bytes) -> bytes:
        """The root that a path lies below, the innermost. Raises `not_planned`."""
        if b"\0" in path or not is_plain_absolute(path):
            raise refusals.not_planned(path, "has a path that no scan makes")
        for root in self._paths:
            if path.startswith(root + b"/"):
                return root
        raise refusals.not_planned(path, "lies in none of the scanned folders")

    def parts_of(self, path: bytes) -> tuple[bytes, ...]:
        """The names below the root that lead to a file. Raises `not_planned`."""
        return tuple(path[len(self.root_of(path)) + 1 :].split(b"/"))

    def open_file(self, path: bytes) -> OpenFile:
        """Open a file of the library for reading. Raises ActionError (not planned, absent, or what the system says)."""
        root = self.root_of(path)
        *folders, name = self.parts_of(path)
        try:
            folder = self._open_below(self._open_root(root, path), folders, path)
            try:
                descriptor = primitives.open_file_at(folder.descriptor, name)
            except BaseException:
                folder.close()
                raise
        except OSError as error:
            raise refusals.system(path, error) from error
        file = OpenFile(path, root, folder, name, descriptor, os.stat_result((0,) * 10))
        try:
            file.facts = primitives.facts(descriptor)
            if not stat.S_ISREG(file.facts.st_mode):
                raise refusals.not_planned(path, "is no regular file")
        except OSError as error:
            file.close()
            raise refusals.system(path, error) from error
        except BaseException:
            file.close()
            raise
        return file

    def _open_root(self, root: bytes, path: bytes) -> Folder:
        if root not in self._opened:
            self._opened[root] = self._look_at_root(root)
        found = self._opened[root]
        if isinstance(found, OSError):
            raise found
        if found is None:
            raise refusals.not_planned(path, "lies below a folder that can be no library")
        return found

    def _look_at_root(self, root: bytes) -> Folder | OSError | None:
        try:
            folder = Folder(primitives.open_folder(root), root)
        except OSError as error:
            return error
        try:
            folder.above = _above(folder.descriptor)
        except OSError as error:
            folder.close()
            return error
        if folder.above[0] in self._homes or self._own.intersection(folder.above):
            folder.close()
            return None
        return folder

    def _open_below(self, root: Folder, names: Sequence[bytes], path: bytes) -> Folder:
        folder = Folder(os.dup(root.descriptor), root.path, root.above)
        try:
            self._refuse_ours(folder, path)
            for name in names:
                below = primitives.open_folder_at(folder.descriptor, name)
                folder.close()
                folder.descriptor, folder.path = below, os.path.join(folder.path, name)
                folder.above = (identity(primitives.facts(below)), *folder.above)
                self._refuse_ours(folder, path)
        except BaseException:
            folder.close()
            raise
        return folder

    def _refuse_ours(self, folder: Folder, path: bytes) -> None:
        here = folder.above[0]
        if here in self._own:
            raise refusals.not_planned(path, "lies in a folder of imgfp's own")
        if here not in self._quarantines:
            self._quarantines[here] = is_quarantine_at(folder.descriptor)
        if self._quarantines[here]:
            raise refusals.not_planned(path, "lies in a quarantine folder already")


def is_root_path(root: bytes) -> bool:
    """True for a path that may be a root: absolute, plain, not "/"."""
    plain = _without_slash(root)
    return b"\0" not in plain and is_plain_absolute(plain) and plain != b"/"


def is_quarantine_at(folder: int) -> bool:
    """True when an opened folder holds a regular mark file that begins with our line."""
    try:
        if not stat.S_ISREG(primitives.look(folder, QUARANTINE_NAME).st_mode):
            return False
        descriptor = primitives.open_file_at(folder, QUARANTINE_NAME)
    except FileNotFoundError:
        return False
    try:
        return primitives.read_small(descriptor, len(QUARANTINE_LINE)) == QUARANTINE_LINE
    finally:
        primitives.close(descriptor)


@contextmanager
def opened_folder(path: bytes) -> Iterator[Folder]:
    """A folder named by the user or by Qt, with everything above it; closed at the end. Raises OSError."""
    folder = Folder(primitives.open_folder(path), path)
    try:
        folder.above = _above(folder.descriptor)
        yield folder
    finally:
        folder.close()


def protected_identities(folders: Sequence[bytes]) -> frozenset[Identity]:
    """Device and inode of each protected folder that exists, links followed."""
    return frozenset(found for folder in folders if (found := _identity_of(folder)) is not None)


def is_below_by_name(path: bytes, folders: Sequence[bytes]) -> bool:
    """True when a path lies below one of the folders as both are spelled: holds for folders that cannot be looked at, too."""
    return any(path.startswith(_without_slash(folder) + b"/") for folder in folders)


def _above(descriptor: int) -> tuple[Identity, ...]:
    """Identities of an opened folder and of every folder above it, as the file system sees them, innermost first."""
    chain = [identity(primitives.facts(descriptor))]
    at = os.dup(descriptor)
    try:
        while True:
            up = os.open(b"..", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=at)
            os.close(at)
            at = up
            here = identity(primitives.facts(at))
            if here == chain[-1]:
                return tuple(chain)
            chain.append(here)
    finally:
        os.close(at)


def _identity_of(folder: bytes) -> Identity | None:
    try:
        return identity(os.stat(folder))
    except (OSError, ValueError):
        return None


def _folders_above_home() -> frozenset[Identity]:
    home = os.path.realpath(os.fsencode(os.path.expanduser("~")))
    found = {_identity_of(b"/"), _identity_of(b"/home"), _identity_of(b"/Users")}
    while (above := os.path.dirname(home)) != home:
        found.add(_identity_of(above))
        home = above
    return frozenset(place for place in found if place is not None)


def _without_slash(path: bytes) -> bytes:
    return path.rstrip(b"/") or b"/"
