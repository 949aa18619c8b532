"""From a scan to trash or quarantine and back, through the command line, on real files."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import Cli
from tests.support.library import Truth


def state(root: Path) -> dict[str, tuple[str, int, int]]:
    """Content, mode and modification time of every file below a folder."""
    found = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        facts = path.stat()
        found[str(path.relative_to(root))] = (hashlib.sha256(path.read_bytes()).hexdigest(), facts.st_mode, facts.st_mtime_ns)
    return found


@pytest.fixture
def photos(small_library: Truth, tmp_path: Path) -> Path:
    """A library of the test's own."""
    copy = tmp_path / "photos"
    shutil.copytree(small_library.root, copy)
    return copy


def planned(cli: Cli, photos: Path, folder: Path, *more: str) -> tuple[Path, Any]:
    """Report and plan of a library."""
    cli("scan", photos, "--json", folder / "report.json", *more, code=0)
    plan = cli("propose", folder / "report.json", "--json", "-", code=0).json
    cli("propose", folder / "report.json", "--json", folder / "plan.json", code=0)
    return folder / "plan.json", plan


@pytest.mark.parametrize("quarantine", [False, True], ids=["trash", "quarantine"])
def test_apply_and_undo_leave_the_library_as_it_was(cli: Cli, photos: Path, tmp_path: Path, quarantine: bool) -> None:
    before = state(photos)
    plan, content = planned(cli, photos, tmp_path)
    named = sum(len(item["remove"]) for item in content["items"])
    target = ("--to", str(tmp_path / "aside")) if quarantine else ()

    moved = cli("apply", plan, *target, "--json", "-", code=0).json
    after = state(photos)
    restored = cli("undo", "--json", "-", code=0).json

    assert named > 0
    assert len(before) - len(after) == sum(result["outcome"] == "moved" for result in moved["results"]) >= named
    assert all(result["outcome"] == "restored" for result in restored["results"])
    assert state(photos) == before


def test_a_photo_rewritten_with_size_and_time_kept_is_refused(cli: Cli, photos: Path, tmp_path: Path) -> None:
    plan, content = planned(cli, photos, tmp_path)
    victim = Path(content["items"][0]["remove"][0]["path"])
    facts = victim.stat()
    data = bytearray(victim.read_bytes())
    data[-20] ^= 0xFF
    victim.write_bytes(data)
    os.utime(victim, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    done = cli("apply", plan, "--to", str(tmp_path / "aside"), "--json", "-", code=5).json

    refused = {result["path"]: result["code"] for result in done["results"] if result["outcome"] == "refused"}
    assert refused[str(victim)] == "action.changed"
    assert victim.read_bytes() == bytes(data)


def test_a_plan_whose_keeper_is_gone_moves_nothing_of_its_item(cli: Cli, photos: Path, tmp_path: Path) -> None:
    plan, content = planned(cli, photos, tmp_path)
    item = content["items"][0]
    (keeper,) = item["keep"]
    os.rename(keeper["path"], tmp_path / "elsewhere")

    done = cli("apply", plan, "--to", str(tmp_path / "aside"), "--json", "-", code=5).json

    outcome = {result["path"]: (result["outcome"], result["code"]) for result in done["results"]}
    assert all(outcome[file["path"]] == ("refused", "action.keeper-gone") for file in item["remove"])


def test_a_protected_folder_is_kept_whole_and_changes_no_match(cli: Cli, photos: Path, tmp_path: Path) -> None:
    open_plan = cli("scan", photos, "--json", "-", code=0).json
    protected = photos / "DCIM"
    report = cli("scan", photos, "--json", "-", "--protect", str(protected), code=0).json

    inside = [
        member["suggest"]
        for cluster in report["clusters"]
        for member in cluster["members"]
        if report["files"][member["file"]]["path"].startswith(f"{protected}/")
    ]
    assert inside and set(inside) == {"keep"}
    assert report["pairs"] == open_plan["pairs"]


def test_a_dry_run_says_what_the_run_would_and_touches_nothing(cli: Cli, photos: Path, tmp_path: Path) -> None:
    before = state(photos)
    plan, _ = planned(cli, photos, tmp_path)

    dry = cli("apply", plan, "--dry-run", "--json", "-", code=0).json

    assert state(photos) == before
    assert {result["outcome"] for result in dry["results"]} == {"moved"}
    assert cli("history", "--json", "-", code=0).json == []
