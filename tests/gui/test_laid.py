"""How one picture comes onto the screen: turned and mirrored to match, pixel by pixel, or smaller without leaving any out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from imgfp_gui.compare.laid import Brush, Laid
from tests.support.gallery import Photo, pixels_of

SIZE = QRect(0, 0, 60, 40)
FIRST = Photo("a.jpg", 60, 40, 7)


def _image(pixels: NDArray[np.uint8]) -> QImage:
    return QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_RGB32)


def _drawn(image: QImage, laid: Laid, rect: QRect, area: QRect = SIZE) -> NDArray[np.uint8]:
    screen = QImage(area.size(), QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    Brush().draw(painter, image, laid, rect, area, smooth=True)
    painter.end()
    return np.array(
        np.frombuffer(screen.constBits(), np.uint8).reshape(area.height(), screen.bytesPerLine())[:, : 4 * area.width()]
    ).reshape(area.height(), area.width(), 4)[..., :3]


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_whatever_its_pose_a_copy_is_drawn_like_the_first(themed: object, turn: int, mirror: bool) -> None:
    size = (40, 60) if turn % 180 else (60, 40)
    copy = pixels_of(Photo("b.jpg", *size, 7, turn=turn, mirror=mirror), 0)
    first = pixels_of(FIRST, 0)[..., :3]

    assert np.array_equal(_drawn(_image(copy), Laid(1, turn, mirror), SIZE), first)
    moved = _drawn(_image(copy), Laid(1, turn, mirror), SIZE.translated(-13, 9))
    assert np.array_equal(moved[9:, :-13], first[:-9, 13:]) and not moved[:9].any()


@pytest.mark.parametrize("turn", [0, 90])
def test_a_smaller_picture_blends_all_its_pixels(themed: object, turn: int) -> None:
    fine = np.zeros((400, 600, 4), np.uint8)
    fine[:, ::2] = 255  # every other column is white: to leave pixels out would give black or white
    fine = np.ascontiguousarray(np.rot90(fine)) if turn else fine

    grey = _drawn(_image(fine), Laid(0, turn), SIZE)

    assert grey.shape == (40, 60, 3) and np.abs(grey.astype(int) - 127).max() <= 3


def test_only_what_is_seen_is_drawn_and_nothing_outside_the_picture(themed: object) -> None:
    image = _image(pixels_of(FIRST, 0))

    far = _drawn(image, Laid(0), SIZE.translated(200, 0))
    edge = _drawn(image, Laid(0), SIZE.translated(50, 30))

    assert not far.any()
    assert not edge[:30].any() and not edge[:, :50].any() and edge[30:, 50:].any()


def test_squares_are_squares_beyond_three_to_one(themed: object) -> None:
    image = _image(pixels_of(FIRST, 0))
    screen = QImage(SIZE.size(), QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    Brush().draw(painter, image, Laid(0), QRect(-100, -80, 60 * 8, 40 * 8), SIZE, smooth=False)
    painter.end()

    assert len({screen.pixel(x, y) for x in range(4, 12) for y in range(8)}) == 1  # one pixel of the picture, 8 by 8
