"""The middle of the window: what is shown side by side and in the grid, how it is zoomed, and what a press decides."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from engine.records import Suggest
from imgfp_gui import theme
from imgfp_gui.compare.arrangement import Form, arrange, cell_size
from imgfp_gui.compare.canvas import Canvas
from imgfp_gui.compare.laid import in_shape
from imgfp_gui.compare.links import holding, sentence
from imgfp_gui.compare.pane import Pane
from imgfp_gui.compare.side_by_side import SideBySide
from imgfp_gui.compare.survey import SurveyList
from imgfp_gui.main_window import MainWindow
from imgfp_gui.parts.badge import BadgeLabel
from tests.support.gallery import Gallery, Photo, many, range_of_hills, shop, unreadable

SHOP, HILLS, TWO, FORTY, GONE, ODD = (f"key-{n}" for n in range(6))


@pytest.fixture
def session() -> Gallery:
    """Clusters that differ in what is hard about them."""
    odd = (Photo("<b>x</b>\u202egpj.exe.jpg", 900, 600), Photo("b.jpg", 900, 600))
    return Gallery(shop(), range_of_hills(), many(2), many(40), unreadable(), odd)


@pytest.fixture
def side(window: MainWindow, session: Gallery, qapp: QApplication) -> SideBySide:
    """The shop's photos side by side."""
    window.controller.add_folders(["/photos"])
    session.show(session.clusters)
    qapp.processEvents()
    session.answer("open_folders", {})
    window.controller.start_reviewing()
    window.controller.set_mode("side")
    _select(window, SHOP, qapp)
    found = window.findChild(SideBySide)
    assert found is not None
    return found


def _select(window: MainWindow, key: str, qapp: QApplication) -> None:
    window.controller.select_cluster(key)
    _settle(qapp)


def _settle(qapp: QApplication) -> None:
    for _ in range(5):
        qapp.processEvents()


def _area(window: MainWindow):  # type: ignore[no-untyped-def]
    return window.contents.workspace.compare


def _buttons(pane: Pane) -> dict[str, QAbstractButton]:
    return {button.text(): button for button in pane.findChildren(QAbstractButton) if button.text() in ("Keep", "Trash")}


def _badges(pane: Pane) -> list[str]:
    return [badge.accessibleName() for badge in pane.findChildren(BadgeLabel) if not badge.isHidden()]


def _alike(one: QImage, other: QImage) -> float:
    """Mean difference of two grabs in levels, ignoring a rim."""
    size = one.size().boundedTo(other.size()) / 8
    small = [
        image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        for image in (one, other)
    ]
    pairs = [
        (QColor(small[0].pixel(x, y)), QColor(small[1].pixel(x, y)))
        for x in range(4, size.width() - 4)
        for y in range(4, size.height() - 4)
    ]
    return sum(abs(a.green() - b.green()) + abs(a.red() - b.red()) for a, b in pairs) / (2 * len(pairs))


def _photo_of(canvas: Canvas) -> QImage:
    return canvas.grab(_frame(canvas)).toImage()


def _frame(canvas: Canvas):  # type: ignore[no-untyped-def]
    assert canvas.laid is not None
    return canvas.laid.rect(canvas._viewport.frame(canvas.area, canvas.pane)).intersected(canvas.rect())


def _wheel(canvas: Canvas, at: QPoint, notches: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    place = QPointF(at)
    turn = QPoint(0, 120 * notches)
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, canvas.mapToGlobal(place), QPoint(), turn, buttons, modifiers, phase, False)
    QApplication.sendEvent(canvas, event)


def _drag(canvas: Canvas, by: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    start = QPoint(150, 150)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifiers, start)
    QTest.mouseMove(canvas, start + by)  # carries no modifiers of its own on every platform
    QApplication.processEvents()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifiers, start + by)


# ------------------------------------------------------------------------------------------------ what stands where


def test_the_best_photo_stands_first_and_arrows_bring_challengers(
    window: MainWindow, side: SideBySide, qapp: QApplication
) -> None:
    seen = [[pane.member.name for pane in side.panes if pane.member]]
    for _ in range(3):
        window.action("photo.next").trigger()
        seen.append([pane.member.name for pane in side.panes if pane.member])

    assert {names[0] for names in seen} == {"P5140211.ORF"}
    assert [names[1] for names in seen] == [
        "P5140211-Edit.jpg", "P5140211-Edit.jpg", "scan_0211.jpg", "IMG-20240514-WA0007.jpg"
    ]  # fmt: skip


