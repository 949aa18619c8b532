"""A plan names only what is proven now: a report that lies, or that the folder has left behind, removes nothing."""

from __future__ import annotations

import copy
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.album import Album, album, going, state


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Album:
    made = album(tmp_path_factory.mktemp("proofs"))
    first = made.picture("a.jpg", 1)
    shutil.copy2(first, made.photos / "b.jpg")
    made.picture("x.jpg", 11)
    made.picture("y.jpg", 12)
    return made


@pytest.fixture(scope="module")
def report(library: Album) -> dict[str, Any]:
    return library.scan()


def test_an_honest_report_gives_a_plan(library: Album, report: dict[str, Any]) -> None:
    assert going(library.plan(report)) == {str(library.photos / "b.jpg")}


def test_a_forged_cluster_of_unrelated_pictures_gives_no_plan(library: Album, report: dict[str, Any]) -> None:
    forged = copy.deepcopy(report)
    forged["clusters"][0]["members"] = [
        {"file": file, "tier": "identical", "suggest": suggest, "reason": ""} for file, suggest in ((2, "keep"), (3, "remove"))
    ]
    assert going(library.plan(forged)) == set()


def test_files_outside_the_folders_of_the_report_stay(library: Album, report: dict[str, Any]) -> None:
    forged = copy.deepcopy(report)
    for name in ("o1.jpg", "o2.jpg"):
        shutil.copy2(library.photos / "a.jpg", library.place / name)
    forged["files"][0]["path"], forged["files"][1]["path"] = str(library.place / "o1.jpg"), str(library.place / "o2.jpg")
    assert going(library.plan(forged)) == set()


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_another_name_of_the_keeper_is_no_copy_of_it(tmp_path: Path, link: Any) -> None:
    made = album(tmp_path)
    first = made.picture("a.jpg", 1)
    second = made.photos / "b.jpg"
    shutil.copy2(first, second)
    report = made.scan()
    second.unlink()
    link(first, second)
    assert going(made.plan(report)) == set()


def test_what_became_another_picture_or_went_away_stays_undecided(library: Album, report: dict[str, Any]) -> None:
    path = library.photos / "b.jpg"
    data = path.read_bytes()
    path.write_bytes((library.photos / "x.jpg").read_bytes())
    changed = going(library.plan(report))
    path.unlink()
    gone = going(library.plan(report))
    path.write_bytes(data)
    assert changed == gone == set()


@pytest.mark.parametrize(
    "forge",
    [
        lambda report: report.update(version=2),
        lambda report: report["settings"].update(preset="of another day"),
        lambda report: report["files"][1].update(path=report["files"][0]["path"]),
    ],
)
def test_a_report_that_is_none_of_ours_is_refused_whole(library: Album, report: dict[str, Any], forge: Any) -> None:
    forged = copy.deepcopy(report)
    forge(forged)
    before = state(library.photos)
    result = library.cli("propose", library.save(forged, "forged.json"), code=2)
    assert result.out == b"" and b"Traceback" not in result.err
    assert state(library.photos) == before


def test_propose_and_a_dry_run_touch_nothing_and_end_as_the_real_run_does(library: Album, report: dict[str, Any]) -> None:
    plan = library.plan(report)
    plan["items"].append({**plan["items"][0], "keep": plan["items"][0]["remove"], "remove": plan["items"][0]["keep"]})
    path, before = library.save(plan, "plan.json"), state(library.photos)
    dry = library.cli("apply", path, "--dry-run", "--to", library.place / "q", "--json", "-", code=5).json
    assert state(library.photos) == before and not (library.place / "q").exists()
    real = library.cli("apply", path, "--to", library.place / "q", "--json", "-", code=5).json
    for answer in (dry, real):
        assert {(r["outcome"], r["code"]) for r in answer["results"]} == {("refused", "action.last-copy")}
    assert state(library.photos) == before


def test_a_dry_run_fails_where_the_data_folder_would_fail_the_real_run(library: Album, report: dict[str, Any]) -> None:
    path = library.save(library.plan(report), "plan.json")
    blocked = library.place / "blocked"
    blocked.write_text("")
    env = {"IMGFP_DATA_DIR": str(blocked / "data")}
    codes = [library.cli("apply", path, *more, "--to", library.place / "q", env=env).code for more in ((), ("--dry-run",))]
    assert codes == [4, 4]
    assert json.loads(path.read_text())["items"]
