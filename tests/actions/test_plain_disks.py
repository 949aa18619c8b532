"""Disks that cannot rename without replacing, or have no links at all: the careful detours, and what a crash leaves of them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import pytest

from engine.actions import primitives
from tests.actions.faults import failing, killing, quick_folder
from tests.actions.scenario import contents_everywhere, empty, fill
from tests.actions.shelf import Shelf, codes

Cripple = Callable[[], None]


def _no(*_: object) -> None:
    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


def _no_link(*_: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.fixture(params=["links", "nothing"])
def plain_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A disk without RENAME_NOREPLACE, and one that has no links either."""
    monkeypatch.setattr(primitives, "rename_exclusive", _no)
    if request.param == "nothing":
        monkeypatch.setattr(primitives, "link", _no_link)
    return str(request.param)


def test_round_trip_is_exact(shelf: Shelf, kind: str, plain_disk: str) -> None:
    fill(shelf.base)
    shelf = fill(shelf.base)
    before = shelf.snapshot()

    assert shelf.apply(shelf.destination(kind)).exit_code == 0
    assert shelf.undo().exit_code == 0

    assert shelf.snapshot() == before


def test_place_that_is_taken_is_not_overwritten(shelf: Shelf, kind: str, plain_disk: str) -> None:
    shelf.put("a.jpg", b"one")
    shelf.put("b.jpg", b"two")
    shelf.pair("a.jpg", "b.jpg")
    shelf.apply(shelf.destination(kind))
    shelf.put("b.jpg", b"NEW")

    assert codes(shelf.undo()) == {b"b.jpg": "action.place-taken"}
    assert shelf.file("b.jpg").size == len(b"PICTURE NEW")


def test_place_taken_between_the_look_and_the_rename_is_not_overwritten(
    shelf: Shelf, kind: str, plain_disk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("a.jpg", b"one")
    shelf.put("b.jpg", b"two")
    shelf.pair("a.jpg", "b.jpg")
    shelf.apply(shelf.destination(kind))
    name = "create_file_at" if plain_disk == "nothing" else "link"
    real = getattr(primitives, name)

    def late(*args: object) -> object:
        if args[-1] == b"b.jpg" or b"b.jpg" in args:
            shelf.put("b.jpg", b"NEW")
        return real(*args)

    monkeypatch.setattr(primitives, name, late)

    assert codes(shelf.undo()) == {b"b.jpg": "action.place-taken"}
    assert shelf.file("b.jpg").size == len(b"PICTURE NEW")


def test_each_call_fails_once(kind: str, plain_disk: str) -> None:
    with quick_folder() as base:
        at = 0
        struck: str | None = ""
        while struck is not None:
            at += 3
            shelf = fill(base)
            before = shelf.snapshot()
            contents = contents_everywhere(shelf.root)
            shelf.apply(shelf.destination(kind))
            faults = failing(errno.EIO, at)
            with faults.at_work():
                shelf_undo_anyhow(shelf)
            struck = faults.struck
            assert contents <= contents_everywhere(base), (at, struck)
            for _ in range(2):
                shelf.undo()
            assert shelf.snapshot() == before, (at, struck)
            empty(base)


def shelf_undo_anyhow(shelf: Shelf) -> None:
    """Undo; a journal that fails at its first word is no matter here."""
    from engine.errors import StoreError

    try:
        shelf.undo()
    except StoreError:
        pass


def test_kill_between_any_two_steps_is_put_in_order(kind: str, plain_disk: str) -> None:
    with quick_folder() as base:
        at, killed = 30, True
        while killed:
            at += 5
            shelf = fill(base)
            before = shelf.snapshot()
            contents = contents_everywhere(shelf.root)
            shelf.apply(shelf.destination(kind))
            killed = undo_until(shelf, at)
            assert contents <= contents_everywhere(base), at
            shelf.undo()
            assert shelf.snapshot() == before, at
            empty(base)
        assert at > 80


class _Killed(BaseException):
    """Stands for the kill: nothing catches it, and nothing is cleaned up behind it but descriptors."""


def undo_until(shelf: Shelf, at: int) -> bool:
    """Undo, dead from the n-th call on; True when it came to that."""

    def stop(name: str, call: object) -> None:
        raise _Killed

    faults = killing(at)
    faults._strike = stop
    dead = False
    real = faults.step

    def step(name: str, call: Callable[[], object]) -> object:
        nonlocal dead
        if dead and name not in ("file.facts", "file.look"):
            raise _Killed  # clean-up code of a dead process does not run
        try:
            return real(name, call)
        except _Killed:
            dead = True
            raise

    faults.step = step  # type: ignore[method-assign]
    try:
        with faults.at_work():
            shelf.undo()
    except _Killed:
        return True
    return False
