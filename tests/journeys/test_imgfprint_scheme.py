"""`--scheme imgfprint` from files on disk: scan, compare, inspect and find by another program's fingerprints."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from engine import imgfprint
from tests.support.cli import SHARED, Cli
from tests.support.scenes import scene
from tests.unit.imgfprint.pictures import first_reference, second_reference


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three photographs, one re-encoded, one copied, one mirrored; the reference pictures; two flat ones."""
    folder = tmp_path_factory.mktemp("album")
    for number in range(3):
        Image.fromarray(scene(number, 900, 600)).save(folder / f"{number}.jpg", quality=95)
    Image.fromarray(scene(0, 900, 600)).save(folder / "0-small.jpg", quality=60)
    shutil.copy(folder / "1.jpg", folder / "1-copy.jpg")
    Image.fromarray(scene(2, 900, 600)[:, ::-1]).save(folder / "2-mirror.jpg", quality=95)
    Image.fromarray(first_reference()).save(folder / "v1.png")
    Image.fromarray(second_reference()).save(folder / "v2.png")
    for grey in (10, 250):
        Image.fromarray(np.full((300, 400, 3), grey, np.uint8)).save(folder / f"flat{grey}.png")
    return folder


def _settings(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return path


def _pairs(report: dict[str, object]) -> list[tuple[str, str, str]]:
    names = [Path(file["path"]).name for file in report["files"]]  # type: ignore[attr-defined]
    return [(names[p["a"]], names[p["b"]], p["tier"]) for p in report["pairs"]]  # type: ignore[attr-defined]


def test_a_scan_by_the_scheme_names_it_and_proposes_nothing_but_equal_bytes(cli: Cli, album: Path, tmp_path: Path) -> None:
    report = cli("scan", album, "--scheme", "imgfprint", "--json", "-", code=0).json

    schema = SHARED / "contracts" / "report.schema.json"
    if schema.is_file():
        jsonschema.validate(report, json.loads(schema.read_text()))
    assert report["profile"] == imgfprint.PROFILE
    assert report["settings"]["scheme"] == "imgfprint"
    assert report["settings"]["imgfprint"] == {**imgfprint.MultiHashConfig().told(), "line": 0.75}
    assert _pairs(report) == [("0-small.jpg", "0.jpg", "edited"), ("1-copy.jpg", "1.jpg", "identical")]
    removed = [m for cluster in report["clusters"] for m in cluster["members"] if m["suggest"] == "remove"]
    assert [member["tier"] for member in removed] == ["identical"]
    scored = report["pairs"][0]
    assert set(scored["parts"]) == {"score", "ahash", "phash", "dhash"}
    assert scored["similarity"] == pytest.approx(float(imgfprint.similarity(np.array([scored["parts"]["score"]]))[0]), abs=0.01)


def test_a_second_scan_reads_nothing_and_says_the_same_and_our_own_scan_is_not_disturbed(cli: Cli, album: Path) -> None:
    own = cli("scan", album, "--json", "-", code=0).json
    first = cli("scan", album, "--scheme", "imgfprint", "--json", "-", code=0).json

    again = cli("scan", album, "--scheme", "imgfprint", "--progress", "json", "--json", "-", code=0)

    assert again.json["pairs"] == first["pairs"] and again.json["clusters"] == first["clusters"]
    assert again.json["stats"]["computed"] == 0
    own_again = cli("scan", album, "--json", "-", code=0).json
    assert (own_again["pairs"], own_again["profile"]) == (own["pairs"], own["profile"])


def test_the_line_and_the_weights_of_the_settings_file_decide(cli: Cli, album: Path, tmp_path: Path) -> None:
    high = _settings(tmp_path, "[imgfprint]\nline = 0.999\nmin_blocks = 6\nphash_weight = 0.5")

    report = cli("scan", album, "--scheme", "imgfprint", "--settings", high, "--json", "-", code=0).json

    assert _pairs(report) == [("1-copy.jpg", "1.jpg", "identical")]
    told = report["settings"]["imgfprint"]
    assert (told["min_blocks"], told["phash_weight"]) == (6, 0.5)
    assert told["line"] == pytest.approx(0.999, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "[imgfprint]\nphash_weight = nan",
        "[imgfprint]\nphash_weight = 1.5",
        "[imgfprint]\nblock_distance_threshold = 65",
        "[imgfprint]\ncolour_weight = 0.1",
        "[imgfprint]\nline = 2",
        "imgfprint = 3",
    ],
)
def test_a_table_out_of_bounds_is_refused_before_anything_is_read(cli: Cli, album: Path, tmp_path: Path, text: str) -> None:
    done = cli("scan", album, "--settings", _settings(tmp_path, text), code=2)

    assert b"imgfprint" in done.err


def test_thumbnails_have_no_such_fingerprints(cli: Cli, album: Path) -> None:
    assert b"--quick" in cli("scan", album, "--quick", "--scheme", "imgfprint", code=2).err


def test_compare_gives_the_numbers_of_the_scheme(cli: Cli, album: Path) -> None:
    apart = cli("compare", album / "v1.png", album / "v2.png", "--scheme", "imgfprint", "--json", "-", code=0).json
    equal = cli("compare", album / "1.jpg", album / "1-copy.jpg", "--scheme", "imgfprint", "--json", "-", code=0).json

    assert apart["tier"] is None
    assert apart["similarity"] < 0.1
    assert apart["imgfprint"] == {
        "profile": "imgfprint-1",
        "exact": False,
        "score": 0.539375,
        "distance": 32,
        "ahash": 0.573438,
        "phash": 0.535417,
        "dhash": 0.535938,
    }
    assert (equal["tier"], equal["imgfprint"]["score"], equal["imgfprint"]["exact"]) == ("identical", 1.0, True)


def test_inspect_gives_hashes_record_and_text(cli: Cli, album: Path) -> None:
    told = cli("inspect", album / "v1.png", "--scheme", "imgfprint", "--json", "-", code=0).json

    record = imgfprint.read_record(bytes.fromhex(told["fingerprints"]["record"]))
    assert (record.hashes == imgfprint.fingerprint(first_reference())).all()
    assert record.exact.hex() == told["digests"]["blake3"]
    assert told["fingerprints"]["phash"].startswith("84317bb46fc87c0b")
    assert told["imgfprint"]["text"] == imgfprint.text(record)


def test_find_by_the_scheme_looks_in_folders_or_at_what_is_kept(cli: Cli, album: Path) -> None:
    asked = album / "0-small.jpg"
    inside = cli("find", asked, album, "--scheme", "imgfprint", "--json", "-", code=0).json
    kept = cli("find", asked, "--scheme", "imgfprint", "--json", "-", code=0).json

    assert [(Path(m["path"]).name, m["tier"]) for m in inside["matches"]] == [("0.jpg", "edited")]
    assert kept["matches"] == inside["matches"]


def test_clearing_the_cache_takes_these_hashes_too(cli: Cli, album: Path) -> None:
    cli("scan", album, "--scheme", "imgfprint", code=0)
    assert any(path.is_file() for path in (cli.home / "cache" / "imgfprint").rglob("*"))

    cli("store", "clear", code=0)

    left = [path for path in (cli.home / "cache" / "imgfprint").rglob("*") if path.is_file() and "lock" not in path.name]
    assert left == []
