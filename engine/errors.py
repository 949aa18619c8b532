"""The error tree and its codes. The codes are those of the command line's contract; nothing here imports anything."""

from __future__ import annotations


class EngineError(Exception):
    """A failure with a code, a sentence for the user and a hint what to do next.

    Parameters
    ----------
    message: one sentence: what happened, to which file.
    code: stable code such as ``decode.truncated``; defaults to the class's own.
    path: raw path bytes of the file concerned, or None.
    hint: one sentence: what the user can do.
    """

    code = "internal"
    exit_code = 1

    def __init__(self, message: str, *, code: str | None = None, path: bytes | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.hint = hint
        if code is not None:
            self.code = code


class UsageError(EngineError):
    """The command line, or a report, plan, rules or settings file, cannot be used (exit 2)."""

    code = "usage"
    exit_code = 2


class ScanError(EngineError):
    """A folder or file could not be walked or read."""

    code = "read.io"
    exit_code = 3


class FolderMissing(ScanError):
    """A root given by the user does not exist (exit 3, nothing is scanned)."""

    code = "scan.missing"


class DecodeError(EngineError):
    """A file gave no picture; `code` says why (``decode.*``, ``read.*`` or ``scan.not-a-picture``)."""

    code = "decode.corrupt"
    error_number = 0  # errno, where the system refused to give the file


class StoreError(EngineError):
    """The cache or the user data cannot be used (exit 4)."""

    code = "store.damaged"
    exit_code = 4


class StoreLocked(StoreError):
    """Another imgfp writes to this store now."""

    code = "store.locked"


class StoreNewer(StoreError):
    """The store was written by a newer version; it is left untouched."""

    code = "store.newer"


class ActionError(EngineError):
    """The action layer refused a file; `code` is one of ``action.*``."""

    code = "action.io"
    exit_code = 5


class Cancelled(Exception):
    """The user cancelled. Not an error and never shown as one."""
