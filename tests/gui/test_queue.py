"""The order of the list, its filters, and what stays in place while clusters come, go and are decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.records import Cluster, ClusterState, Suggest, Tier
from imgfp_gui.controller import ClusterFilter, ReviewController
from imgfp_gui.models.clusters import KEY_ROLE, STATE_ROLE, ClusterListModel
from tests.support.scripted_session import ScriptedSession, plain_clusters


@pytest.fixture
def session() -> ScriptedSession:
    return ScriptedSession()


@pytest.fixture
def controller(qapp: QApplication, session: ScriptedSession) -> ReviewController:
    """Nine plain clusters open, the first selected."""
    controller = ReviewController(session)  # type: ignore[arg-type]
    controller.add_folders(["/photos"])
    session.show(plain_clusters(9))
    _settle(qapp)
    return controller


def _settle(qapp: QApplication) -> None:
    for _ in range(5):
        qapp.processEvents()


def _keys(controller: ReviewController) -> list[int]:
    """Numbers of the clusters in the list."""
    keys = [controller.queue.key_at(place) for place in range(len(controller.queue))]
    return [int(key.removeprefix("key-")) for key in keys if key]


def _worth(cluster: Cluster, *, freed: int = 0, weakest: float = 0.9) -> Cluster:
    return replace(cluster, reclaimable_bytes=freed, weakest=weakest)


# ---------------------------------------------------------------------------------------------------- order


def test_most_bytes_come_first_and_equal_ones_by_path(
    qapp: QApplication, controller: ReviewController, session: ScriptedSession
) -> None:
    worth = [5, 90, 5, 700, 90, 5]
    session.show([_worth(c, freed=freed) for c, freed in zip(plain_clusters(6), worth, strict=True)])
    _settle(qapp)

    assert _keys(controller) == [3, 1, 4, 0, 2, 5]


def test_the_surest_come_first_or_those_nearest_to_the_line(
    qapp: QApplication, controller: ReviewController, session: ScriptedSession
) -> None:
    weakest = [0.9, 0.87, 0.99, 0.87, 1.0]
    session.show([_worth(c, weakest=w) for c, w in zip(plain_clusters(5), weakest, strict=True)])
    _settle(qapp)

    controller.set_sort("certain")
    assert _keys(controller) == [4, 2, 0, 1, 3]
    controller.set_sort("line")
    assert _keys(controller) == [1, 3, 0, 2, 4]


def test_a_decision_makes_no_row_jump(controller: ReviewController) -> None:
    before = _keys(controller)

    controller.mark(1, Suggest.KEEP)
    controller.mark(2, Suggest.KEEP)

    assert _keys(controller) == before


# ---------------------------------------------------------------------------------------------------- filters


def test_states_and_tiers_are_filtered_and_nothing_chosen_means_all(controller: ReviewController) -> None:
    controller.set_filter(ClusterFilter(states=frozenset({ClusterState.UNDECIDED})))
    controller.step_cluster(1)
    assert _keys(controller) == [2, 5, 8]

    controller.set_filter(ClusterFilter(tiers=frozenset({Tier.IDENTICAL, Tier.EDITED})))
    controller.select_cluster("key-4")
    assert sorted(_keys(controller)) == [0, 3, 4, 7, 8]
    controller.set_filter(ClusterFilter())
    assert sorted(_keys(controller)) == list(range(9))


def test_a_name_or_a_folder_is_found_whatever_its_case(qapp: QApplication, controller: ReviewController) -> None:
    controller.select_cluster("key-1")
    controller.set_filter(ClusterFilter(text="  img_0005 "))
    _settle(qapp)
    assert _keys(controller) == [1]

    controller.set_filter(ClusterFilter(text="EXPORT/"))
    _settle(qapp)
    assert len(controller.queue) == 9
    controller.set_filter(ClusterFilter(text="nowhere"))
    _settle(qapp)
    assert _keys(controller) == [1]  # what is selected is not taken away under the eye


def test_a_name_is_looked_for_again_among_new_clusters(
    qapp: QApplication, controller: ReviewController, session: ScriptedSession
) -> None:
    controller.set_filter(ClusterFilter(text="img_0041"))
    _settle(qapp)

    session.show(plain_clusters(12))
    _settle(qapp)

    assert controller.queue.position("key-10") >= 0 and len(controller.queue) == 2


def test_a_decided_cluster_stays_in_the_list_until_the_selection_leaves_it(controller: ReviewController) -> None:
    controller.set_filter(ClusterFilter(states=frozenset({ClusterState.PROPOSED})))
    assert _keys(controller)[0] == 0

    controller.accept(next=False)
    assert _keys(controller)[0] == 0
    controller.step_cluster(1)

    assert controller.cluster and controller.cluster.key == "key-1"
    assert 0 not in _keys(controller)


def test_enter_goes_through_the_list_one_by_one_while_decided_ones_leave_it(controller: ReviewController) -> None:
    controller.set_filter(ClusterFilter(states=frozenset({ClusterState.PROPOSED})))
    order, seen = _keys(controller), []

    for _ in order:
        assert controller.cluster
        seen.append(int(controller.cluster.key.removeprefix("key-")))
        controller.accept()

    assert seen == order
    assert controller.totals.by_state == (3, 0, 6, 0)


def test_a_cluster_set_aside_can_be_found_and_taken_up_again(controller: ReviewController, session: ScriptedSession) -> None:
    controller.set_aside()
    assert controller.cluster and controller.cluster.key == "key-1"

    controller.set_filter(ClusterFilter(states=frozenset({ClusterState.ASIDE})))
    controller.select_cluster("key-0")
    controller.set_aside()

    assert session.called("set_aside") == [("key-0", True), ("key-0", False)]
    assert controller.totals.by_state[ClusterState.ASIDE] == 0


# ---------------------------------------------------------------------------------------------------- selection


def test_selection_stays_with_its_cluster_and_its_photo(
    qapp: QApplication, controller: ReviewController, session: ScriptedSession
) -> None:
    controller.select_cluster("key-4")
    controller.select_photo(2)

    session.show(plain_clusters(9)[2:])
    _settle(qapp)

    assert controller.cluster and controller.cluster.key == "key-4"
    assert controller.photo == 2


def test_selection_follows_its_photo_into_a_cluster_of_another_key(
    qapp: QApplication, controller: ReviewController, session: ScriptedSession
) -> None:
    controller.select_cluster("key-4")
    grown = replace(plain_clusters(9)[4], key="grown")

    session.show([*plain_clusters(9)[:4], grown])
    _settle(qapp)

    assert controller.cluster and controller.cluster.key == "grown"


def test_where_the_selected_cluster_is_gone_its_neighbour_is_shown(
    qapp: QApplication, controller: ReviewController, session: ScriptedSession
) -> None:
    place = controller.queue.position("key-4")
    controller.select_cluster("key-4")

    session.show([cluster for cluster in plain_clusters(9) if cluster.key != "key-4"])
    _settle(qapp)

    assert controller.cluster and controller.queue.position(controller.cluster.key) == place


def test_a_snapshot_that_comes_late_changes_nothing(
    qapp: QApplication, controller: ReviewController, session: ScriptedSession
) -> None:
    late = session.snapshot(plain_clusters(2))
    session.show(plain_clusters(5))
    session.clusters_changed.emit(late)
    _settle(qapp)

    assert len(controller.snapshot.clusters) == 5


def test_panes_keep_the_best_and_take_challengers(controller: ReviewController) -> None:
    assert controller.panes == (0, 1) and controller.photo == 0

    controller.step_photo(1)
    controller.step_photo(1)
    assert (controller.panes, controller.photo) == ((0, 2), 2)
    controller.set_panes(4)
    assert controller.panes == (0, 2, 1, 3)
    controller.swap_panes()
    assert controller.panes == (2, 0, 1, 3)
    controller.set_panes(2)
    assert controller.photo in controller.panes
    controller.step_cluster(1)

    assert controller.panes == (0, 1) and controller.photo == 0


# ---------------------------------------------------------------------------------------------------- the model


def test_indexes_that_a_view_holds_move_with_their_clusters(
    qapp: QApplication, controller: ReviewController, session: ScriptedSession, qtbot: QtBot
) -> None:
    model = ClusterListModel(controller)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    held = QPersistentModelIndex(model.index(model.row_of("key-4")))
    gone = QPersistentModelIndex(model.index(model.row_of("key-8")))

    controller.set_sort("certain")
    session.show(plain_clusters(8))
    _settle(qapp)

    assert held.data(KEY_ROLE) == "key-4" and held.row() == controller.queue.position("key-4")
    assert not gone.isValid() and model.rowCount() == 8


def test_a_key_changes_the_row_that_shows_it(controller: ReviewController, qtbot: QtBot) -> None:
    model = ClusterListModel(controller)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))

    controller.accept(next=False)

    assert changed == [(0, 0)]
    assert model.index(0).data(STATE_ROLE) is ClusterState.DECIDED
    assert "decided" in model.index(0).data()
