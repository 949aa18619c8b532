"""From folders to a `Library`: walk, recognise what is known, have the rest read by workers, store it in batches, form shots.

Runs in one thread, which is the store's only writer. Decoding happens in the workers; nothing here opens a picture.
"""

from __future__ import annotations

import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine import formats, shots
from engine.config import Limits, ScanOptions
from engine.errors import Cancelled, FolderMissing
from engine.jobs.library import Library, LibraryFile
from engine.jobs.pools import FileJob, FileResult, Kind, Workers
from engine.jobs.progress import ProgressMeter
from engine.jobs.recognise import WORKER_FAILURES, Answer, Recogniser, decoder_versions
from engine.jobs.settling import Settling
from engine.names import display_text
from engine.problems import problem_words
from engine.records import FoundFile, PictureFacts, Problem, Progress, Role, StatFacts, Walk
from engine.scan import walk
from engine.scan.hard_links import mark_hard_links
from engine.scan.roots import absolute
from engine.store import Entry, FingerprintStore, StoredFile
from engine.volumes import Volumes

BATCH_FILES = 256
IN_FLIGHT = 32  # handed to the workers and not back yet
BATCH_SECONDS = 1.0
FIRST_LOOK_S = 1.5  # when the first clusters are looked for while reading goes on
LOOK_GROWTH = 1.6  # … and again when the number of pictures has grown by this factor
NO_STAT = StatFacts(0, 0, 0, 0, 0)
UNREAD = "unread"  # met on the walk, its turn has not come; never leaves this room


