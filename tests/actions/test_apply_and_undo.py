"""Apply, then undo: everything is as it was."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from engine.actions import PlanFile
from engine.errors import UsageError
from engine.records import Tier
from engine.userdata import UserData
from tests.actions.shelf import Shelf, codes, snapshot


def test_hundred_files_come_back_exactly(shelf: Shelf, kind: str) -> None:
    for number in range(50):
        folder = ("", "a/", "a/b c/", "ünïcode/")[number % 4]
        name = f"{folder}IMG_{number:04d}"
        shelf.put(f"{name}.jpg", b"kept %d" % number, mode=0o644)
        shelf.put(
            f"{name} copy.jpg", b"copy %d" % number, mode=(0o400, 0o640, 0o777, 0o600)[number % 4], mtime_ns=number * 10**15 + 1
        )
        shelf.put(f"{name} copy.xmp", b"<x/> %d" % number, good=False)
        shelf.pair(f"{name}.jpg", shelf.file(f"{name} copy.jpg", f"{name} copy.xmp"))
    before = shelf.snapshot()

    applied = shelf.apply(shelf.destination(kind))
    between = shelf.snapshot()
    undone = shelf.undo()

    assert applied.exit_code == 0 and len(applied.results) == 100
    assert all(result.outcome == "moved" and result.to and os.path.exists(result.to) is False for result in applied.results)
    assert len([name for name in between if b"copy" in name]) == 0
    assert undone.exit_code == 0 and {result.outcome for result in undone.results} == {"restored"}
    assert shelf.snapshot() == before


def test_extended_attributes_come_back(tmp_path: Path, kind: str) -> None:
    shelf = Shelf(tmp_path)  # not every kernel keeps attributes in memory
    shelf.put("a.jpg")
    copy = shelf.put("b.jpg")
    os.setxattr(copy, "user.xdg.tags", b"holiday")
    shelf.pair("a.jpg", "b.jpg")
    before = shelf.snapshot()

    outcome = shelf.apply(shelf.destination(kind))
    moved = outcome.results[0].to
    assert moved is not None
    os.removexattr(moved, "user.xdg.tags")
    os.chmod(moved, 0o600)
    os.utime(moved, ns=(5, 5))
    shelf.undo()

    assert shelf.snapshot() == before


def test_trash_record_names_the_true_place_and_goes_with_undo(shelf: Shelf) -> None:
    shelf.put("a.jpg")
    shelf.put("b 100%.jpg")
    shelf.pair("a.jpg", "b 100%.jpg")

    outcome = shelf.apply(shelf.destination("trash"))
    moved = Path(os.fsdecode(outcome.results[0].to or b""))
    record = moved.parent.parent / "info" / f"{moved.name}.trashinfo"
    text = record.read_text()
    shelf.undo()

    assert f"Path={shelf.root}/b%20100%25.jpg\n" in text
    assert ".imgfp" not in text
    assert not record.exists() and not moved.exists()
    assert not any(name.startswith(b".imgfp") for name in shelf.snapshot())


def test_three_files_of_one_name_get_three_places(shelf: Shelf, kind: str) -> None:
    for folder in "abc":
        shelf.put(f"{folder}/keep.jpg", folder.encode())
        shelf.put(f"{folder}/x.jpg", b"copy" + folder.encode())
        shelf.pair(f"{folder}/keep.jpg", f"{folder}/x.jpg")
    roots = [os.fsencode(shelf.root / folder) for folder in "abc"]
    before = shelf.snapshot()

    outcome = shelf.apply(shelf.destination(kind), shelf.plan(roots=roots))
    places = {result.to for result in outcome.results}
    shelf.undo()

    assert len(places) == 3
    if kind == "quarantine":
        assert {os.path.basename(place or b"") for place in places} == {b"x.jpg", b"x (2).jpg", b"x (3).jpg"}
    assert shelf.snapshot() == before


def test_name_that_is_a_file_in_one_root_and_a_folder_in_another(shelf: Shelf) -> None:
    for name in ("r1/keep.jpg", "r1/n", "r2/keep.jpg", "r2/n/x.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("r1/keep.jpg", "r1/n")
    shelf.pair("r2/keep.jpg", "r2/n/x.jpg")
    before = shelf.snapshot()

    outcome = shelf.apply(plan=shelf.plan(roots=[shelf.path("r1"), shelf.path("r2")]))
    undone = shelf.undo()

    assert outcome.exit_code == 0 and undone.exit_code == 0
    assert (outcome.results[1].to or b"").endswith(b"/n (2)/x.jpg")
    assert shelf.snapshot() == before


def test_undo_never_overwrites(shelf: Shelf, kind: str) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "b.jpg", "c.jpg")
    shelf.apply(shelf.destination(kind))
    shelf.put("b.jpg", b"somebody's new picture")

    undone = shelf.undo()

    assert undone.exit_code == 5
    assert codes(undone) == {b"b.jpg": "action.place-taken", b"c.jpg": "restored"}
    assert Path(os.fsdecode(shelf.path("b.jpg"))).read_bytes().endswith(b"new picture")
    os.unlink(shelf.path("b.jpg"))
    assert codes(shelf.undo()) == {b"b.jpg": "restored"}


def test_undo_refuses_damaged_and_missing_copies_and_restores_the_rest(shelf: Shelf, kind: str) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    places = {os.path.basename(r.path): r.to or b"" for r in shelf.apply(shelf.destination(kind)).results}
    os.unlink(places[b"b.jpg"])
    Path(os.fsdecode(places[b"c.jpg"])).write_bytes(b"PICTURE damaged")

    undone = shelf.undo()

    assert undone.exit_code == 5
    assert codes(undone) == {b"b.jpg": "action.copy-gone", b"c.jpg": "action.copy-damaged", b"d.jpg": "restored"}
    assert os.path.exists(places[b"c.jpg"])
    assert shelf.history()[1]["state"] == "partly"


def test_file_restored_by_hand_counts_as_restored(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"1")
    shelf.put("b.jpg", b"2")
    shelf.pair("a.jpg", "b.jpg")
    before = shelf.snapshot()
    place = shelf.apply(shelf.destination(kind)).results[0].to or b""
    os.rename(place, shelf.path("b.jpg"))

    undone = shelf.undo()

    assert undone.exit_code == 0
    assert shelf.snapshot() == before


def test_undo_makes_missing_folders_again(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"1")
    shelf.put("deep/er/b.jpg", b"2")
    shelf.pair("a.jpg", "deep/er/b.jpg")
    shelf.apply(shelf.destination(kind))
    os.removedirs(shelf.path("deep/er"))

    undone = shelf.undo()

    assert undone.exit_code == 0
    assert os.path.exists(shelf.path("deep/er/b.jpg"))


def test_undo_takes_only_folders_that_imgfp_made(shelf: Shelf) -> None:
    shelf.put("only/here/b.jpg", b"2")
    shelf.put("a.jpg", b"1")
    shelf.pair("a.jpg", "only/here/b.jpg")

    outcome = shelf.apply()
    assert os.path.isdir(shelf.path("only/here"))
    shelf.undo()

    quarantine = shelf.base / "quarantine"
    assert not (quarantine / str(outcome.run)).exists()
    assert {entry.name for entry in quarantine.iterdir()} == {".imgfp-quarantine", "manifest.jsonl"}


def test_undo_twice_harms_nothing_and_undo_of_undo_is_redo(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"1")
    shelf.put("b.jpg", b"2")
    shelf.put("b.xmp", b"3", good=False)
    shelf.pair("a.jpg", shelf.file("b.jpg", "b.xmp"))
    before = shelf.snapshot()
    shelf.apply(shelf.destination(kind))
    after = shelf.snapshot()

    undone = shelf.undo()
    again = shelf.undo()
    same_run = shelf.undo(shelf.history()[1]["id"])  # type: ignore[arg-type]
    assert shelf.snapshot() == before
    redone = shelf.undo(undone.run)
    assert shelf.snapshot() == after
    redone_twice = shelf.undo(undone.run)
    back = shelf.undo()

    assert again.exit_code == 0 and again.run is None and again.note
    assert same_run.exit_code == 0 and same_run.run is None
    assert {result.outcome for result in redone.results} == {"moved"}
    assert redone_twice.run is None
    assert {result.outcome for result in back.results} == {"restored"}
    assert shelf.snapshot() == before
    assert [entry["kind"] for entry in shelf.history()] == ["undo", "apply", "undo", "apply"]
    assert [entry["state"] for entry in shelf.history()] == ["done", "undone", "undone", "undone"]


def test_redo_checks_everything_again(shelf: Shelf) -> None:
    shelf.put("a.jpg", b"1")
    shelf.put("b.jpg", b"2")
    shelf.pair("a.jpg", "b.jpg")
    shelf.apply()
    undone = shelf.undo()
    os.unlink(shelf.path("a.jpg"))

    redone = shelf.undo(undone.run)

    assert codes(redone) == {b"b.jpg": "action.keeper-gone"}
    assert os.path.exists(shelf.path("b.jpg"))


def test_manifest_says_where_everything_came_from(shelf: Shelf) -> None:
    shelf.put("a.jpg", b"1")
    path = shelf.put(b"sub/b\xff.jpg", b"2", mode=0o604)
    shelf.pair("a.jpg", b"sub/b\xff.jpg")
    facts = os.stat(path)
    digest = shelf.file(b"sub/b\xff.jpg").blake3.hex()

    outcome = shelf.apply()

    lines = [json.loads(line) for line in (shelf.base / "quarantine" / "manifest.jsonl").read_text().splitlines()]
    assert [base64.b64decode(line["path_b64"]) for line in lines] == [path]
    line = lines[0]
    assert (line["run"], line["blake3"], line["size"], line["mtime_ns"], line["mode"]) == (
        outcome.run, digest, facts.st_size, facts.st_mtime_ns, 0o604,
    )  # fmt: skip
    moved = shelf.base / "quarantine" / str(outcome.run) / "sub"
    assert os.listdir(os.fsencode(moved)) == [b"b\xff.jpg"]
    assert (shelf.base / "quarantine" / str(outcome.run)).stat().st_mode & 0o777 == 0o700
    assert (shelf.base / "quarantine" / ".imgfp-quarantine").read_bytes().startswith(b"imgfp quarantine 1\n")


def test_name_outside_unicode_is_refused_by_the_trash_and_makes_the_round_trip_by_quarantine(shelf: Shelf) -> None:
    shelf.put("a.jpg", b"1")
    shelf.put(b"n\xff.jpg", b"2")
    shelf.put("n.jpg", b"a file that the trash must not take in its place")
    shelf.pair("a.jpg", b"n\xff.jpg")
    before = shelf.snapshot()

    refused = shelf.apply(shelf.destination("trash"))
    assert codes(refused) == {b"n\xff.jpg": "action.no-trash"} and refused.exit_code == 5
    assert shelf.snapshot() == before
    assert shelf.apply().exit_code == 0
    shelf.undo()

    assert shelf.snapshot() == before
    answer = refused.to_json()
    assert json.loads(json.dumps(answer))["results"][0]["path_b64"]


@pytest.mark.parametrize(
    "name", ["a\nb.jpg", "--help.jpg", "$(touch x).jpg", " .jpg", "ﬁ.jpg", "e\u0301.jpg", "x" * 251 + ".jpg", "'\"<b>.jpg"]
)
def test_odd_names_make_the_round_trip(shelf: Shelf, kind: str, name: str) -> None:
    shelf.put("keep.jpg", b"1")
    shelf.put(name, b"2")
    shelf.pair("keep.jpg", name)
    before = shelf.snapshot()

    outcome = shelf.apply(shelf.destination(kind))
    if len(name) > 245 and kind == "trash":  # no room for the record's suffix
        assert codes(outcome) == {name.encode(): "action.no-trash"}
    else:
        assert outcome.exit_code == 0
        shelf.undo()

    assert shelf.snapshot() == before


def test_path_longer_than_the_system_takes_at_once(shelf: Shelf) -> None:
    folder = "/".join(["d" * 200] * 25)
    at = os.open(shelf.root, os.O_RDONLY)
    for part in folder.split("/"):
        os.mkdir(part, dir_fd=at)
        below = os.open(part, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    for name, text in (("a.jpg", b"PICTURE 1"), ("b.jpg", b"PICTURE 1")):
        with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=at), "wb") as file:
            file.write(text)
    shelf.put("a.jpg", b"1")
    digest = shelf.file("a.jpg").blake3
    shelf.item(
        [PlanFile(shelf.path(f"{folder}/a.jpg"), 9, 0, digest)],
        [PlanFile(shelf.path(f"{folder}/b.jpg"), 9, 0, digest)],
        Tier.IDENTICAL,
    )

    outcome = shelf.apply()
    gone = os.listdir(at)
    undone = shelf.undo()
    back = sorted(os.listdir(at))
    os.close(at)

    assert outcome.exit_code == 0 and gone == ["a.jpg"]
    assert undone.exit_code == 0 and back == ["a.jpg", "b.jpg"]


def test_history_tells_what_was_done(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"1")
    size = os.path.getsize(shelf.put("b.jpg", b"22"))
    shelf.pair("a.jpg", "b.jpg")
    outcome = shelf.apply(shelf.destination(kind))

    (entry,) = shelf.history()

    assert (entry["id"], entry["kind"], entry["files"], entry["bytes"], entry["state"]) == (outcome.run, "apply", 1, size, "done")
    assert entry["to"] == ("trash" if kind == "trash" else str(shelf.base / "quarantine"))
    (item,) = entry["items"]  # type: ignore[misc]
    assert item["path"].endswith("b.jpg") and item["keeper"].endswith("a.jpg") and item["reason"] == "more pixels"


def test_dry_run_checks_everything_and_touches_nothing(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"1")
    shelf.put("b.jpg", b"2")
    shelf.put("c.jpg", b"3")
    shelf.pair("a.jpg", "b.jpg", "c.jpg")
    shelf.put("c.jpg", b"4")
    UserData.open(shelf.data).close()
    before = snapshot(shelf.base)

    outcome = shelf.apply(shelf.destination(kind), dry_run=True)

    assert outcome.run is None and outcome.exit_code == 5
    assert codes(outcome) == {b"b.jpg": "moved", b"c.jpg": "action.changed"}
    after = snapshot(shelf.base)
    assert {k: v for k, v in after.items() if b"data" not in k} == {k: v for k, v in before.items() if b"data" not in k}
    assert shelf.history() == []


def test_empty_plan_touches_nothing(shelf: Shelf, kind: str) -> None:
    outcome = shelf.apply(shelf.destination(kind))

    assert outcome.exit_code == 0 and outcome.results == () and outcome.note
    assert not (shelf.base / "quarantine").exists()
    assert shelf.history() == []


def test_cancel_is_obeyed_between_shots(shelf: Shelf, kind: str) -> None:
    for number in range(4):
        shelf.put(f"k{number}.jpg", b"k%d" % number)
        shelf.put(f"r{number}.jpg", b"r%d" % number)
        shelf.pair(f"k{number}.jpg", f"r{number}.jpg")
    before = shelf.snapshot()
    moved: list[str] = []

    outcome = shelf.apply(
        shelf.destination(kind),
        cancelled=lambda: len([name for name in shelf.snapshot() if name.startswith(b"r")]) == 2,
        on_progress=lambda progress: moved.append(progress.stage),
    )

    assert outcome.cancelled and outcome.exit_code == 130
    assert len(outcome.results) == 2
    assert "move" in moved
    shelf.undo()
    assert shelf.snapshot() == before


def test_unknown_run_is_a_usage_error(shelf: Shelf) -> None:
    with pytest.raises(UsageError):
        shelf.undo("20200101-000000-abcdef")
