"""The left pane of the real window on a scripted session: folders with their locks, filters, and the list of clusters."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from engine.records import ClusterState, FolderView, PairView, Tier
from imgfp_gui import theme
from imgfp_gui.controller import ClusterFilter
from imgfp_gui.main_window import MainWindow
from imgfp_gui.models import kinds
from imgfp_gui.models.clusters import CLUSTER_ROLE, KEY_ROLE
from imgfp_gui.models.folders import FOLDER_ROLE, FolderTreeModel
from imgfp_gui.views.cluster_list import ClusterList
from imgfp_gui.views.folder_tree import FolderTree
from imgfp_gui.views.queue_filters import QueueFilters
from tests.support.scripted_session import ScriptedSession, folder_views, path_of, plain_clusters


def _settle(qapp: QApplication) -> None:
    for _ in range(8):
        qapp.processEvents()


@pytest.fixture
def opened(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> MainWindow:
    """Sixty clusters of a library that was read to the end."""
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(60))
    _settle(qapp)
    session.answer("open_folders", {})
    session.scan_finished.emit({"found": 240})
    _settle(qapp)
    session.answer("folders", folder_views())
    _settle(qapp)
    return window


@pytest.fixture
def tree(opened: MainWindow) -> FolderTree:
    found = opened.findChild(FolderTree, "foldersPane")
    assert found
    return found


@pytest.fixture
def filters(opened: MainWindow) -> QueueFilters:
    found = opened.findChild(QueueFilters, "queueFilters")
    assert found
    return found


@pytest.fixture
def rows(opened: MainWindow) -> ClusterList:
    found = opened.findChild(ClusterList, "clusterList")
    assert found
    return found


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    """The window from right to left."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def _names(tree: FolderTree, parent: QModelIndex | None = None) -> list[str]:
    model, parent = tree.model(), parent or QModelIndex()
    found = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        found += [index.data(), *(_names(tree, index) if tree.isExpanded(index) else [])]
    return found


def _lock(tree: FolderTree, index: QModelIndex) -> QPoint:
    return tree._places_at(index).lock.center()


def _picture(widget: object) -> QImage:
    return widget.grab().toImage()  # type: ignore[attr-defined]


# ---------------------------------------------------------------------------------------------------- folders


def test_the_tree_shows_folders_and_how_many_photos_are_below(tree: FolderTree) -> None:
    tree.expandAll()

    assert _names(tree) == ["photos", "Camera", "Export"]
    assert tree.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "photos, 60 photos"


def test_a_folder_is_listed_as_soon_as_it_is_added(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.controller.add_folders(["/photos/Holiday"])
    _settle(qapp)
    tree = window.findChild(FolderTree, "foldersPane")
    assert tree

    assert _names(tree) == ["Holiday"]
    assert tree.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Holiday"  # no number that was not counted


def test_what_is_open_stays_open_when_folders_come(tree: FolderTree, session: ScriptedSession, qapp: QApplication) -> None:
    tree.expand(tree.model().index(0, 0))
    tree.setCurrentIndex(tree.model().index(1, 0, tree.model().index(0, 0)))
    another = FolderView("/photos/Album", b"/photos/Album", 0, 3)

    tree._controller.rescan()
    _settle(qapp)
    session.answer("folders", (folder_views()[0], another, *folder_views()[1:]))
    _settle(qapp)

    assert _names(tree) == ["photos", "Album", "Camera", "Export"]
    assert tree.currentIndex().data(FOLDER_ROLE).path == "/photos/Export"


def test_counting_on_moves_no_row(qapp: QApplication) -> None:
    model = FolderTreeModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(folder_views())
    told: list[str] = []
    model.modelReset.connect(lambda: told.append("reset"))
    model.dataChanged.connect(lambda first, last: told.append(first.data()))

    model.show((folder_views()[0], replace(folder_views()[1], photos=41), folder_views()[2]))

    assert told == ["Camera"]


def test_the_lock_protects_a_folder_and_lifts_it_again(tree: FolderTree, session: ScriptedSession, qapp: QApplication) -> None:
    root = tree.model().index(0, 0)

    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=_lock(tree, root))
    assert session.protected() == (b"/photos",)
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=_lock(tree, root))
    assert session.protected() == ()
    tree.setFocus()
    tree.setCurrentIndex(root)
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert session.protected() == (b"/photos",)


def test_what_a_folder_above_protects_is_said_and_stays(tree: FolderTree, session: ScriptedSession, qapp: QApplication) -> None:
    session.set_protected((b"/photos",))
    tree.expandAll()
    inner = tree.model().index(0, 0, tree.model().index(0, 0))

    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=_lock(tree, inner))

    assert session.protected() == (b"/photos",)
    assert "“photos”" in QToolTip.text()
    assert not tree.menu_for(inner).actions()[0].isEnabled()


