"""The window while only the small pictures inside the files were compared: what it shows, and that nothing can be decided yet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QListView, QProgressBar

from engine.records import (
    Cluster,
    ClusterState,
    Progress,
    ReadingStatistics,
    SlowFile,
    StageStatistics,
    Suggest,
    VolumeProgress,
)
from imgfp_gui.dialogs.statistics_dialog import StatisticsDialog
from imgfp_gui.main_window import MainWindow
from imgfp_gui.models import words
from imgfp_gui.models.clusters import CLUSTER_ROLE
from imgfp_gui.models.members import members_of
from imgfp_gui.views.scanning_page import ScanningPage
from tests.support.scripted_session import ScriptedSession, plain_clusters


def _settle(qapp: QApplication) -> None:
    for _ in range(8):
        qapp.processEvents()


def _first_look(cluster: Cluster) -> Cluster:
    """As the engine makes it: nothing is proposed."""
    open_ones = tuple(replace(verdict, suggest=Suggest.UNDECIDED) for verdict in cluster.verdicts)
    return replace(cluster, verdicts=open_ones, reclaimable_bytes=0, state=ClusterState.UNDECIDED, provisional=True)


def _volume(name: str, **other: object) -> VolumeProgress:
    plain = VolumeProgress(name, "ssd", 50, 200, 10**8, 4 * 10**8, 12.0, 5e6, 60.0, "reading")
    return replace(plain, **other)  # type: ignore[arg-type]


@pytest.fixture
def looking(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> MainWindow:
    """A window in which the first two clusters are known by small pictures only; the first is selected."""
    window.controller.add_folders(["/photos"])
    first, second, *others = plain_clusters(4)
    session.show([_first_look(first), _first_look(second), *others], final=False)
    _settle(qapp)
    window.controller.start_reviewing()
    window.controller.select_cluster(first.key)
    _settle(qapp)
    return window


@pytest.mark.parametrize("command", ["verdict.keep", "verdict.trash", "cluster.accept", "cluster.different", "verdict.keep_this"])
def test_nothing_is_decided_about_photos_that_were_not_read(
    looking: MainWindow, session: ScriptedSession, qapp: QApplication, command: str
) -> None:
    said: list[str] = []
    looking.controller.message.connect(lambda message: said.append(message.text))

    looking.action(command).trigger()
    _settle(qapp)

    assert not session.marks and not session.called("remember")
    assert said == ["These photos are still being read. You can decide as soon as they were."]
    assert looking.controller.cluster is not None and looking.controller.cluster.key == "key-0"  # it does not go on either


def test_accepting_everything_leaves_them_out(looking: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    looking.action("cluster.accept_all").trigger()
    _settle(qapp)

    states = {c.key: looking.controller.verdicts.state_of(c).name for c in looking.controller.snapshot.clusters}
    assert states["key-0"] == states["key-1"] == "UNDECIDED"
    assert states["key-3"] == "DECIDED"


def test_the_list_says_that_it_is_a_first_look(looking: MainWindow) -> None:
    found = looking.findChild(QListView, "clusterList")
    assert found is not None
    model = found.model()
    rows = {model.index(row, 0).data(CLUSTER_ROLE).key: model.index(row, 0) for row in range(model.rowCount())}

    assert words.first_look() in rows["key-0"].data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.first_look() not in rows["key-3"].data(Qt.ItemDataRole.AccessibleTextRole)


def test_small_pictures_are_not_said_to_be_the_same_file(looking: MainWindow, qapp: QApplication) -> None:
    said = {label.text() for label in looking.findChildren(QLabel) if label.isVisible()}
    members = members_of(looking.controller, looking.controller.cluster)  # type: ignore[arg-type]

    assert "So far only the small pictures inside A and B were compared." in said
    assert {member.relation for member in members[1:]} == {words.first_look()}


def test_the_full_picture_corrects_it_and_keeps_the_selection(
    looking: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    looking.controller.select_cluster("key-1")
    looking.controller.select_photo(2)

    session.show(plain_clusters(4)[1:])  # the first cluster was a stale small picture; the second holds
    _settle(qapp)

    assert looking.controller.cluster is not None and looking.controller.cluster.key == "key-1"
    assert looking.controller.photo == 2
    looking.action("verdict.keep").trigger()
    assert session.marks


def test_the_page_of_a_scan_has_a_stage_for_it(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.controller.add_folders(["/photos"])
    _settle(qapp)
    page = window.findChild(ScanningPage, "scanningPage")
    assert page is not None
    bars = {bar.accessibleName(): bar for bar in page.findChildren(QProgressBar)}
    assert not bars["First look"].isVisible()

    session.progress_changed.emit(Progress("quick", 30, 0, 120, 50.0))
    _settle(qapp)
    texts = {label.text() for label in page.findChildren(QLabel) if label.isVisible()}
    assert {"Taking a first look", "120 files in 1 folder", "30 of 120"} <= texts
    assert (bars["Find"].value(), bars["First look"].value()) == (1000, 250)

    session.progress_changed.emit(Progress("quick", 120, 0, 120, 50.0))
    session.progress_changed.emit(Progress("read", 12, 12, 120, 5.0))
    _settle(qapp)
    assert (bars["First look"].value(), bars["Read"].value()) == (1000, 100)


def test_disks_are_told_apart_when_there_are_several_or_one_is_silent(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/photos"])
    page = window.findChild(ScanningPage, "scanningPage")
    assert page is not None

    def told() -> set[str]:
        _settle(qapp)
        return {label.text() for label in page.findChildren(QLabel) if label.isVisible()}

    session.progress_changed.emit(Progress("read", 50, 0, 200, 5.0, volumes=(_volume("Laptop"),)))
    assert "Laptop" not in told()

    session.progress_changed.emit(Progress("read", 50, 0, 400, 5.0, volumes=(_volume("Laptop"), _volume("NAS", state="offline"))))
    assert {"Laptop", "NAS", "50 of 200, not connected any more"} <= told()
    assert "50 of 200, 5.0 MB per second, about a minute left" in told()

    session.progress_changed.emit(
        Progress("read", 60, 0, 200, 5.0, volumes=(_volume("Laptop"),), waits="Waiting for mains power.")
    )
    assert "Waiting for mains power." in {text.split(" You can")[0].strip() for text in told()}


def test_reading_times_are_a_table_of_steps_and_kinds(looking: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    session.reading = ReadingStatistics(
        stages=(
            StageStatistics("decode", "", 1200, 48.2, 120.0, 61.0),
            StageStatistics("all", "jpeg", 1100, 52.0, 90.0, 59.0),
            StageStatistics("all", "heif", 100, 401.0, 1300.0, 44.0),
        ),
        slowest=(SlowFile(b"/photos/Big/one.heic", "heif", 2300.0),),
        skipped=(("scan.not-a-picture", 14), ("decode.truncated", 2)),
    )

    looking.action("statistics.show").trigger()
    _settle(qapp)
    sheet = looking.findChild(StatisticsDialog, "statisticsDialog")
    assert sheet is not None
    texts = {label.text() for label in sheet.findChildren(QLabel)}

    assert {"Decode", words.number(1200), "48 ms", "120 ms", "61.0 s", "JPEG", "HEIF", "1.3 s", "one.heic", "2.3 s"} <= texts
    assert {"Not a photo", "14", "Cut off", "2"} <= texts
    sheet.accept()
