"""The cache is attacked, full, read-only or used by two at once: every scan says the same, and nothing else is touched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.hostile.attack import Siege
from tests.hostile.cache_attacks import ATTACKS
from tests.hostile.outcome import differences
from tests.journeys.full_disk import change_disk, disk_bytes, faults_at, scan, sizes_of, small_disk
from tests.support.cli import Cli
from tests.support.library import Truth

POINTS = int(os.environ.get("IMGFP_TEST_FULL", "3"))
SIEGE = int(os.environ.get("IMGFP_TEST_ATTACKS", str(len(ATTACKS) // 2)))


@pytest.mark.slow
def test_attacks_on_the_cache_change_no_answer(cli: Cli, tmp_path: Path) -> None:
    siege = Siege(cli, tmp_path)
    siege.prepare()
    for number in range(SIEGE):
        siege.attack(number if len(ATTACKS) <= SIEGE else 2 * number, 1)

    assert siege.wrong == []


@pytest.mark.slow
def test_disk_that_fills_up_at_any_point_changes_no_answer(cli: Cli, small_library: Truth, tmp_path: Path) -> None:
    calm = scan(cli, small_library.root, tmp_path / "calm").json
    wrong = []
    for size in sizes_of(POINTS, disk_bytes(tmp_path / "calm")):
        wrong += faults_at(cli, small_library.root, tmp_path / "disk", size, calm)

    assert wrong == []


@pytest.mark.parametrize("filled", [False, True])
def test_cache_that_may_only_be_read_is_read_and_said_so(cli: Cli, small_library: Truth, tmp_path: Path, filled: bool) -> None:
    with small_disk(tmp_path / "disk", 256 << 20) as mounted:
        if not mounted:
            pytest.skip("nothing may be mounted here")
        cache = tmp_path / "disk" / "cache"
        calm = scan(cli, small_library.root, cache if filled else tmp_path / "calm").json
        change_disk(tmp_path / "disk", read_only=True)

        result = scan(cli, small_library.root, cache)

    assert result.code == 0, result.text
    assert differences(calm, result.json) == []
    assert b"cannot be written" in result.err
    assert bool(result.json["stats"]["computed"]) != filled


def test_two_scans_at_once_on_one_cache_give_the_same_report(cli: Cli, small_library: Truth, tmp_path: Path) -> None:
    calm = scan(cli, small_library.root, tmp_path / "calm").json
    env = {"IMGFP_CACHE_DIR": str(tmp_path / "cache")}
    both = [cli.start("scan", small_library.root, "--json", tmp_path / f"{number}.json", env=env) for number in range(2)]
    said = [process.communicate(timeout=300)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    for number in range(2):
        report = (tmp_path / f"{number}.json").read_bytes()
        assert differences(calm, json.loads(report)) == []
    assert cli("store", "verify", env=env).code == 0
    assert scan(cli, small_library.root, tmp_path / "cache").json["stats"]["computed"] == 0
