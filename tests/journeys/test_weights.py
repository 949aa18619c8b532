"""Parts of the similarity that count more or less, on real files: clusters follow, and the way back leads to the same bytes."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.records import ClusterSnapshot, Suggest, Weights
from engine.report import write_report
from engine.session import Session
from tests.journeys.test_session import Asker
from tests.support.cli import Cli
from tests.support.scenes import scene

NO_CROPS = Weights(hash=2.0)
NO_TINTS = Weights(colour=2.0)
ORDER = random.Random(3)


@pytest.fixture
def ask(qtbot: QtBot) -> Iterator[Asker]:
    session = Session()
    yield Asker(session, qtbot)
    session.close()


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """An original with an exact copy, a smaller one, a brown one and a crop."""
    folder = tmp_path / "album"
    folder.mkdir()
    pixels = scene(5, 600, 900)
    original = Image.fromarray(pixels)
    original.save(folder / "a.jpg", quality=93)
    shutil.copy(folder / "a.jpg", folder / "b exact.jpg")
    original.resize((450, 300)).save(folder / "c small.jpg", quality=85)
    brown = np.clip(pixels.mean(2, keepdims=True) * [1.05, 0.85, 0.6], 0, 255).astype(np.uint8)
    Image.fromarray(brown).save(folder / "d brown.jpg", quality=90)
    original.crop((60, 60, 780, 540)).save(folder / "e crop.jpg", quality=92)
    return folder


class Looker:
    """A session whose clusters are listened to."""

    def __init__(self, ask: Asker, album: Path) -> None:
        self.ask, self.album = ask, album
        self.seen: list[ClusterSnapshot] = []
        ask.session.clusters_changed.connect(self.seen.append)

    def open(self) -> dict[str, Any]:
        report: dict[str, Any] = self.ask(self.ask.session.open_folders([str(self.album)]))
        return report

    def weigh(self, *weights: Weights) -> None:
        """All in a row; waits until the last one's clusters are there."""
        for one in weights:
            self.ask.session.set_weights(one)
        self.ask._qtbot.waitUntil(lambda: self._shows(weights[-1]), timeout=20_000)

    def _shows(self, weights: Weights) -> bool:
        """A report has these weights, and its clusters are those that are shown."""
        report = self.told()
        inside = [[member["file"] for member in cluster["members"]] for cluster in report["clusters"]]
        shown = [list(cluster.members) for cluster in self.seen[-1].clusters]
        return report["settings"].get("weights", Weights().told()) == weights.told() and inside == shown

    def told(self) -> dict[str, Any]:
        """The report of what is shown, without what the run did."""
        report = json.loads(write_report(self.ask(self.ask.session.report())))
        del report["stats"]
        return report  # type: ignore[no-any-return]

    def members(self) -> list[set[str]]:
        """Names in each cluster that is shown."""
        paths = self.ask.session.paths
        last = self.seen[-1]
        return [{Path(path.decode()).name for path in paths(c.members, last.library)} for c in last.clusters]


def test_a_weight_parts_what_the_default_brings_together_and_the_way_back_is_exact(ask: Asker, album: Path) -> None:
    looker = Looker(ask, album)
    looker.open()
    before, whole = looker.told(), looker.members()
    histogram = ask.session.score_histogram()
    album.rename(album.parent / "away")  # no file is read for it

    looker.weigh(NO_CROPS)
    no_crops = looker.members()
    changed = looker.told()
    assert ask.session.score_histogram() != histogram
    looker.weigh(Weights())

    assert [len(cluster) for cluster in whole] == [5]
    assert no_crops == [{"a.jpg", "b exact.jpg", "c small.jpg", "d brown.jpg"}]
    assert changed["settings"]["weights"] == NO_CROPS.told() and "weights" not in before["settings"]
    assert [[m["file"] for m in c["members"]] for c in changed["clusters"]] != [
        [m["file"] for m in c["members"]] for c in before["clusters"]
    ]
    certain = [pair for pair in changed["pairs"] if pair["tier"] == "identical"]
    assert certain and all(pair["similarity"] == 1 for pair in certain)
    tiers = {(pair["a"], pair["b"]): pair["tier"] for pair in before["pairs"]}
    both = [pair for pair in changed["pairs"] if (pair["a"], pair["b"]) in tiers]
    assert both and all(tiers[pair["a"], pair["b"]] == pair["tier"] for pair in both)
    assert looker.told() == before and looker.members() == whole
    assert ask.session.score_histogram() == histogram


def test_colour_that_counts_twice_parts_a_toned_version(ask: Asker, album: Path) -> None:
    looker = Looker(ask, album)
    looker.open()

    looker.weigh(NO_TINTS)

    assert not any({"a.jpg", "d brown.jpg"} <= cluster for cluster in looker.members())
    assert any({"a.jpg", "c small.jpg"} <= cluster for cluster in looker.members())


def test_the_last_of_several_weights_wins_whatever_came_before(ask: Asker, album: Path) -> None:
    looker = Looker(ask, album)
    looker.open()
    some = [Weights(colour=round(ORDER.uniform(0, 2), 2), hash=round(ORDER.uniform(0, 2), 2)) for _ in range(12)]

    looker.weigh(*some, NO_CROPS)
    first = looker.told()
    looker.weigh(*reversed(some), Weights(), NO_CROPS)

    assert looker.told() == first


def test_a_rescan_keeps_the_weights_and_stores_nothing_of_them(ask: Asker, album: Path, cli: Cli) -> None:
    looker = Looker(ask, album)
    looker.open()
    plain = looker.told()
    looker.weigh(NO_CROPS)
    weighed = looker.told()

    again = looker.open()

    assert again["settings"]["weights"] == NO_CROPS.told()
    assert looker.told() == {**weighed, "files": looker.told()["files"]}  # which are from the cache now
    ask.session.close()
    other = cli("scan", album, "--json", "-", code=0).json
    assert [pair["similarity"] for pair in other["pairs"]] == [pair["similarity"] for pair in plain["pairs"]]
    assert "weights" not in other["settings"]


def test_a_decision_goes_with_the_weights_and_outlives_them(ask: Asker, album: Path) -> None:
    looker = Looker(ask, album)
    looker.open()
    whole = looker.members()
    looker.weigh(NO_CROPS)
    key = looker.seen[-1].clusters[0].key

    decision = ask(ask.session.remember(key, "different"))
    assert not looker.members() and looker.told()["settings"]["weights"]["hash"] == 2
    looker.weigh(Weights())
    assert not any({"a.jpg", "c small.jpg"} <= cluster for cluster in looker.members())
    ask(ask.session.take_back(decision))

    assert looker.members() == whole


def test_a_plan_from_a_report_with_weights_is_what_was_shown(ask: Asker, album: Path, tmp_path: Path) -> None:
    looker = Looker(ask, album)
    looker.open()
    looker.weigh(NO_CROPS)
    shown = looker.seen[-1]
    removed = [v.file for c in shown.clusters for v in c.verdicts if v.suggest is Suggest.REMOVE]
    (tmp_path / "report.json").write_bytes(write_report(ask(ask.session.report())))

    plan = ask(ask.session.propose(tmp_path / "report.json"))["plan"]

    gone = {file["path"] for item in plan["items"] for file in item["remove"]}
    assert gone == {path.decode() for path in ask.session.paths(removed, shown.library)} and gone
