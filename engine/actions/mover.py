"""The one function that moves one file, and the ways of renaming it uses. Apply, undo and recovery all call it.

Nothing here ever replaces a file of the user: towards the library every rename is exclusive, away from it the target lies in a
folder that imgfp has just made.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.actions import primitives, refusals
from engine.actions.descriptors import Folder, Identity, OpenFile, identity
from engine.errors import ActionError, StoreError

MAX_NAME_BYTES = 255
MAX_CLASHES = 10_000

Hook = Callable[[], None]


def no_hook() -> None:
    """For callers whose file system is known to need no placeholder, or whose journal has no row for the file."""


@dataclass(slots=True)
class Landed:
    """Where a file lies after a move. The folder is owned."""

    folder: Folder
    name: bytes

    @property
    def path(self) -> bytes:
        return os.path.join(self.folder.path, self.name)

    def close(self) -> None:
        self.folder.close()


class Way(Protocol):
    """One way for one file: there, and back to where it was."""

    def go(self, file: OpenFile) -> Landed:
        """Move the file. When this raises (ActionError or OSError), the file is where it was; StrandedError says otherwise."""

    def come_back(self, file: OpenFile, landed: Landed) -> None:
        """Put whatever lies at `landed` back under the file's name, beside it if that is taken. Raises StrandedError."""


def move_one(file: OpenFile, digest: bytes, way: Way, look_again: Hook) -> Landed:
    """Move one verified file and look at what was moved; on any doubt put it back.

    digest: 32 bytes that the caller found in the file a moment ago. look_again: the last look at keepers, raises ActionError.
    Returns where the file lies; the caller closes it and calls `make_durable`. Raises ActionError; then the file is back
    (StrandedError: it is not).
    """
    try:
        landed = way.go(file)
    except OSError as error:
        raise refusals.system(file.path, error) from error
    try:
        _check_moved(file, digest, landed)
        look_again()
    except (ActionError, OSError) as error:
        try:
            way.come_back(file, landed)
        finally:
            landed.close()
        raise (refusals.system(file.path, error) if isinstance(error, OSError) else error) from error
    return landed


def make_durable(moves: Sequence[tuple[OpenFile, Landed]]) -> None:
    """Sync the folders that files came to, then those they came from, each once. Raises ActionError for the file concerned."""
    done: set[Identity] = set()
    targets = [(file, landed.folder.descriptor) for file, landed in moves]
    for file, descriptor in (*targets, *((file, file.folder.descriptor) for file, _ in moves)):
        try:
            folder = identity(primitives.facts(descriptor))
            if folder not in done:
                primitives.sync(descriptor)
                done.add(folder)
        except OSError as error:
            raise refusals.system(file.path, error) from error


def _check_moved(file: OpenFile, digest: bytes, landed: Landed) -> None:
    """Between the digest and the rename another program may have put a new file under the name: then that one was moved."""
    try:
        moved = identity(primitives.look(landed.folder.descriptor, landed.name))
    except FileNotFoundError:
        raise refusals.changed(file.path) from None
    if moved != file.identity or file.digest() != digest:
        raise refusals.changed(file.path)


def put_back(file_path: bytes, landed: Landed, folder: int, name: bytes, before_placeholder: Hook) -> bytes:
    """Move what lies at `landed` to `name` in an opened folder, or beside that name where it is taken; returns the name it got.

    Raises StrandedError when it must stay where it lies.
    """
    try:
        moving = identity(primitives.look(landed.folder.descriptor, landed.name))
        for number in range(1, MAX_CLASHES):
            free = numbered(name, number)
            try:
                move_exclusive(landed.folder.descriptor, landed.name, folder, free, before_placeholder)
            except FileExistsError:
                continue
            except OSError:
                if not _arrived(landed, folder, free, moving):
                    raise
            with contextlib.suppress(OSError):  # back in any case; durability is all that a failed sync puts in doubt
                primitives.sync(folder)
            return free
    except OSError as error:
        raise refusals.StrandedError(file_path, landed.path, error.strerror or str(error)) from error
    except StoreError as error:  # the hook could not make its plan durable
        raise refusals.StrandedError(file_path, landed.path, error.message) from error
    raise refusals.StrandedError(file_path, landed.path, "its name is taken")


def _arrived(landed: Landed, folder: int, name: bytes, moving: Identity) -> bool:
    """A network disk may report an error for a rename that it carried out."""
    try:
        return identity(primitives.look(folder, name)) == moving and not is_taken(landed.folder.descriptor, landed.name)
    except OSError:
        return False


