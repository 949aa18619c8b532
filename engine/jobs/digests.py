"""Whole-file digests where the scan had no reason to read a file whole; taken only while its stat facts stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.config import Limits
from engine.jobs.library import LibraryFile
from engine.jobs.pools import FileJob, Kind, Workers


def digests_of(files: Iterable[LibraryFile], limits: Limits, cancelled: Callable[[], bool]) -> dict[int, bytes]:
    """BLAKE3 by file id. A file that changed since its facts were taken, or cannot be read, is missing from the answer."""
    by_id = {file.id: file for file in files}
    known = {number: digest for number, file in by_id.items() if (digest := file.digest) is not None}
    lacking = [file for number, file in sorted(by_id.items()) if number not in known]
    if not lacking:
        return known
    with Workers(1, limits) as workers:
        for file in lacking:
            workers.submit(FileJob(Kind.DIGEST, file.path, file.stat.size, token=file))
            while not cancelled():
                result = workers.next_result(0.25)
                if result is None:
                    continue
                if result.digest is not None and result.stat is not None and result.stat.same_file_state(file.stat):
                    known[file.id] = result.digest
                break
    return known
