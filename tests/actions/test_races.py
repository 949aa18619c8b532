"""Other programs act between our look and our act: no picture is lost, neither the old nor the new one."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.actions import primitives
from tests.actions.faults import qt_step_by_step
from tests.actions.scenario import contents_everywhere
from tests.actions.shelf import GOOD, Shelf, codes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def two(shelf: Shelf) -> Shelf:
    """Keep a.jpg, remove b.jpg with its sidecar."""
    shelf.put("a.jpg", b"one")
    shelf.put("b.jpg", b"two")
    shelf.put("b.xmp", b"three")
    shelf.pair("a.jpg", shelf.file("b.jpg", "b.xmp"))
    return shelf


def _just_before(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], None], at: int = 1) -> None:
    """Do something right before the n-th call of a primitive."""
    real = getattr(primitives, name)
    count = 0

    def wrapped(*args: Any) -> Any:
        nonlocal count
        count += 1
        if count == at:
            act()
        return real(*args)

    monkeypatch.setattr(primitives, name, wrapped)


def _save_over(shelf: Shelf, name: str, text: bytes) -> Callable[[], None]:
    """What an editor does: write a new file, rename it over the old one."""

    def act() -> None:
        shelf.put("tmp~", text)
        os.rename(shelf.path("tmp~"), shelf.path(name))

    return act


@pytest.mark.parametrize("at", [1, 2])
def test_picture_saved_over_the_file_at_the_last_moment_keeps_its_name(
    two: Shelf, kind: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = ("b.xmp", "b.jpg")[at - 1]
    _just_before(monkeypatch, "rename_exclusive", _save_over(two, name, b"NEW"), at=at + (1 if kind == "quarantine" else 0))

    outcome = two.apply(two.destination(kind))

    assert set(codes(outcome).values()) == {"action.changed"}
    assert Path(os.fsdecode(two.path(name))).read_bytes() == GOOD + b"NEW"
    assert sorted(os.listdir(two.root)) == ["a.jpg", "b.jpg", "b.xmp"]
    assert two.undo().note


def test_picture_written_in_place_at_the_last_moment_stays(two: Shelf, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def write() -> None:
        with open(two.path("b.jpg"), "ab") as file:
            file.write(b" and more")

    _just_before(monkeypatch, "rename_exclusive", write, at=2 + (1 if kind == "quarantine" else 0))

    outcome = two.apply(two.destination(kind))

    assert set(codes(outcome).values()) == {"action.changed"}
    assert Path(os.fsdecode(two.path("b.jpg"))).read_bytes() == GOOD + b"two and more"
    assert sorted(os.listdir(two.root)) == ["a.jpg", "b.jpg", "b.xmp"]


def test_keeper_that_vanishes_at_that_moment_brings_the_copy_back(two: Shelf, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _just_before(monkeypatch, "rename_exclusive", lambda: os.unlink(two.path("a.jpg")), at=3 if kind == "quarantine" else 2)

    outcome = two.apply(two.destination(kind))

    assert set(codes(outcome).values()) == {"action.keeper-gone"}
    assert sorted(os.listdir(two.root)) == ["b.jpg", "b.xmp"]


def test_name_taken_while_the_file_was_away_gets_a_name_beside_it(two: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def spoil(*_: object) -> None:
        if "done" not in seen:
            seen.append("done")
            two.put("b.xmp", b"somebody else's")
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(primitives, "sync", lambda descriptor: spoil() if not os.path.exists(two.path("b.jpg")) else None)

    outcome = two.apply(two.destination("trash"))

    assert outcome.exit_code == 5
    left = {name: Path(os.fsdecode(two.path(name))).read_bytes() for name in os.listdir(two.root)}
    assert left["b.xmp"] == GOOD + b"somebody else's"
    assert left["b (2).xmp"] == GOOD + b"three"
    assert left["b.jpg"] == GOOD + b"two"


def test_qt_is_never_given_a_name_that_another_program_could_use(two: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bytes] = []
    real = primitives.move_to_trash

    def watched(path: bytes) -> bytes | None:
        given.append(path)
        assert os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700
        assert not os.path.exists(two.path(os.path.basename(path)))
        return real(path)

    monkeypatch.setattr(primitives, "move_to_trash", watched)

    assert two.apply(two.destination("trash")).exit_code == 0
    assert [os.path.basename(os.path.dirname(path))[:7] for path in given] == [b".imgfp-", b".imgfp-"]


@pytest.mark.parametrize("step", ["link", "create_file_at", "write", "rename_into", "drop_own_name"])
def test_picture_saved_while_qt_is_at_work_survives(two: Shelf, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def save() -> None:
        if not os.path.exists(two.path("b.jpg")):
            two.put("b.jpg", b"NEW")

    monkeypatch.setattr(primitives, "move_to_trash", qt_step_by_step)
    for at in range(1, 6):
        _just_before(monkeypatch, step, save, at=at)
    os.unlink(two.path("b.xmp"))
    two.items.clear()
    two.put("c.jpg", b"four")
    two.pair("a.jpg", "c.jpg", "b.jpg")

    two.apply(two.destination("trash"))

    assert GOOD + b"two" in contents_everywhere(two.base) | contents_everywhere(Path(os.environ["XDG_DATA_HOME"]))
    assert Path(os.fsdecode(two.path("b.jpg"))).read_bytes() == GOOD + b"NEW"


def test_an_editor_that_saves_all_the_time_loses_nothing(shelf: Shelf, kind: str) -> None:
    for number in range(40):
        shelf.put(f"b{number}.jpg", b"old %d" % number)
    shelf.put("a.jpg", b"kept")
    shelf.pair("a.jpg", *(f"b{number}.jpg" for number in range(40)))
    saved: set[bytes] = set()
    stop = threading.Event()

    def editor() -> None:
        turn = 0
        while not stop.is_set():
            number = turn % 40
            text = b"new %d" % turn
            if os.path.exists(shelf.path(f"b{number}.jpg")):
                _save_over(shelf, f"b{number}.jpg", text)()
                saved.add(GOOD + text)
            turn += 7

    thread = threading.Thread(target=editor)
    before = contents_everywhere(shelf.root)
    thread.start()
    try:
        outcome = shelf.apply(shelf.destination(kind))
    finally:
        stop.set()
        thread.join()

    now = contents_everywhere(shelf.base) | contents_everywhere(Path(os.environ["XDG_DATA_HOME"]))
    for result in outcome.results:
        if result.outcome == "moved":
            text = Path(os.fsdecode(result.to or b"")).read_bytes()
            assert text in before, "only what was seen may go"
        else:
            assert os.path.exists(result.path)
    assert len(now & (saved | before)) >= 41, "one picture for each name, moved or not"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace holds Qt up between two of its calls")
@pytest.mark.slow
def test_real_qt_held_up_before_its_unlink_loses_no_new_picture(two: Shelf) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom tests.actions.shelf import Shelf\n"
        "s = Shelf(Path(sys.argv[1]))\ns.pair('a.jpg', 'b.jpg')\nprint(s.apply(s.destination('trash')).exit_code)\n"
    )
    command = ["strace", "-f", "-qq", "-e", "trace=none", "-e", "inject=unlink:delay_enter=400000", sys.executable, "-c", script]
    process = subprocess.Popen([*command, str(two.base)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    new = 0
    while process.poll() is None:
        if not os.path.exists(two.path("b.jpg")):
            two.put("b.jpg", b"NEW")
            new += 1

    everything = contents_everywhere(two.base) | contents_everywhere(Path(os.environ["XDG_DATA_HOME"]))
    assert new >= 1 and process.returncode == 0
    assert {GOOD + b"NEW", GOOD + b"two"} <= everything