def move_exclusive(folder: int, name: bytes, to_folder: int, to_name: bytes, before_placeholder: Hook) -> None:
    """Rename towards the user's folders, never replacing. Raises FileExistsError, OSError.

    Where the file system cannot do that in one step: a second name and then the first one, which is ours, dropped; where it has
    no links either, an empty file of ours holds the place and is renamed over. before_placeholder: makes that plan durable.
    """
    for step in (primitives.rename_exclusive, _link_and_drop):
        try:
            step(folder, name, to_folder, to_name)
            return
        except OSError as error:
            if error.errno not in primitives.NOT_SUPPORTED:
                raise
    _rename_over_placeholder(folder, name, to_folder, to_name, before_placeholder)


def _link_and_drop(folder: int, name: bytes, to_folder: int, to_name: bytes) -> None:
    primitives.link(folder, name, to_folder, to_name)
    try:
        primitives.drop_own_name(folder, name)
    except OSError:
        if _are_one(folder, name, to_folder, to_name):
            primitives.drop_own_name(to_folder, to_name)
        raise


def _are_one(folder: int, name: bytes, other_folder: int, other_name: bytes) -> bool:
    try:
        return identity(primitives.look(folder, name)) == identity(primitives.look(other_folder, other_name))
    except OSError:
        return False


def _rename_over_placeholder(folder: int, name: bytes, to_folder: int, to_name: bytes, before_placeholder: Hook) -> None:
    try:
        primitives.look(to_folder, to_name)
        raise FileExistsError(17, os.strerror(17), to_name)
    except FileNotFoundError:
        before_placeholder()
    try:
        descriptor = primitives.create_file_at(to_folder, to_name, 0o600)
        try:
            ours = primitives.facts(descriptor)
        finally:
            primitives.close(descriptor)
        there = primitives.look(to_folder, to_name)
        if identity(there) != identity(ours) or there.st_size:
            raise FileExistsError(17, os.strerror(17), to_name)
        primitives.rename_into(folder, name, to_folder, to_name)
    except FileExistsError:
        raise
    except OSError:
        drop_placeholder(to_folder, to_name)
        raise


def drop_placeholder(folder: int, name: bytes) -> None:
    """Remove an empty file of ours; anything that holds a single byte stays."""
    with contextlib.suppress(OSError):
        if primitives.look(folder, name).st_size == 0:
            primitives.drop_own_name(folder, name)


def move_away(file: OpenFile, to: Landed) -> None:
    """Rename a file of the library into a folder that imgfp has just made. When this raises (OSError), the file is where it was.

    A disk on a network may report an error for a rename that it carried out: so after an error the file is looked for.
    """
    try:
        move_into_ours(file.folder.descriptor, file.name, to.folder.descriptor, to.name)
    except OSError:
        if _lies_at(file, to):
            put_back(file.path, to, file.folder.descriptor, file.name, no_hook)
        raise


def _lies_at(file: OpenFile, place: Landed) -> bool:
    try:
        return identity(primitives.look(place.folder.descriptor, place.name)) == file.identity and not file.is_still_named()
    except OSError:
        return False


def move_into_ours(folder: int, name: bytes, to_folder: int, to_name: bytes) -> None:
    """Rename into a folder of imgfp's own, never replacing. Raises FileExistsError, OSError."""
    try:
        primitives.rename_exclusive(folder, name, to_folder, to_name)
    except OSError as error:
        if error.errno not in primitives.NOT_SUPPORTED:
            raise
        if is_taken(to_folder, to_name):
            raise FileExistsError(17, os.strerror(17), to_name) from None
        primitives.rename_into(folder, name, to_folder, to_name)


def is_taken(folder: int, name: bytes) -> bool:
    """True when a name leads to anything, even a dangling link."""
    try:
        primitives.look(folder, name)
    except FileNotFoundError:
        return False
    return True


def numbered(name: bytes, number: int) -> bytes:
    """``b.jpg``, ``b (2).jpg``, ``b (3).jpg``…; shortened where the file system would not take it."""
    if number == 1:
        return name
    stem, suffix = os.path.splitext(name)
    tail = b" (%d)" % number + suffix
    room = max(1, MAX_NAME_BYTES - len(tail))
    if len(stem) > room:
        stem = stem[:room].decode("utf-8", "ignore").encode("utf-8") or stem[:room]
    return stem + tail
