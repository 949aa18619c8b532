"""What the user marked goes, exactly that, and nothing that would be missed; checked first, then moved as it was checked."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine import locations
from engine.errors import Cancelled, UsageError
from engine.records import ApplyCheck, Cluster, ClusterSnapshot, ClusterState, Suggest
from engine.session import Session
from engine.userdata import UserData
from tests.journeys.test_session import Asker
from tests.journeys.test_shots_travel import EDITS, FILM
from tests.journeys.test_trash_and_back import state
from tests.support.library import Truth, exif_block
from tests.support.scenes import scene


class Table(Asker):
    """An open library, and the photos on it."""

    def __init__(self, session: Session, qtbot: QtBot, root: Path) -> None:
        super().__init__(session, qtbot)
        self.root = root
        self.snapshots: list[ClusterSnapshot] = []
        session.clusters_changed.connect(self.snapshots.append)

    def open(self) -> None:
        self(self.session.open_folders([str(self.root)]))

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        return self.snapshots[-1].clusters

    def path(self, file: int) -> bytes:
        return self.session.file(file).path_bytes

    def faces(self, cluster: Cluster) -> list[bytes]:
        return [self.path(unit[0]) for unit in cluster.units]

    def named(self, name: str) -> bytes:
        """The face of the unit with a file of this name."""
        return next(
            self.path(unit[0])
            for cluster in self.clusters
            for unit in cluster.units
            if any(os.path.relpath(self.path(file), os.fsencode(self.root)) == os.fsencode(name) for file in unit)
        )

    def check(self, *paths: bytes) -> ApplyCheck:
        found = self(self.session.check_apply(paths, os.fsencode(self.root.with_name("aside"))))
        assert isinstance(found, ApplyCheck), found
        return found

    def moved(self, check: ApplyCheck, *, confirmed: bool = False) -> dict[str, Any]:
        done = self(self.session.apply_checked(check.id, confirmed=confirmed))
        assert isinstance(done, dict), done
        return done


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Iterator[Table]:
    session = Session()
    yield Table(session, qtbot, tmp_path / "photos")
    session.close()


@pytest.fixture
def library(table: Table, small_library: Truth) -> Table:
    """Three families of twelve."""
    shutil.copytree(small_library.root, table.root)
    table.open()
    return table


def save(path: Path, seed: int = 11, *, size: tuple[int, int] = (600, 400), quality: int = 90, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(scene(seed, *size)).save(path, quality=quality, **more)
    return path


@pytest.fixture
def shots(table: Table) -> Table:
    """One picture three times: with a film, with camera data and a sidecar, alone; and another twice."""
    save(table.root / "live" / "IMG_1.jpg")
    (table.root / "live" / "IMG_1.MOV").write_bytes(FILM)
    save(table.root / "tagged" / "IMG_1.jpg", exif=exif_block(1, rating=4))
    (table.root / "tagged" / "IMG_1.xmp").write_bytes(EDITS)
    save(table.root / "copy" / "b.jpg", quality=80)
    save(table.root / "copy" / "c.jpg", 21)
    save(table.root / "tagged" / "IMG_2.jpg", 21, exif=exif_block(2))
    table.open()
    return table


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# ---------------------------------------------------------------------------------------------------- exactly that


def test_a_check_moves_nothing_and_its_figures_are_those_of_the_move(shots: Table) -> None:
    before = state(shots.root)
    live, copy = shots.named("live/IMG_1.jpg"), shots.named("copy/c.jpg")
    sizes = {name: (shots.root / name).stat().st_size for name in ("live/IMG_1.jpg", "live/IMG_1.MOV", "copy/c.jpg")}

    check = shots.check(live, copy)

    assert state(shots.root) == before and not shots.root.with_name("aside").exists()
    assert (check.photos, check.clusters, check.companions) == (2, 2, 1)
    assert (check.bytes, check.companion_bytes) == (sum(sizes.values()), sizes["live/IMG_1.MOV"])
    assert sorted(shots.path(file) for file in check.files) == sorted([live, copy])
    assert {(Path(f.path).name, f.photos, f.bytes) for f in check.folders} == {
        ("live", 1, sizes["live/IMG_1.jpg"]),
        ("copy", 1, sizes["copy/c.jpg"]),
    }
    assert (check.left, check.scope, check.no_trash) == ((), (), ())

    done = shots.moved(check)
    assert names(shots.root) == set(before) - set(sizes)
    assert {result["outcome"] for result in done["results"]} == {"moved"} and done["run"]

    shots(shots.session.undo(done["run"]))
    assert state(shots.root) == before


def test_an_edited_copy_marked_by_hand_goes_though_no_rule_proposes_it(library: Table, small_library: Truth) -> None:
    edited = next(
        (cluster, verdict)
        for cluster in library.clusters
        for verdict in cluster.verdicts
        if verdict.suggest is Suggest.UNDECIDED and len(cluster.units) > 2
    )
    path = library.path(edited[1].file)

    check = library.check(path)
    done = library.moved(check)

    assert check.photos == 1
    assert [result["path"] for result in done["results"]] == [os.fsdecode(path)]
    assert not os.path.exists(path)
    entry = library(library.session.history())[0]
    assert entry["items"][0]["reason"] == "chosen by you"


def test_what_the_kept_photo_lacks_is_said(shots: Table) -> None:
    check = shots.check(shots.named("tagged/IMG_1.jpg"), shots.named("live/IMG_1.jpg"))

    assert [(Path(path).parent.name, lacks) for path, lacks in check.poorer] == [("tagged", ("rating",))]


def test_a_sidecar_written_after_the_scan_travels(shots: Table) -> None:
    (shots.root / "copy" / "b.xmp").write_bytes(EDITS)

    check = shots.check(shots.named("copy/b.jpg"))
    shots.moved(check)

    assert (check.photos, check.companions) == (1, 1)
    assert names(shots.root / "copy") == {"c.jpg"}


# ---------------------------------------------------------------------------------------------------- what stays


def left(check: ApplyCheck) -> dict[str, str]:
    return {Path(one.path).name: one.code for one in check.left}


def test_a_cluster_marked_whole_stays_whole(shots: Table) -> None:
    whole = max(shots.clusters, key=lambda cluster: len(cluster.units))
    other = shots.named("copy/c.jpg")

    check = shots.check(*shots.faces(whole), other)
    shots.moved(check)

    assert check.photos == 1
    assert {one.code for one in check.left} == {"action.last-copy"} and len(check.left) == 3
    assert names(shots.root) == {"live/IMG_1.jpg", "live/IMG_1.MOV", "tagged/IMG_1.jpg", "tagged/IMG_1.xmp", "copy/b.jpg",
                                 "tagged/IMG_2.jpg"}  # fmt: skip


def test_a_photo_that_changed_between_check_and_move_stays(shots: Table) -> None:
    path = Path(os.fsdecode(shots.named("copy/b.jpg")))
    check = shots.check(os.fsencode(path), shots.named("copy/c.jpg"))
    facts, data = path.stat(), bytearray(path.read_bytes())
    data[-20] ^= 0xFF
    path.write_bytes(data)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    done = shots.moved(check)

    assert check.photos == 2
    codes = {Path(result["path"]).name: result["code"] for result in done["results"]}
    assert codes == {"b.jpg": "action.changed", "c.jpg": None}
    assert path.read_bytes() == bytes(data)


def change_file(shots: Table) -> None:
    save(shots.root / "copy" / "b.jpg", 33)


def remove_file(shots: Table) -> None:
    (shots.root / "copy" / "b.jpg").unlink()


def add_namesake(shots: Table) -> None:
    """Another picture of this stem, and a sidecar that may belong to either."""
    save(shots.root / "copy" / "b.png", 33)
    (shots.root / "copy" / "b.xmp").write_bytes(EDITS)


@pytest.mark.parametrize(
    ("change", "code"),
    [(change_file, "action.changed"), (remove_file, "action.absent"), (add_namesake, "action.not-planned")],
)
def test_what_changed_since_it_was_seen_is_left_before_it_happens(
    shots: Table, change: Callable[[Table], None], code: str
) -> None:
    path = shots.named("copy/b.jpg")
    change(shots)

    check = shots.check(path, shots.named("copy/c.jpg"))

    assert (check.photos, left(check)) == (1, {"b.jpg": code})
    assert all(one.message and "b.jpg" in one.message for one in check.left)


def test_a_photo_whose_companion_was_edited_since_stays_with_it(shots: Table) -> None:
    path = shots.named("tagged/IMG_1.jpg")
    (shots.root / "tagged" / "IMG_1.xmp").write_bytes(EDITS + b"<!-- five stars -->")

    check = shots.check(path)

    assert (check.photos, left(check)) == (0, {"IMG_1.jpg": "action.changed"})
    assert "IMG_1.xmp" in check.left[0].message


def test_a_keeper_that_broke_since_is_none(shots: Table) -> None:
    keeper = shots.root / "tagged" / "IMG_2.jpg"
    keeper.write_bytes(keeper.read_bytes()[:3000])

    check = shots.check(shots.named("copy/c.jpg"))

    assert (check.photos, left(check)) == (0, {"c.jpg": "action.keeper-gone"})


def test_protected_photos_stay_whenever_they_were_protected(shots: Table) -> None:
    paths = [shots.named("copy/b.jpg"), shots.named("copy/c.jpg"), shots.named("live/IMG_1.jpg")]
    early = shots.check(*paths)
    shots.session.set_protected((os.fsencode(shots.root / "copy"),))
    done = shots.moved(early)
    assert {Path(r["path"]).name: r["code"] for r in done["results"]} == {
        "b.jpg": "action.protected", "c.jpg": "action.protected", "IMG_1.jpg": None, "IMG_1.MOV": None,
    }  # fmt: skip

    late = shots.check(*paths[:2])
    assert (late.photos, left(late)) == (0, {"b.jpg": "action.protected", "c.jpg": "action.protected"})


def test_a_photo_reached_through_a_link_is_left_with_a_plain_sentence(table: Table) -> None:
    save(table.root / ".shelf" / "a.jpg")
    save(table.root / "b.jpg", quality=80)
    (table.root / "linked").symlink_to(".shelf")
    table.open()

    check = table.check(table.named("linked/a.jpg"))

    assert (check.photos, left(check)) == (0, {"a.jpg": "action.not-planned"})
    assert "through a link" in check.left[0].message and check.left[0].hint


def test_strangers_and_photos_alone_stay(library: Table, small_library: Truth) -> None:
    alone = os.fsencode(library.root / small_library.alone[0].relative_to(small_library.root))

    check = library.check(b"/nowhere/x.jpg", alone)

    assert (check.photos, {one.code for one in check.left}) == (0, {"action.not-planned", "action.last-copy"})
    assert library.moved(check) == {"run": None, "results": [], "cancelled": False, "scope": []}


# ---------------------------------------------------------------------------------------------------- once, confirmed


def test_only_the_newest_check_is_carried_out_and_only_once(shots: Table) -> None:
    old = shots.check(shots.named("copy/b.jpg"))
    new = shots.check(shots.named("copy/c.jpg"))

    assert isinstance(shots(shots.session.apply_checked(old.id)), UsageError)
    assert isinstance(shots(shots.session.apply_checked(999)), UsageError)
    shots.moved(new)
    assert isinstance(shots(shots.session.apply_checked(new.id)), UsageError)
    assert names(shots.root / "copy") == {"b.jpg"}


def test_most_of_a_folder_is_moved_only_when_it_was_confirmed(table: Table) -> None:
    for number in range(12):
        save(table.root / "many" / f"{number}.jpg", number, size=(300, 200))
        save(table.root / "kept" / f"{number}.jpg", number, size=(300, 200), quality=95)
    table.open()
    many = [path for cluster in table.clusters for path in table.faces(cluster) if b"/many/" in path]

    check = table.check(*many)
    refused = table(table.session.apply_checked(check.id))
    there = names(table.root / "many")
    done = table.moved(check, confirmed=True)

    assert check.photos == 12 and "12 of 12 photos" in check.scope[0]
    assert isinstance(refused, UsageError) and len(there) == 12
    assert len(done["results"]) == 12 and not names(table.root / "many")


def test_a_cancelled_check_leaves_nothing_to_carry_out(library: Table) -> None:
    paths = [path for cluster in library.clusters for path in library.faces(cluster)[1:]]
    library.session.progress_changed.connect(lambda progress: progress.stage == "check" and library.session.cancel())

    answer = library(library.session.check_apply(paths, os.fsencode(library.root.with_name("aside"))))

    assert isinstance(answer, Cancelled)
    assert isinstance(library(library.session.apply_checked(1)), UsageError)


def test_a_destination_that_cannot_be_used_is_said_at_the_check(shots: Table) -> None:
    answer = shots(shots.session.check_apply([shots.named("copy/b.jpg")], b"/"))

    assert isinstance(answer, UsageError)


# ---------------------------------------------------------------------------------------------------- any marks


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_marked_no_cluster_loses_its_last_copy_and_undo_is_exact(library: Table, seed: int) -> None:
    chance = random.Random(seed)
    before = state(library.root)
    share = chance.choice([0.3, 0.7, 0.95, 1.0])
    marked = [path for cluster in library.clusters for path in library.faces(cluster) if chance.random() < share]
    seen = [
        [(library.path(f), [library.path(c) for c in library.session.file(f).companions]) for f in c.members]
        for c in library.clusters
    ]
    for path in chance.sample(sorted(before), 4):  # other programs at work between scan and check
        if chance.random() < 0.5:
            (library.root / path).write_bytes((library.root / path).read_bytes() + b"x")
        else:
            (library.root / path).unlink()
    now = state(library.root)

    check = library.check(*marked)
    assert state(library.root) == now
    done = library.moved(check, confirmed=True)
    after = state(library.root)

    gone = {os.fsencode(library.root / name) for name in set(now) - set(after)}
    assert gone == {os.fsencode(r["path"]) for r in done["results"] if r["outcome"] == "moved"}
    assert all({result["outcome"]} == {"moved"} for result in done["results"]), "the check had found every refusal"
    assert {name: after[name] for name in after} == {name: now[name] for name in after}
    may_go = {file for cluster in seen for path, rest in cluster for file in (path, *rest) if {path, *rest} & set(marked)}
    assert gone <= may_go
    for cluster in seen:
        if any(path in gone for path, _ in cluster):
            kept = [path for path, _ in cluster if os.path.exists(path)]
            assert any(now[os.fsdecode(os.path.relpath(path, os.fsencode(library.root)))] == before.get(
                os.fsdecode(os.path.relpath(path, os.fsencode(library.root)))) for path in kept)  # fmt: skip
    if done["run"]:
        library(library.session.undo(done["run"]))
    assert state(library.root) == now


# ---------------------------------------------------------------------------------------------------- marks


def test_marks_are_there_at_the_next_start_and_count_for_the_same_file_only(shots: Table, qtbot: QtBot) -> None:
    b, c = shots.named("copy/b.jpg"), shots.named("copy/c.jpg")
    aside = next(cluster.key for cluster in shots.clusters if b in shots.faces(cluster))
    shots.session.set_marks({b: Suggest.REMOVE, c: Suggest.REMOVE})
    shots.session.set_aside(aside, True)
    shots.session.close()
    path = Path(os.fsdecode(c))
    path.write_bytes(path.read_bytes() + b"\0")

    later = Table(Session(), qtbot, shots.root)
    later.open()
    said = {later.path(v.file): v.suggest for cluster in later.clusters for v in cluster.verdicts if v.source == "user"}
    states = {cluster.key: cluster.state for cluster in later.clusters}
    later.session.close()

    assert said == {b: Suggest.REMOVE}
    assert states[aside] is ClusterState.ASIDE


def test_a_kill_loses_the_last_moments_at_most(tmp_path: Path, qtbot: QtBot) -> None:
    save(tmp_path / "photos" / "a.jpg")
    save(tmp_path / "photos" / "b.jpg", quality=80)
    program = """
import sys, time
from PySide6.QtCore import QCoreApplication
from engine.records import Suggest
from engine.session import Session
app = QCoreApplication([])
session = Session()
done = []
session.scan_finished.connect(done.append)
session.open_folders([sys.argv[1]])
while not done:
    app.processEvents()
session.set_marks({sys.argv[1].encode() + b"/b.jpg": Suggest.REMOVE})
print("said", flush=True)
time.sleep(600)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "photos")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "said\n"

        def stored() -> bool:
            with UserData.open_reading(locations.data_dir()) as user:
                return bool(user.marks.marks())

        qtbot.waitUntil(stored, timeout=5000)
        process.send_signal(signal.SIGKILL)

    with UserData.open_reading(locations.data_dir()) as user:
        assert [(Path(os.fsdecode(p)).name, m.suggest) for p, m in user.marks.marks().items()] == [("b.jpg", Suggest.REMOVE)]
