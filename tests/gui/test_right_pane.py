"""The right side: what differs between two photos, why they came together, and the line, by hand, by key and in a drawer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLabel,
    QProgressBar,
    QSplitter,
    QTableView,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.records import Cluster, FileView, LineCounts, PairView, Tier
from imgfp_gui import theme
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.facts_table import SPREAD_ROLE
from imgfp_gui.models.luma import spread_of
from imgfp_gui.models.pictures import Pictures
from imgfp_gui.views.line_handle import LineHandle, x_of
from imgfp_gui.views.score_histogram import ScoreHistogram
from imgfp_gui.views.side_drawer import STRIP, SideDrawer
from tests.support.scripted_session import ScriptedSession, some_clusters

Role = Qt.ItemDataRole


class TwoPhotos(ScriptedSession):
    """Its files, pairs and links are what the test puts there."""

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[int, dict[str, Any]] = {}
        self.pairs: dict[tuple[int, int], PairView | None] = {}
        self.estimates = False

    def file(self, file_id: int) -> FileView:
        return replace(super().file(file_id), **self.views.get(file_id, {}))

    def pair(self, a: int, b: int) -> PairView | None:
        return self.pairs.get((a, b), super().pair(a, b))

    def line_counts(self, line: float) -> LineCounts:
        return replace(super().line_counts(line), about=self.estimates)


def plain(text: str) -> str:
    """Without the marks that keep a number and its unit together from right to left."""
    return text.replace("\u2068", "").replace("\u2069", "")


@dataclass
class Side:
    """The right side of a window, beside an empty middle."""

    session: TwoPhotos
    controller: ReviewController
    pane: SideDrawer
    middle: QWidget
    whole: QSplitter

    def show(self, *clusters: Cluster) -> None:
        """Have these clusters, or some plain ones, and select the first."""
        self.session.show(clusters or some_clusters(3).clusters)
        self.settle()
        self.controller.select_cluster((clusters or self.controller.snapshot.clusters)[0].key)
        self.settle()

    def settle(self) -> None:
        for _ in range(5):
            QApplication.processEvents()

    def table(self, name: str = "factsTable") -> QTableView:
        found = self.whole.findChild(QTableView, name)
        assert found is not None
        return found

    def rows(self, name: str = "factsTable") -> dict[str, list[str]]:
        """Label of each row to its values."""
        model = self.table(name).model()
        columns = range(model.columnCount())
        return {
            model.headerData(row, Qt.Orientation.Vertical): [model.index(row, column).data() for column in columns]
            for row in range(model.rowCount())
        }

    def tags(self) -> list[str]:
        """What the columns are called."""
        model = self.table().model()
        return [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]

    def text(self, name: str) -> str:
        label = self.whole.findChild(QLabel, name)
        assert label is not None
        return plain(label.text())

    def button(self, name: str) -> QAbstractButton:
        found = self.whole.findChild(QAbstractButton, name)
        assert found is not None
        return found

    @property
    def handle(self) -> LineHandle:
        found = self.whole.findChild(LineHandle, "thresholdSlider")
        assert found is not None
        return found


@pytest.fixture
def side(themed: QApplication) -> Iterator[Side]:
    """At the width it has in a usual window, with the numbers of the United States."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    session, whole, middle = TwoPhotos(), QSplitter(), QWidget()
    controller = ReviewController(session)  # type: ignore[arg-type]
    controller.setParent(whole)
    whole.addWidget(middle)
    pane = SideDrawer(controller, Pictures(controller, whole), middle)
    whole.addWidget(pane)
    whole.resize(1000, 800)
    whole.setSizes([712, 288])
    controller.add_folders(["/photos"])
    controller.set_mode("side")
    whole.show()
    whole.activateWindow()
    QApplication.processEvents()
    yield Side(session, controller, pane, middle, whole)
    controller.close()
    whole.close()
    whole.deleteLater()
    QLocale.setDefault(before)
    QApplication.processEvents()


# ------------------------------------------------------------------------------------------------------- facts


def test_what_differs_is_shown_and_what_agrees_is_folded_away(side: Side) -> None:
    side.session.views[1] = {"width": 2048, "height": 1365, "quality": 58}
    side.show()

    assert side.rows()["Pixels"] == ["6000×4000", "2048×1365"]
    assert "Taken" not in side.rows() and "Rating" not in side.rows()
    assert side.button("moreFacts").text() == "7 more are the same"
    assert not side.table("sameFactsTable").isVisible()

    side.button("moreFacts").click()

    assert side.table("sameFactsTable").isVisible()
    assert side.rows("sameFactsTable")["Rating"][0] == "none"


