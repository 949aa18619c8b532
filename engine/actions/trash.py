"""The way out into the system trash: Qt's own move, from a folder in which nobody else has anything.

Qt links a file into the trash and then unlinks its path. A picture that another program saved under that name in between would
be gone for good. So a file first goes, by an exclusive rename through descriptors, into a staging folder beside it that imgfp has
just made; only there Qt may act. Afterwards the trash's record is corrected to the true place.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from engine.actions import primitives, refusals, trash_info
from engine.actions.descriptors import Folder, OpenFile, identity
from engine.actions.mover import Hook, Landed, is_taken, move_away, no_hook, put_back
from engine.actions.ways import Reserved, WayOut
from engine.errors import ActionError

STAGE_PREFIX = b".imgfp-"


def stage_name(run_id: str) -> bytes:
    """Name of the staging folder of a run, beside each file while it moves."""
    return STAGE_PREFIX + run_id.encode("ascii")


@dataclass(frozen=True, slots=True)
class Trash:
    """The system trash as a destination."""

    @property
    def folder(self) -> bytes | None:
        return None

    def check(self, roots: Sequence[bytes], protected: Sequence[bytes]) -> None:
        """Nothing to check before the files are in view."""

    def begin(self, run_id: str) -> WayOut:
        """The way of one run."""
        trash_info.ensure_trash_home()
        return _ToTrash(stage_name(run_id))

    def rehearse(self) -> WayOut:
        """The same checks, for a run that moves nothing."""
        return _ToTrash(stage_name("dry-run"))


class _ToTrash:
    def __init__(self, stage: bytes) -> None:
        self._stage = stage
        self._left: set[bytes] = set()

    def check(self, file: OpenFile) -> None:
        try:
            file.path.decode("utf-8")
        except UnicodeDecodeError:
            # Qt would drop the bytes it cannot read and look for a file of another name.
            raise refusals.no_trash(file.path, "its path is not valid Unicode") from None

    def reserve(self, file: OpenFile, digest: bytes, parts: Sequence[bytes]) -> Reserved:
        return Reserved(None, trash_info.trash_places(file.folder.path))

    def promise(self) -> None:
        """Nothing was written."""

    def go(self, file: OpenFile, reserved: Reserved) -> Landed:
        stage = self._make_stage(file)
        try:
            staged = Landed(stage, file.name)
            move_away(file, staged)
            return self._into_trash(file, staged)
        finally:
            stage.close()
            self._drop_stage(file.folder.descriptor, file.folder.path)

    def _make_stage(self, file: OpenFile) -> Folder:
        folder = file.folder
        try:
            with contextlib.suppress(FileExistsError):  # one of this very run, that could not be removed a moment ago
                primitives.make_folder_at(folder.descriptor, self._stage, 0o700)
            descriptor = primitives.open_folder_at(folder.descriptor, self._stage)
        except OSError:
            self._drop_stage(folder.descriptor, folder.path)
            raise
        return Folder(descriptor, os.path.join(folder.path, self._stage))

    def _drop_stage(self, folder: int, path: bytes) -> None:
        """Remove the staging folder if it is empty; a file that stranded in it keeps it."""
        try:
            primitives.drop_own_folder(folder, self._stage)
        except FileNotFoundError:
            pass
        except OSError:
            self._left.add(path)

    def _into_trash(self, file: OpenFile, staged: Landed) -> Landed:
        try:
            if identity(primitives.look(staged.folder.descriptor, staged.name)) != file.identity:
                raise refusals.changed(file.path)
            where = primitives.move_to_trash(staged.path)
            if where is None:
                raise refusals.no_trash(file.path, "this disk has no trash that can be used")
        except (ActionError, OSError):
            self._unstage(file, staged)
            raise
        place, name = os.path.split(where)
        try:
            landed = Landed(Folder(primitives.open_folder(place), place), name)
        except OSError as error:
            raise refusals.StrandedError(file.path, where, error.strerror or str(error)) from error
        try:
            self._drop_second_name(staged, landed)
            trash_info.correct(landed.folder.descriptor, landed.name, self._stage)
        except OSError:
            try:
                self.come_back(file, landed, no_hook)
            finally:
                landed.close()
            raise
        return landed

    def _unstage(self, file: OpenFile, staged: Landed) -> None:
        if is_taken(staged.folder.descriptor, staged.name):
            put_back(file.path, staged, file.folder.descriptor, file.name, no_hook)
            return
        for place in trash_info.trash_places(file.folder.path):  # the move happened, and then its answer was lost
            for landed in trash_info.links_to(place, file.facts.st_ino):
                with contextlib.closing(landed):
                    if identity(primitives.look(landed.folder.descriptor, landed.name)) == file.identity:
                        self.come_back(file, landed, no_hook)
                        return

    @staticmethod
    def _drop_second_name(staged: Landed, landed: Landed) -> None:
        """Qt calls it a success even when it could not unlink the old name."""
        try:
            left = primitives.look(staged.folder.descriptor, staged.name)
        except FileNotFoundError:
            return
        if identity(left) == identity(primitives.look(landed.folder.descriptor, landed.name)):
            primitives.drop_own_name(staged.folder.descriptor, staged.name)

    def come_back(self, file: OpenFile, landed: Landed, hook: Hook) -> None:
        put_back(file.path, landed, file.folder.descriptor, file.name, hook)
        trash_info.drop(landed.folder.descriptor, landed.name)

    def finish(self) -> None:
        for path in self._left:
            drop_stage(path, self._stage)


def drop_stage(folder: bytes, stage: bytes) -> None:
    """Remove an empty staging folder in a folder of the library; never an error."""
    with contextlib.suppress(OSError):
        descriptor = primitives.open_folder(folder)
        try:
            primitives.drop_own_folder(descriptor, stage)
        finally:
            primitives.close(descriptor)
