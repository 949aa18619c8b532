"""How the photos of a cluster are told apart: relation, badges, pose, companions, and what a screen reader says of each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.records import Cluster, PairView, Suggest, Tier
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import members
from imgfp_gui.models.members import Member, MembersModel, members_of
from tests.support.scripted_session import ScriptedSession, plain_clusters


@pytest.fixture
def session() -> ScriptedSession:
    return ScriptedSession()


@pytest.fixture
def controller(qapp: QApplication, session: ScriptedSession, monkeypatch: pytest.MonkeyPatch) -> ReviewController:
    monkeypatch.setattr(members, "ASKING_S", 10.0)  # however busy the machine
    controller = ReviewController(session)  # type: ignore[arg-type]
    controller.add_folders(["/photos"])
    return controller


def _pair(a: int, b: int, *edits: str, tier: Tier = Tier.EDITED, **values: object) -> PairView:
    return PairView(a, b, 0.95, tier, {"structure": 0.98}, edits, **values)  # type: ignore[arg-type]


def _show(controller: ReviewController, session: ScriptedSession, *clusters: Cluster) -> tuple[Member, ...]:
    session.show(clusters or plain_clusters(1))
    for _ in range(4):
        QApplication.processEvents()
    assert controller.cluster is not None
    return members_of(controller, controller.cluster)


def test_the_photo_that_the_rules_keep_is_called_the_best(controller: ReviewController, session: ScriptedSession) -> None:
    assert _show(controller, session)[0].relation == "best"

    undecided = plain_clusters(3)[2]
    assert _show(controller, session, undecided)[0].relation == ""


@pytest.mark.parametrize(
    ("pair", "relation", "icon"),
    [
        (_pair(0, 1, "crop", "tone", box=(0.1, 0.2, 0.9, 0.9)), "56 % crop", "crop"),
        (_pair(0, 1, "turned", turn=90), "turned 90°", "rotate-cw"),
        (_pair(0, 1, "turned", turn=270), "turned 90°", "rotate-cw"),
        (_pair(0, 1, "mirrored", mirror=True), "mirrored", "square-split-horizontal"),
        (_pair(0, 1, "black-and-white"), "black and white", "blend"),
        (_pair(0, 1, tier=Tier.SAME_PICTURE), "re-saved", "copy"),
        (_pair(0, 1, tier=Tier.IDENTICAL), "same file", "equal"),
        (_pair(0, 1, tier=Tier.EDITED), "edited", "blend"),
    ],
)
def test_what_tells_a_photo_from_the_best_is_said_in_a_word_or_two(
    controller: ReviewController, session: ScriptedSession, pair: PairView, relation: str, icon: str
) -> None:
    session.pairs[0, 1] = pair

    second = _show(controller, session)[1]

    assert (second.relation, second.badges[0].icon) == (relation, icon)


def test_a_smaller_copy_says_how_much_smaller_even_where_the_pair_is_not_known(
    controller: ReviewController, session: ScriptedSession
) -> None:
    session.facts[1] = {"width": 2048, "height": 1365}
    session.facts[2] = {"width": 2048, "height": 1365}
    session.pairs[0, 2] = None

    made = _show(controller, session)

    assert [member.relation for member in made[1:3]] == ["2.9 × smaller", "2.9 × smaller"]


def test_a_turned_photo_is_turned_back_to_lie_like_the_first(controller: ReviewController, session: ScriptedSession) -> None:
    session.pairs[0, 1] = _pair(0, 1, "turned", "mirrored", turn=90, mirror=True)
    session.pairs[1, 0] = _pair(1, 0, "turned", "mirrored", turn=270, mirror=True)

    second = _show(controller, session)[1]

    assert (second.turn, second.mirror) == (270, True)


def test_companions_stand_in_a_badge_of_their_own(controller: ReviewController, session: ScriptedSession) -> None:
    session.facts[0] = {"companions": (40, 41)}
    session.facts[40] = {"path": "/photos/a.xmp", "format": None}
    session.facts[41] = {"path": "/photos/a.jpg", "format": "jpeg"}

    first = _show(controller, session)[0]

    assert [view.id for view in first.companions] == [40, 41]
    assert first.badges[-1].text == "+ JPEG, XMP"


def test_the_files_of_one_shot_are_one_photo(controller: ReviewController, session: ScriptedSession) -> None:
    plain = plain_clusters(1)[0]

    made = _show(controller, session, replace(plain, units=((0, 1), (2, 3))))

    assert [(member.file, member.number) for member in made] == [(0, 1), (2, 2)]
    assert [view.id for view in made[0].companions] == [1]


def test_a_key_changes_the_verdict_and_asks_for_no_pair_again(
    controller: ReviewController, session: ScriptedSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _show(controller, session)
    model = MembersModel(controller)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(session, "pair", lambda a, b: asked.append((a, b)))

    controller.mark(2, Suggest.KEEP)

    assert changed == [(2, 2)] and not asked and tester is not None
    assert model.member(2).suggest is Suggest.KEEP
    assert "to keep, chosen by you" in model.index(2).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_large_cluster_is_shown_at_once_and_compared_little_by_little(
    controller: ReviewController, session: ScriptedSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "ASKING_S", -1.0)  # the time is always up
    session.pairs[0, 1] = _pair(0, 1, "crop", box=(0.0, 0.0, 0.5, 1.0))
    _show(controller, session)
    model = MembersModel(controller)
    assert model.rowCount() == 4 and model.member(1).relation == "re-saved"

    monkeypatch.setattr(members, "ASKING_S", 1.0)

    qtbot.waitUntil(lambda: model.member(1).relation == "50 % crop")


def test_a_screen_reader_hears_place_name_and_what_holds(controller: ReviewController, session: ScriptedSession) -> None:
    _show(controller, session)
    model = MembersModel(controller)

    heard = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)

    assert heard.startswith("Photo 2 of 4, IMG_0001.jpg, 24 megapixels, marked for trash, smaller copy")