def test_only_differences_is_a_choice_that_lasts(side: Side) -> None:
    side.show()
    only = side.whole.findChild(QCheckBox, "onlyDifferences")
    assert only is not None and only.isChecked()

    only.click()

    assert "Rating" in side.rows() and not side.button("moreFacts").isVisible()
    assert side.controller.preferences.get("facts.only_differences") is False


def test_equal_values_span_the_table_and_are_said_once(side: Side) -> None:
    side.show()
    side.button("moreFacts").click()
    table = side.table("sameFactsTable")

    assert table.columnSpan(0, 0) == 2
    assert table.model().index(0, 0).data(Role.AccessibleTextRole).endswith(", the same in both")


def test_a_screen_reader_hears_row_column_value_and_which_is_better(side: Side) -> None:
    side.session.views[0] = {"keywords": 6}
    side.show()
    model = side.table().model()
    row = list(side.rows()).index("Keywords")

    assert model.headerData(0, Qt.Orientation.Horizontal, Role.AccessibleTextRole) == "Photo A"
    assert model.index(row, 0).data(Role.AccessibleTextRole) == "6, better"
    assert model.index(row, 1).data(Role.AccessibleTextRole) == "none"


def test_the_columns_follow_the_active_photo_and_the_mode(side: Side) -> None:
    side.show()
    assert side.tags() == ["A", "B"]

    side.controller.set_panes(4)
    side.controller.select_photo(3)
    assert side.tags() == ["A", "D"]
    assert side.rows()["Name"] == ["IMG_0000.jpg", "IMG_0003 a very long name of a picture.jpg"]

    side.controller.set_mode("grid")
    assert side.tags() == ["1", "4"]
    side.controller.select_photo(0)
    assert side.tags() == ["1", "2"]


def test_one_photo_alone_has_its_facts_and_none_has_a_hint(side: Side) -> None:
    side.controller.set_mode("grid")
    first = some_clusters(1).clusters[0]
    side.show(replace(first, members=(0,), verdicts=first.verdicts[:1], nests=((0,),), units=((0,),)))

    assert side.tags() == ["1"] and side.rows()["Pixels"] == ["6000×4000"]
    assert not side.button("moreFacts").isVisible()

    side.session.show(())
    side.settle()

    assert side.table().model().rowCount() == 0 and not side.table().isVisible()


def test_long_values_are_cut_on_screen_and_whole_in_the_tip(side: Side) -> None:
    side.controller.set_panes(4)
    side.show()
    side.controller.select_photo(3)
    row = list(side.rows()).index("Name")

    tip = side.table().model().index(row, 1).data(Role.ToolTipRole)
    side.whole.resize(900, 800)
    side.settle()

    assert tip == "<span>IMG_0003 a very long name of a picture.jpg</span>"  # never guessed to be rich text
    assert side.table().horizontalHeader().length() <= side.table().viewport().width()
    assert side.table().verticalHeader().width() <= 0.4 * side.table().width() + 1


def test_a_label_is_cut_rather_than_a_number(side: Side) -> None:
    side.session.views[1] = {"width": 3072}
    side.show()
    side.whole.setSizes([736, 264])
    side.settle()
    table = side.table()
    bold = QFontMetrics(theme.sized(table.font(), 0, bold=True))

    assert table.columnWidth(0) >= bold.horizontalAdvance("6000×4000") + 12
    assert table.verticalHeader().width() >= 48


def test_the_brightness_comes_without_the_window_waiting(side: Side, qtbot: QtBot) -> None:
    side.show()
    model = side.table().model()
    last = model.rowCount() - 1

    qtbot.waitUntil(lambda: model.index(last, 1).data(SPREAD_ROLE) is not None)

    assert model.headerData(last, Qt.Orientation.Vertical) == "Brightness"
    assert "on average" in model.index(last, 0).data(Role.AccessibleTextRole)


def test_brightness_counts_dark_at_one_end_and_bright_at_the_other() -> None:
    image = QImage(80, 40, QImage.Format.Format_RGB32)
    image.fill(0xFF000000)
    dark = spread_of(image)
    image.fill(0xFFFFFFFF)
    bright = spread_of(image)

    assert dark.mean == 0 and dark.shares[0] == 1 and not dark.shares[1:].any()
    assert bright.mean == 1 and bright.shares[-1] == 1 and not bright.shares[:-1].any()


