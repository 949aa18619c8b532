"""Whole-file digests where the scan had no reason to read a file whole; taken only while its stat facts stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.config import Limits
from engine.jobs.library import LibraryFile
from engine.jobs.pools import FileJob, Kind, Workers


def digests_of(
    files: Iterable[LibraryFile],
    limits: Limits,
    cancelled: Callable[[], bool],
    tell: Callable[[int], None] = lambda done: None,
) -> dict[int, bytes]:
    """BLAKE3 by file id. A file that changed since its facts were taken, or cannot be read, is missing from the answer.

    tell: how many of those `without_digest` were read.
    """
    by_id = {file.id: file for file in files}
    known = {number: digest for number, file in by_id.items() if (digest := file.digest) is not None}
    lacking = without_digest(by_id.values())
    if not lacking:
        return known
    with Workers(1, limits) as workers:
        for done, file in enumerate(lacking):
            if cancelled():
                break
            tell(done)
            workers.submit(FileJob(Kind.DIGEST, file.path, file.stat.size, token=file))
            while not cancelled():
                result = workers.next_result(0.25)
                if result is None:
                    continue
                if result.digest is not None and result.stat is not None and result.stat.same_file_state(file.stat):
                    known[file.id] = result.digest
                break
    return known


def without_digest(files: Iterable[LibraryFile]) -> list[LibraryFile]:
    """The files that have to be read whole, each once, by id."""
    return [file for _, file in sorted({file.id: file for file in files if file.digest is None}.items())]