def test_two_to_four_photos_stand_side_by_side_each_with_its_letter(
    window: MainWindow, side: SideBySide, qapp: QApplication
) -> None:
    letters = []
    for count in (2, 3, 4):
        window.controller.set_panes(count)
        _settle(qapp)
        letters.append("".join(pane.letter for pane in side.panes if pane.isVisible()))

    assert letters == ["AB", "ABC", "ABCD"]


def test_swapped_photos_change_places_and_the_active_one_stays_active(window: MainWindow, side: SideBySide) -> None:
    window.action("view.swap").trigger()

    assert [pane.member.number for pane in side.panes if pane.member] == [2, 1]
    assert [pane.active for pane in side.panes] == [False, True]


@pytest.mark.parametrize(
    ("size", "count", "shape", "expected"),
    [
        ((728, 560), 2, 0.75, (Form.COLUMN, 2)),  # upright photos beside each other
        ((728, 560), 2, 1.94, (Form.ROW, 1)),  # wide ones one above the other
        ((1500, 560), 2, 1.5, (Form.COLUMN, 2)),
        ((728, 560), 3, 3.0, (Form.ROW, 1)),
        ((1000, 770), 3, 1.5, (Form.QUARTER, 2)),  # three in two rows, larger than in one
        ((728, 560), 4, 1.5, (Form.QUARTER, 2)),
        ((380, 560), 2, 0.75, (Form.ROW, 1)),  # no room for two decisions beside each other
    ],
)
def test_panes_lie_so_that_photos_are_largest(
    size: tuple[int, int], count: int, shape: float, expected: tuple[Form, int]
) -> None:
    assert arrange(QSize(*size), count, shape) == expected