@dataclass(slots=True)
class ScanListener:
    """Whom a scan tells. All are called from the scan's own thread."""

    progress: Callable[[Progress], None] = lambda _: None
    problem: Callable[[Problem], None] = lambda _: None
    found: Callable[[Library], None] = lambda _: None  # what is going to be read, and goes on changing while it is
    look: Callable[[Library], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False
    wait_while_paused: Callable[[], None] = lambda: None


class ScanJob:
    """One scan. `run` may be called once."""

    def __init__(
        self,
        store: FingerprintStore,
        options: ScanOptions,
        listener: ScanListener,
        limits: Limits | None = None,
        decided_sizes: frozenset[int] = frozenset(),
    ) -> None:
        """decided_sizes: sizes of files the user decided on; pictures of such a size are digested whole, to find the decision."""
        self._store = store
        self._decided_sizes = decided_sizes
        self._options = options
        self._listener = listener
        self._limits = limits or Limits()
        self._volumes = Volumes()
        self._waiting: list[tuple[LibraryFile, bytes]] = []  # read, not stored yet
        self._last_commit = time.monotonic()
        self._decoders = decoder_versions()

    def run(self, roots: Sequence[bytes]) -> Library:
        """Walk and read. Raises FolderMissing before anything is scanned."""
        started = time.monotonic()
        present, offline = self._split_roots(roots)
        try:
            walked = walk(present, cancelled=self._listener.cancelled, on_progress=self._walk_meter())
        except Cancelled:
            walked = Walk(tuple(present), (), {})
        library = self._library(walked, offline)
        library.seconds["walk"] = round(time.monotonic() - started, 3)
        self._listener.found(library)
        return self._finished(library, walked)

    def run_files(self, paths: Sequence[bytes], *, as_walked: bool = False) -> Library:
        """Read just these files (and nothing around them); a missing one becomes ``read.vanished``.

        as_walked: links and further names of one file are skipped, as on a walk; else a link stands for what it leads to.
        Raises Cancelled: an answer about some of the files only would be a wrong one.
        """
        found = [_look_at(path, follow=not as_walked) for path in sorted(set(paths))]
        walked = Walk((), tuple(mark_hard_links(found) if as_walked else found), {})
        library = self._finished(self._library(walked, []), walked)
        if library.cancelled:
            raise Cancelled
        return library

    def _finished(self, library: Library, walked: Walk) -> Library:
        started = time.monotonic()
        self._read(library, walked)
        library.seconds["read"] = round(time.monotonic() - started, 3)
        library.cancelled = self._listener.cancelled()
        library.final = not library.cancelled
        if library.cancelled:
            _drop_unread(library)
            form_shots(library)
        return library

    # ------------------------------------------------------------------------------------------------ roots and records

    def _split_roots(self, roots: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
        present, offline = [], []
        for given in roots:
            root = absolute(given) if given else b""  # no name is no folder, not the current one
            if root and os.path.exists(root):
                present.append(root)
            elif root and any(self._volumes.is_absent(stored.volume) for stored in self._store.files_below(root)):
                offline.append(root)
            else:
                name = display_text(given) or "(no name)"
                raise FolderMissing(
                    f"The folder {name} does not exist.", path=root, hint="Check its spelling, or connect its disk."
                )
        return present, offline

    def _walk_meter(self) -> Callable[[int], None]:
        meter, settling = ProgressMeter("walk", None, self._listener.progress), Settling()

        def count(done: int) -> None:
            meter.step(done - meter.done)
            settling.grown_to(done)

        return count

    def _library(self, walked: Walk, offline_roots: list[bytes]) -> Library:
        roots = tuple(dict.fromkeys([*walked.roots, *offline_roots]))
        met = {file.path for file in walked.files}
        entries: list[tuple[bytes, FoundFile | StoredFile]] = [(file.path, file) for file in walked.files]
        for root in roots:
            for stored in self._store.files_below(root):
                if stored.path not in met and self._volumes.is_absent(stored.volume):
                    met.add(stored.path)
                    entries.append((stored.path, stored))
        entries.sort(key=lambda entry: entry[0])
        files = [self._record(number, entry) for number, (_, entry) in enumerate(entries)]
        library = Library(roots, files, folders_skipped=dict(walked.folders_skipped), warnings=list(walked.warnings))
        by_path = {file.path: file.id for file in files}
        for file, (_, entry) in zip(files, entries, strict=True):
            if isinstance(entry, FoundFile) and entry.same_as is not None:
                file.same_as = by_path[entry.same_as]
        return library

    def _record(self, number: int, entry: FoundFile | StoredFile) -> LibraryFile:
        if not isinstance(entry, FoundFile):
            return LibraryFile(number, entry.path, entry.stat, "offline", "scan.offline", entry.facts)
        if entry.skip is not None:
            return LibraryFile(number, entry.path, entry.stat, "skipped", entry.skip)
        return LibraryFile(number, entry.path, entry.stat, "error" if entry.error else UNREAD, entry.error)

    # ------------------------------------------------------------------------------------------------ reading

    def _read(self, library: Library, walked: Walk) -> None:
        by_path = {file.path: file for file in library.files}
        found = [file for file in walked.files if file.skip is None and file.error is None]
        recogniser = Recogniser(self._store, found)
        Settling().grown_to(len(found))
        meter = ProgressMeter("read", len(found), self._listener.progress)
        todo: list[tuple[Kind, LibraryFile]] = []
        for entry in found:
            file, judgement = by_path[entry.path], recogniser.judge(entry)
            if judgement.answer is Answer.CACHED and judgement.stored is not None:
                self._adopt(library, file, judgement.stored)
                meter.step()
                meter.stored += 1
                if file.is_problem:
                    self._tell_problem(file, meter)
            else:
                todo.append((Kind.DIGEST if judgement.answer is Answer.DIGEST else Kind.FINGERPRINT, file))
        count = self._options.workers or min(8, os.cpu_count() or 1)
        with Workers(count, self._limits, background=True) as pool:  # children start with the first job only
            self._read_by_workers(library, pool, todo, recogniser, meter)
            form_shots(library)
            self._digest_twins(library, pool)
        self._commit(meter, force=True)
        for file in library.files:
            if file.status == "error" and file.code in ("read.denied", "read.vanished", "read.io") and file.facts is None:
                self._tell_problem(file, meter)
        meter.tell()

    def _read_by_workers(
        self, library: Library, pool: Workers, todo: list[tuple[Kind, LibraryFile]], recogniser: Recogniser, meter: ProgressMeter
    ) -> None:
        looks, settling = _Looks(library, self._listener), Settling()
        for result in self._pump(pool, todo):
            file: LibraryFile = result.token
            if result.kind is Kind.DIGEST and not self._recognised(library, file, result, recogniser):
                todo.append((Kind.FINGERPRINT, file))
                continue
            if result.kind is Kind.FINGERPRINT:
                self._take(library, file, result)
            meter.step()
            if file.is_problem:
                self._tell_problem(file, meter)
            self._commit(meter)
            looks.maybe(meter.done)
            settling.grown_to(meter.done)
        self._commit(meter, force=True)

    def _pump(self, pool: Workers, todo: list[tuple[Kind, LibraryFile]]) -> Iterator[FileResult]:
        """Keep the workers fed from `todo` (which may grow meanwhile) and yield results as they come."""
        position = in_flight = 0
        while (position < len(todo) or in_flight) and not self._listener.cancelled():
            self._listener.wait_while_paused()
            while position < len(todo) and in_flight < IN_FLIGHT:
                kind, file = todo[position]
                pool.submit(FileJob(kind, file.path, file.stat.size, token=file))
                position, in_flight = position + 1, in_flight + 1
            result = pool.next_result(0.25)
            if result is not None:
                in_flight -= 1
                yield result

    def _take(self, library: Library, file: LibraryFile, result: FileResult) -> None:
        facts = result.facts or PictureFacts("error", result.code or "decode.crashed", detail=result.message)
        if facts.code in WORKER_FAILURES:
            facts = replace(facts, decoder=self._decoders)
        file.facts, file.status, file.code = facts, facts.status, facts.code
        if result.stat is not None:
            file.stat = result.stat
        if (facts.code or "").startswith("read."):
            return  # nothing was decoded, and nothing is to be remembered of it
        if facts.kind in ("picture", "raw") and facts.status != "skipped":
            library.computed += 1
        if result.stat is not None:
            self._waiting.append((file, result.prints))

    def _recognised(self, library: Library, file: LibraryFile, result: FileResult, recogniser: Recogniser) -> bool:
        """True when the digest showed a known picture, or when the file cannot be read at all."""
        if result.digest is None:
            return False
        stored = recogniser.same_content(file.path, result.digest)
        if stored is None:
            return False
        if result.stat is not None:
            file.stat = result.stat
        self._adopt(library, file, stored)
        return True

    def _adopt(self, library: Library, file: LibraryFile, stored: StoredFile) -> None:
        file.facts, file.status, file.code, file.row = stored.facts, stored.facts.status, stored.facts.code, stored.row
        file.from_cache = True
        if file.is_picture:
            library.cached += 1
        if stored.path != file.path or stored.stat != file.stat:
            self._waiting.append((file, b""))

    def _digest_twins(self, library: Library, pool: Workers) -> None:
        """Whole-file digests of what was not read whole but shares its size: pictures, and companions among themselves."""
        companions = [file for file in library.files if file.code == "scan.companion"]
        for files, decided in ((library.pictures(), self._decided_sizes), (companions, frozenset[int]())):
            sizes = Counter(file.stat.size for file in files)
            wanted = {size for size, count in sizes.items() if count > 1} | decided
            lacking = [(Kind.DIGEST, file) for file in files if file.digest is None and file.stat.size in wanted]
            for result in self._pump(pool, lacking):
                file = result.token
                if result.digest is not None and result.stat is not None and result.stat.same_file_state(file.stat):
                    file.facts = replace(file.facts, blake3=result.digest)
                    self._waiting.append((file, b""))

    # ------------------------------------------------------------------------------------------------ storing

    def _commit(self, meter: ProgressMeter, *, force: bool = False) -> None:
        if not force and len(self._waiting) < BATCH_FILES and time.monotonic() - self._last_commit < BATCH_SECONDS:
            return
        batch, self._waiting = self._waiting, []
        self._last_commit = time.monotonic()
        if not batch:
            return
        entries = [
            Entry(file.path, file.stat, file.facts, prints or None, file.row, self._volumes.name_for(file.stat.device))
            for file, prints in batch
            if file.facts is not None
        ]
        for (file, _), row in zip(batch, self._store.put(entries), strict=True):
            file.row = row
        meter.stored += sum(1 for file, _ in batch if not file.from_cache)

    def _tell_problem(self, file: LibraryFile, meter: ProgressMeter) -> None:
        meter.problems += 1
        message, hint = problem_words(file.code or "decode.corrupt", file.path, partial=file.status == "partial")
        self._listener.problem(Problem(file.path, file.code or "decode.corrupt", message, hint))


def _look_at(path: bytes, *, follow: bool) -> FoundFile:
    try:
        found = os.stat(path, follow_symlinks=follow)
    except OSError as error:
        code = {FileNotFoundError: "read.vanished", PermissionError: "read.denied"}.get(type(error), "read.io")
        return FoundFile(path, 0, NO_STAT, error=code)
    facts = StatFacts(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_dev, found.st_ino, found.st_mode)
    if stat.S_ISLNK(found.st_mode):
        return FoundFile(path, 0, facts, skip="scan.link")
    return FoundFile(path, 0, facts, skip=None if stat.S_ISREG(found.st_mode) else "scan.not-regular")


def _drop_unread(library: Library) -> None:
    """A cancelled scan keeps what it has read; what it only met gets no record."""
    kept = [file for file in library.files if file.status != UNREAD]
    number = {file.id: new for new, file in enumerate(kept)}
    for file in kept:
        file.id = number[file.id]
        file.same_as = number.get(file.same_as) if file.same_as is not None else None
    library.files = kept


class _Looks:
    """First clusters while reading goes on: seldom enough that matching stays a small share of the work."""

    def __init__(self, library: Library, listener: ScanListener) -> None:
        self._library = library
        self._listener = listener
        self._next_time = time.monotonic() + FIRST_LOOK_S
        self._next_count = 2.0

    def maybe(self, done: int) -> None:
        now = time.monotonic()
        if now < self._next_time or done < self._next_count:
            return
        self._listener.look(self._library)
        spent = time.monotonic() - now
        self._next_count = done * LOOK_GROWTH
        self._next_time = time.monotonic() + max(1.0, 4 * spent)


def form_shots(library: Library) -> None:
    """Settle shots with the facts; companions become ``skipped``, ``scan.companion`` (a hard link keeps its own code)."""
    for file in library.files:
        file.shot = file.role = None
        if file.code == "scan.companion" and file.facts is not None:
            file.status, file.code = file.facts.status, file.facts.code
    given = [_shot_file(file) for file in library.files if file.status != "offline" and file.code not in NOT_IN_SHOTS]
    library.shared_companions = shots.shared_companions(given)
    library.shots = tuple(sorted(shots.find_shots(given), key=lambda shot: shot.files[0]))
    for number, shot in enumerate(library.shots):
        for index, role in zip(shot.files, shot.roles, strict=True):
            file = library.files[index]
            file.shot, file.role = number, role
            if role in (Role.SIDECAR, Role.MOVIE) and file.code != "scan.hard-link":
                file.status, file.code = "skipped", "scan.companion"


NOT_IN_SHOTS = ("scan.hidden", "scan.link", "scan.not-regular", "read.vanished")


def _shot_file(file: LibraryFile) -> shots.ShotFile:
    facts = file.facts or PictureFacts("error")
    kind = facts.kind if file.facts is not None else (formats.suffix_kind(file.path) or "other")
    if file.code == "scan.hard-link" and kind in ("picture", "raw"):
        kind = "other"
    return shots.ShotFile(
        index=file.id,
        path=file.path,
        kind=kind,
        format=facts.format,
        taken=facts.taken,
        taken_fraction=facts.taken_fraction,
        make=facts.make,
        model=facts.model,
        is_picture=file.is_picture,
    )
