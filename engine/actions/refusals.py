"""The sentences of every refusal, beside their codes: what happened to which file, and what to do next."""

from __future__ import annotations

import errno
import os

from engine.errors import ActionError
from engine.names import base_name

CHANGED = "action.changed"
LAST_COPY = "action.last-copy"
PROTECTED = "action.protected"
KEEPER_GONE = "action.keeper-gone"
OTHER_VOLUME = "action.other-volume"
NO_TRASH = "action.no-trash"
ABSENT = "action.absent"
NOT_PLANNED = "action.not-planned"
IO = "action.io"
PLACE_TAKEN = "action.place-taken"
COPY_GONE = "action.copy-gone"
COPY_DAMAGED = "action.copy-damaged"


class StrandedError(ActionError):
    """A file could not be brought back to its name. lies_at: where it lies now, whole."""

    def __init__(self, path: bytes, lies_at: bytes, reason: str) -> None:
        super().__init__(
            f"{base_name(path)} could not be put back ({reason}); it lies, whole, in {base_name(os.path.dirname(lies_at))}.",
            code=IO,
            path=path,
            hint="Undo tries again.",
        )
        self.lies_at = lies_at


def changed(path: bytes) -> ActionError:
    return ActionError(
        f"{base_name(path)} changed since it was scanned. It was left alone.", code=CHANGED, path=path, hint="Scan again."
    )


def protected(path: bytes) -> ActionError:
    return ActionError(f"{base_name(path)} lies in a protected folder. It was left alone.", code=PROTECTED, path=path)


def not_planned(path: bytes, why: str) -> ActionError:
    return ActionError(f"{base_name(path)} {why}. It was left alone.", code=NOT_PLANNED, path=path)


def absent(path: bytes) -> ActionError:
    return ActionError(
        f"{base_name(path)} is not there.", code=ABSENT, path=path, hint="Is its disk connected? If it was moved, scan again."
    )


def last_copy(path: bytes, why: str) -> ActionError:
    return ActionError(f"{base_name(path)} stays: {why}.", code=LAST_COPY, path=path, hint="Keep one photo of each cluster.")


def keeper_gone(path: bytes, why: str) -> ActionError:
    return ActionError(f"{base_name(path)} stays: {why}.", code=KEEPER_GONE, path=path, hint="Scan again.")


def other_volume(path: bytes) -> ActionError:
    return ActionError(
        f"{base_name(path)} lies on another disk than that folder. It was left alone.",
        code=OTHER_VOLUME,
        path=path,
        hint="Name a quarantine folder on the disk where the photo is.",
    )


def no_trash(path: bytes, why: str) -> ActionError:
    return ActionError(
        f"{base_name(path)} cannot go to the trash: {why}. It was left alone.",
        code=NO_TRASH,
        path=path,
        hint="Name a quarantine folder on the same disk instead.",
    )


def with_shot(path: bytes, cause: ActionError) -> ActionError:
    """Another file of the shot was refused, so this one stays too."""
    other = base_name(cause.path) if cause.path else "another file"
    return ActionError(
        f"{base_name(path)} stays with {other}, which belongs to the same shot.", code=cause.code, path=path, hint=cause.hint
    )


def system(path: bytes, error: OSError) -> ActionError:
    """An error of the system, as a refusal of one file."""
    if error.errno == errno.ENOENT:
        return absent(path)
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return ActionError(
            f"{base_name(path)} is reached through a link, and imgfp moves nothing through links. It was left alone.",
            code=NOT_PLANNED,
            path=path,
            hint="Open the folder that the link leads to, and scan that one.",
        )
    if error.errno == errno.EXDEV:
        return other_volume(path)
    return ActionError(
        f"{base_name(path)} could not be moved ({error.strerror or error}). It was left alone.",
        code=IO,
        path=path,
        hint="Check the disk, then try again.",
    )