def test_wide_photos_lie_one_above_the_other_in_the_window(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    beside = side.panes[0].y() == side.panes[1].y()
    _select(window, HILLS, qapp)

    assert beside and side.panes[0].x() == side.panes[1].x()
    assert abs(side.panes[0].canvas.height() - side.panes[1].canvas.height()) <= 1


# ------------------------------------------------------------------------------------------------ where photos lie


def test_a_turned_and_a_mirrored_copy_are_shown_like_the_first(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    window.controller.select_photo(2)
    _settle(qapp)
    assert _badges(side.panes[1]) == ["turned 90°"]
    assert _alike(_photo_of(side.panes[0].canvas), _photo_of(side.panes[1].canvas)) < 4

    _select(window, HILLS, qapp)
    window.controller.select_photo(2)
    _settle(qapp)
    assert _badges(side.panes[1]) == ["mirrored"]
    assert _alike(_photo_of(side.panes[0].canvas), _photo_of(side.panes[1].canvas)) < 4


def test_a_smaller_copy_is_shown_as_large_as_the_first_and_says_so(
    window: MainWindow, side: SideBySide, qapp: QApplication
) -> None:
    window.controller.select_photo(3)
    _settle(qapp)
    first, small = (_frame(pane.canvas) for pane in side.panes)

    assert abs(first.width() - small.width()) <= 1 and abs(first.height() - small.height()) <= 1
    assert _badges(side.panes[1]) == ["2.9 × smaller"]


def test_a_crop_lies_where_it_was_cut_out_and_is_outlined_there(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    whole, crop = side.panes[0].canvas, side.panes[1].canvas
    frame, part = _frame(whole), _frame(crop)

    assert part.width() / frame.width() == pytest.approx(0.79, abs=0.02)
    assert (part.x() - _frame(whole).x()) / frame.width() == pytest.approx(0.19, abs=0.02)
    corner = QPoint(part.x() + part.width() // 2, part.y())
    rim = [whole.grab().toImage().pixelColor(corner + QPoint(0, down)).lightness() for down in range(5)]
    assert max(rim) == 255 and min(rim) == 0  # white between black

    aligned = next(button for button in _area(window).findChildren(QAbstractButton) if button.text() == "Aligned")
    assert aligned.isVisible() and aligned.isChecked()
    aligned.click()
    _settle(qapp)
    assert _frame(crop).width() == pytest.approx(frame.width(), abs=8)
    _select(window, TWO, qapp)
    assert aligned.isHidden()  # nothing is cut out here


def test_no_picture_is_stretched_when_its_preview_is_cut_otherwise() -> None:
    assert in_shape(QRect(10, 20, 600, 400), QSize(1620, 1080)) == QRect(10, 20, 600, 400)
    assert in_shape(QRect(10, 20, 600, 400), QSize(1600, 1200)) == QRect(43, 20, 533, 400)
    assert in_shape(QRect(0, 0, 7, 5), QSize(1500, 1000)) == QRect(0, 0, 7, 5)  # rounded to whole pixels


# ------------------------------------------------------------------------------------------------ zooming


def test_one_to_one_asks_for_all_pixels_and_fit_never_does(
    window: MainWindow, side: SideBySide, qapp: QApplication, session: Gallery
) -> None:
    assert not [call for call in session.called("request_image") if call[1] == 0]

    window.action("view.fit").trigger()
    _settle(qapp)

    asked = session.called("request_image")
    assert {call[0] for call in asked if call[1] == 0} == {0, 1}
    assert not [call for call in asked if call[1] == 2048]  # nothing between that would delay them
    assert _area(window).viewport.zoom == 1.0
    window.action("view.fit").trigger()
    assert _area(window).viewport.fitted


def test_the_wheel_zooms_all_panes_under_the_pointer(window: MainWindow, side: SideBySide) -> None:
    canvas, viewport, at = side.panes[1].canvas, _area(window).viewport, QPoint(100, 120)
    place = QPointF(at) * canvas.devicePixelRatioF()
    _wheel(canvas, at, 6)
    point = viewport.to_picture(place, canvas.area, 1)
    _wheel(canvas, at, 2)

    after = viewport.to_picture(place, canvas.area, 1)
    assert (after.x(), after.y()) == pytest.approx((point.x(), point.y()), abs=1e-6)
    assert not viewport.fitted
    assert viewport.frame(canvas.area, 0).size() == viewport.frame(canvas.area, 1).size()


def test_a_drag_moves_all_panes_and_with_shift_only_its_own(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    viewport, (a, b) = _area(window).viewport, (pane.canvas for pane in side.panes)
    viewport.zoom_to(1.0)
    before = viewport.frame(a.area, 0).topLeft()
    _drag(a, QPoint(30, 20))
    moved = viewport.frame(a.area, 0).topLeft() - before

    assert (moved.x(), moved.y()) == pytest.approx((30, 20))
    assert viewport.apart(1) == viewport.apart(0)
    viewport.pan(25, 0, 1, alone=True)
    _settle(qapp)
    button = next(button for button in b.findChildren(QAbstractButton) if button.isVisible())
    assert button.accessibleName() == "Moved apart"
    button.click()
    assert viewport.apart(1) == viewport.apart(0) and button.isHidden()


def test_the_wheel_with_shift_zooms_one_pane(window: MainWindow, side: SideBySide) -> None:
    viewport, canvas = _area(window).viewport, side.panes[1].canvas
    viewport.zoom_to(1.0)

    _wheel(canvas, QPoint(80, 80), 2, Qt.KeyboardModifier.ShiftModifier)

    assert viewport.zoom == 1.0 and viewport.apart(1).larger > 1.5


def test_a_double_click_goes_to_the_pixels_and_back(window: MainWindow, side: SideBySide) -> None:
    viewport, canvas = _area(window).viewport, side.panes[0].canvas
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 200))
    zoom = viewport.zoom
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 200))

    assert zoom == 1.0 and viewport.fitted


def test_a_double_click_lines_a_photo_up_that_was_moved_apart(window: MainWindow, side: SideBySide) -> None:
    viewport, canvas = _area(window).viewport, side.panes[1].canvas
    viewport.zoom_to(1.0)
    viewport.pan(40, 0, 1, alone=True)

    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 200))

    assert viewport.apart(1) == viewport.apart(0) and viewport.zoom == 1.0


