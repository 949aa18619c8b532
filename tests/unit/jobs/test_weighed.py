"""A view with other weights: a fresh look at the same pairs, from which there is a way back, and that decisions go with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import match
from engine.jobs.analysis import Analysis
from engine.jobs.clusters import clusters_at
from engine.jobs.marks import Marks
from engine.jobs.view import View
from engine.jobs.weighed import unweighed, weighed
from engine.keepers import RuleOrder
from engine.records import PAIR_DIFFERENT, Suggest, Tier, Weights
from tests.support.analyses import make_analysis

LINES = (0.86, 0.9, 0.5, 0.99, 1.0, 0.7)
COLOUR = Weights(colour=2.0, detail=0.4)


def analysis(seed: int) -> Analysis:
    made = make_analysis(30, seed=seed, members=4, shots=seed % 2 == 0, decided=0.1, crossing=0.3)
    pairs = made.pairs.copy()
    pairs["parts"][:, :6] = np.random.default_rng(seed).integers(90, 256, (len(pairs), 6))
    return replace(made, pairs=pairs, merges=match.merge_list(made.table, pairs, made.removed))


@pytest.mark.parametrize("seed", range(4))
def test_a_view_with_other_weights_is_a_fresh_look_and_the_usual_ones_lead_back(seed: int) -> None:
    plain = analysis(seed)
    first = View(plain, (), RuleOrder(), number=1)
    other = first.weighing(Weights(structure=0.0)).weighing(COLOUR)

    for line in LINES:
        clusters, snapshot = other.look(line, Marks(), final=True)
        assert clusters == clusters_at(weighed(plain, COLOUR), line, (), RuleOrder())
        told = other.counts(line)
        assert (told.clusters, told.photos) == (len(clusters), snapshot.photos)
    assert other.histogram != first.histogram
    back = other.weighing(Weights())
    assert back.analysis is plain and back.histogram == first.histogram
    for line in LINES:
        assert back.look(line, Marks(), final=True)[0] == first.look(line, Marks(), final=True)[0]


@pytest.mark.parametrize("seed", range(4))
def test_a_decision_is_laid_over_the_scores_as_they_were_found(seed: int) -> None:
    plain = analysis(seed)
    view = View(plain, (), RuleOrder(), number=1).weighing(COLOUR)
    for line in LINES:
        view.look(line, Marks(), final=True)
    pairs = unweighed(view.analysis).pairs.copy()
    pairs["flags"][np.random.default_rng(seed).choice(len(pairs), 12)] = PAIR_DIFFERENT
    removed = (pairs["flags"] & PAIR_DIFFERENT) != 0
    decided = replace(plain, pairs=pairs, removed=removed, merges=match.merge_list(plain.table, pairs, removed))

    after = view.after_decision(decided)

    for line in LINES:
        assert after.look(line, Marks(), final=True)[0] == clusters_at(weighed(decided, COLOUR), line, (), RuleOrder())
    assert (unweighed(after.analysis).pairs == pairs).all()


@pytest.mark.parametrize("weights", [COLOUR, Weights(0, 0, 0, 0), Weights(2, 2, 2, 2), Weights(structure=0.0, hash=2.0)])
@pytest.mark.parametrize("seed", range(4))
def test_weights_link_nothing_newly_that_could_be_removed(seed: int, weights: Weights) -> None:
    plain = analysis(seed)

    found = weighed(plain, weights)

    for line in LINES:
        near = plain.pairs["tier"] <= Tier.SAME_PICTURE
        linked = near & (plain.pairs["score"] >= np.float32(line))
        assert not (near & (found.pairs["score"] >= np.float32(line)) & ~linked).any()
    assert (found.pairs["tier"] == plain.pairs["tier"]).all()


@pytest.mark.parametrize("weights", [COLOUR, Weights(0, 0, 0, 0), Weights(2, 2, 2, 2)])
@pytest.mark.parametrize("seed", range(6))
def test_what_is_proposed_for_removal_is_the_same_picture_by_the_scores_as_they_were_found(
    seed: int, weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match, "compare_rows", lambda *_: None)  # the table has every pair there is
    plain = analysis(seed)
    near = plain.pairs[(plain.pairs["tier"] <= Tier.SAME_PICTURE) & (plain.pairs["score"] >= np.float32(0.86))]
    same = plain.table.bytes_id  # of files of equal bytes one stands for all
    alike = {frozenset((int(same[a]), int(same[b]))) for a, b in zip(near["a"], near["b"], strict=True)}
    row = {file.id: at for at, file in enumerate(plain.pictures)}
    proposed = 0

    for cluster in clusters_at(weighed(plain, weights), 0.86, (), RuleOrder()):
        said = {verdict.file: verdict.suggest for verdict in cluster.verdicts}
        for nest in cluster.nests:
            kept = [int(same[row[file]]) for file in nest if said[file] is Suggest.KEEP]
            for gone in [int(same[row[file]]) for file in nest if said[file] is Suggest.REMOVE]:
                assert gone in kept or any(frozenset((gone, other)) in alike for other in kept)
                proposed += 1
    assert proposed


def test_another_scheme_keeps_its_own_scores() -> None:
    plain = analysis(1)
    plain = replace(plain, options=replace(plain.options, scheme="imgfprint"))

    assert weighed(plain, COLOUR) is plain
    view = View(plain, (), RuleOrder(), number=1)
    assert view.weighing(COLOUR) is view
