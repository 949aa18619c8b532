"""What is refused, and that everything else of a plan goes on."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from blake3 import blake3

from engine.actions import PlanFile, Quarantine, primitives
from engine.errors import DecodeError, StoreError, StoreLocked, UsageError
from engine.records import Tier
from engine.userdata import FolderLock, Journal, UserData
from tests.actions.shelf import Shelf, codes


def _refused(shelf: Shelf, kind: str, **more: object) -> dict[bytes, str | None]:
    """Apply; nothing may have changed."""
    before = shelf.snapshot()
    outcome = shelf.apply(shelf.destination(kind), **more)
    assert shelf.snapshot() == before
    assert outcome.exit_code == 5
    assert all(result.outcome in ("refused", "failed") and result.message for result in outcome.results)
    return codes(outcome)


@pytest.fixture
def two(shelf: Shelf) -> Shelf:
    """Keep a.jpg, remove b.jpg."""
    shelf.put("a.jpg", b"one")
    shelf.put("b.jpg", b"two")
    shelf.pair("a.jpg", "b.jpg")
    return shelf


def test_changed_file_is_refused_even_with_size_and_time_kept(two: Shelf, kind: str) -> None:
    facts = os.stat(two.path("b.jpg"))
    two.put("b.jpg", b"TWO", mtime_ns=facts.st_mtime_ns)

    assert _refused(two, kind) == {b"b.jpg": "action.changed"}


def test_touched_but_equal_file_is_not_changed(two: Shelf, kind: str) -> None:
    os.utime(two.path("b.jpg"), ns=(1, 1))
    os.chmod(two.path("a.jpg"), 0o600)

    assert two.apply(two.destination(kind)).exit_code == 0


@pytest.mark.parametrize("harm", ["gone", "changed", "cut", "link", "folder", "pipe"])
def test_keeper_that_is_not_what_was_seen_keeps_the_copy(two: Shelf, kind: str, harm: str) -> None:
    keeper = Path(os.fsdecode(two.path("a.jpg")))
    elsewhere = two.put("elsewhere/a.jpg", b"one")
    if harm == "changed":
        two.put("a.jpg", b"ONE", mtime_ns=keeper.stat().st_mtime_ns)
    elif harm == "cut":
        keeper.write_bytes(keeper.read_bytes()[:-1])
    else:
        keeper.unlink()
        if harm == "link":
            keeper.symlink_to(os.fsdecode(elsewhere))
        elif harm == "folder":
            keeper.mkdir()
        elif harm == "pipe":
            os.mkfifo(keeper)

    assert _refused(two, kind) == {b"b.jpg": "action.keeper-gone"}


def test_keeper_that_no_longer_opens_keeps_the_copy(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"rotten", good=False)
    shelf.put("b.jpg", b"two")
    shelf.pair("a.jpg", "b.jpg")

    assert _refused(shelf, kind) == {b"b.jpg": "action.keeper-gone"}


@pytest.mark.parametrize("tier", [Tier.IDENTICAL, Tier.SAME_DATA])
def test_equal_bytes_need_no_decoder(shelf: Shelf, kind: str, tier: Tier) -> None:
    shelf.put("a.jpg", b"same", good=False)
    shelf.put("b.jpg", b"same", good=False)
    shelf.pair("a.jpg", "b.jpg", tier=tier)

    assert shelf.apply(shelf.destination(kind)).exit_code == 0


def test_false_claim_of_equal_bytes_is_not_believed(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"rotten", good=False)
    shelf.put("b.jpg", b"two")
    shelf.pair("a.jpg", "b.jpg", tier=Tier.IDENTICAL)

    assert _refused(shelf, kind) == {b"b.jpg": "action.keeper-gone"}


def test_second_keeper_stands_in_for_the_first(shelf: Shelf, kind: str) -> None:
    for name in ("k1.jpg", "k2.jpg", "b.jpg"):
        shelf.put(name, name.encode())
    shelf.item([shelf.file("k1.jpg"), shelf.file("k2.jpg")], [shelf.file("b.jpg")])
    os.unlink(shelf.path("k1.jpg"))

    assert shelf.apply(shelf.destination(kind)).exit_code == 0


def test_keeper_is_proven_once_a_run(shelf: Shelf) -> None:
    asked: list[bytes] = []
    shelf.put("a.jpg", b"one")
    for number in range(5):
        shelf.put(f"b{number}.jpg", b"%d" % number)
    shelf.pair("a.jpg", *(f"b{number}.jpg" for number in range(5)))

    shelf.apply(check_readable=lambda path, size: asked.append(path))

    assert asked == [shelf.path("a.jpg")]


def test_last_copy_stays(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"one")
    shelf.put("b.jpg", b"two")
    shelf.item([], [shelf.file("a.jpg"), shelf.file("b.jpg")])

    assert _refused(shelf, kind) == {b"a.jpg": "action.last-copy", b"b.jpg": "action.last-copy"}


def test_keeper_that_another_item_removes_is_nobodys_keeper_and_both_stay(shelf: Shelf, kind: str) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "b.jpg")
    shelf.pair("b.jpg", "c.jpg")

    assert codes(shelf.apply(shelf.destination(kind))) == {b"b.jpg": "action.last-copy", b"c.jpg": "action.last-copy"}


def test_circle_of_keepers_removes_nothing(shelf: Shelf, kind: str) -> None:
    for name in ("a.jpg", "b.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "b.jpg")
    shelf.pair("b.jpg", "a.jpg")

    assert _refused(shelf, kind) == {b"a.jpg": "action.last-copy", b"b.jpg": "action.last-copy"}


def test_contradiction_in_one_item_does_not_stop_the_others(shelf: Shelf, kind: str) -> None:
    for name in ("a.jpg", "b.jpg", "k.jpg", "r.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "b.jpg")
    shelf.pair("b.jpg", "a.jpg")
    shelf.pair("k.jpg", "r.jpg")

    outcome = shelf.apply(shelf.destination(kind))

    assert codes(outcome) == {b"a.jpg": "action.last-copy", b"b.jpg": "action.last-copy", b"r.jpg": "moved"}


def test_hard_link_is_no_copy(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"one")
    os.link(shelf.path("a.jpg"), shelf.path("b.jpg"))
    shelf.pair("a.jpg", "b.jpg", tier=Tier.IDENTICAL)

    assert _refused(shelf, kind) == {b"b.jpg": "action.last-copy"}


def test_keeper_that_became_a_hard_link_of_the_copy_meanwhile_is_no_copy(two: Shelf, kind: str) -> None:
    two.items.clear()
    two.put("a.jpg", b"same")
    two.put("b.jpg", b"same")
    two.pair("a.jpg", "b.jpg", tier=Tier.IDENTICAL)
    real = primitives.digest

    def digest(descriptor: int) -> bytes:
        if not os.path.samefile(two.path("a.jpg"), two.path("b.jpg")):
            os.unlink(two.path("a.jpg"))
            os.link(two.path("b.jpg"), two.path("a.jpg"))
        return real(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(primitives, "digest", digest)
        outcome = two.apply(two.destination(kind))

    assert outcome.exit_code == 5
    assert os.path.exists(two.path("a.jpg")) and os.path.exists(two.path("b.jpg"))


def test_one_file_under_two_roots_is_one_file(shelf: Shelf, kind: str) -> None:
    shelf.put("real/a.jpg", b"one")
    (shelf.root / "link").symlink_to("real")
    other = replace(shelf.file("real/a.jpg"), path=shelf.path("link/a.jpg"))
    shelf.item([other], [shelf.file("real/a.jpg")], Tier.IDENTICAL)
    before = shelf.snapshot()

    outcome = shelf.apply(shelf.destination(kind), shelf.plan(roots=[shelf.path("real"), shelf.path("link")]))

    assert codes(outcome) == {b"a.jpg": "action.last-copy"}
    assert shelf.snapshot() == before


def test_root_that_is_a_link_is_followed_as_the_user_meant_it(shelf: Shelf, kind: str) -> None:
    shelf.put("real/a.jpg", b"one")
    shelf.put("real/b.jpg", b"two")
    (shelf.root / "link").symlink_to("real")
    shelf.pair("link/a.jpg", "link/b.jpg")
    before = shelf.snapshot()

    outcome = shelf.apply(shelf.destination(kind), shelf.plan(roots=[shelf.path("link")]))
    assert outcome.exit_code == 0
    shelf.undo()

    assert shelf.snapshot() == before


def test_path_named_twice_acts_once(shelf: Shelf, kind: str) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "c.jpg")
    shelf.pair("b.jpg", "c.jpg", "c.jpg")

    outcome = shelf.apply(shelf.destination(kind))

    assert codes(outcome) == {b"c.jpg": "moved"} and len(outcome.results) == 1
    assert shelf.history()[0]["files"] == 1


def test_file_named_by_two_clusters_needs_a_keeper_in_each(shelf: Shelf, kind: str) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "c.jpg")
    shelf.pair("b.jpg", "c.jpg")
    os.unlink(shelf.path("b.jpg"))

    assert _refused(shelf, kind) == {b"c.jpg": "action.keeper-gone"}


def test_file_named_with_two_digests_stays(shelf: Shelf, kind: str) -> None:
    for name in ("a.jpg", "c.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "c.jpg")
    shelf.pair("a.jpg", replace(shelf.file("c.jpg"), blake3=bytes(32)))

    assert _refused(shelf, kind) == {b"c.jpg": "action.changed"}


def test_companion_of_a_keeper_stays(shelf: Shelf, kind: str) -> None:
    for name in ("a.cr2", "a.xmp", "b.jpg"):
        shelf.put(name, name.encode())
    shelf.item([shelf.file("a.cr2", "a.xmp")], [shelf.file("b.jpg", "a.xmp")])

    assert _refused(shelf, kind) == {b"b.jpg": "action.last-copy", b"a.xmp": "action.last-copy"}


@pytest.mark.parametrize("harm", ["changed", "gone", "protected"])
def test_shot_moves_whole_or_not_at_all(shelf: Shelf, kind: str, harm: str) -> None:
    for name in ("a.jpg", "b.cr2", "b.jpg", "safe/b.xmp"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", shelf.file("b.cr2", "b.jpg", "safe/b.xmp"))
    if harm == "changed":
        shelf.put("safe/b.xmp", b"edited meanwhile")
    elif harm == "gone":
        os.unlink(shelf.path("safe/b.xmp"))
    protected = [shelf.path("safe")] if harm == "protected" else []
    code = {"changed": "action.changed", "gone": "action.absent", "protected": "action.protected"}[harm]

    found = _refused(shelf, kind, protected=protected)

    assert found == {b"b.cr2": code, b"b.jpg": code, b"b.xmp": code}


def test_shots_that_share_a_file_go_or_stay_together(shelf: Shelf, kind: str) -> None:
    for name in ("k.jpg", "l.jpg", "b.cr2", "b.jpg", "b.xmp"):
        shelf.put(name, name.encode())
    shelf.pair("k.jpg", shelf.file("b.cr2", "b.xmp"))
    shelf.pair("l.jpg", shelf.file("b.jpg", "b.xmp"))
    os.unlink(shelf.path("l.jpg"))

    assert set(_refused(shelf, kind).values()) == {"action.keeper-gone"}


@pytest.mark.parametrize("way", ["named", "link", "parent of the root", "the session's", "other spelling"])
def test_protected_means_untouched(shelf: Shelf, kind: str, way: str) -> None:
    shelf.put("a.jpg", b"one")
    shelf.put("safe/deep/b.jpg", b"two")
    (shelf.base / "alias").symlink_to(shelf.root / "safe")
    shelf.pair("a.jpg", "safe/deep/b.jpg")
    folder = {
        "named": shelf.path("safe"),
        "link": os.fsencode(shelf.base / "alias"),
        "parent of the root": os.fsencode(shelf.base),
        "the session's": shelf.path("safe"),
        "other spelling": shelf.path("safe/deep/../") + b"/",
    }[way]
    before = shelf.snapshot()

    destination = shelf.destination(kind) if way != "parent of the root" else shelf.destination("trash")
    if way == "the session's":
        outcome = shelf.apply(destination, protected=[folder])
    else:
        outcome = shelf.apply(destination, shelf.plan(protected=[folder]))

    assert codes(outcome) == {b"b.jpg": "action.protected"}
    assert shelf.snapshot() == before


def test_protected_folder_may_hold_keepers(shelf: Shelf, kind: str) -> None:
    shelf.put("safe/a.jpg", b"one")
    shelf.put("b.jpg", b"two")
    shelf.pair("safe/a.jpg", "b.jpg")

    assert shelf.apply(shelf.destination(kind), protected=[shelf.path("safe")]).exit_code == 0


@pytest.mark.parametrize(
    "bad", [b"sub/../b.jpg", b"./b.jpg", b"sub//b.jpg", b"b.jpg\0", b"b.jpg/", b"../outside.jpg", b"link/b.jpg"]
)
def test_path_that_no_scan_makes_is_refused(shelf: Shelf, kind: str, bad: bytes) -> None:
    shelf.put("a.jpg", b"one")
    shelf.put("b.jpg", b"two")
    shelf.put("sub/b.jpg", b"two")
    (shelf.root / "link").symlink_to("sub")
    (shelf.base / "outside.jpg").write_bytes(b"PICTURE two")
    file = shelf.file("b.jpg")
    shelf.pair("a.jpg", replace(file, path=os.fsencode(shelf.root) + b"/" + bad))

    assert set(_refused(shelf, kind).values()) == {"action.not-planned"}
    assert (shelf.base / "outside.jpg").exists()


def test_file_below_no_root_is_refused(two: Shelf, kind: str) -> None:
    before = two.snapshot()
    outcome = two.apply(two.destination(kind), two.plan(roots=[two.path("other")]))

    assert codes(outcome) == {b"b.jpg": "action.not-planned"}
    assert two.snapshot() == before


@pytest.mark.parametrize("what", ["/", "parent of home", "data"])
def test_some_folders_are_no_roots(two: Shelf, kind: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = b"/"
    if what == "parent of home":
        monkeypatch.setenv("HOME", str(two.root / "someone"))
        root = os.fsencode(two.root)
    elif what == "data":
        monkeypatch.setenv("IMGFP_DATA_DIR", str(two.root))
        root = os.fsencode(two.root)

    outcome = two.apply(two.destination("trash"), two.plan(roots=[root]))

    assert codes(outcome) == {b"b.jpg": "action.not-planned"}


def test_file_in_our_own_folders_is_refused(two: Shelf, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGFP_CACHE_DIR", str(two.root / "cache"))
    two.put("cache/x.jpg", b"three")
    two.pair("a.jpg", "cache/x.jpg")

    assert codes(two.apply(two.destination(kind))) == {b"b.jpg": "moved", b"x.jpg": "action.not-planned"}


def test_parent_swapped_for_a_link_is_refused(shelf: Shelf, kind: str) -> None:
    shelf.put("a.jpg", b"one")
    shelf.put("sub/b.jpg", b"two")
    shelf.pair("a.jpg", "sub/b.jpg")
    shutil.copytree(shelf.root / "sub", shelf.base / "outside")
    shutil.rmtree(shelf.root / "sub")
    (shelf.root / "sub").symlink_to(shelf.base / "outside")

    assert _refused(shelf, kind) == {b"b.jpg": "action.not-planned"}
    assert (shelf.base / "outside" / "b.jpg").exists()


def test_file_that_is_gone_is_absent(two: Shelf, kind: str) -> None:
    os.unlink(two.path("b.jpg"))

    assert _refused(two, kind) == {b"b.jpg": "action.absent"}


def test_library_that_is_gone_is_absent(two: Shelf) -> None:
    plan = two.plan()
    shutil.rmtree(two.root)

    assert codes(two.apply(two.destination("trash"), plan)) == {b"b.jpg": "action.absent"}


def test_quarantine_on_another_volume_is_refused(two: Shelf, tmp_path: Path) -> None:
    if two.root.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second volume here")
    folder = tmp_path / "other"
    before = two.snapshot()
    outcome = two.apply(Quarantine(folder))

    assert codes(outcome) == {b"b.jpg": "action.other-volume"} and outcome.exit_code == 5
    assert two.snapshot() == before
    assert not folder.exists()


def test_rename_that_crosses_volumes_unexpectedly_is_refused(two: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(primitives, "rename_exclusive", rename)

    assert _refused(two, "quarantine") == {b"b.jpg": "action.other-volume"}


def test_no_trash_is_said_and_nothing_else_is_tried(two: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(primitives, "move_to_trash", lambda path: None)

    assert _refused(two, "trash") == {b"b.jpg": "action.no-trash"}


def test_trash_folder_that_cannot_be_made_is_no_trash(two: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    (two.base / "file").write_text("in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(two.base / "file"))

    assert _refused(two, "trash") == {b"b.jpg": "action.no-trash"}


@pytest.mark.parametrize("what", ["root", "above the root", "protected", "photos in it", "a file", "data", "mark of another"])
def test_folder_that_can_be_no_quarantine_is_a_usage_error(two: Shelf, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    two.put("full/photo.jpg", b"x")
    (two.root / "safe" / "q").mkdir(parents=True)
    (two.base / "marked").mkdir()
    (two.base / "marked" / ".imgfp-quarantine").write_text("something else\n")
    monkeypatch.setenv("IMGFP_DATA_DIR", str(two.data))
    UserData.open(two.data).close()
    folder = {
        "root": two.root,
        "above the root": two.base,
        "protected": two.root / "safe" / "q",
        "photos in it": two.root / "full",
        "a file": two.root / "b.jpg",
        "data": two.data / "q",
        "mark of another": two.base / "marked",
    }[what]
    before = two.snapshot()

    with pytest.raises(UsageError):
        two.apply(Quarantine(folder), protected=[two.path("safe")])

    assert two.snapshot() == before


def test_quarantine_inside_the_library_is_used_twice_and_never_taken_from(two: Shelf) -> None:
    quarantine = Quarantine(two.root / "set aside")
    two.put("c.jpg", b"three")
    first = two.apply(quarantine)
    two.items.clear()
    two.pair("a.jpg", "c.jpg")
    second = two.apply(quarantine)
    moved = second.results[0].to or b""
    two.items.clear()
    two.pair("a.jpg", os.path.relpath(moved, two.path("")))

    assert first.exit_code == second.exit_code == 0
    assert codes(two.apply(quarantine)) == {b"c.jpg": "action.not-planned"}
    two.items.clear()
    os.rename(moved, two.path("again.jpg"))
    os.link(two.path("again.jpg"), moved)
    two.pair(os.path.relpath(moved, two.path("")), "a.jpg")
    assert codes(two.apply(quarantine)) == {b"a.jpg": "action.keeper-gone"}


def test_journal_that_cannot_be_written_stops_everything(two: Shelf, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    two.put("c.jpg", b"three")
    two.pair("a.jpg", "c.jpg")

    def full(*_: object) -> None:
        raise StoreError("The disk is full.", code="store.full")

    monkeypatch.setattr(Journal, "intend", full)

    assert _refused(two, kind) == {b"b.jpg": "action.io", b"c.jpg": "action.io"}


def test_second_actor_waits_and_then_says_so(two: Shelf, kind: str) -> None:
    UserData.open(two.data).close()
    before = two.snapshot()

    with FolderLock(two.data, "actions.lock", wait_s=0, what=""), pytest.raises(StoreLocked) as caught:
        two.apply(two.destination(kind), lock_wait_s=0.01)
    with FolderLock(two.data, "actions.lock", wait_s=0, what=""), pytest.raises(StoreLocked):
        two.undo(lock_wait_s=0.01)

    assert caught.value.exit_code == 4
    assert two.snapshot() == before


def test_decoder_is_asked_with_the_path_and_its_refusal_is_quoted(two: Shelf) -> None:
    def check(path: bytes, size: int) -> None:
        raise DecodeError("The file ends early.", path=path)

    outcome = two.apply(check_readable=check)

    assert "The file ends early." in outcome.results[0].message


def test_companion_list_of_a_hostile_plan_cannot_reach_outside(two: Shelf, kind: str) -> None:
    outside = two.base / "outside.xmp"
    outside.write_bytes(b"mine")
    stranger = PlanFile(os.fsencode(outside), 4, 0, blake3(b"mine").digest())
    two.items.clear()
    two.pair("a.jpg", replace(two.file("b.jpg"), companions=(stranger,)))

    assert _refused(two, kind) == {b"b.jpg": "action.not-planned", b"outside.xmp": "action.not-planned"}
    assert outside.read_bytes() == b"mine"


def test_unreadable_file_is_refused_and_the_rest_goes_on(shelf: Shelf, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        shelf.put(name, name.encode())
    shelf.pair("a.jpg", "b.jpg", "c.jpg")
    bad = os.stat(shelf.path("b.jpg")).st_ino
    real = primitives.digest

    def digest(descriptor: int) -> bytes:
        if os.fstat(descriptor).st_ino == bad:
            raise OSError(5, "Input/output error")
        return real(descriptor)

    monkeypatch.setattr(primitives, "digest", digest)

    assert codes(shelf.apply(shelf.destination(kind))) == {b"b.jpg": "action.io", b"c.jpg": "moved"}
    assert os.path.exists(shelf.path("b.jpg"))