def test_the_tables_keep_the_rules_of_models(side: Side) -> None:
    side.show()
    for name in ("factsTable", "sameFactsTable"):
        tester = QAbstractItemModelTester(side.table(name).model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
        side.controller.select_photo(2)
        del tester


def test_a_value_can_be_copied_in_full(side: Side, qtbot: QtBot) -> None:
    side.show()
    table = side.table()
    table.setCurrentIndex(table.model().index(list(side.rows()).index("Folder"), 1))

    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QApplication.clipboard().text() == "/photos/Export"


def test_letters_typed_on_the_facts_are_left_to_the_commands(side: Side) -> None:
    side.show()
    table = side.table()
    table.setCurrentIndex(table.model().index(0, 0))

    table.keyboardSearch("s")

    assert table.currentIndex().row() == 0


# ------------------------------------------------------------------------------------------------------- why


def _shares(side: Side) -> dict[str, int]:
    bars = side.pane.why.findChildren(QProgressBar)
    return {bar.accessibleName(): bar.value() for bar in bars if bar.isVisible()}


def test_the_heading_says_how_alike_and_the_bars_in_which_part(side: Side) -> None:
    parts = {"structure": 0.98, "hash": 0.97, "edges": 0.96, "colour": 0.91}
    side.session.pairs[0, 1] = PairView(0, 1, 0.97, Tier.SAME_PICTURE, parts, ())
    side.show()

    heading = side.pane.why.heading.findChild(QToolButton)
    assert heading is not None and plain(heading.text()) == "Why 97 %"
    assert _shares(side) == {"Structure": 98, "Edges": 96, "Colour": 91}
    assert side.text("reason") == "A and B are the same picture, saved twice."


def test_the_whole_frame_is_told_where_it_says_something_else(side: Side) -> None:
    parts = {"structure": 0.98, "hash": 0.6, "edges": 0.96, "colour": 0.91}
    side.session.pairs[0, 1] = PairView(0, 1, 0.97, Tier.EDITED, parts, ())
    side.show()

    assert _shares(side) == {"Structure": 98, "Whole frame": 60, "Edges": 96, "Colour": 91}


def test_of_a_crop_only_what_lies_on_each_other_is_compared(side: Side) -> None:
    parts = {"structure": 0.98, "hash": 0.04, "edges": 0.2, "colour": 0.91, "detail": 0.75, "overlap": 0.36}
    side.session.pairs[0, 1] = PairView(0, 1, 0.97, Tier.EDITED, parts, ("crop",), box=(0.3, 0.1, 0.85, 0.75))
    side.show()

    assert _shares(side) == {"Structure": 98, "Details": 75, "Shared area": 36, "Colour": 91}


def test_photos_that_are_no_pair_say_through_which_photo_they_came_together(side: Side) -> None:
    side.session.pairs[0, 2] = None
    side.show()
    side.controller.set_panes(3)
    side.controller.select_photo(2)

    assert _shares(side) == {}
    assert side.text("reason") == "A and C came together through photo 2."


def test_the_weakest_link_of_a_cluster_is_named(side: Side) -> None:
    first = some_clusters(1).clusters[0]
    side.session.pairs[0, 1] = PairView(0, 1, 0.88, Tier.EDITED, {}, ())
    side.show(replace(first, weakest=0.88, strongest=0.99))
    assert side.text("reason").endswith("This is the weakest link of the cluster. A stricter line parts it here.")

    pair = replace(first, key="two", members=(0, 1), verdicts=first.verdicts[:2], nests=((0, 1),), units=((0,), (1,)))
    side.show(replace(pair, weakest=0.88, strongest=0.88))
    assert "weakest" not in side.text("reason")


# ------------------------------------------------------------------------------------------------------- tuning


def test_counts_follow_the_handle_at_once_and_the_list_when_it_rests(side: Side, qtbot: QtBot) -> None:
    side.show()
    shown = []
    for value in (900, 850, 800):
        side.handle.setValue(value)
        shown.append((side.text("lineCounts"), side.text("lineFreed")))  # no event was handled in between

    assert shown[0] == ("10 clusters · 25 photos", "Would free 100 MB")
    assert shown[2] == ("20 clusters · 50 photos", "Would free 200 MB")
    assert not side.session.called("set_line")
    qtbot.waitUntil(lambda: side.session.called("set_line") == [(0.8,)])


def test_an_estimate_of_the_space_is_called_one(side: Side) -> None:
    side.session.estimates = True
    side.handle.setValue(900)

    assert side.text("lineFreed") == "Would free about 100 MB"


@pytest.mark.parametrize(
    ("key", "held", "line"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 0.865),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.855),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 0.88),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 0.84),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 0.88),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 0.84),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0.5),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 1.0),
    ],
)
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_keys_move_the_handle_the_way_it_is_seen(
    side: Side, qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier, line: float, direction: Qt.LayoutDirection
) -> None:
    side.whole.setLayoutDirection(direction)
    before = side.handle.handle().center().x()

    qtbot.keyClick(side.handle, key, held)

    assert side.controller.line == line
    assert (side.handle.handle().center().x() > before) is (line > 0.86)


