"""The outcome of a walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.records.files import FoundFile
from engine.records.found_files import FoundFiles


@dataclass(frozen=True, slots=True, init=False)
class Walk:
    """What a walk met. `files` are sorted by raw path bytes; `folders_skipped` counts by reason."""

    roots: tuple[bytes, ...]
    files: FoundFiles
    folders_skipped: dict[str, int]
    warnings: tuple[str, ...]

    def __init__(
        self,
        roots: tuple[bytes, ...],
        files: Sequence[FoundFile],
        folders_skipped: dict[str, int],
        warnings: tuple[str, ...] = (),
    ) -> None:
        """files: in path order; put into columns where they are not yet."""
        object.__setattr__(self, "roots", roots)
        object.__setattr__(self, "files", files if isinstance(files, FoundFiles) else FoundFiles.of(files))
        object.__setattr__(self, "folders_skipped", folders_skipped)
        object.__setattr__(self, "warnings", warnings)
