"""A first look at a library by its small pictures, in a session: provisional clusters, then the truth, file by file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine import locations
from engine.config import ScanOptions
from engine.errors import UsageError
from engine.records import Cluster, ClusterSnapshot, Progress, Suggest
from engine.report import write_report
from engine.session import Session
from tests.journeys.test_session import Asker
from tests.support.scenes import scene
from tests.support.thumbnails import camera_file

FIRST_LOOK = ScanOptions(first_look=True)


class Eye(Asker):
    """A session and everything it showed."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        super().__init__(session, qtbot)
        self.snapshots: list[ClusterSnapshot] = []
        self.stages: list[str] = []
        self.notes: list[str] = []
        session.clusters_changed.connect(self.snapshots.append)
        session.progress_changed.connect(self._progress)
        session.noted.connect(self.notes.append)

    @property
    def small(self) -> ClusterSnapshot:
        """When all small pictures were seen and nothing else: a slow start may show some of them before."""
        return next(snapshot for snapshot in self.snapshots if snapshot.provisional == 2)

    def _progress(self, progress: Progress) -> None:
        if progress.stage not in self.stages[-1:]:
            self.stages.append(progress.stage)


@pytest.fixture
def eye(qtbot: QtBot) -> Iterator[Eye]:
    session = Session()
    yield Eye(session, qtbot)
    session.close()


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Two pictures twice, each with its own thumbnail; and another one that still carries the thumbnail of the first."""
    folder = tmp_path / "album"
    first, second, other = (Image.fromarray(scene(seed, 720, 480)) for seed in (5, 9, 21))
    camera_file(folder / "a.jpg", first)
    camera_file(folder / "a again.jpg", first, quality=60)
    camera_file(folder / "b.jpg", second)
    camera_file(folder / "b again.jpg", second, quality=60)
    camera_file(folder / "edited.jpg", other, thumbnail=first)
    return folder


def named(snapshot: ClusterSnapshot, folder: Path) -> dict[frozenset[str], Cluster]:
    """Clusters by the names of their members; files are numbered in path order."""
    names = sorted(os.listdir(os.fsencode(folder)))
    return {frozenset(os.fsdecode(names[member]) for member in c.members): c for c in snapshot.clusters}


A, B = frozenset({"a.jpg", "a again.jpg"}), frozenset({"b.jpg", "b again.jpg"})


def test_small_pictures_are_shown_first_and_corrected_by_the_pictures(eye: Eye, album: Path) -> None:
    report = eye(eye.session.open_folders([str(album)], FIRST_LOOK))

    first, last = eye.small, eye.snapshots[-1]
    assert eye.stages.index("quick") < eye.stages.index("read")
    assert set(named(first, album)) == {A | {"edited.jpg"}, B} and first.provisional == 2 and not first.final
    assert set(named(last, album)) == {A, B} and last.provisional == 0 and last.final
    assert report["stats"]["stale_thumbnails"] == 1
    assert report["settings"]["pass"] == "full"
    views = {name: eye.session.file_at(os.fsencode(album / name)) for name in os.listdir(album)}
    assert [name for name, view in views.items() if view is not None and view.stale_thumbnail] == ["edited.jpg"]


def test_clusters_keep_their_keys_when_the_pictures_were_read(eye: Eye, album: Path) -> None:
    eye(eye.session.open_folders([str(album)], FIRST_LOOK))

    first, last = named(eye.small, album), named(eye.snapshots[-1], album)
    assert first[B].key == last[B].key
    assert first[A | {"edited.jpg"}].key == last[A].key
    for before in first.values():
        assert before.key in eye.snapshots[-1].columns.row_of_key


def test_nothing_is_proposed_of_what_was_not_read(eye: Eye, album: Path) -> None:
    eye(eye.session.open_folders([str(album)], FIRST_LOOK))

    first, last = eye.small, eye.snapshots[-1]
    assert first.reclaimable_bytes == 0 and last.reclaimable_bytes > 0
    for cluster in first.clusters:
        assert cluster.provisional and cluster.reclaimable_bytes == 0 and not cluster.proposals
        assert {verdict.suggest for verdict in cluster.verdicts} == {Suggest.UNDECIDED}
        assert {verdict.reason for verdict in cluster.verdicts} == {
            "still being read: only its small picture was looked at so far"
        }
    assert any(verdict.suggest is Suggest.REMOVE for cluster in last.clusters for verdict in cluster.verdicts)


def test_what_was_not_read_is_neither_marked_nor_moved_nor_decided(eye: Eye, album: Path) -> None:
    path = os.fsencode(album / "b.jpg")
    tokens: list[int] = []

    def act(snapshot: ClusterSnapshot) -> None:
        if snapshot.provisional == 2 and not tokens:
            eye.session.set_marks({path: Suggest.REMOVE})
            tokens.append(eye.session.check_apply([path], os.fsencode(album.with_name("aside"))))
            tokens.append(eye.session.remember(named(snapshot, album)[B].key, "different"))

    eye.session.clusters_changed.connect(act)
    eye(eye.session.open_folders([str(album)], FIRST_LOOK))
    check, said = eye(tokens[0]), eye(tokens[1])

    assert check.photos == 0
    assert [left.code for left in check.left] == ["action.not-planned"]
    assert "b.jpg was only looked at by its small picture so far; wait until it was read." in check.left[0].message
    assert isinstance(said, UsageError) and "small pictures" in said.message
    assert any("b.jpg was only looked at by its small picture" in note for note in eye.notes)
    verdicts = {v.file: v for v in named(eye.snapshots[-1], album)[B].verdicts}
    assert all(verdict.source == "rule" for verdict in verdicts.values())


def test_small_pictures_are_forgotten_once_everything_was_read(eye: Eye, album: Path) -> None:
    eye(eye.session.open_folders([str(album)], FIRST_LOOK))

    quick = locations.cache_dir() / "quick"
    assert not [path for path in quick.rglob("*") if path.is_file() and path.stat().st_size > 4096]


def test_the_report_is_the_same_with_and_without_a_first_look(eye: Eye, album: Path, qtbot: QtBot) -> None:
    looked = eye(eye.session.open_folders([str(album)], FIRST_LOOK))
    eye(eye.session.store("clear"))
    read = eye(eye.session.open_folders([str(album)]))

    for report in (looked, read):
        report.pop("stats")
    assert write_report({**looked, "stats": {}}) == write_report({**read, "stats": {}})


def test_a_file_that_is_known_in_full_needs_no_first_look(eye: Eye, album: Path) -> None:
    eye(eye.session.open_folders([str(album)]))
    seen = len(eye.snapshots)

    eye(eye.session.open_folders([str(album)], FIRST_LOOK))

    assert all(snapshot.provisional == 0 for snapshot in eye.snapshots[seen:])


def test_a_cancelled_first_look_keeps_what_it_saw_and_its_report_proposes_nothing(eye: Eye, album: Path) -> None:
    eye.session.clusters_changed.connect(lambda snapshot: eye.session.cancel() if snapshot.provisional == 2 else None)

    report = eye(eye.session.open_folders([str(album)], FIRST_LOOK))

    assert report["settings"]["pass"] == "quick"
    assert {m["suggest"] for c in report["clusters"] for m in c["members"]} == {"undecided"}
    assert eye.snapshots[-1].provisional == len(eye.snapshots[-1].clusters) > 0


def test_a_cluster_set_aside_in_a_first_look_stays_aside(eye: Eye, album: Path) -> None:
    def act(snapshot: ClusterSnapshot) -> None:
        if snapshot.provisional == 2 and not snapshot.marks:
            eye.session.set_aside(named(snapshot, album)[B].key, True)

    eye.session.clusters_changed.connect(act)
    eye(eye.session.open_folders([str(album)], FIRST_LOOK))

    assert named(eye.snapshots[-1], album)[B].state.name == "ASIDE"
    assert named(eye.snapshots[-1], album)[A].state.name != "ASIDE"