def test_the_handle_is_dragged_by_where_it_was_taken_hold_of(side: Side, qtbot: QtBot) -> None:
    handle = side.handle
    box, wide = handle.handle(), handle.width()
    assert box.width() >= theme.HIT_MIN and box.height() >= theme.HIT_MIN
    taken = QPoint(round(box.center().x()) + 5, 8)

    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=taken)
    assert abs(side.controller.line - 0.86) < 0.003

    qtbot.mouseMove(handle, QPoint(taken.x() - 60, 8))
    moved = side.controller.line
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(taken.x() - 60, 8))

    assert abs(x_of(moved, wide) - (box.center().x() - 60)) < 2
    assert not handle.isSliderDown()

    qtbot.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(round(x_of(0.7, wide)), 8))
    assert abs(side.controller.line - 0.7) < 0.003


def test_a_wheel_that_passes_by_leaves_the_line_alone(side: Side) -> None:
    side.show()
    handle = side.handle

    def turn() -> None:
        at, nothing = QPointF(20, 8), Qt.KeyboardModifier.NoModifier
        wheel = QWheelEvent(at, handle.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, nothing,
                            Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        QApplication.sendEvent(handle, wheel)

    side.middle.setFocus()
    turn()
    assert side.controller.line == 0.86

    handle.setFocus()
    turn()
    assert side.controller.line != 0.86


def test_a_line_moved_elsewhere_moves_the_handle_and_tells_nothing_back(side: Side, qtbot: QtBot) -> None:
    side.controller.set_line(0.8125)

    assert side.handle.value() == 812
    assert side.controller.line == 0.8125
    assert "81.2 %" in plain(side.handle.accessibleDescription())


def test_presets_name_the_line_and_set_it(side: Side) -> None:
    preset, reset = side.button("linePreset"), side.button("lineReset")
    assert isinstance(preset, QToolButton) and preset.text() == "Balanced" and not reset.isEnabled()

    named = {action.text().split("\t")[0]: action for action in preset.menu().actions()}
    assert list(named) == ["Identical", "Strict", "Balanced", "Loose"]
    named["Loose"].trigger()
    assert side.controller.line == 0.70 and preset.text() == "Loose" and named["Loose"].isChecked()

    side.handle.setValue(777)
    assert preset.text() == "Your own" and not any(action.isChecked() for action in named.values())

    reset.click()
    assert side.controller.line == 0.86 and preset.text() == "Balanced"


def test_a_bar_tells_its_range_and_its_pairs(side: Side) -> None:
    histogram = side.whole.findChild(ScoreHistogram, "scoreHistogram")
    assert histogram is not None
    bins = tuple(range(50))
    histogram.show_bins(bins)
    wide = histogram.width()

    assert histogram.told_at(x_of(0.865, wide)) == "86.0–87.0: 36 pairs"
    assert histogram.told_at(x_of(1.0, wide)) == "99.0–100.0: 49 pairs"
    assert histogram.told_at(x_of(0.515, wide)) == "51.0–52.0: 1 pair"
    assert histogram.told_at(1) == "" and "1,225" in histogram.accessibleDescription()


def test_bars_inside_the_line_have_the_accent_and_the_others_the_grey_of_edges(side: Side) -> None:
    histogram = side.whole.findChild(ScoreHistogram, "scoreHistogram")
    assert histogram is not None
    histogram.show_bins((100,) * 50)
    histogram.show_line(0.86)
    side.settle()
    image, wide, low = histogram.grab().toImage(), histogram.width(), histogram.height() - 6
    tokens = theme.tokens_of(histogram.palette())

    assert image.pixelColor(round(x_of(0.805, wide)), low).name() == tokens.edge
    assert image.pixelColor(round(x_of(0.905, wide)), low).name() == tokens.accent


# ------------------------------------------------------------------------------------------------------- folding, drawer


@pytest.mark.parametrize("name", ["facts", "why", "tuning"])
def test_a_pane_that_was_folded_comes_back_folded(side: Side, name: str) -> None:
    pane = getattr(side.pane, name)
    heading = pane.heading.findChild(QToolButton)
    assert pane.body.isVisible()

    heading.click()

    assert not pane.body.isVisible()
    assert side.controller.preferences.get(f"{name}.folded") is True
    again = SideDrawer(side.controller, Pictures(side.controller, side.whole), side.middle)
    assert getattr(again, name).heading.is_folded
    again.deleteLater()


def test_the_folded_line_still_says_where_it_stands(side: Side) -> None:
    side.pane.tuning.heading.fold(True)

    assert side.button("linePreset").text() == "Balanced · 86.0"


def test_in_a_narrow_window_the_panes_are_tabs_with_a_drawer_over_the_photos(side: Side) -> None:
    side.show()
    side.pane.set_narrow(True)
    side.settle()
    assert side.pane.width() == STRIP and not side.pane.facts.isVisible()

    side.button("drawerTab.facts").click()
    side.settle()

    drawer = side.middle.findChild(QWidget, "drawer")
    assert drawer is not None and drawer.isVisible() and side.table().isVisible() and not side.pane.tuning.isVisible()
    assert drawer.width() == theme.RIGHT_PANE[1] and drawer.height() == side.middle.height()
    assert drawer.geometry().right() == side.middle.width() - 1

    side.button("drawerTab.tuning").click()
    side.settle()
    assert side.handle.isVisible() and not side.table().isVisible()

    side.button("drawerTab.tuning").click()
    assert not drawer.isVisible() and side.pane.open_tab == ""


def test_the_drawer_follows_the_window_and_stands_at_the_other_side_from_right_to_left(side: Side) -> None:
    side.whole.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    side.pane.set_narrow(True)
    side.pane.open_drawer("why")
    side.whole.resize(900, 640)
    side.settle()

    drawer = side.middle.findChild(QWidget, "drawer")
    assert drawer is not None and drawer.x() == 0 and drawer.height() == side.middle.height()


def test_escape_closes_the_drawer_and_the_keyboard_goes_back_to_its_tab(side: Side, qtbot: QtBot) -> None:
    side.show()
    side.pane.set_narrow(True)
    qtbot.waitUntil(side.whole.isActiveWindow)
    tab = side.button("drawerTab.tuning")
    tab.setFocus(Qt.FocusReason.TabFocusReason)
    side.whole.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # as after the Tab key
    qtbot.keyClick(tab, Qt.Key.Key_Space)
    side.settle()
    inside = QApplication.focusWidget()
    assert inside is not None and side.pane.tuning.isAncestorOf(inside)

    qtbot.keyClick(inside, Qt.Key.Key_Escape)

    assert side.pane.open_tab == "" and QApplication.focusWidget() is tab


def test_escape_is_left_alone_while_no_drawer_is_open(side: Side, qtbot: QtBot) -> None:
    pressed: list[int] = []

    class Listener(QWidget):
        def keyPressEvent(self, event: QEvent) -> None:  # type: ignore[override]
            pressed.append(event.key())  # type: ignore[attr-defined]

    listener = Listener(side.middle)
    listener.show()
    qtbot.keyClick(listener, Qt.Key.Key_Escape)

    assert pressed == [Qt.Key.Key_Escape.value] or pressed == [Qt.Key.Key_Escape]


def test_a_window_made_wide_again_has_its_column_as_it_was(side: Side) -> None:
    side.whole.setSizes([680, 320])
    side.settle()
    before = side.pane.width()
    side.pane.set_narrow(True)
    side.pane.open_drawer("facts")
    side.settle()

    side.pane.set_narrow(False)
    side.settle()

    assert side.pane.width() == before
    assert side.pane.facts.isVisible() and side.pane.why.isVisible() and side.pane.tuning.isVisible()
    assert side.pane.open_tab == ""


def test_every_control_has_a_name_and_a_box_large_enough_to_hit(side: Side) -> None:
    side.show()
    side.pane.set_narrow(True)
    side.settle()
    wide = [side.handle, *side.whole.findChildren(QAbstractButton)]

    nameless = [widget for widget in wide if not (widget.accessibleName() or getattr(widget, "text", str)())]
    small = [w.objectName() for w in wide if w.isVisible() and min(w.width(), w.height()) < theme.HIT_MIN]

    assert not [w for w in nameless if w.isVisible()] and not small
