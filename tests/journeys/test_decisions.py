"""What the user said of a cluster is remembered by content: it survives rename, rescan and the loss of the cache."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import Cli
from tests.support.library import Truth


@pytest.fixture
def photos(small_library: Truth, tmp_path: Path) -> Path:
    copy = tmp_path / "photos"
    shutil.copytree(small_library.root, copy)
    return copy


def scanned(cli: Cli, photos: Path, report: Path) -> Any:
    cli("scan", photos, "--json", report, code=0)
    return cli("scan", photos, "--json", "-", code=0).json


@pytest.mark.parametrize("choice", ["different", "keep-all"])
def test_a_decided_cluster_stays_away_after_rename_and_without_cache(cli: Cli, photos: Path, tmp_path: Path, choice: str) -> None:
    report = tmp_path / "report.json"
    before = scanned(cli, photos, report)

    cli("decide", report, "0", f"--{choice}", code=0)
    photos.rename(tmp_path / "renamed")
    cli("store", "clear", code=0)
    after = scanned(cli, tmp_path / "renamed", report)

    assert len(after["clusters"]) == len(before["clusters"]) - 1
    assert {pair["decision"] for pair in after["pairs"]} == {None, choice}


def test_forgetting_brings_the_cluster_back(cli: Cli, photos: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    before = scanned(cli, photos, report)

    cli("decide", report, "0", "--different", code=0)
    cli("decide", report, "0", "--forget", code=0)

    assert scanned(cli, photos, report)["clusters"] == before["clusters"]


def test_one_more_copy_brings_a_kept_cluster_back(cli: Cli, photos: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    before = scanned(cli, photos, report)
    cli("decide", report, "0", "--keep-all", code=0)
    member = before["files"][before["clusters"][0]["members"][0]["file"]]["path"]

    shutil.copy2(member, photos / "one more.jpg")
    after = scanned(cli, photos, report)

    assert len(after["clusters"]) == len(before["clusters"])
