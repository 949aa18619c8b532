"""Pixels for the screen: asked for once, shown as they came, kept within bounds, read ahead of the eye."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.records import ImageReply
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import pictures as module
from imgfp_gui.models.pictures import FULL, Pictures
from tests.support.scripted_session import ScriptedSession, plain_clusters


@pytest.fixture
def session() -> ScriptedSession:
    """It draws nothing by itself."""
    session = ScriptedSession()
    session.draws = False
    return session


@pytest.fixture
def controller(qapp: QApplication, session: ScriptedSession) -> ReviewController:
    controller = ReviewController(session)  # type: ignore[arg-type]
    controller.add_folders(["/photos"])
    session.show(plain_clusters(9))
    _settle(qapp)
    return controller


@pytest.fixture
def pictures(controller: ReviewController) -> Pictures:
    return Pictures(controller)


def _settle(qapp: QApplication) -> None:
    for _ in range(4):
        qapp.processEvents()


def _pixels(width: int, height: int, colour: tuple[int, int, int] = (10, 200, 30)) -> NDArray[np.uint8]:
    """One colour, as the session gives it: blue green red, and 255."""
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:] = (*colour[::-1], 255)
    pixels.setflags(write=False)
    return pixels


def _answer(
    session: ScriptedSession, qapp: QApplication, file: int, edge: int, full: tuple[int, int] = (6000, 4000), error: str = ""
) -> None:
    """Answer the newest request of this file at this size."""
    token = next(c[1] for c in reversed(session.calls) if c[0] == "request_image" and c[2:4] == (file, edge))
    shown = edge or max(full)
    size = (min(shown, full[0]), max(1, min(shown, full[0]) * full[1] // full[0]))
    session.image_ready.emit(ImageReply(token, file, edge, None if error else _pixels(*size), full, error))
    _settle(qapp)


def _asked(session: ScriptedSession) -> list[tuple[int, int]]:
    return [call[:2] for call in session.called("request_image")]


def test_a_picture_is_asked_for_once_and_shown_as_it_came(
    qapp: QApplication, session: ScriptedSession, pictures: Pictures
) -> None:
    assert pictures.get(0, 300) is None and pictures.get(0, 310) is None
    assert _asked(session) == [(0, 512)] and pictures.waiting

    _answer(session, qapp, 0, 512)

    image = pictures.get(0, 300)
    assert image is not None and image.pixelColor(3, 3).getRgb()[:3] == (10, 200, 30)
    assert (image.width(), pictures.size(0)) == (512, (6000, 4000)) and not pictures.waiting


def test_pixels_are_not_copied(session: ScriptedSession) -> None:
    pixels = _pixels(300, 200)

    image = module.image_of(ImageReply(1, 0, 512, pixels, (300, 200)))

    address = np.frombuffer(image.constBits(), np.uint8).__array_interface__["data"][0]
    assert address == pixels.__array_interface__["data"][0]


def test_an_image_outlives_the_shelf_it_lay_on(
    qapp: QApplication, session: ScriptedSession, pictures: Pictures, controller: ReviewController
) -> None:
    pictures.get(0, 128)
    _answer(session, qapp, 0, 128)
    image = pictures.get(0, 128)

    pictures.clear()

    assert image is not None and image.pixelColor(100, 50).getRgb()[:3] == (10, 200, 30)


def test_a_smaller_picture_serves_until_the_larger_comes(
    qapp: QApplication, session: ScriptedSession, pictures: Pictures
) -> None:
    pictures.get(0, 128)
    _answer(session, qapp, 0, 128)

    meanwhile = pictures.get(0, 1000)
    assert meanwhile is not None and meanwhile.width() == 128
    _answer(session, qapp, 0, 1024)

    better = pictures.get(0, 1000)
    assert better is not None and better.width() == 1024


def test_a_file_with_few_pixels_is_not_asked_for_more(qapp: QApplication, session: ScriptedSession, pictures: Pictures) -> None:
    pictures.get(0, 512)
    _answer(session, qapp, 0, 512, full=(300, 200))

    assert pictures.get(0, 2000) is not None and pictures.full(0) is not None
    assert _asked(session) == [(0, 512)]


def test_thumbnails_are_not_painted_from_huge_pictures(qapp: QApplication, session: ScriptedSession, pictures: Pictures) -> None:
    pictures.get(0, 2000)
    _answer(session, qapp, 0, 2048)

    meanwhile = pictures.get(0, 100)

    assert meanwhile is not None and meanwhile.width() == 2048
    assert _asked(session)[-1] == (0, 128)


def test_a_picture_that_failed_is_not_asked_for_again_and_says_why(
    qapp: QApplication, session: ScriptedSession, pictures: Pictures
) -> None:
    pictures.get(0, 128)
    _answer(session, qapp, 0, 128, error="It could not be read.")

    assert pictures.get(0, 128) is None
    assert _asked(session) == [(0, 128)]
    assert pictures.trouble(0) == "It could not be read."


def test_pictures_of_the_library_before_are_forgotten(
    qapp: QApplication, session: ScriptedSession, controller: ReviewController, pictures: Pictures
) -> None:
    pictures.get(0, 128)
    session.read_again()
    session.show(plain_clusters(1))
    _settle(qapp)

    _answer(session, qapp, 0, 128)

    assert pictures.get(0, 128) is None and not pictures.trouble(0)


def test_memory_for_small_and_for_full_pictures_is_bounded_apart(
    qapp: QApplication, session: ScriptedSession, controller: ReviewController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STEPS_BYTES", 400_000)
    monkeypatch.setattr(module, "FULL_BYTES", 9_000_000)
    pictures = Pictures(controller)
    for file in range(9):
        pictures.get(file, 128)
        _answer(session, qapp, file, 128)
    for file in range(3):
        pictures.full(file)
        _answer(session, qapp, file, FULL, full=(1200, 800))
    asked = len(_asked(session))

    assert pictures.get(8, 128) is not None and pictures.full(2) is not None and pictures.full(1) is not None
    assert len(_asked(session)) == asked
    assert pictures.full(0) is None  # the one that was not used for longest
    assert _asked(session)[-1] == (0, FULL)


def test_the_next_clusters_are_read_ahead_at_the_sizes_in_use(
    qapp: QApplication, session: ScriptedSession, controller: ReviewController, pictures: Pictures, qtbot: QtBot
) -> None:
    controller.select_cluster("key-1")
    for unit, edge in ((0, 1000), (1, 1000), (0, 100)):
        pictures.get(4 + unit, edge)
    for file, edge in ((4, 1024), (5, 1024), (4, 128)):
        _answer(session, qapp, file, edge)

    qtbot.waitUntil(lambda: (12, 1024) in _asked(session))
    _settle(qapp)

    ahead = {row for row in _asked(session) if row[0] >= 8}
    order = [controller.queue.key_at(place) for place in (2, 3, 4)]
    assert order == ["key-3", "key-4", "key-6"]
    assert {(12, 1024), (13, 1024), (12, 128), (16, 1024), (24, 1024)} <= ahead
    assert not {file for file, _ in ahead} & set(range(28, 36))
    assert not pictures.waiting  # nobody on the screen waits for these


def test_what_is_read_ahead_is_dropped_when_the_eye_goes_elsewhere_and_comes_first_when_it_is_wanted(
    qapp: QApplication, session: ScriptedSession, controller: ReviewController, pictures: Pictures, qtbot: QtBot
) -> None:
    pictures.read_ahead([12, 13], 512)
    qtbot.waitUntil(lambda: len(_asked(session)) == 2)
    assert pictures.get(12, 512) is None and pictures.waiting
    assert _asked(session) == [(12, 512), (13, 512), (12, 512)]

    controller.select_cluster("key-8")
    assert session.called("drop_ahead") == [()]
    pictures.get(13, 512)

    assert _asked(session)[-1] == (13, 512)
    _answer(session, qapp, 12, 512)
    assert pictures.get(12, 512) is not None


def test_a_preview_inside_a_raw_file_is_said_to_be_one(qapp: QApplication, session: ScriptedSession, pictures: Pictures) -> None:
    pictures.get(0, 512)
    token = session.last_token("request_image")
    session.image_ready.emit(ImageReply(token, 0, 512, _pixels(512, 341), (6000, 4000), preview=True))
    _settle(qapp)
    assert pictures.is_preview(0)

    pictures.full(0)
    _answer(session, qapp, 0, FULL, full=(600, 400))

    assert not pictures.is_preview(0)
