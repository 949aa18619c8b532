"""Carries a plan out: settle it whole, prove the keepers, then shot by shot, journal first, companions first, picture last.

Every file named for removal gets exactly one result. Anything in doubt stays where it is.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from engine import locations
from engine.actions import primitives, refusals
from engine.actions.actor import WAIT_S, one_actor
from engine.actions.descriptors import OpenFile, Roots, stat_facts
from engine.actions.mover import Hook, Landed, make_durable, move_one
from engine.actions.outcome import ApplyOutcome, Outcome, Result
from engine.actions.plan import Plan, PlanFile, plan_to_json
from engine.actions.proof import CheckReadable, Keepers
from engine.actions.recovery import recover_unfinished
from engine.actions.settle import Settled, Shot, settle
from engine.actions.ways import Destination, OneWay, Reserved, WayOut
from engine.errors import ActionError, Cancelled, StoreError
from engine.names import base_name
from engine.records import Progress
from engine.userdata import Journal, NewRow, RowState, Run, UserData

OnProgress = Callable[[Progress], None]
IsCancelled = Callable[[], bool]


def carry_out(
    plan: Plan,
    *,
    destination: Destination,
    userdata: UserData,
    check_readable: CheckReadable,
    protected: Sequence[bytes] = (),
    dry_run: bool = False,
    cancelled: IsCancelled = lambda: False,
    on_progress: OnProgress = lambda progress: None,
    lock_wait_s: float = WAIT_S,
) -> ApplyOutcome:
    """Move what the plan names for removal to the destination, as far as every check allows.

    Parameters
    ----------
    plan: what to do. destination: `Trash()` or `Quarantine(folder)`. userdata: opened for writing (for a dry run: reading).
    check_readable: decodes a keeper in full, in a worker. protected: raw paths of folders locked in the window.
    dry_run: every check, no move, nothing written. cancelled: asked between shots.

    Returns the results. Raises UsageError (the destination cannot be used), StoreLocked (another actor), StoreError (the user
    data cannot be written), and whatever `check_readable` raises that is neither EngineError nor Cancelled.
    """
    folders = tuple(dict.fromkeys((*plan.protected, *protected)))
    destination.check(plan.roots, folders)
    if not plan.items:
        return ApplyOutcome(None, note="The plan is empty: nothing to do.")
    if dry_run:
        return Apply(plan, destination, None, check_readable, folders, cancelled, on_progress).run()
    with one_actor(userdata, lock_wait_s):
        recovered = recover_unfinished(userdata.journal)
        return apply_locked(
            plan, destination, userdata.journal, check_readable, folders, cancelled, on_progress, recovered=recovered
        )


def apply_locked(
    plan: Plan,
    destination: Destination,
    journal: Journal,
    check_readable: CheckReadable,
    protected: Sequence[bytes],
    cancelled: IsCancelled,
    on_progress: OnProgress,
    *,
    recovered: tuple[str, ...] = (),
    reverses: int | None = None,
) -> ApplyOutcome:
    """`carry_out` for a caller that holds the lock and has recovered; reverses: the undo that this run takes back."""
    run = journal.begin("apply", folder=destination.folder, plan=plan_to_json(plan), reverses=reverses)
    return Apply(plan, destination, (journal, run), check_readable, protected, cancelled, on_progress).run(recovered)


class _RunEnds(Exception):
    """The journal cannot be written: nothing more may move."""


class Apply:
    """One apply. book: the journal and the run in it, None for a dry run."""

    def __init__(
        self,
        plan: Plan,
        destination: Destination,
        book: tuple[Journal, Run] | None,
        check_readable: CheckReadable,
        protected: Sequence[bytes],
        cancelled: IsCancelled,
        on_progress: OnProgress,
    ) -> None:
        self._plan = plan
        self._book = book
        self._way: WayOut = destination.rehearse() if book is None else destination.begin(book[1].id)
        self._protected = protected
        self._cancelled = cancelled
        own = [os.fsencode(locations.data_dir()), os.fsencode(locations.cache_dir())]
        self._roots = Roots(plan.roots, own)
        self._keepers = Keepers(self._roots, check_readable)
        self._results: dict[bytes, Result] = {}
        self._pace = Pace(on_progress)

    def run(self, recovered: tuple[str, ...] = ()) -> ApplyOutcome:
        """Do it; the folders opened for it are closed whatever happens."""
        settled = Settled((), {})
        whole = False
        try:
            settled = settle(self._plan, self._roots, self._protected)
            whole = self._prove_keepers(settled.shots) and self._move_all(settled.shots)
        except _RunEnds:
            whole = True
            self._end_unmoved(settled.shots)
        except Cancelled:
            pass
        finally:
            self._way.finish()
            self._roots.close()
        if self._book is not None:
            with contextlib.suppress(StoreError):  # left open: the next start finishes it
                self._book[0].finish(self._book[1].seq)
        for spelling, path in settled.same.items():
            if path in self._results:
                known = self._results[path]
                self._results[spelling] = replace(known, path=spelling)
        return ApplyOutcome(
            self._book[1].id if self._book else None, tuple(self._results.values()), cancelled=not whole, recovered=recovered
        )

    # ------------------------------------------------------------------------------------------------ keepers

    def _prove_keepers(self, shots: Sequence[Shot]) -> bool:
        self._pace.begin("check", len(shots))
        for shot in shots:
            if self._cancelled():
                return False
            if shot.cause is None:
                with ExitStack() as stack:
                    try:
                        self._stand_by(shot, (), stack)
                    except ActionError as error:
                        shot.refusals[shot.parts[-1].path] = error
            self._pace.step()
        return True

    def _stand_by(self, shot: Shot, parts: Sequence[OpenFile], stack: ExitStack) -> list[OpenFile]:
        identities = {part.identity for part in parts}
        keepers = []
        for need in shot.needs:
            keeper = self._keepers.stand_by(shot, need, identities)
            stack.callback(keeper.close)
            keepers.append(keeper)
        return keepers

    # ------------------------------------------------------------------------------------------------ shots

    def _move_all(self, shots: Sequence[Shot]) -> bool:
        self._pace.begin("move", len(shots))
        for shot in shots:
            if self._cancelled():
                return False
            if shot.cause is not None:
                self._refuse(shot, shot.refusals)
            else:
                self._try(shot)
            self._pace.step()
        return True

    def _try(self, shot: Shot) -> None:
        with ExitStack() as stack:
            try:
                files = [self._verified(part, stack) for part in shot.parts]
                keepers = self._stand_by(shot, files, stack)
                for file in files:
                    self._check_way(file)
            except (ActionError, OSError) as error:
                cause = refusals.system(shot.parts[-1].path, error) if isinstance(error, OSError) else error
                self._refuse(shot, {cause.path or shot.parts[-1].path: cause})
                return
            if self._book is None:
                for part in shot.parts:
                    self._results[part.path] = Result(part.path, "moved")
                return
            _Passage(self, shot, files, keepers, self._book, self._way).move()

    def _verified(self, part: PlanFile, stack: ExitStack) -> OpenFile:
        file = stack.enter_context(self._roots.open_file(part.path))
        try:
            if file.facts.st_size != part.size or file.digest() != part.blake3:
                raise refusals.changed(part.path)
        except OSError as error:
            raise refusals.system(part.path, error) from error
        return file

    def _check_way(self, file: OpenFile) -> None:
        try:
            self._way.check(file)
        except OSError as error:
            raise refusals.system(file.path, error) from error

    # ------------------------------------------------------------------------------------------------ results

    def keep_result(self, path: bytes, outcome: Outcome, error: ActionError | None = None, to: bytes | None = None) -> None:
        """Remember the one outcome of a file."""
        code, message, hint = (error.code, error.message, error.hint) if error is not None else (None, "", "")
        self._results[path] = Result(path, outcome, code, message, to, hint)

    def look_again(self, keepers: Sequence[OpenFile], picture: bytes) -> Hook:
        """The keepers' second look, as a hook for the mover."""

        def look() -> None:
            for keeper in keepers:
                self._keepers.look_again(keeper, picture)

        return look

    def _refuse(self, shot: Shot, errors: dict[bytes, ActionError]) -> None:
        cause = next(iter(errors.values()))
        rows = []
        for part in shot.parts:
            error = errors.get(part.path) or refusals.with_shot(part.path, cause)
            self.keep_result(part.path, "refused", error)
            row = NewRow(part.path, b"", digest=part.blake3, reason=shot.reason)
            rows.append((shot.number, row, RowState.REFUSED, error.code, error.message))
        if self._book is not None:
            with contextlib.suppress(StoreError):  # a refusal that is not remembered harms nobody; the caller is told it
                self._book[0].refuse(self._book[1].seq, rows)

    def _end_unmoved(self, shots: Sequence[Shot]) -> None:
        for shot in shots:
            for part in shot.parts:
                if part.path not in self._results:
                    error = ActionError(
                        f"{base_name(part.path)} was left alone: the journal cannot be written.",
                        hint="Make room on the disk with the user data, then try again.",
                    )
                    self.keep_result(part.path, "failed", error)


