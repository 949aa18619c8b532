"""What the user said of photos, under any sequence of keys, steps back and snapshots: never the last photo, each step exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PySide6.QtWidgets import QApplication

from engine.records import Cluster, ClusterSnapshot, ClusterState, Suggest, Tier, Verdict
from imgfp_gui.control.totals import Totals
from imgfp_gui.controller import ClusterFilter, ReviewController
from tests.support.scripted_session import ScriptedSession, path_of, plain_clusters, size_of

KEEP, REMOVE, UNDECIDED = Suggest.KEEP, Suggest.REMOVE, Suggest.UNDECIDED


def cluster_of(name: str, units: list[tuple[int, ...]], rules: dict[int, Suggest], nests: list[tuple[int, ...]]) -> Cluster:
    """A cluster as the engine makes it; files that `rules` does not name are undecided."""
    files = tuple(sorted(file for unit in units for file in unit))
    verdicts = tuple(Verdict(file, rules.get(file, UNDECIDED), f"because of {file}", Tier.SAME_PICTURE) for file in files)
    freed = sum(size_of(file) for file in files if rules.get(file) is REMOVE)
    state = ClusterState.PROPOSED if freed else ClusterState.UNDECIDED
    return Cluster(name, files, Tier.SAME_PICTURE, 0.9, 0.99, verdicts, freed, tuple(nests), tuple(units), state)


def views() -> dict[str, tuple[Cluster, ...]]:
    """The same photos at three lines: in clusters, cut into smaller ones, and all in one."""
    one_nest = cluster_of("a", [(0,), (1,), (2,), (3,)], {0: KEEP, 1: REMOVE, 2: REMOVE}, [(0, 1, 2, 3)])
    two_nests = cluster_of("b", [(4,), (5,), (6,), (7,)], {4: KEEP, 5: REMOVE, 6: KEEP, 7: REMOVE}, [(4, 5), (6, 7)])
    shots = cluster_of("c", [(8, 9), (10, 11)], {8: KEEP, 9: KEEP, 10: REMOVE, 11: REMOVE}, [(8, 9, 10, 11)])
    nobody = cluster_of("d", [(12,), (13,)], {}, [])
    return {
        "usual": (one_nest, two_nests, shots, nobody),
        "strict": (
            cluster_of("a", [(1,), (2,)], {1: KEEP, 2: REMOVE}, [(1, 2)]),
            cluster_of("b", [(5,), (7,)], {}, []),
            shots,
        ),
        "loose": (
            cluster_of("a", [(n,) for n in range(8)], {0: KEEP, **dict.fromkeys(range(1, 8), REMOVE)}, [tuple(range(8))]),
            shots,
            nobody,
        ),
    }


def moved(cluster: Cluster, by: int) -> Cluster:
    """The same cluster where file numbers are others."""
    return replace(
        cluster,
        members=tuple(file + by for file in cluster.members),
        verdicts=tuple(replace(verdict, file=verdict.file + by) for verdict in cluster.verdicts),
        nests=tuple(tuple(file + by for file in nest) for nest in cluster.nests),
        units=tuple(tuple(file + by for file in unit) for unit in cluster.units),
    )


def what_holds(cluster: Cluster, said: list[Suggest | None]) -> list[Suggest]:
    """The law, in its plainest form: marks first, then proposals, of which none is left alone in a nest."""
    if all(mark is REMOVE for mark in said):
        return [UNDECIDED] * len(said)
    rules = {verdict.file: verdict.suggest for verdict in cluster.verdicts}
    holds = [mark if mark is not None else rules[unit[0]] for mark, unit in zip(said, cluster.units, strict=True)]
    for nest in cluster.nests:
        inside = [n for n, unit in enumerate(cluster.units) if unit[0] in nest]
        if not any(holds[n] is KEEP for n in inside):
            for n in inside:
                if said[n] is None and holds[n] is REMOVE:
                    holds[n] = UNDECIDED
    return holds


class Reviewing(RuleBasedStateMachine):
    """Keys in any order on clusters that change under the hand. `marks` is what a user would say that he said."""

    def __init__(self) -> None:
        super().__init__()
        self.session = ScriptedSession()
        self.session.draws = False
        self.controller = ReviewController(self.session)  # type: ignore[arg-type]
        self.marks: dict[bytes, Suggest] = {}
        self.aside: frozenset[str] = frozenset()
        self.done: list[tuple[dict[bytes, Suggest], frozenset[str]]] = []
        self.undone: list[tuple[dict[bytes, Suggest], frozenset[str]]] = []
        self.line = "usual"
        self.late: tuple[ClusterSnapshot, str] | None = None
        self.reading: tuple[ClusterSnapshot, str] | None = None

    @initialize()
    def open(self) -> None:
        self.controller.add_folders(["/photos"])
        self._show()

    def _show(self) -> None:
        self.session.generation = self.controller.snapshot.generation
        self.session.show([moved(cluster, self.session.first_id) for cluster in views()[self.line]])
        self._settle()

    def _settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()

    def _before(self) -> tuple[dict[bytes, Suggest], frozenset[str]]:
        return dict(self.marks), self.aside

    def _did(self, before: tuple[dict[bytes, Suggest], frozenset[str]]) -> None:
        if before != self._before():
            self.done.append(before)
            self.undone.clear()

    def _said(self, cluster: Cluster) -> list[Suggest | None]:
        paths = [[path_of(file - self.session.first_id) for file in unit] for unit in cluster.units]
        return [next((self.marks[path] for path in unit if path in self.marks), None) for unit in paths]

    def _in_force(self, cluster: Cluster) -> list[Suggest | None]:
        """The same; marks that would take every photo do not count."""
        said = self._said(cluster)
        return [None] * len(said) if all(mark is REMOVE for mark in said) else said

    def _say(self, cluster: Cluster, unit: int, suggest: Suggest | None) -> None:
        lapsed = all(self.marks.get(path_of(u[0] - self.session.first_id)) is REMOVE for u in cluster.units)
        for n, files in enumerate(cluster.units):
            for file in files:
                path = path_of(file - self.session.first_id)
                if n == unit and suggest is not None:
                    self.marks[path] = suggest
                elif n == unit or lapsed:
                    self.marks.pop(path, None)

    @rule(place=st.integers(0, 3))
    def select(self, place: int) -> None:
        self.controller.select_cluster(self.controller.queue.key_at(place % len(self.controller.queue)))

    @rule(unit=st.integers(0, 7), suggest=st.sampled_from([KEEP, REMOVE, UNDECIDED, None]))
    def mark(self, unit: int, suggest: Suggest | None) -> None:
        cluster, before = self.controller.cluster, self._before()
        assert cluster is not None
        said = self._in_force(cluster)
        refused = unit >= len(said) or (suggest is REMOVE and all(mark is REMOVE for n, mark in enumerate(said) if n != unit))
        assert self.controller.mark(unit, suggest) is not refused
        if not refused:
            self._say(cluster, unit, suggest)
            self._did(before)

    @rule()
    def accept(self) -> None:
        cluster, before = self.controller.cluster, self._before()
        assert cluster is not None
        rules = replace(cluster, verdicts=cluster.proposals or cluster.verdicts)
        said = self._in_force(cluster)
        holds = what_holds(rules, self._said(cluster))
        self.controller.accept()
        for unit, suggest in enumerate(holds):
            if said[unit] is None and suggest is not UNDECIDED:
                self._say(cluster, unit, suggest)
        self._did(before)

    @rule()
    def accept_everything(self) -> None:
        before = self._before()
        for cluster in self.controller.snapshot.clusters:
            if self.controller.verdicts.state_of(cluster) is ClusterState.PROPOSED:
                rules, said = replace(cluster, verdicts=cluster.proposals or cluster.verdicts), self._said(cluster)
                for unit, suggest in enumerate(what_holds(rules, said)):
                    if said[unit] is None and suggest is not UNDECIDED:
                        self._say(cluster, unit, suggest)
        self.controller.accept_all()
        self._settle()
        self._did(before)

    @rule(photo=st.integers(0, 7))
    def keep_this(self, photo: int) -> None:
        cluster, before = self.controller.cluster, self._before()
        assert cluster is not None
        self.controller.select_photo(photo)
        photo = self.controller.photo
        self.controller.keep_this(next=False)
        self._say(cluster, photo, KEEP)
        for unit in range(len(cluster.units)):
            if unit != photo:
                self._say(cluster, unit, REMOVE)
        self._did(before)

    @rule()
    def set_aside(self) -> None:
        cluster, before = self.controller.cluster, self._before()
        assert cluster is not None
        self.controller.set_aside()
        self.aside ^= {cluster.key}
        self._did(before)

    @rule()
    def undo(self) -> None:
        if self.done:
            self.undone.append(self._before())
            self.marks, self.aside = self.done.pop()
            self.controller.undo()
            self._settle()

    @rule()
    def redo(self) -> None:
        if self.undone:
            self.done.append(self._before())
            self.marks, self.aside = self.undone.pop()
            self.controller.redo()
            self._settle()

    @rule(line=st.sampled_from(["usual", "strict", "loose"]))
    def move_the_line(self, line: str) -> None:
        self.line = line
        self._show()

    @rule()
    def read_again(self) -> None:
        self.session.read_again()
        self._show()

    @rule()
    def begin_a_snapshot_that_comes_late(self) -> None:
        clusters = [moved(cluster, self.session.first_id) for cluster in views()[self.line]]
        self.late = (self.session.snapshot(clusters), self.line)

    @rule()
    def the_late_snapshot_comes(self) -> None:
        if self.late and self.late[0].library == self.session.library:
            snapshot, self.line = self.late
            newest = self.controller.snapshot.generation + 1
            self.session.clusters_changed.emit(replace(snapshot, generation=newest))
            self._settle()

    @rule()
    def begin_to_read_again(self) -> None:
        """Its clusters are made with what was said until now, and shown when more has been said."""
        library, first_id = self.session.library, self.session.first_id
        self.session.read_again()
        clusters = [moved(cluster, self.session.first_id) for cluster in views()[self.line]]
        self.reading = (self.session.snapshot(clusters), self.line)
        self.session.library, self.session.first_id = library, first_id

    @rule()
    def it_is_read(self) -> None:
        if self.reading and self.reading[0].library == self.session.library + 1:
            snapshot, self.line = self.reading
            self.session.read_again()
            newest = self.controller.snapshot.generation + 1
            self.session.clusters_changed.emit(replace(snapshot, generation=newest))
            self._settle()

    @invariant()
    def what_is_shown_is_what_was_said(self) -> None:
        book = self.controller.verdicts
        for cluster in self.controller.snapshot.clusters:
            rules, said = replace(cluster, verdicts=cluster.proposals or cluster.verdicts), self._said(cluster)
            assert [v.suggest for v in book.judged(cluster).verdicts] == what_holds(rules, said)
            assert list(book.judged(cluster).said) == self._in_force(cluster)
            assert book.is_aside(cluster) == (cluster.key in self.aside)
        assert self.session.marks == self.marks

    @invariant()
    def one_photo_of_every_cluster_stays(self) -> None:
        for cluster in self.controller.snapshot.clusters:
            suggests = [self.controller.suggest_of(cluster, unit) for unit in range(len(cluster.units))]
            assert any(suggest is not REMOVE for suggest in suggests)

    @invariant()
    def sums_are_those_of_a_plain_count(self) -> None:
        book = self.controller.verdicts
        states, photos, size, freed = [0] * 4, 0, 0, 0
        for cluster in self.controller.snapshot.clusters:
            judged = book.judged(cluster)
            states[judged.state] += 1
            if judged.state is not ClusterState.ASIDE:
                sizes = [sum(size_of(file - self.session.first_id) for file in unit) for unit in cluster.units]
                photos += sum(mark is REMOVE for mark in judged.said)
                size += sum(b for b, mark in zip(sizes, judged.said, strict=True) if mark is REMOVE)
                freed += sum(b for b, v in zip(sizes, judged.verdicts, strict=True) if v.suggest is REMOVE)
        assert self.controller.totals == Totals(photos, states[ClusterState.DECIDED], size, freed, tuple(states))  # type: ignore[arg-type]

    @invariant()
    def what_would_be_moved_leaves_one_of_each(self) -> None:
        if not self.controller.snapshot.clusters:
            return
        self.controller.check_apply()
        self._settle()
        going = set(self.session.called("check_apply")[-1][0])
        for cluster in self.controller.snapshot.clusters:
            faces = {path_of(unit[0] - self.session.first_id) for unit in cluster.units}
            assert not faces <= going
        self.session.calls.clear()


def test_any_sequence_of_keys_steps_and_snapshots_keeps_its_promises(qapp: QApplication) -> None:
    run_state_machine_as_test(Reviewing, settings=settings(max_examples=100, stateful_step_count=30, deadline=None))  # type: ignore[no-untyped-call]


# ---------------------------------------------------------------------------------------------------- one by one


@pytest.fixture
def session() -> ScriptedSession:
    return ScriptedSession()


@pytest.fixture
def controller(qapp: QApplication, session: ScriptedSession) -> ReviewController:
    """Eight plain clusters open, the first selected."""
    controller = ReviewController(session)  # type: ignore[arg-type]
    controller.add_folders(["/photos"])
    session.show(plain_clusters(8))
    _settle(qapp)
    return controller


def _settle(qapp: QApplication) -> None:
    for _ in range(4):
        qapp.processEvents()


def test_a_mark_reaches_the_session_at_once_with_the_whole_shot(qapp: QApplication, session: ScriptedSession) -> None:
    controller = ReviewController(session)  # type: ignore[arg-type]
    controller.add_folders(["/photos"])
    session.show([cluster_of("c", [(8, 9), (10, 11)], {}, [])])
    _settle(qapp)

    assert controller.mark(1, REMOVE)

    assert session.called("set_marks") == [({path_of(10): REMOVE, path_of(11): REMOVE},)]


def test_the_last_photo_cannot_be_marked_and_the_window_says_why(controller: ReviewController) -> None:
    said: list[str] = []
    controller.message.connect(lambda message: said.append(message.text))
    for unit in (1, 2, 3):
        assert controller.mark(unit, REMOVE)

    assert not controller.mark(0, REMOVE)
    assert said == ["One photo of a cluster always stays. Keep another one first."]


def test_a_protected_photo_is_never_marked_for_trash(
    controller: ReviewController, session: ScriptedSession, qapp: QApplication
) -> None:
    said: list[str] = []
    controller.message.connect(lambda message: said.append(message.text))
    controller.protect(b"/photos/Export", True)

    assert not controller.mark(1, REMOVE)
    assert said == ["This photo is in a protected folder and stays."]
    controller.select_photo(2)
    controller.keep_this()
    assert session.marks[path_of(2)] is KEEP and session.marks[path_of(0)] is REMOVE
    assert path_of(1) not in session.marks and path_of(3) not in session.marks


def test_enter_makes_the_proposal_the_users_word_and_goes_on(controller: ReviewController, session: ScriptedSession) -> None:
    controller.accept()

    assert session.marks == {path_of(0): KEEP, **{path_of(n): REMOVE for n in (1, 2, 3)}}
    assert controller.cluster and controller.cluster.key == "key-1"
    assert controller.totals.decided_photos == 3 and controller.totals.by_state[ClusterState.DECIDED] == 1


def test_back_goes_to_the_cluster_of_the_step(controller: ReviewController, session: ScriptedSession) -> None:
    controller.accept()
    controller.accept()
    controller.select_cluster("key-6")

    controller.back()

    assert controller.cluster and controller.cluster.key == "key-1"
    assert path_of(5) not in session.marks and path_of(1) in session.marks


def test_back_does_not_touch_what_was_moved(controller: ReviewController, session: ScriptedSession, qapp: QApplication) -> None:
    controller.accept()
    controller.check_apply()
    session.answer("check_apply", session.check())
    _settle(qapp)
    controller.apply()
    session.answer("apply_checked", {"run": "r1", "results": [{"outcome": "moved"}] * 3})
    _settle(qapp)
    told = session.told

    controller.back()

    assert session.told == told and not session.called("undo")
    controller.undo()
    assert session.called("undo") == [("r1",)]


def test_a_run_that_was_put_back_is_done_again_by_its_newest_number(
    controller: ReviewController, session: ScriptedSession, qapp: QApplication
) -> None:
    controller.accept()
    controller.check_apply()
    session.answer("check_apply", session.check())
    _settle(qapp)
    controller.apply()
    session.answer("apply_checked", {"run": "r1", "results": [{"outcome": "moved"}]})
    _settle(qapp)
    controller.undo()
    session.answer("undo", {"run": "r2", "results": [{"outcome": "restored"}]})
    _settle(qapp)

    controller.redo()

    assert session.called("undo") == [("r1",), ("r2",)]


def test_different_leaves_the_list_at_once_and_comes_back_with_undo(
    controller: ReviewController, session: ScriptedSession, qapp: QApplication
) -> None:
    clusters = plain_clusters(8)
    controller.different()
    assert controller.queue.position("key-0") == -1 and controller.cluster and controller.cluster.key == "key-1"
    session.show(clusters)  # made before the session had stored it
    _settle(qapp)
    assert controller.queue.position("key-0") == -1

    session.answer("remember", "decision-1")
    session.show(clusters[1:])
    _settle(qapp)
    controller.undo()
    assert session.called("take_back") == [("decision-1",)]
    session.show(clusters)
    _settle(qapp)

    assert controller.queue.position("key-0") == 0


def test_a_decision_undone_before_it_was_stored_is_taken_back_when_it_is(
    controller: ReviewController, session: ScriptedSession, qapp: QApplication
) -> None:
    controller.keep_all()
    controller.undo()
    assert controller.queue.position("key-0") == 0 and not session.called("take_back")

    session.answer("remember", "decision-1")
    _settle(qapp)

    assert session.called("take_back") == [("decision-1",)]


def test_marks_of_a_snapshot_are_shown_and_can_be_taken_back(qapp: QApplication, session: ScriptedSession) -> None:
    session.marks = {path_of(0): REMOVE, path_of(1): KEEP}  # from another day
    controller = ReviewController(session)  # type: ignore[arg-type]
    controller.add_folders(["/photos"])
    session.show(plain_clusters(2))
    _settle(qapp)
    cluster = controller.cluster
    assert cluster and [controller.suggest_of(cluster, n) for n in range(4)] == [REMOVE, KEEP, REMOVE, REMOVE]

    assert controller.mark(0, None) and controller.mark(1, None)

    assert [controller.suggest_of(cluster, n) for n in range(4)] == [KEEP, REMOVE, REMOVE, REMOVE]
    assert controller.verdict_of(cluster, 0).source == "rule" and session.marks == {}


def test_keys_in_the_moment_when_the_library_changes_mark_nobody_else(
    controller: ReviewController, session: ScriptedSession
) -> None:
    session.read_again()  # its clusters are on the way

    assert not controller.mark(1, REMOVE)
    assert session.marks == {}


def test_all_proposals_are_one_step(controller: ReviewController, session: ScriptedSession, qapp: QApplication) -> None:
    controller.accept_all()
    _settle(qapp)
    assert controller.totals.by_state == (2, 0, 6, 0) and len(session.marks) == 24

    controller.undo()
    _settle(qapp)

    assert controller.totals.by_state == (2, 6, 0, 0) and session.marks == {}


def test_only_what_the_list_shows_is_accepted(controller: ReviewController, session: ScriptedSession, qapp: QApplication) -> None:
    controller.set_filter(ClusterFilter(tiers=frozenset({Tier.SAME_DATA})))
    controller.select_cluster("key-1")
    controller.accept_all()
    _settle(qapp)

    assert controller.totals.by_state[ClusterState.DECIDED] == 1
    assert np.count_nonzero(controller.verdicts.states == ClusterState.DECIDED) == 1
