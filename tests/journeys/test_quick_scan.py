"""``imgfp scan --quick``: what it tells, what it never does, and what follows of its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.fingerprint import PROFILE
from tests.journeys.test_trash_and_back import state
from tests.support.check_report import provisional_disagreements
from tests.support.cli import Cli
from tests.support.scenes import blank, scene
from tests.support.thumbnails import camera_file, phone_file


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Two pictures several times with thumbnails, once turned by a tag; some without; a grey one; files that are no pictures."""
    folder = tmp_path / "album"
    first, second = (Image.fromarray(scene(seed, 720, 480)) for seed in (5, 9))
    camera_file(folder / "a.jpg", first)
    camera_file(folder / "b same bytes.jpg", first)
    camera_file(folder / "c smaller.jpg", first.resize((360, 240)), quality=70)
    lying = second.transpose(Image.Transpose.ROTATE_90)
    camera_file(folder / "d.jpg", second)
    lying.save(folder / "plain.jpg", quality=90)
    camera_file(folder / "e turned.jpg", second, orientation=6)
    second.save(folder / "f without.jpg", quality=90)
    second.save(folder / "g.png")
    camera_file(folder / "grey.jpg", Image.fromarray(blank(3, 720, 480)))
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "cut.jpg").write_bytes((folder / "a.jpg").read_bytes()[:60])
    (folder / "words.txt").write_text("no picture")
    (folder / "album.psd").write_bytes(b"8BPS" + bytes(100))
    return folder


def scanned(cli: Cli, folder: Path, *more: str) -> dict[str, Any]:
    report: dict[str, Any] = cli("scan", folder, "--json", "-", *more, code=0).json
    return report


def by_name(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {Path(file["path"]).name: file for file in report["files"]}


def pairs_of(report: dict[str, Any]) -> set[frozenset[str]]:
    names = {file["id"]: Path(file["path"]).name for file in report["files"]}
    return {frozenset((names[pair["a"]], names[pair["b"]])) for pair in report["pairs"]}


def test_its_report_keeps_the_contract(cli: Cli, album: Path) -> None:
    before = state(album)

    report = scanned(cli, album, "--quick")

    assert state(album) == before
    assert report["settings"]["pass"] == "quick" and report["profile"] == "q" + PROFILE
    assert [file["id"] for file in report["files"]] == list(range(len(report["files"])))
    assert report["clusters"] and provisional_disagreements(report) == []
    assert report["stats"]["found"] == len(report["files"])


def test_files_with_thumbnails_are_paired_and_others_are_in_no_pair(cli: Cli, album: Path) -> None:
    report = scanned(cli, album, "--quick")

    pairs = pairs_of(report)
    assert frozenset({"a.jpg", "b same bytes.jpg"}) in pairs and frozenset({"a.jpg", "c smaller.jpg"}) in pairs
    assert frozenset({"d.jpg", "e turned.jpg"}) in pairs
    assert not {"f without.jpg", "plain.jpg", "g.png", "grey.jpg"} & set().union(*pairs)


def test_equal_bytes_are_not_called_identical_without_having_been_read(cli: Cli, album: Path) -> None:
    report = scanned(cli, album, "--quick")

    tiers = {pair["tier"] for pair in report["pairs"]}
    assert tiers and tiers <= {"same-picture", "edited", "same-moment"}
    turned = next(pair for pair in report["pairs"] if pair["transform"]["turn"])
    assert turned["tier"] == "edited"


def test_headers_alone_tell_the_outcome_of_each_file(cli: Cli, album: Path) -> None:
    files = by_name(scanned(cli, album, "--quick"))

    said = {name: (file["status"], file["code"]) for name, file in files.items()}
    assert said["empty.jpg"] == ("error", "decode.empty")
    assert said["cut.jpg"] == ("error", "decode.corrupt")
    assert said["words.txt"] == ("skipped", "scan.not-a-picture")
    assert said["album.psd"][0] == "skipped"
    for name in ("a.jpg", "f without.jpg", "g.png", "grey.jpg"):
        assert said[name] == ("ok", None)
    assert (files["e turned.jpg"]["width"], files["e turned.jpg"]["height"]) == (480, 720)
    assert (files["g.png"]["width"], files["g.png"]["height"]) == (720, 480)


def test_it_is_the_same_whatever_is_cached_and_however_many_work(cli: Cli, album: Path) -> None:
    def plain(report: dict[str, Any]) -> str:
        report.pop("stats")
        for file in report["files"]:
            file.pop("from_cache")
        return json.dumps(report)

    cold = scanned(cli, album, "--quick", "--workers", "1")
    warm = scanned(cli, album, "--quick", "--workers", "3")
    assert warm["stats"]["computed"] == 0 and warm["stats"]["cached"] > 0
    scanned(cli, album)
    after_full = scanned(cli, album, "--quick")

    assert plain(cold) == plain(warm) == plain(after_full)


def test_a_full_scan_after_a_quick_one_is_as_if_there_had_been_none(cli: Cli, album: Path, tmp_path: Path) -> None:
    scanned(cli, album, "--quick")
    after = scanned(cli, album)
    alone = scanned(Cli(tmp_path / "other home"), album)

    assert after["stats"]["computed"] == alone["stats"]["computed"]
    for report in (after, alone):
        report.pop("stats")
    assert after == alone


def test_nothing_is_proposed_of_a_quick_report_and_it_says_why(cli: Cli, album: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    cli("scan", album, "--quick", "--json", report, code=0)

    proposed = cli("propose", report, "--json", "-", code=0)

    assert proposed.json["items"] == []
    assert b"quick scan" in proposed.err


def test_nothing_is_decided_by_a_quick_report(cli: Cli, album: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    cli("scan", album, "--quick", "--json", report, code=0)

    refused = cli("decide", report, "0", "--different", code=2)

    assert b"quick scan" in refused.err
    assert json.loads(cli("history", "--json", "-", code=0).out) == []


def test_the_summary_says_that_it_is_provisional(cli: Cli, album: Path) -> None:
    assert b"provisional" in cli("scan", album, "--quick", code=0).out
    assert b"provisional" not in cli("scan", album, code=0).out


def test_the_thumbnail_item_of_a_phone_picture_is_enough(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "phone"
    picture = Image.fromarray(scene(5, 960, 640))
    phone_file(folder / "a.heic", picture)
    camera_file(folder / "b.jpg", picture)
    phone_file(folder / "c without.heic", picture, edge=None)

    report = scanned(cli, folder, "--quick")

    assert pairs_of(report) == {frozenset({"a.heic", "b.jpg"})}
    assert by_name(report)["c without.heic"]["status"] == "ok"
