"""Puts unfinished runs in order after a crash: looks at the disk, not at the last row, and brings every half-moved shot back.

Runs under the actor's lock, before anything else may move.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from engine.actions import primitives, refusals, trash_info
from engine.actions.actor import WAIT_S, one_actor
from engine.actions.descriptors import identity
from engine.actions.homes import Home, has_content, mend, open_away
from engine.actions.mover import Landed, drop_placeholder, put_back
from engine.actions.quarantine import prune
from engine.actions.trash import stage_name
from engine.errors import ActionError
from engine.names import base_name, display_text
from engine.userdata import Journal, Row, RowState, Run, UserData

_INTERRUPTED = "The move was interrupted; the photo is in its place."


def recover(userdata: UserData, lock_wait_s: float = WAIT_S) -> tuple[str, ...]:
    """Put runs that a crash left unfinished in order; sentences for the user. Raises StoreLocked, StoreError."""
    if not userdata.journal.unfinished():
        return ()
    with one_actor(userdata, lock_wait_s):
        return recover_unfinished(userdata.journal)


def recover_unfinished(journal: Journal) -> tuple[str, ...]:
    """The same for a caller that holds the lock."""
    said: list[str] = []
    for run in journal.unfinished():
        done = _recover_run(journal, run, said)
        if done:
            journal.finish(run.seq)
    return tuple(said)


def _recover_run(journal: Journal, run: Run, said: list[str]) -> bool:
    rows = [row for row in journal.rows(run.seq) if row.state in (RowState.INTENT, RowState.MOVED)]
    whole = True
    for row in reversed(rows):
        try:
            said.append(_bring_back(journal, run, row) if run.kind == "apply" else _settle_restore(journal, run, row))
        except (ActionError, OSError) as error:
            whole = False
            reason = error.message if isinstance(error, ActionError) else str(error)
            said.append(f"{display_text(row.path)}: an interrupted move is not in order yet ({reason}).")
    prune_run(run if run.kind == "apply" else _reversed(journal, run))
    return whole


def _reversed(journal: Journal, run: Run) -> Run:
    return (journal.run(run.reverses) if run.reverses is not None else None) or run


def prune_run(run: Run) -> None:
    """Remove what is empty of a run's folder in the quarantine."""
    if run.folder is None:
        return
    with contextlib.suppress(OSError):
        top = primitives.open_folder(run.folder)
        try:
            prune(top, run.id.encode("ascii"))
        finally:
            primitives.close(top)


# ------------------------------------------------------------------------------------------------------ an apply


def _bring_back(journal: Journal, run: Run, row: Row) -> str:
    away = _find_away(run, row)
    try:
        home = Home(row.root, row.path, None if away is None else primitives.facts(away.folder.descriptor).st_dev)
    except OSError as error:
        if away is not None:
            away.close()
        if isinstance(error, FileNotFoundError) and os.path.lexists(row.root):
            journal.failed([row.id], refusals.ABSENT, "Neither the photo nor its folder is there.")
            return f"{display_text(row.path)} was not found, nor its folder."
        raise
    try:
        return _decide(journal, run, row, home, away)
    finally:
        home.close()
        if away is not None:
            away.close()
        _tidy(run, row)


def _decide(journal: Journal, run: Run, row: Row, home: Home, away: Landed | None) -> str:
    name = base_name(row.path)
    if away is not None and row.placeholder:
        drop_placeholder(home.folder.descriptor, home.name)
    found = home.look()
    if found is not None and has_content(home.folder.descriptor, home.name, found, row.stat.size, row.digest):
        if away is not None:
            _drop_second(row, away, home, found)
            _drop_record(run, away)
        journal.failed([row.id], refusals.IO, _INTERRUPTED)
        return f"{name} is in its place; its move was interrupted."
    if away is None:
        journal.failed([row.id], refusals.ABSENT, "The photo was found neither in its place nor where it was to go.")
        return f"{display_text(row.path)} was found neither in its place nor where it was to go."
    if found is not None and _is_right(away, row):
        journal.done([(row.id, away.path)])
        return f"{name} lies in {display_text(away.folder.path)}; another file took its place."
    got = put_back(row.path, away, home.folder.descriptor, home.name, lambda: journal.will_place(row.id))
    _drop_record(run, away)
    journal.failed([row.id], refusals.IO, _INTERRUPTED)
    return f"{base_name(got)} was put back; its move was interrupted."


def _drop_second(row: Row, away: Landed, home: Home, found: os.stat_result) -> None:
    """The photo is at home. Where its second name lies away, that one is ours; any other file there goes back beside it."""
    there = primitives.look(away.folder.descriptor, away.name)
    if identity(there) == identity(found):
        primitives.drop_own_name(away.folder.descriptor, away.name)
    else:
        put_back(row.path, away, home.folder.descriptor, home.name, lambda: None)


