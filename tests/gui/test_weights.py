# ruff: noqa: F811  a fixture is a name and a parameter
"""Sliders for how much each part of the similarity counts: by hand and by key, folded away until they are wanted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSlider, QStyle, QStyleOptionSlider, QWidget
from pytestqt.qtbot import QtBot

from engine.records import Weights
from imgfp_gui import theme
from tests.gui.test_right_pane import Side, plain, side  # noqa: F401  the fixture
from tests.support.scripted_session import some_clusters

PARTS = ("structure", "detail", "hash", "colour")


def box(side: Side) -> QWidget:
    found = side.whole.findChild(QWidget, "weightsBox")
    assert found is not None
    return found


def slider(side: Side, part: str) -> QSlider:
    found = side.whole.findChild(QSlider, f"weight.{part}")
    assert found is not None
    return found


def reset(side: Side) -> QAbstractButton:
    return side.button("weightsReset")


def opened(side: Side) -> None:
    """Unfold the weights, in the window."""
    side.show()
    side.pane.tuning.weights.unfold()
    side.settle()


def test_weights_are_folded_at_first_and_stay_as_they_were_left(side: Side, qtbot: QtBot) -> None:
    side.show()
    assert not slider(side, "colour").isVisible()

    title = next(button for button in box(side).findChildren(QAbstractButton) if button.text() == "Weights")
    qtbot.mouseClick(title, Qt.MouseButton.LeftButton)

    assert slider(side, "colour").isVisible()
    assert side.controller.preferences.get("weights.folded") is False


def test_a_slider_that_is_dragged_asks_for_clusters_a_frame_later_and_once(side: Side, qtbot: QtBot) -> None:
    opened(side)
    colour = slider(side, "colour")
    colour.setSliderDown(True)

    for value in (110, 140, 170):
        colour.setSliderPosition(value)

    assert colour.isSliderDown() and not side.session.called("set_weights")
    qtbot.waitUntil(lambda: side.session.called("set_weights") == [(Weights(colour=1.7),)])
    assert side.controller.weights == Weights(colour=1.7)


def test_clusters_that_came_of_it_bring_their_histogram_and_counts(side: Side, qtbot: QtBot) -> None:
    opened(side)
    slider(side, "detail").setValue(40)
    qtbot.waitUntil(lambda: bool(side.session.called("set_weights")))
    told: list[object] = []
    side.controller.line_changed.connect(lambda line, counts: told.append(counts))

    side.session.show(some_clusters(2).clusters)
    side.settle()

    assert told and side.controller.weights == Weights(detail=0.4)


def test_reset_lets_all_count_as_usual_and_is_there_only_then(side: Side, qtbot: QtBot) -> None:
    opened(side)
    assert not reset(side).isVisible()
    for part in PARTS:
        slider(side, part).setValue(30)
    assert reset(side).isVisible() and side.controller.weights == Weights(0.3, 0.3, 0.3, 0.3)

    qtbot.mouseClick(reset(side), Qt.MouseButton.LeftButton)

    assert side.controller.weights.usual and not reset(side).isVisible()
    assert [slider(side, part).value() for part in PARTS] == [100] * 4
    qtbot.waitUntil(lambda: side.session.called("set_weights")[-1:] == [(Weights(),)])


def test_folded_weights_say_that_they_were_changed(side: Side) -> None:
    side.show()
    side.controller.set_weight("hash", 0.5)

    assert any(label.text() == "changed" for label in box(side).findChildren(QLabel))
    side.controller.reset_weights()
    assert not any(label.text() == "changed" for label in box(side).findChildren(QLabel))


@pytest.mark.parametrize(
    ("key", "weight"),
    [
        (Qt.Key.Key_Up, 1.05),
        (Qt.Key.Key_Down, 0.95),
        (Qt.Key.Key_PageUp, 1.25),
        (Qt.Key.Key_PageDown, 0.75),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 2.0),
    ],
)
def test_keys_move_a_weight(side: Side, qtbot: QtBot, key: Qt.Key, weight: float) -> None:
    opened(side)

    qtbot.keyClick(slider(side, "structure"), key)

    assert side.controller.weights == Weights(structure=weight)


def test_each_slider_has_a_name_its_weight_in_words_and_room_for_a_finger(side: Side) -> None:
    opened(side)
    slider(side, "hash").setValue(150)

    names = [slider(side, part).accessibleName() for part in PARTS]
    assert names == ["Structure", "Details", "Whole frame", "Colour"]
    assert plain(slider(side, "hash").accessibleDescription()).startswith("150 %. ")
    for part in PARTS:
        one = slider(side, part)
        assert one.toolTip() and one.height() >= theme.HIT_MIN and one.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_wheel_that_passes_by_leaves_a_weight_alone(side: Side) -> None:
    opened(side)
    one, at, nothing = slider(side, "colour"), QPointF(20, 8), Qt.KeyboardModifier.NoModifier

    def turn() -> None:
        wheel = QWheelEvent(at, one.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, nothing,
                            Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        QApplication.sendEvent(one, wheel)

    side.middle.setFocus()
    turn()
    assert side.controller.weights.usual

    one.setFocus()
    turn()
    assert not side.controller.weights.usual


def test_the_handle_is_dragged_with_the_mouse(side: Side, qtbot: QtBot) -> None:
    opened(side)
    one, option = slider(side, "colour"), QStyleOptionSlider()
    one.initStyleOption(option)
    handle = one.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, one
    ).center()  # fmt: skip

    qtbot.mousePress(one, Qt.MouseButton.LeftButton, pos=handle)
    qtbot.mouseMove(one, handle + QPoint(30, 0))
    during = side.controller.weights.colour
    qtbot.mouseRelease(one, Qt.MouseButton.LeftButton, pos=handle + QPoint(30, 0))

    assert during > 1.2
