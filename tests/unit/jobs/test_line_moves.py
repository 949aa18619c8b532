"""A line that moves: what is kept from one line to the next is what a fresh look would find, and counts tell it beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.jobs.clusters import clusters_at
from engine.jobs.marks import Marks
from engine.jobs.view import View
from engine.keepers import DEFAULT_REMOVE, RuleOrder
from engine.match import groups_of, merge_list
from engine.records import PAIR_DIFFERENT, PAIR_KEEP_ALL, Cluster, ClusterSnapshot, Suggest, Tier
from tests.support.analyses import make_analysis

LINES = (0.86, 0.8601, 0.9, 0.5, 0.99, 1.0, 0.72, 0.86, 0.861, 0.7)
EDITS_TOO = RuleOrder(remove=DEFAULT_REMOVE | {Tier.EDITED})


def look(view: View, line: float, marks: Marks | None = None) -> tuple[tuple[Cluster, ...], ClusterSnapshot]:
    return view.look(line, Marks() if marks is None else marks, final=True)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rules", [RuleOrder(), EDITS_TOO], ids=["default", "edits too"])
def test_clusters_after_moves_are_those_of_a_fresh_look(seed: int, rules: RuleOrder) -> None:
    analysis = make_analysis(30, seed=seed, members=2 + seed % 4, shots=seed % 2 == 0, decided=0.2 * (seed % 3), crossing=0.3)
    protected = (b"/photos/03",) if seed % 2 else ()
    view = View(analysis, protected, rules, number=1)

    for line in LINES:
        assert look(view, line)[0] == clusters_at(analysis, line, protected, rules)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("rules", "loosest"), [(RuleOrder(), Tier.SAME_PICTURE), (EDITS_TOO, Tier.EDITED)])
def test_each_cluster_is_cut_to_nests_and_held_by_its_loosest_needed_tier(seed: int, rules: RuleOrder, loosest: Tier) -> None:
    analysis = make_analysis(30, seed=seed, members=4, shots=seed % 2 == 0, decided=0.1, crossing=0.3)
    row_of = {file.id: row for row, file in enumerate(analysis.pictures)}
    node = analysis.merges.node

    for line in LINES:
        for cluster in clusters_at(analysis, line, (), rules):
            rows = [row_of[member] for member in cluster.members]
            links = analysis.pairs[~analysis.removed & (analysis.pairs["score"] >= np.float32(line))]
            links = links[np.isin(links["a"], rows) & np.isin(links["b"], rows)]
            assert (cluster.weakest, cluster.strongest) == pytest.approx((links["score"].min(), links["score"].max()))
            near = links[links["tier"] <= loosest]
            nests = groups_of(node, near["a"], near["b"], near["score"], near["tier"] == Tier.IDENTICAL)
            assert cluster.nests == tuple(tuple(analysis.pictures[row].id for row in nest) for nest in nests)
            whole = [len(set(_parts(node, rows, links[links["tier"] <= tier]))) == 1 for tier in Tier]
            assert cluster.tier == whole.index(True)


def _parts(node: np.ndarray, rows: list[int], links: np.ndarray) -> list[int]:
    """Which part of the cluster each row is in when only these links hold."""
    part = {row: int(node[row]) for row in rows}
    for link in links:
        a, b = part[int(link["a"])], part[int(link["b"])]
        part = {row: a if at == b else at for row, at in part.items()}
    return list(part.values())


@pytest.mark.parametrize("seed", range(6))
def test_clusters_after_a_decision_are_those_of_a_fresh_look(seed: int) -> None:
    before = make_analysis(30, seed=seed, shots=seed % 2 == 0, decided=0.1, crossing=0.3)
    view = View(before, (), RuleOrder(), number=1)
    for line in LINES:
        look(view, line)
    rng = np.random.default_rng(seed)

    for _ in range(3):
        pairs = before.pairs.copy()
        pairs["flags"][rng.choice(len(pairs), 12)] = [PAIR_DIFFERENT, PAIR_KEEP_ALL, 0] * 4
        removed = (pairs["flags"] & PAIR_DIFFERENT) != 0
        before = replace(before, pairs=pairs, removed=removed, merges=merge_list(before.table, pairs, removed))
        view = view.after_decision(before)

    for line in LINES:
        clusters, snapshot = look(view, line)
        assert clusters == clusters_at(before, line, (), RuleOrder())
        assert snapshot.clusters == clusters
        told = view.counts(line)
        assert (told.clusters, told.photos, told.about) == (len(clusters), snapshot.photos, False)


@pytest.mark.parametrize("seed", range(4))
def test_counts_tell_beforehand_what_a_line_gives(seed: int) -> None:
    analysis = make_analysis(60, seed=seed, shots=seed % 2 == 0, decided=0.3 * (seed % 2), crossing=0.3)
    view = View(analysis, (), RuleOrder(), number=1)

    for line in np.arange(5000, 10_001, 137) / 10_000:
        told = view.counts(float(line))
        clusters, snapshot = look(view, float(line))
        assert (told.clusters, told.photos) == (len(clusters), snapshot.photos)
        assert told.about and view.counts(float(line)).bytes == snapshot.reclaimable_bytes
        assert not view.counts(float(line)).about


def test_bytes_told_beforehand_are_about_those_of_the_rules() -> None:
    view = View(make_analysis(400, seed=3, crossing=0.0), (), RuleOrder(), number=1)

    told, exact = view.counts(0.9).bytes, look(view, 0.9)[1].reclaimable_bytes

    assert 0.6 * exact < told < 1.6 * exact


@pytest.mark.parametrize("seed", range(3))
def test_columns_say_what_the_clusters_say(seed: int) -> None:
    view = View(make_analysis(40, seed=seed, shots=True, decided=0.2), (), RuleOrder(), number=7)
    marks = Marks()
    for line in LINES:
        found = view.look(line, marks, final=True)[1]
        columns, clusters = found.columns, found.clusters
        assert columns.tier.tolist() == [c.tier for c in clusters]
        assert columns.state.tolist() == [c.state for c in clusters]
        assert columns.units.tolist() == [len(c.units) for c in clusters]
        assert columns.reclaimable.tolist() == [c.reclaimable_bytes for c in clusters]
        assert columns.weakest == pytest.approx([c.weakest for c in clusters])
        assert columns.strongest == pytest.approx([c.strongest for c in clusters])
        assert {key: clusters[row].key for key, row in columns.row_of_key.items()} == {c.key: c.key for c in clusters}
        rows = {file: row for row, c in enumerate(clusters) for file in c.members}
        assert {file: row for file, row in enumerate(columns.row_of_file.tolist()) if row >= 0} == rows
        assert found.photos == sum(len(c.units) for c in clusters)
        assert found.reclaimable_bytes == sum(c.reclaimable_bytes for c in clusters)
        assert (found.library, found.line, found.final) == (7, line, True)
        assert not any(columns.going) and not any(columns.going_bytes)


def test_a_mark_changes_the_snapshot_and_nothing_else() -> None:
    analysis = make_analysis(40, seed=2, shots=True)
    files = analysis.library.files
    view, marks = View(analysis, (), RuleOrder(), number=1), Marks()
    judged, before = look(view, 0.86, marks)
    row = next(n for n, c in enumerate(before.clusters) if c.reclaimable_bytes and len(c.units) > 1)
    unit = before.clusters[row].units[-1]
    away = {files[unit[0]].path: Suggest.REMOVE}

    marks.set(away, lambda path: files[unit[0]].stat)
    again, after = look(view, 0.86, marks)

    assert again == judged
    assert [n for n, (a, b) in enumerate(zip(before.clusters, after.clusters, strict=True)) if a != b] == [row]
    assert after.clusters[row].proposals == before.clusters[row].verdicts
    said = {v.file for v in after.clusters[row].verdicts if v.source == "user"}
    assert said == set(unit)
    shot = files[unit[0]].shot
    whole = unit if shot is None else analysis.library.shots[shot].files
    assert (after.columns.going[row], after.columns.going_bytes[row]) == (1, sum(files[f].stat.size for f in whole))
    assert after.marks == before.marks + 1

    marks.set(dict.fromkeys(away), lambda path: None)
    assert replace(look(view, 0.86, marks)[1], columns=before.columns, marks=0) == replace(before, marks=0)


def test_marks_hold_at_the_lines_that_are_looked_at_later() -> None:
    analysis = make_analysis(40, seed=4)
    files = analysis.library.files
    view, marks = View(analysis, (), RuleOrder(), number=1), Marks()
    for line in LINES:
        look(view, line, marks)
    face = look(view, 0.72, marks)[1].clusters[0].units[0][0]
    marks.set({files[face].path: Suggest.KEEP}, lambda path: files[face].stat)

    for line in LINES:
        found = look(view, line, marks)[1]
        row = int(found.columns.row_of_file[face]) if face < len(found.columns.row_of_file) else -1
        marked = {v.file for c in found.clusters for v in c.verdicts if v.source == "user"}
        assert marked == (set() if row < 0 else {face})


def test_clusters_set_aside_are_so_at_every_line_and_come_back() -> None:
    view, marks = View(make_analysis(40, seed=5), (), RuleOrder(), number=1), Marks()
    key = look(view, 0.86, marks)[1].clusters[0].key

    marks.set_aside(key, True)
    aside = [c.key for c in look(view, 0.86, marks)[1].clusters if c.state.name == "ASIDE"]
    lower = [c.key for c in look(view, 0.5, marks)[1].clusters if c.state.name == "ASIDE"]
    marks.set_aside(key, False)

    assert aside == [key] and set(lower) <= {key}
    assert not any(c.state.name == "ASIDE" for c in look(view, 0.86, marks)[1].clusters)
