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
from engine.actions.mover import Hook, Landed, move_into_ours, no_hook, put_back
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

    def check(self, file: OpenFile) -> None:
        try:
            file.path.decode("utf-8")
        except UnicodeDecodeError:
            # Qt would drop the bytes it cannot read and look for a file of another name.
            raise refusals.no_trash(file.path, "its path is not valid Unicode") from None

    def reserve(self, file: OpenFile, digest: bytes, parts: Sequence[bytes]) -> Reserved:
        return Reserved(None, trash_info.trash_places(file.folder.path))

    def go(self, file: OpenFile, reserved: Reserved) -> Landed:
        stage = self._make_stage(file)
        try:
            move_into_ours(file.folder.descriptor, file.name, stage.descriptor, file.name)
            return self._into_trash(file, Landed(stage, file.name))
        finally:
            stage.close()
            with contextlib.suppress(OSError):  # stays only when something stranded in it
                primitives.drop_own_folder(file.folder.descriptor, self._stage)

    def _make_stage(self, file: OpenFile) -> Folder:
        primitives.make_folder_at(file.folder.descriptor, self._stage, 0o700)
        try:
            descriptor = primitives.open_folder_at(file.folder.descriptor, self._stage)
        except OSError:
            with contextlib.suppress(OSError):
                primitives.drop_own_folder(file.folder.descriptor, self._stage)
            raise
        return Folder(descriptor, os.path.join(file.folder.path, self._stage))

    def _into_trash(self, file: OpenFile, staged: Landed) -> Landed:
        try:
            if identity(primitives.look(staged.folder.descriptor, staged.name)) != file.identity:
                raise refusals.changed(file.path)
            where = primitives.move_to_trash(staged.path)
            if where is None:
                raise refusals.no_trash(file.path, "this disk has no trash that can be used")
        except (ActionError, OSError):
            put_back(file.path, staged, file.folder.descriptor, file.name, no_hook)
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
        pass
