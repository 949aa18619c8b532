"""What every mode relies on: places map there and back, the point under the hand stays, all panes look at the same place."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from imgfp_gui.compare.viewport import LARGEST, TOGETHER, Viewport

lengths = st.integers(40, 9000)
sides = st.integers(60, 3000)
fractions = st.floats(0.0, 1.0)
zooms = st.floats(0.02, 20)


def _looking(width: int, height: int, wide: int, high: int) -> tuple[Viewport, QSizeF]:
    viewport, area = Viewport(), QSizeF(wide, high)
    viewport.resize(area)
    viewport.show(QSizeF(width, height))
    return viewport, area


def _near(one: QPointF, other: QPointF, within: float = 1e-6) -> bool:
    return math.isclose(one.x(), other.x(), abs_tol=within) and math.isclose(one.y(), other.y(), abs_tol=within)


@given(lengths, lengths, sides, sides)
def test_fit_shows_the_whole_picture_as_large_as_it_goes(width: int, height: int, wide: int, high: int) -> None:
    viewport, area = _looking(width, height, wide, high)
    frame = viewport.frame(area)

    assert QRectF(-0.01, -0.01, wide + 0.02, high + 0.02).contains(frame)
    assert math.isclose(frame.width(), wide, rel_tol=1e-9) or math.isclose(frame.height(), high, rel_tol=1e-9)
    assert viewport.visible(area) == QRectF(0, 0, 1, 1)


@given(lengths, lengths, sides, sides, zooms, fractions, fractions, fractions, fractions)
def test_places_map_there_and_back(
    width: int, height: int, wide: int, high: int, zoom: float, x: float, y: float, right: float, down: float
) -> None:
    viewport, area = _looking(width, height, wide, high)
    viewport.zoom_to(zoom)
    viewport.look_at(QPointF(x, y))
    place = QPointF(right * wide, down * high)

    assert _near(viewport.to_screen(viewport.to_picture(place, area), area), place, 1e-4)


@given(lengths, lengths, sides, sides, zooms, fractions, fractions, fractions, fractions)
def test_zooming_in_keeps_what_is_under_the_hand(
    width: int, height: int, wide: int, high: int, zoom: float, x: float, y: float, right: float, down: float
) -> None:
    viewport, area = _looking(width, height, wide, high)
    viewport.zoom_to(zoom)
    viewport.look_at(QPointF(x, y))
    before = viewport.frame(area)
    assume(before.width() >= wide and before.height() >= high)  # else the ground round the picture gives way first
    place = QPointF(right * wide, down * high)
    point = viewport.to_picture(place, area)

    viewport.zoom_by(1.5, place, area)

    assert _near(viewport.to_screen(point, area), place, 1e-3)


@given(lengths, lengths, sides, sides, zooms, fractions, fractions, st.floats(-9e3, 9e3), st.floats(-9e3, 9e3))
def test_however_one_moves_no_more_ground_shows_than_must(
    width: int, height: int, wide: int, high: int, zoom: float, right: float, down: float, x: float, y: float
) -> None:
    viewport, area = _looking(width, height, wide, high)
    viewport.zoom_to(zoom, QPointF(right * wide, down * high), area)
    viewport.pan(x, y)
    frame = viewport.frame(area)

    for least, most, room in ((frame.left(), frame.right(), wide), (frame.top(), frame.bottom(), high)):
        if most - least >= room:
            assert least <= 1e-3 and most >= room - 1e-3
        else:
            assert math.isclose(least, room - most, abs_tol=1e-3)  # in the middle
    assert viewport.zoom <= max(LARGEST, viewport.fit_zoom)


@given(lengths, lengths, sides, sides, zooms, fractions, fractions)
def test_panes_look_at_the_same_place(width: int, height: int, wide: int, high: int, zoom: float, x: float, y: float) -> None:
    viewport, area = _looking(width, height, wide, high)
    viewport.zoom_to(zoom)
    viewport.look_at(QPointF(x, y))

    larger = QSizeF(wide + 1, high + 1)  # one pixel more from rounding
    middle = viewport.to_picture(QPointF(wide / 2, high / 2), area, 0)
    assert _near(middle, viewport.to_picture(QPointF(larger.width() / 2, larger.height() / 2), larger, 3))


@given(st.floats(-300, 300), st.floats(-300, 300), st.floats(0.4, 4))
def test_one_pane_moved_alone_leaves_the_others(right: float, down: float, factor: float) -> None:
    viewport, area = _looking(6000, 4000, 500, 400)
    viewport.zoom_to(1.0)
    others, place = viewport.frame(area, 0), QPointF(123, 77)
    point = viewport.to_picture(place, area, 1)

    viewport.zoom_by(factor, place, area, 1, alone=True)
    assert _near(viewport.to_screen(point, area, 1), place, 1e-3)
    viewport.pan(right, down, 1, alone=True)

    assert viewport.frame(area, 0) == others
    viewport.join(1)
    assert viewport.apart(1) == TOGETHER and viewport.frame(area, 1) == others


def test_a_pane_apart_moves_along_with_the_others() -> None:
    viewport, area = _looking(6000, 4000, 500, 400)
    viewport.zoom_to(1.0)
    viewport.pan(-40, 25, 1, alone=True)
    here, there = viewport.frame(area, 0), viewport.frame(area, 1)

    viewport.pan(10, 20)

    assert _near(viewport.frame(area, 0).topLeft() - here.topLeft(), QPointF(10, 20))
    assert _near(viewport.frame(area, 1).topLeft() - there.topLeft(), QPointF(10, 20))


def test_one_to_one_is_one_pixel_on_one_pixel() -> None:
    viewport, area = _looking(6000, 4000, 500, 400)

    viewport.zoom_to(1.0)

    assert viewport.frame(area).size() == QSizeF(6000, 4000)
    assert not viewport.fitted and viewport.smooth
    viewport.zoom_to(4.0)
    assert not viewport.smooth


def test_steps_go_through_round_zooms_and_the_fit() -> None:
    viewport, _ = _looking(6000, 4000, 600, 600)  # fits at 10 %
    seen = []
    for _ in range(4):
        viewport.step(1)
        seen.append(viewport.zoom)
    for _ in range(9):
        viewport.step(-1)

    assert seen == [1 / 8, 1 / 6, 1 / 4, 1 / 3]
    assert viewport.fitted and viewport.zoom == viewport.fit_zoom  # never smaller than the whole picture needs


def test_zooming_out_to_the_whole_picture_is_a_fit_that_follows_the_pane() -> None:
    viewport, _ = _looking(6000, 4000, 600, 600)
    viewport.zoom_to(1.0)
    viewport.zoom_to(0.01)

    viewport.resize(QSizeF(900, 900))

    assert viewport.fitted and viewport.zoom == pytest.approx(0.15)


def test_the_next_cluster_starts_whole_or_where_one_looked() -> None:
    viewport, _ = _looking(6000, 4000, 600, 600)
    viewport.zoom_to(2.0)
    viewport.look_at(QPointF(0.25, 0.75))

    viewport.show(QSizeF(6000, 4000), keep=True)
    assert viewport.zoom == 2.0 and _near(viewport.centre, QPointF(0.25, 0.75))
    viewport.show(QSizeF(3000, 4000))
    assert viewport.fitted and viewport.apart(0) == TOGETHER


def test_without_the_link_each_pane_goes_its_own_way_until_it_is_linked_again() -> None:
    viewport, area = _looking(6000, 4000, 500, 400)
    viewport.zoom_to(1.0)
    viewport.set_linked(False)
    before = viewport.frame(area, 0)

    viewport.pan(30, 30, 1)
    viewport.zoom_by(2, QPointF(9, 9), area, 1)
    assert viewport.frame(area, 0) == before and viewport.apart(1) != TOGETHER

    viewport.set_linked(True)
    assert viewport.frame(area, 1) == before


def test_a_swap_takes_what_a_pane_looks_apart_along() -> None:
    viewport, _ = _looking(6000, 4000, 500, 400)
    viewport.zoom_to(1.0)
    viewport.pan(60, 0, 1, alone=True)

    viewport.exchange(0, 1)

    assert viewport.apart(1) == TOGETHER and viewport.apart(0).x == pytest.approx(-0.01)


def test_every_change_is_told_and_an_empty_viewport_answers() -> None:
    viewport, told = Viewport(), []
    viewport.listen(lambda: told.append(viewport.zoom))

    viewport.pan(5, 5)
    viewport.zoom_to(3)
    assert viewport.frame(QSizeF(100, 100)).isEmpty()
    viewport.show(QSizeF(100, 100))
    viewport.resize(QSizeF(300, 200))

    assert told[-1] == 2.0