class _Passage:
    """One shot on its way: all its files arrive, or those that moved go back."""

    def __init__(
        self,
        apply: Apply,
        shot: Shot,
        files: Sequence[OpenFile],
        keepers: Sequence[OpenFile],
        book: tuple[Journal, Run],
        way: WayOut,
    ) -> None:
        self._apply = apply
        self._shot = shot
        self._files = files
        self._keepers = keepers
        self._journal, self._run = book
        self._way = way
        self._rows: list[int] = []
        self._landed: list[Landed] = []

    def move(self) -> None:
        """Reserve, journal, move, journal. Raises `_RunEnds` when the journal fails."""
        reserved: list[Reserved] = []
        try:
            self._reserve(reserved)
            self._intend(reserved)
            self._move_files(reserved)
        except (ActionError, OSError) as error:
            picture = self._shot.parts[-1].path
            self._step_back(refusals.system(picture, error) if isinstance(error, OSError) else error)
        except StoreError as error:
            self._step_back(_journal_error(self._shot.parts[-1].path, error))
            raise _RunEnds from error
        finally:
            for landed in (*self._landed, *(place.landing for place in reserved if place.landing is not None)):
                landed.close()

    def _reserve(self, reserved: list[Reserved]) -> None:
        for file, part in zip(self._files, self._shot.parts, strict=True):
            names = file.path[len(file.root) + 1 :].split(b"/")
            try:
                reserved.append(self._way.reserve(file, part.blake3, names))
            except OSError as error:
                raise refusals.system(file.path, error) from error
        try:
            self._way.promise()
        except OSError as error:
            raise refusals.system(self._files[-1].path, error) from error

    def _intend(self, reserved: Sequence[Reserved]) -> None:
        keeper = self._keepers[0].path if self._keepers else None
        rows = [
            NewRow(
                file.path,
                file.root,
                stat_facts(file.facts),
                place.destination,
                part.blake3,
                primitives.xattrs(file.descriptor),
                keeper,
                self._shot.reason,
                place.places,
            )
            for file, part, place in zip(self._files, self._shot.parts, reserved, strict=True)
        ]
        self._rows = self._journal.intend(self._run.seq, self._shot.number, rows)

    def _move_files(self, reserved: Sequence[Reserved]) -> None:
        look_again = self._apply.look_again(self._keepers, self._shot.parts[-1].path)
        for index, (file, part, place) in enumerate(zip(self._files, self._shot.parts, reserved, strict=True)):
            way = OneWay(self._way, place, self._placeholder_hook(index))
            self._landed.append(move_one(file, part.blake3, way, look_again))
            if place.destination is None and index + 1 < len(self._files):  # only the trash knows where it put the file
                self._journal.moved(self._rows[index], self._landed[index].path)
        make_durable(list(zip(self._files, self._landed, strict=True)))
        self._journal.done([(row, landed.path) for row, landed in zip(self._rows, self._landed, strict=True)])
        for file, landed in zip(self._files, self._landed, strict=True):
            self._apply.keep_result(file.path, "moved", to=landed.path)

    def _placeholder_hook(self, index: int) -> Hook:
        return lambda: self._journal.will_place(self._rows[index])

    def _step_back(self, cause: ActionError) -> None:
        """Put every file of the shot back that moved already, last one first."""
        stranded: dict[bytes, refusals.StrandedError] = {}
        if isinstance(cause, refusals.StrandedError) and cause.path is not None:
            stranded[cause.path] = cause
        for index in reversed(range(len(self._landed))):
            file = self._files[index]
            try:
                self._way.come_back(file, self._landed[index], self._placeholder_hook(index))
            except refusals.StrandedError as error:
                stranded[file.path] = error
        self._note(cause, stranded)

    def _note(self, cause: ActionError, stranded: dict[bytes, refusals.StrandedError]) -> None:
        # A file that was never in danger was refused; one that an error of disk or journal stopped has failed.
        outcome: Outcome = "failed" if cause.code == refusals.IO else "refused"
        for index, part in enumerate(self._shot.parts):
            lost = stranded.get(part.path)
            if lost is not None:
                self._apply.keep_result(part.path, "failed", lost, to=lost.lies_at)
            else:
                error = cause if cause.path == part.path else refusals.with_shot(part.path, cause)
                self._apply.keep_result(part.path, outcome, error)
            if index < len(self._rows):
                with contextlib.suppress(StoreError):  # the row stays INTENT; recovery looks at the disk anyway
                    if lost is not None:
                        self._journal.done([(self._rows[index], lost.lies_at)])
                    else:
                        self._journal.failed([self._rows[index]], cause.code, cause.message)


def _journal_error(path: bytes, error: StoreError) -> ActionError:
    return ActionError(f"{base_name(path)} was left alone: {error.message}", code=refusals.IO, path=path, hint=error.hint)


class Pace:
    """Tells progress, at most ten times a second."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._tell = on_progress
        self._stage = ""
        self._done = self._total = 0
        self._began = self._told = 0.0

    def begin(self, stage: str, total: int) -> None:
        self._stage, self._total, self._done = stage, total, 0
        self._began = time.monotonic()
        self._told = 0.0

    def step(self) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._told >= 0.1 or self._done == self._total:
            self._told = now
            rate = self._done / max(now - self._began, 1e-9)
            self._tell(Progress(self._stage, self._done, self._done if self._stage == "move" else 0, self._total, rate))
