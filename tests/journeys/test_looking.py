"""What the window asks of an open library: pairs, folders, facts, the line while a scan runs, problems, protected folders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine.config import MatchOptions, ScanOptions
from engine.records import PART_NAMES, ClusterSnapshot, Problem, Progress, Suggest
from engine.session import Session
from tests.journeys.test_session import Asker
from tests.support.cli import Cli
from tests.support.library import Truth
from tests.support.scenes import scene


@pytest.fixture
def ask(qtbot: QtBot) -> Iterator[Asker]:
    session = Session()
    yield Asker(session, qtbot)
    session.close()


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """An original, a mirrored and a turned version of it, a smaller copy in another folder, one photo alone, a broken file."""
    folder = tmp_path / "album"
    (folder / "copies" / "small").mkdir(parents=True)
    original = Image.fromarray(scene(5, 480, 720))
    original.save(folder / "a.jpg", quality=93)
    original.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "b mirrored.jpg", quality=93)
    original.transpose(Image.Transpose.ROTATE_270).save(folder / "c turned.jpg", quality=93)
    original.resize((360, 240)).save(folder / "copies" / "small" / "d.jpg", quality=80)
    Image.fromarray(scene(9, 480, 720)).save(folder / "copies" / "e alone.jpg")
    (folder / "broken.jpg").write_bytes((folder / "a.jpg").read_bytes()[:700])
    return folder


def ids(session: Session, folder: Path) -> dict[str, int]:
    """File ids by path below the folder."""
    found = {}
    for path in folder.rglob("*.jpg"):
        view = session.file_at(bytes(path))
        assert view is not None
        found[str(path.relative_to(folder))] = view.id
    return found


def opened(ask: Asker, folder: Path, options: ScanOptions | None = None) -> dict[str, Any]:
    report: dict[str, Any] = ask(ask.session.open_folders([str(folder)], options))
    return report


def test_a_pair_is_told_from_either_side(ask: Asker, album: Path) -> None:
    opened(ask, album)
    of = ids(ask.session, album)

    turned = ask.session.pair(of["a.jpg"], of["c turned.jpg"])
    back = ask.session.pair(of["c turned.jpg"], of["a.jpg"])
    mirrored = ask.session.pair(of["b mirrored.jpg"], of["a.jpg"])

    assert turned is not None and back is not None and mirrored is not None
    assert (turned.a, turned.b, turned.turn, turned.mirror) == (of["a.jpg"], of["c turned.jpg"], 90, False)
    assert (back.a, back.turn, back.mirror, back.score) == (of["c turned.jpg"], 270, False, turned.score)
    assert (mirrored.turn, mirrored.mirror) == (0, True)
    assert "mirrored" in mirrored.edits and set(mirrored.parts) == set(PART_NAMES)


def test_two_photos_that_the_table_lacks_are_compared_or_told_apart(ask: Asker, album: Path) -> None:
    opened(ask, album)
    of = ids(ask.session, album)

    assert ask.session.pair(of["a.jpg"], of["copies/e alone.jpg"]) is None
    assert ask.session.pair(of["a.jpg"], of["broken.jpg"]) is None
    assert ask.session.pair(of["a.jpg"], of["a.jpg"]) is None
    assert ask.session.pair(of["a.jpg"], 10_000) is None


def test_links_are_those_among_the_files_and_resemblances_those_beyond(ask: Asker, album: Path) -> None:
    opened(ask, album)
    of = ids(ask.session, album)
    some = [of["a.jpg"], of["b mirrored.jpg"]]

    links, beyond = ask.session.links(some), ask.session.resembles(some)

    assert [{pair.a, pair.b} for pair in links] == [set(some)]
    assert {pair.b for pair in beyond} == {of["c turned.jpg"], of["copies/small/d.jpg"]}
    assert all(pair.a in some for pair in beyond)
    assert [pair.score for pair in beyond] == sorted((pair.score for pair in beyond), reverse=True)
    assert ask.session.links([]) == ask.session.resembles([10_000]) == ()


def test_the_closest_pair_is_the_best_one_below_the_line(ask: Asker, album: Path) -> None:
    (album / "copies" / "small" / "d.jpg").unlink()
    opened(ask, album, ScanOptions(match=MatchOptions(line=1.0)))
    closest = ask.session.closest_pair()

    assert closest is not None
    assert ask.session.line_counts(closest.score).clusters > 0 == ask.session.line_counts(1.0).clusters
    assert closest.score == max(pair.score for pair in ask.session.links(range(10)))


def test_folders_are_a_tree_with_photos_counted_upwards(ask: Asker, album: Path) -> None:
    opened(ask, album)

    folders = ask(ask.session.folders())

    assert [(Path(f.path).name, f.parent, f.photos) for f in folders] == [("album", -1, 5), ("copies", 0, 2), ("small", 1, 1)]
    assert folders[2].path_bytes == bytes(album / "copies" / "small")
    assert not any(f.offline or f.protected for f in folders)


def test_folders_are_told_while_a_first_scan_reads_with_what_is_known_so_far(ask: Asker, small_library: Truth) -> None:
    asked: list[int] = []

    def wonder(progress: Progress) -> None:
        if progress.stage == "read" and progress.done and not asked:
            ask.session.pause()
            asked.append(ask.session.folders())

    ask.session.progress_changed.connect(wonder)
    scan = ask.session.open_folders([str(small_library.root)])
    ask._qtbot.waitUntil(lambda: bool(asked), timeout=20_000)
    during = ask(asked[0])
    ask.session.pause(False)
    ask(scan)
    after = ask(ask.session.folders())

    assert during[0].path == after[0].path == str(small_library.root)
    assert 0 < during[0].photos < after[0].photos


def test_no_library_has_no_folders_and_no_answers(ask: Asker) -> None:
    session = ask.session

    assert ask(session.folders()) == session.links([1]) == session.resembles([1]) == ()
    assert session.closest_pair() is None and session.pair(0, 1) is None
    assert session.line_counts(0.86).clusters == 0 and set(session.score_histogram()) == {0}


@pytest.mark.parametrize("quality", [50, 63, 75, 80, 86, 90, 93, 95, 98])
def test_the_quality_of_a_jpeg_is_read_from_its_table(ask: Asker, tmp_path: Path, quality: int) -> None:
    Image.fromarray(scene(3, 120, 160)).save(tmp_path / "a.jpg", quality=quality)
    opened(ask, tmp_path)

    assert ask.session.file(0).quality == quality


def test_the_line_that_was_moved_while_a_scan_ran_stays(ask: Asker, small_library: Truth) -> None:
    snapshots: list[ClusterSnapshot] = []
    ask.session.clusters_changed.connect(snapshots.append)

    def move(progress: Progress) -> None:
        if progress.stage == "read" and progress.done:
            ask.session.progress_changed.disconnect(move)
            ask.session.set_line(0.97)

    ask.session.progress_changed.connect(move)
    report = opened(ask, small_library.root)
    again = opened(ask, small_library.root)

    assert report["settings"]["threshold"] == 0.97
    assert all(cluster["weakest"] >= 0.97 for cluster in report["clusters"])
    assert again["settings"]["threshold"] == MatchOptions().line == snapshots[-1].line


def test_file_numbers_that_mean_other_files_have_another_library_number(ask: Asker, album: Path) -> None:
    snapshots: list[ClusterSnapshot] = []
    ask.session.clusters_changed.connect(snapshots.append)
    opened(ask, album)
    first = snapshots[-1]
    ask.session.set_line(0.99)
    ask._qtbot.waitUntil(lambda: snapshots[-1].line == 0.99, timeout=10_000)
    assert snapshots[-1].library == first.library

    (album / "0 new.jpg").write_bytes((album / "a.jpg").read_bytes())
    opened(ask, album)

    assert snapshots[-1].library > first.library
    generations = [snapshot.generation for snapshot in snapshots]
    assert generations == sorted(set(generations))


def test_a_problem_is_told_in_every_scan_once(ask: Asker, album: Path) -> None:
    told: list[Problem] = []
    ask.session.problem_found.connect(told.append)
    opened(ask, album)
    first, told[:] = list(told), []

    report = opened(ask, album)

    assert report["stats"]["computed"] == 0
    assert told == first and [problem.path for problem in told] == [bytes(album / "broken.jpg")]


def test_nothing_in_a_protected_folder_is_proposed_from_now_on_nor_moved(
    ask: Asker, album: Path, cli: Cli, tmp_path: Path
) -> None:
    shutil.copy(album / "a.jpg", album / "copies" / "f.jpg")
    snapshots: list[ClusterSnapshot] = []
    ask.session.clusters_changed.connect(snapshots.append)
    opened(ask, album)
    copy = ids(ask.session, album)["copies/f.jpg"]
    removed = [v.file for c in snapshots[-1].clusters for v in c.verdicts if v.suggest is Suggest.REMOVE]
    cli("scan", album, "--json", tmp_path / "report.json", code=0)
    cli("propose", tmp_path / "report.json", "--json", tmp_path / "plan.json", code=0)
    cached = len(snapshots)

    ask.session.set_protected([bytes(album / "copies")])
    ask._qtbot.waitUntil(lambda: len(snapshots) > cached, timeout=10_000)

    assert copy in removed and ask.session.protected() == (bytes(album / "copies"),)
    assert copy not in [v.file for c in snapshots[-1].clusters for v in c.verdicts if v.suggest is Suggest.REMOVE]
    assert ask.session.file(copy).protected
    assert [f.protected for f in ask(ask.session.folders())] == [False, True, True]
    ask.session.close()
    report = cli("scan", album, "--json", "-", code=0).json
    assert report["settings"]["protected"] == [str(album / "copies")]
    moved = cli("apply", tmp_path / "plan.json", "--to", tmp_path / "aside", "--json", "-").json
    refused = {result["code"] for result in moved["results"] if "copies" in result["path"]}
    assert refused == {"action.protected"}
    assert (album / "copies" / "f.jpg").exists()


def test_units_hold_raw_and_jpeg_of_one_shot_with_the_raw_in_front(ask: Asker, tmp_path: Path, samples: Path) -> None:
    raw = next(path for path in sorted(samples.rglob("*")) if path.suffix.lower() in (".cr2", ".nef", ".arw", ".dng"))
    for name in ("one", "two"):
        shutil.copy(raw, tmp_path / f"{name}{raw.suffix.lower()}")
        Image.fromarray(scene(4, 480, 720)).save(tmp_path / f"{name}.jpg", quality=90)
    snapshots: list[ClusterSnapshot] = []
    ask.session.clusters_changed.connect(snapshots.append)
    opened(ask, tmp_path)

    units = snapshots[-1].clusters[0].units
    kinds = [[ask.session.file(file).format != "jpeg" for file in unit] for unit in units]

    assert snapshots[-1].photos == len(units) == 2
    assert kinds == [[True, False], [True, False]]
