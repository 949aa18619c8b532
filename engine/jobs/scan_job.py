"""From folders to a `Library`: walk, recognise what is known, have the rest read by workers, store it in batches, form shots.

Runs in one thread, which is the store's only writer. Decoding happens in the workers; nothing here opens a picture.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from engine.config import Limits, ScanOptions
from engine.errors import Cancelled
from engine.jobs.kernel_start import worth_loading
from engine.jobs.library import Files, Library, LibraryFile
from engine.jobs.library_shots import form_shots
from engine.jobs.looks import QUICK_LOOK_FILES, QUICK_LOOK_S, Looks
from engine.jobs.pace import Pace, processes
from engine.jobs.pace_queue import OFFLINE
from engine.jobs.pace_volumes import PacedVolumes
from engine.jobs.pools import FileResult, Kind, Workers
from engine.jobs.progress import ProgressMeter
from engine.jobs.quick_pass import NO_HASHES, QuickPass, forget_provisional, replaced
from engine.jobs.reading import Reading, Todo
from engine.jobs.recognise import WORKER_FAILURES, Answer, Recogniser, decoder_versions
from engine.jobs.saved_library import SavedLibrary, load_library
from engine.jobs.settling import Settling
from engine.jobs.storing import Storing
from engine.jobs.taking import take, to_judge
from engine.jobs.twins import without_digest
from engine.jobs.walked import UNREAD, library_of, split_roots
from engine.problems import problem_words
from engine.records import FoundFile, PictureFacts, Problem, Progress, StatFacts, Walk
from engine.scan import walk
from engine.scan.hard_links import mark_hard_links
from engine.store import FingerprintStore, StoredFile
from engine.volumes import Volumes

NO_STAT = StatFacts(0, 0, 0, 0, 0)
ASKED = {
    Answer.SAMPLE: Kind.SAMPLE,
    Answer.DIGEST: Kind.DIGEST,
    Answer.COMPUTE: Kind.FINGERPRINT,
    Answer.CACHED: Kind.FINGERPRINT,
}
"""What a worker is asked for after each judgement."""


@dataclass(slots=True)
class ScanListener:
    """Whom a scan tells. All are called from the scan's own thread."""

    progress: Callable[[Progress], None] = lambda _: None
    problem: Callable[[Problem], None] = lambda _: None
    found: Callable[[Library], None] = lambda _: None  # what is going to be read, and goes on changing while it is
    look: Callable[[Library], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False
    wait_while_paused: Callable[[], None] = lambda: None
    read: Callable[[bytes, FileResult], None] = lambda path, result: None  # each answer of a worker
    pace: Pace = field(default_factory=Pace)


class ScanJob:
    """One scan. `run` may be called once."""

    def __init__(
        self,
        store: FingerprintStore,
        options: ScanOptions,
        listener: ScanListener,
        limits: Limits | None = None,
        decided_sizes: frozenset[int] = frozenset(),
        quick_store: Callable[[], FingerprintStore] | None = None,
    ) -> None:
        """store: the quick one for a quick scan. quick_store: opens it for a first look, if there is anything to look at.

        decided_sizes: sizes of files the user decided on; pictures of such a size are digested whole, to find the decision.
        """
        self._store = store
        self._decided_sizes = decided_sizes
        self._options = options
        self._listener = listener
        self._limits = limits or Limits()
        self._volumes = Volumes()
        self._paced = PacedVolumes(listener.pace)
        self._storing = Storing(store, self._volumes)
        self._decoders = decoder_versions()
        self._quick_store = quick_store
        self._small = NO_HASHES
        self._saved: SavedLibrary | None = None

    def run(self, roots: Sequence[bytes]) -> Library:
        """Walk and read. Raises FolderMissing before anything is scanned."""
        started = time.monotonic()
        present, offline = split_roots(self._store, self._volumes, roots)
        try:
            walked = walk(present, cancelled=self._listener.cancelled, on_progress=self._walk_meter())
        except Cancelled:
            walked = Walk(tuple(present), (), {})
        if not self._options.quick:
            self._saved = load_library(self._store, dict.fromkeys([*walked.roots, *offline]))
        pools = self._saved.snapshot.table.pools if self._saved is not None else None
        library = library_of(self._store, self._volumes, walked, offline, pools)
        library.seconds["walk"] = round(time.monotonic() - started, 3)
        self._listener.found(library)
        return self._finished(library)

    def run_files(self, paths: Sequence[bytes], *, as_walked: bool = False) -> Library:
        """Read just these files (and nothing around them); a missing one becomes ``read.vanished``.

        as_walked: links and further names of one file are skipped, as on a walk; else a link stands for what it leads to.
        Raises Cancelled: an answer about some of the files only would be a wrong one.
        """
        self._paced.urgent = True
        found = [_look_at(path, follow=not as_walked) for path in sorted(set(paths))]
        walked = Walk((), tuple(mark_hard_links(found) if as_walked else found), {})
        library = self._finished(library_of(self._store, self._volumes, walked, []))
        if library.cancelled:
            raise Cancelled
        return library

    def _finished(self, library: Library) -> Library:
        started = time.monotonic()
        self._read(library)
        library.seconds["read"] = round(time.monotonic() - started, 3)
        library.warnings.extend(self._paced.warnings())
        library.cancelled = self._listener.cancelled()
        library.final = not library.cancelled
        if library.cancelled:
            _drop_unread(library)
            form_shots(library)
        elif not self._options.quick:
            forget_provisional(library)
        return library

    def _walk_meter(self) -> Callable[[int], None]:
        meter, settling = ProgressMeter("walk", None, self._listener.progress), Settling()

        def count(done: int) -> None:
            meter.step(done - meter.done)
            settling.grown_to(done)

        return count

    # ------------------------------------------------------------------------------------------------ reading

    def _read(self, library: Library) -> None:
        taken = take(library, self._saved.snapshot if self._saved is not None else None)
        if self._options.quick:
            self._read_quickly(library, Files(library.table, taken.left))
            return
        found = to_judge(library.table, taken.left)
        recogniser = Recogniser(self._store, found)
        Settling().grown_to(len(found))
        meter = ProgressMeter("read", len(taken.known) + len(found), self._listener.progress)
        meter.step(len(taken.known))
        meter.stored += len(taken.known)
        for file in Files(library.table, taken.known).where(library.table.problems()):
            self._tell_problem(file, meter)
        todo: Todo = []
        for place, entry in zip(taken.left.tolist(), found, strict=True):
            file, judgement = library.files[place], recogniser.judge(entry)
            if judgement.answer is Answer.CACHED and judgement.stored is not None:
                self._adopt(library, file, judgement.stored)
                meter.step()
                meter.stored += 1
                if file.is_problem:
                    self._tell_problem(file, meter)
            else:
                todo.append((ASKED[judgement.answer], file))
        asked = [file for _, file in todo]
        with self._workers(asked, hurry=self._options.first_look) as pool:  # children start with the first job only
            if self._options.first_look:
                self._first_look(library, pool, asked)
            self._read_by_workers(library, pool, todo, recogniser, meter)
            if not taken.whole:
                form_shots(library)
            if not self._digest_twins(library, pool) and taken.whole and self._saved is not None:
                library.matching = library.saved = self._saved.matching
        self._commit(meter, force=True)
        self._tell_unread(library, meter)

    def _tell_unread(self, library: Library, meter: ProgressMeter) -> None:
        table = library.table
        unread = table.has_text("status", "error") & table.has_text("code", "read.denied", "read.vanished", "read.io")
        for file in library.files.where(unread & ~table.files["known"]):
            self._tell_problem(file, meter)
        meter.tell()

    def _read_quickly(self, library: Library, files: Sequence[LibraryFile]) -> None:
        """All of a quick scan: what headers and thumbnails tell is the outcome."""
        meter = ProgressMeter("quick", len(files), self._listener.progress)

        def tell(file: LibraryFile, result: FileResult | None) -> None:
            if result is not None:
                self._listener.read(file.path, result)
            if file.is_problem:
                self._tell_problem(file, meter)

        with self._workers(files, hurry=True) as pool:
            quick = QuickPass(self._store, self._volumes, library, whole=True)
            quick.run(files, lambda todo: self._pump(pool, todo, meter), meter, tell)
        form_shots(library)
        self._tell_unread(library, meter)

    def _first_look(self, library: Library, pool: Workers, files: Sequence[LibraryFile]) -> None:
        """Thumbnails before pictures, so that there is something to look at in seconds."""
        if self._quick_store is None or not files:
            return
        meter = ProgressMeter("quick", len(files), self._listener.progress)
        quick = QuickPass(self._quick_store(), self._volumes, library, whole=False)

        def look() -> None:
            quick.commit(meter, force=True)
            self._listener.look(library)

        looks = Looks(look, first_s=QUICK_LOOK_S, first_files=QUICK_LOOK_FILES)

        def tell(file: LibraryFile, result: FileResult | None) -> None:
            if result is not None:
                self._listener.read(file.path, result)
            looks.maybe(meter.done)

        quick.run(files, lambda todo: self._pump(pool, todo, meter), meter, tell)
        meter.tell()
        self._small = quick.hashes()
        if library.provisional and not self._listener.cancelled():
            self._listener.look(library)

    def _read_by_workers(self, library: Library, pool: Workers, todo: Todo, recogniser: Recogniser, meter: ProgressMeter) -> None:
        def look() -> None:
            self._commit(meter, force=True)  # what has no row yet would not be seen
            self._listener.look(library)

        looks, settling = Looks(look), Settling()
        for result in self._pump(pool, todo, meter):
            file: LibraryFile = result.token
            self._listener.read(file.path, result)
            if result.code == OFFLINE:
                replaced(file)
                file.facts, file.status, file.code = None, "offline", OFFLINE
            elif result.kind in (Kind.SAMPLE, Kind.DIGEST) and not self._recognised(library, file, result, recogniser):
                sampled = result.kind is Kind.SAMPLE
                todo.append((ASKED[recogniser.unsampled(file.path, file.stat).answer] if sampled else Kind.FINGERPRINT, file))
                continue
            elif result.kind is Kind.FINGERPRINT:
                self._take(library, file, result)
            meter.step()
            if file.is_problem:
                self._tell_problem(file, meter)
            self._commit(meter)
            looks.maybe(meter.done)
            settling.grown_to(meter.done)
        self._commit(meter, force=True)

    def _workers(self, files: Sequence[LibraryFile], *, hurry: bool = False) -> Workers:
        count = self._options.workers or min(8, os.cpu_count() or 1)
        count = processes(count, len({file.stat.device for file in files}))
        load = worth_loading(((file.path, file.stat.size) for file in files), hurry=hurry)
        return Workers(count, self._limits, background=not self._listener.pace.options.whole_cpu, kernels=load)

    def _pump(self, pool: Workers, todo: Todo, meter: ProgressMeter | None = None) -> Iterator[FileResult]:
        listener = self._listener
        reading = Reading(pool, listener.cancelled, listener.wait_while_paused, volumes=self._paced, meter=meter)
        return reading.results(todo)

    def _take(self, library: Library, file: LibraryFile, result: FileResult) -> None:
        facts = result.facts or PictureFacts("error", result.code or "decode.crashed", detail=result.message)
        if facts.code in WORKER_FAILURES:
            facts = replace(facts, decoder=self._decoders)
        if file.provisional and self._small.disagree(file.id, result.prints):
            file.table.files["stale_thumbnail"][file.id] = True
        replaced(file)
        file.facts, file.status, file.code = facts, facts.status, facts.code
        if result.stat is not None:
            file.stat = result.stat
        if (facts.code or "").startswith("read."):
            return  # nothing was decoded, and nothing is to be remembered of it
        if facts.kind in ("picture", "raw") and facts.status != "skipped":
            library.computed += 1
        if result.stat is not None:
            self._storing.add(file, result.prints, result.sample)

    def _recognised(self, library: Library, file: LibraryFile, result: FileResult, recogniser: Recogniser) -> bool:
        """True when the digest, or the sample of a RAW, showed a known picture."""
        if result.digest is not None:
            stored = recogniser.same_content(file.path, result.digest)
        else:
            stored = recogniser.likely_copy(file.path, result.stat or file.stat, result.sample)
        if stored is None:
            return False
        if result.stat is not None:
            file.stat = result.stat
        self._adopt(library, file, stored, result.sample)
        return True

    def _adopt(self, library: Library, file: LibraryFile, stored: StoredFile, sample: bytes | None = None) -> None:
        replaced(file)
        file.facts, file.status, file.code, file.row = stored.facts, stored.facts.status, stored.facts.code, stored.row
        file.from_cache = True
        if file.is_picture:
            library.cached += 1
        if stored.path != file.path or stored.stat != file.stat:
            self._storing.add(file, sample=sample)

    def _digest_twins(self, library: Library, pool: Workers) -> int:
        """Whole-file digests of what was not read whole but shares its size: pictures, and companions among themselves."""
        companions, learnt = library.table.has_text("code", "scan.companion"), 0
        for among, decided in ((library.table.pictures(), self._decided_sizes), (companions, frozenset[int]())):
            lacking = [(Kind.DIGEST, file) for file in without_digest(library, among, decided)]
            for result in self._pump(pool, lacking):
                file = result.token
                learnt += result.digest is not None
                if result.digest is not None and result.stat is not None and result.stat.same_file_state(file.stat):
                    file.facts = replace(file.facts, blake3=result.digest)
                    self._storing.add(file)
        return learnt

    def _commit(self, meter: ProgressMeter, *, force: bool = False) -> None:
        before = self._storing.stored
        self._storing.commit(force=force)
        meter.stored += self._storing.stored - before

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
    library.keep(~library.table.has_text("status", UNREAD))
