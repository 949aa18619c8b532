"""A generated library, end to end: every planted copy with its original, nothing unrelated together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.cli import SHARED, Cli
from tests.support.library import Truth, make_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """120 files of 2 MP: 8 originals with 12 copies or so each, unrelated photos and blank frames."""
    return make_library(tmp_path_factory.mktemp("library") / "photos", originals=8, megapixels=2, alone=14, flat=2)


def clusters_by_path(report: dict[str, Any]) -> dict[str, int]:
    """Cluster number of each clustered path."""
    return {report["files"][m["file"]]["path"]: c["id"] for c in report["clusters"] for m in c["members"]}


def plain(report: dict[str, Any]) -> dict[str, Any]:
    """The report without what may differ between runs."""
    kept = {name: value for name, value in report.items() if name != "stats"}
    kept["files"] = [{k: v for k, v in file.items() if k != "from_cache"} for file in report["files"]]
    return kept


@pytest.mark.slow
def test_every_planted_copy_is_found_and_nothing_else(cli: Cli, library: Truth) -> None:
    report = cli("scan", library.root, "--json", "-", code=0).json

    of = clusters_by_path(report)
    lost = [str(p) for family in library.families for p in family.paths if of.get(str(p), -1) != of.get(str(family.original), -2)]
    wrong = [str(p) for p in (*library.alone, *library.flat) if str(p) in of]
    mixed = len({of[str(family.original)] for family in library.families}) != len(library.families)
    assert (lost, wrong, mixed) == ([], [], False)
    assert [file["path"] for file in report["files"]] == [str(path) for path in library.files]


@pytest.mark.slow
def test_the_number_of_workers_changes_no_byte_of_the_report(cli: Cli, small_library: Truth, tmp_path: Path) -> None:
    reports = []
    for workers in ("1", "2", "4"):
        env = {"IMGFP_CACHE_DIR": str(tmp_path / workers)}
        reports.append(cli("scan", small_library.root, "--json", "-", "--workers", workers, env=env, code=0).json)

    assert json.dumps(plain(reports[0])) == json.dumps(plain(reports[1])) == json.dumps(plain(reports[2]))


def test_a_second_scan_computes_nothing_and_says_the_same(cli: Cli, small_library: Truth) -> None:
    first = cli("scan", small_library.root, "--json", "-", code=0).json
    second = cli("scan", small_library.root, "--json", "-", code=0).json

    assert first["stats"]["computed"] == len(small_library.files)
    assert second["stats"]["computed"] == 0
    assert plain(first) == plain(second)


def test_the_report_keeps_its_schema(cli: Cli, small_library: Truth) -> None:
    schema = SHARED / "contracts" / "report.schema.json"
    if not schema.is_file():
        pytest.skip("the schema is not beside this repository")

    report = cli("scan", small_library.root, "--json", "-", code=0).json

    jsonschema.validate(report, json.loads(schema.read_text()))
