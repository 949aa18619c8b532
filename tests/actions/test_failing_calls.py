"""Every call that touches a file or the journal fails once: each file stays whole, and undo is exact."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.actions import ApplyOutcome
from engine.errors import StoreError, UsageError
from tests.actions.faults import ERRNOS, Faults, failing, quick_folder
from tests.actions.scenario import contents_everywhere, empty, fill
from tests.actions.shelf import Shelf, Snapshot

REMOVED = {b"IMG.cr2", b"IMG.xmp", b"b.jpg", b"c d.jpg"}


def _check_outcome(outcome: ApplyOutcome, shelf: Shelf, good: str) -> None:
    for result in outcome.results:
        assert result.outcome in (good, "refused", "failed")
        if result.outcome == "moved":
            assert not os.path.exists(result.path) and result.to and os.path.exists(result.to)
        elif result.outcome == "restored" or result.to is None:
            assert os.path.exists(result.path), (result, "said to be in its place")
        assert (result.code is None) == (result.outcome == good)


def _heal(shelf: Shelf, before: Snapshot) -> None:
    for _ in range(2):
        shelf.undo()
    assert shelf.snapshot() == before


def _apply_with(faults: Faults, shelf: Shelf, kind: str) -> None:
    contents = contents_everywhere(shelf.base)
    with faults.at_work():
        try:
            outcome = shelf.apply(shelf.destination(kind))
        except (StoreError, UsageError):
            outcome = ApplyOutcome(None)
    assert contents <= contents_everywhere(shelf.base)
    _check_outcome(outcome, shelf, "moved")
    if outcome.run is not None:
        assert {os.path.basename(result.path) for result in outcome.results} == REMOVED


def _undo_with(faults: Faults, shelf: Shelf, kind: str) -> None:
    contents = contents_everywhere(shelf.root)
    shelf.apply(shelf.destination(kind))
    with faults.at_work():
        try:
            outcome = shelf.undo()
        except StoreError:
            outcome = ApplyOutcome(None)
    assert contents <= contents_everywhere(shelf.base)
    _check_outcome(outcome, shelf, "restored")


@pytest.mark.parametrize("act", [_apply_with, _undo_with], ids=["apply", "undo"])
@pytest.mark.parametrize("late", [False, True], ids=["refused", "done but reported as failed"])
def test_each_call_fails_once(kind: str, late: bool, act, every_errno: bool) -> None:  # type: ignore[no-untyped-def]
    with quick_folder() as base:
        _each_call_fails_once(base, kind, late, act, every_errno)


def _each_call_fails_once(base: Path, kind: str, late: bool, act, every_errno: bool) -> None:  # type: ignore[no-untyped-def]
    stride = 1 if every_errno else 5  # the quick run takes samples; where it begins differs from case to case
    at, struck = (0 if every_errno else len(kind + act.__name__) % stride - 2 * late), 0
    while True:
        at += stride
        for number in ERRNOS if every_errno else (ERRNOS[at // stride % len(ERRNOS)],):
            shelf = fill(base)
            before = shelf.snapshot()
            descriptors = len(os.listdir("/proc/self/fd"))
            faults = failing(number, at, late=late)
            try:
                act(faults, shelf, kind)
                _heal(shelf, before)
                lost = late and any(word in str(faults.struck) for word in ("open", "create"))  # by the fault itself
                assert lost or len(os.listdir("/proc/self/fd")) <= descriptors, "a descriptor was left open"
            except AssertionError as error:
                raise AssertionError(f"call {at} ({faults.struck}), {os.strerror(number)}: {error}") from error
            empty(base)
            struck += faults.struck is not None
        if faults.struck is None:
            break
    assert struck > 100 // stride
