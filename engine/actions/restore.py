"""The way back: undo puts the files of a run where they were, and the undo of an undo carries the run out again.

Never overwrites: where a place is taken, or the copy is gone or damaged, that file stays and is named; the rest comes back.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.actions import primitives, refusals
from engine.actions.actor import WAIT_S, one_actor
from engine.actions.carry_out import IsCancelled, OnProgress, Pace, apply_locked
from engine.actions.descriptors import OpenFile, identity
from engine.actions.homes import Home, open_away, open_copy
from engine.actions.mover import Hook, Landed, make_durable, move_exclusive, move_into_ours, move_one
from engine.actions.outcome import ApplyOutcome, Outcome, Result
from engine.actions.plan import Plan, plan_from_json
from engine.actions.proof import CheckReadable
from engine.actions.quarantine import Quarantine
from engine.actions.recovery import finish_restore, prune_run, recover_unfinished
from engine.actions.trash import Trash, drop_stage, stage_name
from engine.actions.ways import Destination
from engine.errors import ActionError, StoreError, UsageError
from engine.names import base_name, display_text
from engine.userdata import Journal, NewRow, Row, RowState, Run, UserData


def undo(
    run_id: str | None = None,
    *,
    userdata: UserData,
    check_readable: CheckReadable,
    protected: Sequence[bytes] = (),
    cancelled: IsCancelled = lambda: False,
    on_progress: OnProgress = lambda progress: None,
    lock_wait_s: float = WAIT_S,
) -> ApplyOutcome:
    """Take a run of the history back.

    run_id: None for the newest apply of which files are still away; the id of an apply; of an undo (then this is a redo: the
    apply is carried out again with every check); or of a decision (then it is taken back).
    check_readable, protected: for a redo, as in `carry_out`.

    Returns results ``restored`` (for a redo ``moved``), ``refused``, ``failed``; with nothing to do, no results and a note.
    Raises UsageError for an unknown id, StoreLocked, StoreError.
    """
    if run_id is not None and userdata.decisions.known(run_id):
        done = userdata.decisions.take_back(run_id)
        return ApplyOutcome(None, note="The decision was taken back." if done else "That decision was taken back before.")
    with one_actor(userdata, lock_wait_s):
        recovered = recover_unfinished(userdata.journal)
        journal = userdata.journal
        run = journal.newest_to_undo() if run_id is None else journal.find(run_id)
        if run is None and run_id is None:
            return ApplyOutcome(None, note="There is nothing to undo.", recovered=recovered)
        if run is None:
            raise UsageError(f"The history has no run {display_text(run_id or '')}.", hint="Look at: imgfp history")
        if run.kind == "undo":
            return _redo(run, journal, check_readable, protected, cancelled, on_progress, recovered)
        return _Undo(journal, run, cancelled, on_progress).run(recovered)


def redo(
    *,
    userdata: UserData,
    check_readable: CheckReadable,
    protected: Sequence[bytes] = (),
    cancelled: IsCancelled = lambda: False,
    on_progress: OnProgress = lambda progress: None,
    lock_wait_s: float = WAIT_S,
) -> ApplyOutcome:
    """Carry out again what the newest undo took back; parameters as in `undo`."""
    newest = userdata.journal.newest_to_redo()
    if newest is None:
        return ApplyOutcome(None, note="There is nothing to redo.")
    return undo(
        newest.id,
        userdata=userdata,
        check_readable=check_readable,
        protected=protected,
        cancelled=cancelled,
        on_progress=on_progress,
        lock_wait_s=lock_wait_s,
    )


# ------------------------------------------------------------------------------------------------------ undo


class _Undo:
    def __init__(self, journal: Journal, run: Run, cancelled: IsCancelled, on_progress: OnProgress) -> None:
        self._journal = journal
        self._run = run
        self._cancelled = cancelled
        self._pace = Pace(on_progress)

    def run(self, recovered: tuple[str, ...]) -> ApplyOutcome:
        rows = [row for row in self._journal.rows(self._run.seq) if row.is_away]
        if not rows:
            return ApplyOutcome(None, note="That run was undone before, or moved nothing.", recovered=recovered)
        book = self._journal.begin("undo", folder=self._run.folder, reverses=self._run.seq)
        results: list[Result] = []
        self._pace.begin("restore", len(rows))
        whole = True
        for row in reversed(rows):
            if self._cancelled():
                whole = False
                break
            result, may_go_on = self._one(book, row)
            results.append(result)
            self._pace.step()
            if not may_go_on:
                results.extend(_untouched(other) for other in reversed(rows[: rows.index(row)]))
                break
        prune_run(self._run)
        with contextlib.suppress(StoreError):  # left open: the next start finishes it
            self._journal.finish(book.seq)
        return ApplyOutcome(book.id, tuple(results), cancelled=not whole, recovered=recovered)

    def _one(self, book: Run, row: Row) -> tuple[Result, bool]:
        restore = _Restore(self._journal, self._run, book, row)
        try:
            restore.bring_home()
            return Result(row.path, "restored", to=row.path), True
        except ActionError as error:
            restore.note(error)
            outcome: Outcome = "failed" if error.code == refusals.IO else "refused"
            return Result(row.path, outcome, error.code, f"{error.message} {error.hint}".strip(), row.destination), True
        except StoreError as error:
            what = "is in its place, but that could not be written down" if restore.is_home else "was left alone"
            said = f"{base_name(row.path)} {what}: {error.message} {error.hint}".strip()
            return Result(row.path, "failed", refusals.IO, said, None if restore.is_home else row.destination), False


def _untouched(row: Row) -> Result:
    said = f"{base_name(row.path)} was left alone: the journal cannot be written."
    return Result(row.path, "failed", refusals.IO, said, row.destination)


class _Restore:
    """One file on its way home."""

    def __init__(self, journal: Journal, run: Run, book: Run, row: Row) -> None:
        self._journal = journal
        self._run = run
        self._book = book
        self._row = row
        self._intent: int | None = None
        self.is_home = False

    def bring_home(self) -> None:
        """Restore the file. Raises ActionError, then it lies where it lay; StoreError, then nothing more may move."""
        row = self._row
        assert row.destination is not None
        try:
            landed = open_away(row.destination, self._run.folder)
            try:
                copy = open_copy(landed, row.path)
            except BaseException:
                landed.close()
                raise
        except FileNotFoundError:
            self._without_copy()
            return
        except OSError as error:
            raise refusals.system(row.path, error) from error
        with copy:
            self._check_copy(copy)
            self._into_place(copy)

    def _without_copy(self) -> None:
        """The copy is gone. Where the photo stands in its place already, somebody restored it by hand: so much the better."""
        row = self._row
        try:
            home = Home(row.root, row.path)
        except (OSError, ActionError):
            raise _copy_gone(row) from None
        try:
            if not home.holds(row.stat.size, row.digest):
                raise _copy_gone(row)
            self._intend()
            self._finish(home)
        except OSError as error:
            raise refusals.system(row.path, error) from error
        finally:
            home.close()

    def _check_copy(self, copy: OpenFile) -> None:
        try:
            damaged = copy.facts.st_size != self._row.stat.size or copy.digest() != self._row.digest
        except OSError as error:
            raise refusals.system(self._row.path, error) from error
        if damaged:
            raise ActionError(
                f"The copy of {base_name(self._row.path)} was changed or damaged while it was away. It was left where it is.",
                code=refusals.COPY_DAMAGED,
                path=self._row.path,
                hint=f"Look at it: {display_text(self._row.destination or b'')}",
            )

    def _into_place(self, copy: OpenFile) -> None:
        row = self._row
        try:
            home = Home(row.root, row.path, primitives.facts(copy.folder.descriptor).st_dev)
        except OSError as error:
            raise refusals.system(row.path, error) from error
        try:
            self._through(home, copy)
        except BaseException:
            home.forget_made()
            raise
        finally:
            home.close()

    def _through(self, home: Home, copy: OpenFile) -> None:
        row = self._row
        try:
            found = home.look()
            if found is not None:
                raise _place_taken(row)
            self._intend()
            way = _WayHome(home, self._will_place)
            landed = move_one(copy, row.digest or b"", way, lambda: None)
            try:
                make_durable([(copy, landed)])
            except ActionError:
                way.come_back(copy, landed)
                raise
            finally:
                landed.close()
            self._finish(home)
        except OSError as error:
            raise refusals.system(row.path, error) from error
        if self._run.folder is None:  # a file that stranded on its way to the trash leaves its staging folder empty
            drop_stage(home.folder.path, stage_name(self._run.id))

    def _finish(self, home: Home) -> None:
        assert self._intent is not None
        self.is_home = True
        try:
            finish_restore(self._journal, self._intent, replace(self._row, origin=self._row.id), home)
        except OSError as error:
            raise ActionError(
                f"{base_name(self._row.path)} is in its place, but its date or permissions could not be set ({error.strerror}).",
                code=refusals.IO,
                path=self._row.path,
                hint="Undo again to set them.",
            ) from error

    def _intend(self) -> None:
        self._intent = self._journal.intend(self._book.seq, self._row.shot, [self._new_row()])[0]

    def _will_place(self) -> None:
        if self._intent is not None:
            self._journal.will_place(self._intent)

    def _new_row(self) -> NewRow:
        row = self._row
        return NewRow(
            row.path, row.root, row.stat, row.destination, row.digest, row.xattrs, row.keeper, row.reason, origin=row.id
        )

    def note(self, error: ActionError) -> None:
        """Write down why the file did not come home."""
        state = RowState.FAILED if error.code == refusals.IO else RowState.REFUSED
        code, message = error.code, error.message
        with contextlib.suppress(StoreError):
            if self._intent is None:
                self._journal.refuse(self._book.seq, [(self._row.shot, self._new_row(), state, code, message)])
            else:
                self._journal.failed([self._intent], code, message)


class _WayHome:
    """From quarantine or trash to the place in the library, and back again when in doubt."""

    def __init__(self, home: Home, hook: Hook) -> None:
        self._home = home
        self._hook = hook

    def go(self, file: OpenFile) -> Landed:
        home = self._home
        try:
            move_exclusive(file.folder.descriptor, file.name, home.folder.descriptor, home.name, self._hook)
        except FileExistsError:
            raise _taken(file.path) from None
        return Landed(replace(home.folder, descriptor=os.dup(home.folder.descriptor)), home.name)

    def come_back(self, file: OpenFile, landed: Landed) -> None:
        if identity(primitives.look(landed.folder.descriptor, landed.name)) != file.identity:
            return  # somebody's own file stands there now; it is not ours to move
        try:
            move_into_ours(landed.folder.descriptor, landed.name, file.folder.descriptor, file.name)
        except OSError as error:
            raise refusals.StrandedError(file.path, landed.path, error.strerror or str(error)) from error


def _copy_gone(row: Row) -> ActionError:
    return ActionError(
        f"{base_name(row.path)} is no longer where imgfp put it.",
        code=refusals.COPY_GONE,
        path=row.path,
        hint="Was the trash emptied, or the quarantine moved or its disk unplugged?",
    )


def _place_taken(row: Row) -> ActionError:
    return _taken(row.path)


def _taken(path: bytes) -> ActionError:
    return ActionError(
        f"Another file has taken the place of {base_name(path)}. Nothing was overwritten.",
        code=refusals.PLACE_TAKEN,
        path=path,
        hint="Rename that file, then undo again.",
    )


# ------------------------------------------------------------------------------------------------------ redo


def _redo(
    undone: Run,
    journal: Journal,
    check_readable: CheckReadable,
    protected: Sequence[bytes],
    cancelled: IsCancelled,
    on_progress: OnProgress,
    recovered: tuple[str, ...],
) -> ApplyOutcome:
    first = journal.run(undone.reverses) if undone.reverses is not None else None
    stored = None if first is None else journal.plan(first.seq)
    if first is None or stored is None:
        return ApplyOutcome(None, note="That undo cannot be taken back: its plan is not known.", recovered=recovered)
    again = journal.reversed_by(undone.seq)
    if again is not None and any(row.is_away for row in journal.rows(again.seq)):
        return ApplyOutcome(None, note="That undo was taken back before.", recovered=recovered)
    restored = {row.path for row in journal.rows(undone.seq) if row.state is RowState.DONE}
    plan = _only(plan_from_json(stored), lambda path: path in restored)
    if not plan.items:
        return ApplyOutcome(None, note="That undo restored nothing.", recovered=recovered)
    destination: Destination = Trash() if first.folder is None else Quarantine(first.folder)
    folders = tuple(dict.fromkeys((*plan.protected, *protected)))
    destination.check(plan.roots, folders)
    return apply_locked(
        plan, destination, journal, check_readable, folders, cancelled, on_progress, recovered=recovered, reverses=undone.seq
    )


def _only(plan: Plan, wanted: Callable[[bytes], bool]) -> Plan:
    items = []
    for item in plan.items:
        gone = tuple(
            replace(file, companions=tuple(companion for companion in file.companions if wanted(companion.path)))
            for file in item.remove
            if wanted(file.path)
        )
        if gone:
            items.append(replace(item, remove=gone))
    return replace(plan, items=tuple(items))