def test_a_folder_leaves_the_list_and_no_photo_is_touched(
    tree: FolderTree, session: ScriptedSession, opened: MainWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    opened.controller.add_folders(["/more/"])
    menu = tree.menu_for(tree.model().index(0, 0))
    remove = next(action for action in menu.actions() if action.text() == "Remove from this list")
    assert "no photo" in remove.toolTip()

    with qtbot.waitSignal(opened.controller.noted) as said:
        remove.trigger()

    assert opened.controller.folders == ("/more/",)
    assert "not touched" in said.args[0]
    assert not session.called("apply_checked")


def test_a_disk_that_is_not_connected_is_told_in_words(tree: FolderTree, session: ScriptedSession, qapp: QApplication) -> None:
    tree._controller.rescan()
    _settle(qapp)
    session.answer("folders", (replace(folder_views()[0], offline=True),))
    _settle(qapp)
    root = tree.model().index(0, 0)

    assert tree._places_at(root).state == "not connected"
    assert "Not connected" in root.data(Qt.ItemDataRole.AccessibleTextRole)


def test_folders_take_no_more_than_their_share(
    tree: FolderTree, session: ScriptedSession, opened: MainWindow, qapp: QApplication
) -> None:
    height = tree.height()
    assert height == theme.ROW  # one folder, one row

    tree._controller.rescan()
    _settle(qapp)
    session.answer("folders", tuple(FolderView(f"/photos/{n}", b"/photos/%d" % n, -1, n) for n in range(200)))
    _settle(qapp)

    assert theme.ROW * 3 < tree.height() < opened.height() / 2
    assert tree.verticalScrollBar().maximum() > 0


# ---------------------------------------------------------------------------------------------------- filters


def test_states_are_counted_and_pressing_one_shows_only_it(filters: QueueFilters, opened: MainWindow, qapp: QApplication) -> None:
    undecided = filters._rows[ClusterState.UNDECIDED]
    assert undecided.accessibleName() == "Undecided: 20 clusters"
    assert filters.heading.number.text() == "60"

    QTest.mouseClick(undecided, Qt.MouseButton.LeftButton)
    _settle(qapp)

    assert opened.controller.queue.filter.states == frozenset({ClusterState.UNDECIDED})
    assert filters.heading.number.text() in ("20 of 60", "21 of 60")  # the selected one stays while one looks at it
    assert "Undecided" in filters._in_force_text.text() and filters._in_force.isVisible()

    undecided.setFocus()
    QTest.keyClick(undecided, Qt.Key.Key_Space)
    _settle(qapp)
    assert opened.controller.queue.filter == ClusterFilter() and not filters._in_force.isVisible()


def test_set_aside_is_listed_only_when_there_is_one(
    filters: QueueFilters, session: ScriptedSession, opened: MainWindow, qapp: QApplication
) -> None:
    aside = filters._rows[ClusterState.ASIDE]
    assert not aside.isVisible()

    opened.controller.set_aside()
    _settle(qapp)

    assert aside.isVisible() and aside.accessibleName() == "Set aside: 1 cluster"


def test_the_search_field_opens_filters_and_goes_with_escape(
    filters: QueueFilters, opened: MainWindow, rows: ClusterList, qapp: QApplication, qtbot: QtBot
) -> None:
    assert not filters.search.isVisible()
    opened.action("queue.filter").trigger()
    assert filters.search.isVisible() and filters.search.hasFocus()

    QTest.keyClicks(filters.search, "very long")
    qtbot.waitUntil(lambda: opened.controller.queue.filter.text == "very long")
    qtbot.waitUntil(lambda: 0 < rows.model().rowCount() < 60)
    assert all(b"very long" in b"".join(map(path_of, rows.model().index(n).data(CLUSTER_ROLE).members)) for n in range(1, 3))
    assert "“very long”" in filters._in_force_text.text()

    QTest.keyClick(filters.search, Qt.Key.Key_Escape)
    _settle(qapp)
    assert opened.controller.queue.filter.text == "" and not filters.search.isVisible() and rows.hasFocus()


def test_letters_in_the_search_field_decide_nothing(
    filters: QueueFilters, session: ScriptedSession, opened: MainWindow, qapp: QApplication
) -> None:
    opened.action("queue.filter").trigger()

    QTest.keyClicks(filters.search, "pxuks")
    _settle(qapp)

    assert filters.search.text() == "pxuks" and not session.marks and not session.aside


def test_kinds_and_order_have_menus_and_say_what_is_in_force(
    filters: QueueFilters, opened: MainWindow, rows: ClusterList, qapp: QApplication
) -> None:
    filters._tiers[Tier.EDITED].setChecked(True)
    filters._sorts["certain"].trigger()
    _settle(qapp)

    shown = [rows.model().index(n).data(CLUSTER_ROLE) for n in range(rows.model().rowCount())]
    assert {cluster.tier for cluster in shown[1:]} <= {Tier.EDITED, opened.controller.cluster.tier}  # type: ignore[union-attr]
    assert [c.weakest for c in shown] == sorted((c.weakest for c in shown), reverse=True)
    assert "edited" in filters._in_force_text.text()
    assert filters._tier_button.isChecked() and filters._sort_button.toolTip() == "Order: Most certain"

    filters.clear()
    _settle(qapp)
    assert rows.model().rowCount() == 60 and not filters._tier_button.isChecked()


def test_a_filter_that_leaves_nothing_is_no_blank_page(opened: MainWindow, rows: ClusterList, qapp: QApplication) -> None:
    opened.controller.select_cluster(None)
    blank = QImage(rows.viewport().size(), QImage.Format.Format_RGB32)
    blank.fill(rows.palette().window().color())
    opened.controller.set_filter(ClusterFilter(tiers=frozenset({Tier.SAME_MOMENT})))
    _settle(qapp)

    assert rows.model().rowCount() == 0
    shown = _picture(rows.viewport())
    assert any(shown.pixelColor(x, 24) != shown.pixelColor(2, 2) for x in range(shown.width()))


def test_a_running_scan_says_so_far(window: MainWindow, session: ScriptedSession, qapp: QApplication) -> None:
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(7), final=False)
    _settle(qapp)
    filters = window.findChild(QueueFilters, "queueFilters")
    assert filters and filters.heading.number.text() == "7 so far"