def _drop_record(run: Run, away: Landed) -> None:
    if run.folder is None and os.path.basename(away.folder.path) == b"files":
        trash_info.drop(away.folder.descriptor, away.name)


def _is_right(away: Landed, row: Row) -> bool:
    found = primitives.look(away.folder.descriptor, away.name)
    return has_content(away.folder.descriptor, away.name, found, row.stat.size, row.digest)


def _find_away(run: Run, row: Row) -> Landed | None:
    """Where the file of a row may lie now, other than at home."""
    staged = _at(os.path.join(os.path.dirname(row.path), stage_name(run.id), os.path.basename(row.path)), None)
    if staged is not None:
        return staged
    if row.destination is not None:
        return _at(row.destination, run.folder)
    for place in row.places:
        found = next(_in_trash(place, row), None)
        if found is not None:
            return found
    return None


def _at(path: bytes, base: bytes | None) -> Landed | None:
    try:
        landed = open_away(path, base)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        primitives.look(landed.folder.descriptor, landed.name)
    except FileNotFoundError:
        landed.close()
        return None
    return landed


def _in_trash(place: bytes, row: Row) -> Iterator[Landed]:
    """Every name in a trash folder that is the row's file: device numbers change with a restart, inodes do not."""
    for landed in trash_info.links_to(place, row.stat.inode):
        if _is_right(landed, row):
            yield landed
        else:
            landed.close()


def _tidy(run: Run, row: Row) -> None:
    """Remove what is left of an interrupted move to the trash: the empty staging folder, second names, orphaned records."""
    if run.folder is not None:
        return
    stage = stage_name(run.id)
    with contextlib.suppress(ActionError, OSError):
        home = Home(row.root, row.path)
        try:
            with contextlib.suppress(OSError):
                primitives.drop_own_folder(home.folder.descriptor, stage)
            found = home.look()
            for place in row.places:
                if found is not None:
                    _drop_links(place, row, found)
                trash_info.drop_orphans(place, stage, home.name)
        finally:
            home.close()


def _drop_links(place: bytes, row: Row, at_home: os.stat_result) -> None:
    for landed in list(_in_trash(place, row)):
        try:
            there = primitives.look(landed.folder.descriptor, landed.name)
            if identity(there) == identity(at_home) and there.st_nlink > 1:
                primitives.drop_own_name(landed.folder.descriptor, landed.name)
                trash_info.drop(landed.folder.descriptor, landed.name)
        finally:
            landed.close()


# ------------------------------------------------------------------------------------------------------ an undo


def _settle_restore(journal: Journal, run: Run, row: Row) -> str:
    """An undo was interrupted between its INTENT and its DONE: the file is either still away or home already."""
    name = base_name(row.path)
    assert row.destination is not None and row.origin is not None
    away = _at(row.destination, run.folder)
    try:
        home = Home(row.root, row.path)
    except FileNotFoundError:
        if away is None:
            raise
        away.close()
        journal.failed([row.id], refusals.IO, "The restore was interrupted.")
        return f"{name} is not restored yet; undo again."
    try:
        if away is not None and row.placeholder:
            drop_placeholder(home.folder.descriptor, home.name)
        found = home.look()
        at_home = found is not None and has_content(home.folder.descriptor, home.name, found, row.stat.size, row.digest)
        if away is not None and at_home and found is not None:
            there = primitives.look(away.folder.descriptor, away.name)
            if identity(there) == identity(found):
                primitives.drop_own_name(away.folder.descriptor, away.name)
                away.close()
                away = None
        if away is None and at_home:
            primitives.sync(home.folder.descriptor)
            finish_restore(journal, row.id, row, home)
            return f"{name} is restored."
        journal.failed([row.id], refusals.IO, "The restore was interrupted.")
        return f"{name} is not restored yet; undo again."
    finally:
        home.close()
        if away is not None:
            away.close()


def finish_restore(journal: Journal, row_id: int, row: Row, home: Home) -> None:
    """A file is home: its recorded mode, time and attributes, the trash's record, and the rows. Raises OSError, StoreError."""
    descriptor = primitives.open_file_at(home.folder.descriptor, home.name)
    try:
        if mend(descriptor, row.stat.mode, row.stat.mtime_ns, row.xattrs):
            primitives.sync(descriptor)
    finally:
        primitives.close(descriptor)
    if row.destination is not None:
        trash_info.drop_at(row.destination)
    assert row.origin is not None
    journal.restored(row_id, row.origin, row.path)