def test_without_the_link_keys_zoom_the_active_photo_alone(window: MainWindow, side: SideBySide) -> None:
    linked = next(button for button in _area(window).findChildren(QAbstractButton) if button.text() == "Linked")
    linked.click()
    window.controller.select_photo(1)
    window.action("view.zoom_in").trigger()
    viewport = _area(window).viewport

    assert viewport.fitted and viewport.apart(1).larger == pytest.approx(1.25)
    linked.click()
    assert viewport.apart(1) == viewport.apart(0)


def test_keys_move_what_a_key_zoomed(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    window.contents.workspace.clusters.setFocus()
    window.action("view.fit").trigger()
    before = _area(window).viewport.centre

    focus = window.focusWidget()
    assert isinstance(focus, Canvas)
    QTest.keyClick(focus, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(focus, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)

    after = _area(window).viewport.centre
    assert after.x() > before.x() and after.y() > before.y()


def test_the_zoom_outlives_the_mode_and_the_next_cluster_only_if_wanted(
    window: MainWindow, side: SideBySide, qapp: QApplication
) -> None:
    viewport = _area(window).viewport
    viewport.zoom_to(2.0)
    window.controller.set_mode("grid")
    window.controller.set_mode("side")
    assert viewport.zoom == 2.0

    _select(window, HILLS, qapp)
    assert viewport.fitted
    window.controller.preferences.set("photos.keep_zoom", True)
    viewport.zoom_to(2.0)
    _select(window, SHOP, qapp)
    assert viewport.zoom == 2.0


def test_from_the_grid_a_zoom_leads_to_photos_side_by_side(window: MainWindow, side: SideBySide) -> None:
    window.controller.set_mode("grid")

    window.action("view.one").trigger()

    assert window.controller.mode == "side" and _area(window).viewport.zoom == 1.0


def test_an_overview_shows_where_one_is_and_leads_elsewhere(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    overview = side.findChild(QWidget, "navigator")
    assert overview is not None and overview.isHidden()
    window.action("view.one").trigger()
    _settle(qapp)
    assert overview.isVisible() and overview.parent() is side.panes[0].canvas

    QTest.mouseClick(overview, Qt.MouseButton.LeftButton, pos=QPoint(overview.width() - 20, 20))
    assert _area(window).viewport.centre.x() > 0.6 and _area(window).viewport.centre.y() < 0.4


def test_a_raw_preview_is_told_when_one_looks_at_pixels(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    before = _badges(side.panes[0])
    window.action("view.one").trigger()
    _settle(qapp)

    assert "embedded preview" not in before and "embedded preview" in _badges(side.panes[0])


def test_pixels_lie_on_pixels_at_one_to_one(window: MainWindow, side: SideBySide, qapp: QApplication, session: Gallery) -> None:
    _select(window, TWO, qapp)
    viewport, canvas = _area(window).viewport, side.panes[0].canvas
    viewport.zoom_to(1.0)
    viewport.look_at(QPointF(0.37, 0.61))
    _settle(qapp)
    full = window.pictures.full(canvas.laid.file)  # type: ignore[union-attr]
    frame = canvas.laid.rect(viewport.frame(canvas.area))  # type: ignore[union-attr]
    shown = canvas.grab().toImage()

    assert full is not None and canvas.devicePixelRatioF() == 1.0
    places = [QPoint(x, y) for x in range(10, 200, 23) for y in range(10, 150, 17)]
    assert all(shown.pixel(place) == full.pixel(place - frame.topLeft()) for place in places)


# ------------------------------------------------------------------------------------------------ deciding


def test_a_press_decides_and_a_second_one_takes_it_back(window: MainWindow, side: SideBySide) -> None:
    cluster = window.controller.cluster
    assert cluster
    trash = _buttons(side.panes[1])["Trash"]

    trash.click()
    assert window.controller.suggest_of(cluster, 1) is Suggest.REMOVE and trash.isChecked()
    trash.click()
    assert window.controller.suggest_of(cluster, 1) is Suggest.UNDECIDED and not trash.isChecked()


def test_keep_and_trash_exclude_each_other_and_say_why(window: MainWindow, side: SideBySide) -> None:
    keep, trash = (_buttons(side.panes[1])[word] for word in ("Keep", "Trash"))
    trash.click()
    keep.click()

    assert keep.isChecked() and not trash.isChecked()
    assert "chosen by you" in [label.text() for label in side.panes[1].findChildren(QLabel)]


def test_a_mark_that_is_refused_leaves_its_button_as_it_was(window: MainWindow, side: SideBySide) -> None:
    trash = _buttons(side.panes[0])["Trash"]  # in a protected folder

    trash.click()

    assert not trash.isChecked() and _buttons(side.panes[0])["Keep"].isChecked()


def test_the_active_photo_follows_press_and_keyboard(window: MainWindow, side: SideBySide) -> None:
    QTest.mouseClick(side.panes[1].canvas, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    assert window.controller.photo == 1
    side.panes[0].canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.controller.photo == 0 and [pane.active for pane in side.panes] == [True, False]


# ------------------------------------------------------------------------------------------------ what is not there


def test_a_photo_that_is_gone_says_so_in_its_place(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    _select(window, GONE, qapp)
    canvas = side.panes[1].canvas
    first, gone = (_frame(pane.canvas) for pane in side.panes)

    assert window.pictures.trouble(canvas.laid.file).startswith("This photo is not there any more.")  # type: ignore[union-attr]
    assert gone.size() == first.size()
    image = canvas.grab(gone).toImage()
    ground, ink = QColor(theme.DARK.panel), QColor(theme.DARK.dim)
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert ground.name() in colours and ink.name() in colours


def test_a_picture_on_its_way_leaves_its_place_free(
    window: MainWindow, session: Gallery, side: SideBySide, qapp: QApplication
) -> None:
    session.draws = False
    window.pictures.clear()
    _select(window, HILLS, qapp)

    assert _frame(side.panes[0].canvas).width() > 300  # its size is known before its pixels are
    assert side.panes[0].canvas.grab().toImage().pixelColor(_frame(side.panes[0].canvas).center()).name() == theme.DARK.panel


@pytest.mark.parametrize("surround", ["black", "middle", "white"])
def test_one_key_goes_through_the_greys_behind_photos(
    window: MainWindow, side: SideBySide, qapp: QApplication, surround: str
) -> None:
    for _ in range(["black", "middle", "white"].index(surround) + 1):
        window.action("view.surround").trigger()
    _settle(qapp)

    corner = side.panes[0].canvas.grab().toImage().pixelColor(2, 2).name()
    assert corner == theme.SURROUNDS[surround]


def test_facts_can_lie_over_the_photo(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    plain = side.panes[0].canvas.grab().toImage()
    window.action("view.info").trigger()
    _settle(qapp)

    assert plain.pixelColor(24, 12) != side.panes[0].canvas.grab().toImage().pixelColor(24, 12)
    assert window.controller.preferences.values.photos_information


# ------------------------------------------------------------------------------------------------ the grid


def test_the_grid_shows_every_photo_and_scrolls_only_when_it_must(
    window: MainWindow, side: SideBySide, qapp: QApplication
) -> None:
    window.controller.set_mode("grid")
    _settle(qapp)
    grid = window.findChild(SurveyList)
    assert grid is not None
    inside = all(grid.viewport().rect().contains(grid.visualRect(grid.model().index(row, 0))) for row in range(4))
    _select(window, FORTY, qapp)

    assert inside and grid.model().rowCount() == 40
    assert grid.verticalScrollBar().maximum() > 0


def test_a_press_in_the_grid_makes_a_photo_active_and_two_show_it_large(
    window: MainWindow, side: SideBySide, qapp: QApplication
) -> None:
    window.controller.set_mode("grid")
    _settle(qapp)
    grid = window.findChild(SurveyList)
    assert grid is not None
    place = grid.visualRect(grid.model().index(2, 0)).center()

    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.controller.photo == 2
    QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.controller.mode == "side" and 2 in window.controller.panes


def test_what_is_marked_for_trash_is_dim_until_one_looks_at_it(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    window.controller.set_mode("grid")
    _settle(qapp)
    grid = window.findChild(SurveyList)
    assert grid is not None

    def light(row: int) -> int:
        return (
            grid.viewport().grab(grid.visualRect(grid.model().index(row, 0))).toImage().scaled(1, 1).pixelColor(0, 0).lightness()
        )

    kept, dimmed = light(0), light(2)
    window.controller.select_photo(2)
    _settle(qapp)

    assert dimmed < kept - 20 and light(2) > dimmed + 20


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (2, 2), (4, 2), (12, 3)])
def test_cells_are_as_large_as_they_can_be(count: int, rows: int) -> None:
    cell = cell_size(QSize(720, 660), count, 52, 12)

    assert cell.height() * rows <= 660 < cell.height() * (rows + 1)


def test_a_grid_scrolls_rather_than_show_photos_that_cannot_be_judged() -> None:
    wide, upright = (cell_size(QSize(720, 660), 60, 52, 12, shape) for shape in (1.5, 0.75))

    assert wide.width() - 24 >= 136 and wide.height() * -(-60 // (720 // wide.width())) > 660
    assert upright.height() - 24 - 52 >= 136 and upright.width() < wide.width()


def test_the_links_that_hold_a_cluster_together_are_told_with_the_weakest(session: Gallery) -> None:
    cluster = session.clusters[0]
    links = holding(cluster, [*session.links(cluster.members), *session.links(cluster.members)])

    assert [(link.one, link.other) for link in links] == [(1, 4), (1, 3), (1, 2)]
    assert sentence(links, lambda text: True) == "Links: 1–4 99 %, 1–3 98 %, 1–2 93 % (weakest)"
    assert sentence(links, lambda text: len(text) < 40) == "Links: 1–4 99 %, …, 1–2 93 % (weakest)"
    alike = holding(session.clusters[3], session.links(session.clusters[3].members))
    assert sentence(alike, lambda text: True) == "Links: all 97 %"


# ------------------------------------------------------------------------------------------------ for everyone


def test_every_control_has_a_name_and_room_to_be_hit(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    window.controller.set_panes(4)
    _settle(qapp)
    for button in _area(window).findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName(), button
            assert button.height() >= theme.HIT_MIN and button.width() >= theme.HIT_MIN, button.accessibleName()
    for pane in side.panes:
        assert pane.canvas.accessibleName().startswith(f"Photo {pane.letter}, ")
        assert "Photo" in pane.canvas.accessibleDescription()


def test_tab_goes_from_the_bar_through_the_panes_to_the_filmstrip(
    window: MainWindow, side: SideBySide, qapp: QApplication
) -> None:
    stops, widget = [], side.panes[0].canvas
    for _ in range(6):
        stops.append(widget)
        widget = widget.nextInFocusChain()
        while not (widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(window)):
            widget = widget.nextInFocusChain()
    named = [stop.accessibleName().split(",")[0] for stop in stops]

    assert named == ["Photo A", "Keep A", "Mark A", "Photo B", "Keep B", "Mark B"]
    assert window.contents.workspace.filmstrip.isAncestorOf(widget)


def test_letters_mark_wherever_the_keyboard_is_in_the_middle(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    window.activateWindow()
    cluster = window.controller.cluster
    assert cluster
    side.panes[1].canvas.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_X)
    _settle(qapp)

    assert window.controller.suggest_of(cluster, 1) is Suggest.REMOVE


def test_names_cannot_turn_into_markup_or_hide(window: MainWindow, side: SideBySide, qapp: QApplication) -> None:
    _select(window, ODD, qapp)

    texts = [label for label in side.panes[0].findChildren(QLabel) if "gpj" in label.text()]
    assert texts and all("\u202e" not in label.text() and label.textFormat() is Qt.TextFormat.PlainText for label in texts)
    for widget in side.panes[0].findChildren(QWidget):
        if "gpj" in widget.toolTip():
            assert "<b>x" not in widget.toolTip() and "\u202e" not in widget.toolTip()


def test_the_middle_says_why_it_is_empty(window: MainWindow, session: Gallery, side: SideBySide, qapp: QApplication) -> None:
    from engine.records import ClusterState
    from imgfp_gui.controller import ClusterFilter

    window.controller.select_cluster(None)
    window.controller.set_filter(ClusterFilter(states=frozenset({ClusterState.ASIDE})))
    _settle(qapp)
    note = window.findChild(QWidget, "compareEmpty")
    assert note is not None and note.isVisible()

    assert note.findChildren(QLabel)[0].text() == "No cluster matches the filter"
    note.findChild(QAbstractButton).click()  # type: ignore[union-attr]
    assert len(window.controller.queue) == 6