# ---------------------------------------------------------------------------------------------------- clusters


def test_the_selected_row_stays_where_it_is_while_clusters_come(
    rows: ClusterList, opened: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    opened.controller.select_cluster("key-31")
    _settle(qapp)
    before = rows.visualRect(rows.currentIndex()).y()

    for clusters in (plain_clusters(60)[9:], plain_clusters(90), plain_clusters(60)[30:]):
        session.show(clusters)
        _settle(qapp)
        if rows.verticalScrollBar().maximum() > rows.verticalScrollBar().value() > 0:
            assert rows.visualRect(rows.currentIndex()).y() == before
        assert rows.currentIndex().data(KEY_ROLE) == "key-31"


def test_what_one_looks_at_stays_when_the_selected_row_is_out_of_sight(
    rows: ClusterList, opened: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    opened.controller.select_cluster("key-0")
    _settle(qapp)
    rows.verticalScrollBar().setValue(900)
    top = rows.indexAt(QPoint(20, 0))
    key, y = top.data(KEY_ROLE), rows.visualRect(top).y()

    session.show(plain_clusters(60)[3:] + plain_clusters(1))
    _settle(qapp)

    assert rows.visualRect(rows.model().index(rows.model().row_of(key))).y() == y


def test_keys_walk_through_the_list(rows: ClusterList, opened: MainWindow, qapp: QApplication) -> None:
    rows.setFocus()
    first = rows.model().index(0).data(KEY_ROLE)

    QTest.keyClick(rows, Qt.Key.Key_End)
    assert opened.controller.cluster and opened.controller.cluster.key == rows.model().index(59).data(KEY_ROLE)
    QTest.keyClick(rows, Qt.Key.Key_Home)
    assert opened.controller.cluster.key == first
    QTest.keyClick(rows, Qt.Key.Key_PageDown)
    assert rows.currentIndex().row() > 3


def test_only_rows_in_sight_ask_for_pictures(rows: ClusterList, session: ScriptedSession, opened: MainWindow) -> None:
    asked = {file for file, edge in session.called("request_image") if edge == 128}

    assert 0 < len(asked) < 60


def test_choosing_a_cluster_while_photos_are_read_shows_it(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(7), final=False)
    _settle(qapp)
    rows = window.findChild(ClusterList, "clusterList")
    assert rows and window.controller.page == "scanning"

    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.model().index(2)).center())

    assert window.controller.page == "review"
    assert window.controller.cluster and window.controller.cluster.key == rows.model().index(2).data(KEY_ROLE)


