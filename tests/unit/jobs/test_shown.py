"""The user's marks over what the rules propose: whose word counts, what lapses, and how far a cluster is."""

from __future__ import annotations

import pytest

from engine.jobs.library import Library, NewFile, library_files
from engine.jobs.marks import Marks
from engine.jobs.shown import ALL_MARKED, CHOSEN, LAPSED, removed_bytes, shown, units_of
from engine.records import Cluster, ClusterState, PictureFacts, Role, Shot, StatFacts, Suggest, Tier, Verdict

KEEP, REMOVE, OPEN = Suggest.KEEP, Suggest.REMOVE, Suggest.UNDECIDED


def library(sizes: tuple[int, ...] = (40, 30, 20)) -> Library:
    """Pictures of 1, 2 … pixels more than the other, each of its own shot."""
    files = [
        NewFile(b"/p/%d.jpg" % n, StatFacts(size, 1, 1, 1, n), "ok", facts=PictureFacts("ok", width=size, height=1))
        for n, size in enumerate(sizes)
    ]
    return Library((b"/p",), library_files(files))


def cluster(of: Library, suggests: tuple[Suggest, ...], nests: tuple[tuple[int, ...], ...] | None = None) -> Cluster:
    members = tuple(file.id for file in of.files)
    verdicts = tuple(Verdict(m, s, "a rule", Tier.SAME_PICTURE) for m, s in zip(members, suggests, strict=True))
    units = units_of(of, members, verdicts)
    freed, state = removed_bytes(of, verdicts), ClusterState.of(verdicts, aside=False)
    return Cluster("key", members, Tier.SAME_PICTURE, 0.9, 0.9, verdicts, freed, nests or (members,), units, state)


def marked(of: Library, said: dict[int, Suggest]) -> Marks:
    marks = Marks()
    marks.set({of.files[n].path: suggest for n, suggest in said.items()}, lambda path: of.files[0].stat)
    return marks


@pytest.mark.parametrize(
    ("said", "expected", "state", "freed"),
    [
        ({}, (KEEP, REMOVE, REMOVE), ClusterState.PROPOSED, 50),
        ({1: KEEP}, (KEEP, KEEP, REMOVE), ClusterState.PROPOSED, 20),
        ({1: REMOVE, 2: REMOVE}, (KEEP, REMOVE, REMOVE), ClusterState.DECIDED, 50),
        ({0: REMOVE}, (REMOVE, OPEN, OPEN), ClusterState.DECIDED, 40),
        ({0: REMOVE, 2: KEEP}, (REMOVE, REMOVE, KEEP), ClusterState.PROPOSED, 70),
        ({0: OPEN}, (OPEN, OPEN, OPEN), ClusterState.UNDECIDED, 0),
    ],
)
def test_marks_count_and_proposals_that_lost_their_keeper_lapse(
    said: dict[int, Suggest], expected: tuple[Suggest, ...], state: ClusterState, freed: int
) -> None:
    of = library()

    found = shown(of, cluster(of, (KEEP, REMOVE, REMOVE)), marked(of, said))

    assert tuple(v.suggest for v in found.verdicts) == expected
    assert (found.state, found.reclaimable_bytes) == (state, freed)
    assert bool(found.proposals) == bool(said)
    for member, verdict in enumerate(found.verdicts):
        assert (verdict.source == "user") == (member in said) == (verdict.reason == CHOSEN)
        lapsed = member not in said and verdict.suggest is OPEN
        assert (verdict.reason == LAPSED) == lapsed


def test_marks_that_would_take_every_photo_do_not_hold() -> None:
    of = library()

    found = shown(of, cluster(of, (KEEP, REMOVE, REMOVE)), marked(of, dict.fromkeys(range(3), REMOVE)))

    assert {(v.suggest, v.reason, v.source) for v in found.verdicts} == {(OPEN, ALL_MARKED, "rule")}
    assert (found.reclaimable_bytes, found.state) == (0, ClusterState.UNDECIDED)


def test_a_proposal_lapses_in_its_own_nest_only() -> None:
    of = library((40, 30, 20, 10))
    judged = cluster(of, (KEEP, REMOVE, KEEP, REMOVE), ((0, 1), (2, 3)))

    found = shown(of, judged, marked(of, {0: REMOVE}))

    assert [v.suggest for v in found.verdicts] == [REMOVE, OPEN, KEEP, REMOVE]


def test_what_is_said_of_one_file_of_a_shot_is_said_of_the_whole_shot_and_frees_all_of_it() -> None:
    of = library((40, 30, 20))
    of.files[1].shot, of.files[2].shot = 0, 0
    of.files[1].role, of.files[2].role = Role.RENDERED, Role.RAW
    of.files[2].facts = PictureFacts("ok", kind="raw", width=5, height=1)
    of.shots = (Shot((1, 2), (Role.RENDERED, Role.RAW)),)
    judged = cluster(of, (OPEN, OPEN, OPEN))

    found = shown(of, judged, marked(of, {1: REMOVE}))

    assert judged.units == ((0,), (2, 1))
    assert [v.suggest for v in found.verdicts] == [OPEN, REMOVE, REMOVE]
    assert found.reclaimable_bytes == 50


def test_the_best_photo_comes_first_and_stays_there_whatever_is_marked() -> None:
    of = library((10, 40, 30))
    by_rule, by_size = cluster(of, (REMOVE, OPEN, KEEP)), cluster(of, (OPEN, OPEN, OPEN))

    assert by_rule.units == ((2,), (0,), (1,)) and by_size.units == ((1,), (0,), (2,))
    assert shown(of, by_size, marked(of, {0: KEEP, 1: REMOVE})).units == by_size.units
