"""The row of all photos under those that are compared: what it says, what a press does, and what else resembles them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine.records import PairView, Suggest, Tier
from imgfp_gui import theme
from imgfp_gui.main_window import MainWindow
from imgfp_gui.views.filmstrip import Filmstrip
from tests.support.gallery import Gallery, many, shop

SHOP, MANY = "key-0", "key-1"


class Alike(Gallery):
    """The first photo of each cluster also resembles the first one of the other."""

    others = 1

    def resembles(self, files):  # type: ignore[no-untyped-def]
        mine = min(files)
        outside = [file for cluster in self.clusters for file in cluster.members if file not in files]
        return tuple(PairView(mine, file, 0.88, Tier.EDITED, {}, ()) for file in outside[: self.others])


@pytest.fixture
def session() -> Alike:
    """Two clusters."""
    return Alike(shop(), many(12))


@pytest.fixture
def strip(window: MainWindow, session: Alike, qapp: QApplication) -> Filmstrip:
    """The filmstrip of the first one."""
    window.controller.add_folders(["/photos"])
    session.show(session.clusters)
    qapp.processEvents()
    session.answer("open_folders", {})
    window.controller.start_reviewing()
    window.controller.set_mode("side")
    window.controller.select_cluster(SHOP)
    _settle(qapp)
    return window.contents.workspace.filmstrip


def _settle(qapp: QApplication) -> None:
    for _ in range(5):
        qapp.processEvents()


def _said(strip: Filmstrip) -> list[str]:
    model = strip.members
    return [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def _buttons(strip: Filmstrip) -> dict[str, QPushButton]:
    return {button.text(): button for button in strip.actions_column.findChildren(QPushButton)}


def test_every_photo_says_what_it_is_and_what_shall_become_of_it(strip: Filmstrip) -> None:
    said = _said(strip)

    assert len(said) == 4
    assert said[0].startswith("Photo 1 of 4, P5140211.ORF, 20 megapixels, to keep, RAW, more pixels")
    assert said[3].startswith("Photo 4 of 4, IMG-20240514-WA0007.jpg, 2.3 megapixels, marked for trash")


def test_the_model_keeps_the_rules_of_models(strip: Filmstrip, window: MainWindow, qapp: QApplication) -> None:
    QAbstractItemModelTester(strip.members, QAbstractItemModelTester.FailureReportingMode.Fatal)

    window.controller.select_cluster(MANY)
    window.controller.mark(3, Suggest.KEEP)
    window.controller.select_cluster(SHOP)

    assert strip.members.rowCount() == 4


def test_a_press_makes_a_photo_active_and_shows_it_beside_the_best(strip: Filmstrip, window: MainWindow) -> None:
    place = strip.list.visualRect(strip.members.index(3)).center()

    QTest.mouseClick(strip.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert window.controller.photo == 3 and window.controller.panes == (0, 3)


def test_digits_lead_to_photos(strip: Filmstrip, window: MainWindow, qapp: QApplication) -> None:
    window.action("photo.3").trigger()

    assert strip.list.currentIndex().row() == 2


def test_letters_are_commands_and_no_search(strip: Filmstrip, window: MainWindow, qapp: QApplication) -> None:
    strip.list.setFocus()
    QTest.keyClick(strip.list, Qt.Key.Key_I)  # names begin with it

    assert strip.list.currentIndex().row() == 0


def test_a_cell_is_as_large_as_it_should_and_pictures_are_whole(strip: Filmstrip, window: MainWindow) -> None:
    assert strip.height() == theme.FILMSTRIP
    cell = strip.list.delegate.cell(strip.fontMetrics().height())
    assert (cell.width(), cell.height()) == theme.FILMSTRIP_CELL
    # an upright photo leaves the ground free at both sides of its 104 pixels
    first = strip.list.visualRect(strip.members.index(1))
    image = strip.list.viewport().grab(first).toImage()
    row = [image.pixelColor(x, 40) for x in range(cell.width())]
    ground = row[10]
    shown = [x for x in range(12, 116) if row[x] != ground]
    assert 50 <= shown[-1] - shown[0] <= 56


def test_what_is_marked_is_dim_until_the_pointer_is_on_it(strip: Filmstrip, qapp: QApplication) -> None:
    def light(row: int) -> int:
        cell = strip.list.visualRect(strip.members.index(row)).adjusted(40, 8, -48, -36)
        return strip.list.viewport().grab(cell).toImage().scaled(1, 1).pixelColor(0, 0).lightness()

    before = light(3)
    QTest.mouseMove(strip.list.viewport(), strip.list.visualRect(strip.members.index(3)).center())
    _settle(qapp)

    assert light(3) > before + 15


def test_the_whole_cluster_is_decided_from_the_same_place(
    strip: Filmstrip, window: MainWindow, session: Alike, qapp: QApplication
) -> None:
    assert list(_buttons(strip)) == ["Accept, next", "All different", "Set aside"]
    _buttons(strip)["Accept, next"].click()
    _settle(qapp)

    assert sorted(session.marks.values()) == [Suggest.KEEP, Suggest.REMOVE, Suggest.REMOVE]  # the crop stays undecided
    _buttons(strip)["All different"].click()
    assert session.called("remember")


def test_a_low_window_gives_its_height_to_the_photos(strip: Filmstrip, window: MainWindow, qapp: QApplication) -> None:
    before = strip.height()
    window.resize(1000, 600)
    _settle(qapp)

    assert strip.height() <= 80 < before
    window.resize(1280, 800)
    _settle(qapp)
    assert strip.height() == before


def test_many_photos_scroll_by_wheel_and_the_active_one_is_in_sight(
    strip: Filmstrip, window: MainWindow, qapp: QApplication
) -> None:
    window.controller.select_cluster(MANY)
    _settle(qapp)
    assert strip.list.horizontalScrollBar().maximum() > 0

    window.action("photo.9").trigger()
    _settle(qapp)

    assert strip.list.viewport().rect().contains(strip.list.visualRect(strip.members.index(8)).center())


def test_one_that_resembles_them_elsewhere_leads_to_its_cluster(strip: Filmstrip, window: MainWindow, qapp: QApplication) -> None:
    button = strip.resembling
    assert button.isVisible() and "88 % like photo 1" in button.toolTip()

    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))

    assert window.controller.cluster and window.controller.cluster.key == MANY


def test_nothing_is_said_of_others_when_there_are_none(
    strip: Filmstrip, window: MainWindow, session: Alike, qapp: QApplication
) -> None:
    session.others = 0
    window.controller.select_cluster(MANY)

    assert strip.resembling.isHidden()