def test_a_thumbnail_keeps_the_shape_of_its_photo(
    rows: ClusterList, opened: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    """File 4 of the script stands upright: 120 × 180 px fit into 27 × 40."""
    qtbot.waitUntil(lambda: not opened.pictures.waiting)
    row = rows.model().row_of("key-1")
    rows.scrollTo(rows.model().index(row))
    _settle(qapp)
    rect = rows.visualRect(rows.model().index(row))
    ground = _picture(rows.viewport())

    left = rect.x() + theme.SPACE_M
    y = rect.center().y()
    drawn = [x for x in range(left, left + 48) if ground.pixelColor(x, y) != ground.pixelColor(left - 3, y)]
    assert 25 <= len(drawn) <= 29


def test_a_far_weaker_link_is_signed_and_a_pair_never(rows: ClusterList) -> None:
    three = replace(plain_clusters(1, members=3)[0], weakest=0.88, strongest=0.99)
    pair = replace(plain_clusters(1, members=2)[0], weakest=0.88, strongest=0.99)
    even = replace(three, weakest=0.95)

    assert [kinds.weak_link(cluster) for cluster in (three, pair, even)] == [True, False, False]
    assert "weaker than the rest" in rows.itemDelegate().tip(three)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("tier", "edits", "said"),
    [
        (Tier.EDITED, ("tone", "crop"), "cropped"),
        (Tier.EDITED, ("tone",), "edited"),
        (Tier.SAME_PICTURE, ("turned",), "turned"),
        (Tier.SAME_PICTURE, (), "re-saved"),
        (Tier.IDENTICAL, ("crop",), "same file"),
        (Tier.EDITED, ("black-and-white", "turned"), "grey"),
    ],
)
def test_a_row_says_what_the_eye_sees_first(qapp: QApplication, tier: Tier, edits: tuple[str, ...], said: str) -> None:
    cluster = replace(plain_clusters(1)[0], tier=tier)

    assert kinds.kind(cluster, [PairView(0, 1, 0.95, tier, {}, edits)]) == said


def test_the_menu_of_a_row_acts_on_that_row(rows: ClusterList, opened: MainWindow, qapp: QApplication) -> None:
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QMenu

    point = rows.visualRect(rows.model().index(3)).center()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(rows.viewport(), QContextMenuEvent(reason, point, rows.viewport().mapToGlobal(point)))
    menus = [menu for menu in rows.findChildren(QMenu) if menu.isVisible()]

    assert opened.controller.cluster and opened.controller.cluster.key == rows.model().index(3).data(KEY_ROLE)
    assert len(menus) == 1 and opened.action("cluster.different") in menus[0].actions()
    menus[0].close()


def test_from_right_to_left_the_selection_bar_and_the_signs_change_sides(
    mirrored: None, window: MainWindow, session: ScriptedSession, qapp: QApplication, qtbot: QtBot
) -> None:
    window.controller.add_folders(["/photos"])
    session.show(plain_clusters(60))
    _settle(qapp)
    session.answer("open_folders", {})
    _settle(qapp)
    rows = window.findChild(ClusterList, "clusterList")
    assert rows
    qtbot.waitUntil(lambda: not window.pictures.waiting)
    rect, shown = rows.visualRect(rows.currentIndex()), _picture(rows.viewport())
    bar = QColor(theme.DARK.text)

    assert shown.pixelColor(rect.right() - 1, rect.y() + 3) == bar
    assert shown.pixelColor(rect.x() + 1, rect.y() + 3) != bar


def test_a_hundred_thousand_clusters_open_sort_filter_and_scroll_without_a_wait(
    window: MainWindow, session: ScriptedSession, qapp: QApplication
) -> None:
    """Generous against 300 ms, because the machine may be busy: asking Python for every row took over a second."""
    session.draws = False
    window.controller.add_folders(["/photos"])
    rows = window.findChild(ClusterList, "clusterList") or window.cluster_list
    snapshot = session.snapshot(plain_clusters(100_000, members=3))
    calls = {"data": 0}
    data = type(rows.model()).data

    def counted(self: object, *arguments: object) -> object:
        calls["data"] += 1
        return data(self, *arguments)  # type: ignore[arg-type]

    type(rows.model()).data = counted  # type: ignore[method-assign]
    try:
        for work in (
            lambda: session.clusters_changed.emit(snapshot),
            lambda: window.controller.set_sort("certain"),
            lambda: window.controller.set_filter(ClusterFilter(states=frozenset({ClusterState.PROPOSED}))),
            lambda: rows.verticalScrollBar().setValue(rows.verticalScrollBar().maximum() // 2),
            lambda: window.controller.select_cluster("key-77777"),
        ):
            begun = time.process_time()
            work()
            _settle(qapp)
            assert time.process_time() - begun < 0.6
    finally:
        type(rows.model()).data = data  # type: ignore[method-assign]

    assert calls["data"] < 3000
