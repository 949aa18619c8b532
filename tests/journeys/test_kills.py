"""Kill -9 at random moments: a scan leaves no child and a sound store, apply and undo leave every photo where undo finds it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.journeys.killing import kill_scans
from tests.journeys.test_trash_and_back import planned, state
from tests.support.cli import Cli
from tests.support.library import Truth, make_library

KILLS = int(os.environ.get("IMGFP_TEST_KILLS", "4"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return make_library(tmp_path_factory.mktemp("kills") / "photos", originals=3, megapixels=2, alone=6, flat=1)


@pytest.mark.slow
def test_killed_scans_leave_no_child_and_no_damage_and_repeat_one_batch_at_most(cli: Cli, library: Truth, tmp_path: Path) -> None:
    begun = time.monotonic()
    calm = cli("scan", library.root, "--json", "-", env={"IMGFP_CACHE_DIR": str(tmp_path / "calm")}, code=0).json
    seconds = time.monotonic() - begun

    toll = kill_scans(cli, library.root, tmp_path / "cache", 2 * KILLS, 7, calm, seconds)

    assert toll.wrong == []
    assert toll.kills == 2 * KILLS


@pytest.mark.slow
@pytest.mark.parametrize("command", ["apply", "undo"])
def test_killed_moves_are_put_back_exactly(cli: Cli, library: Truth, tmp_path: Path, command: str) -> None:
    photos = tmp_path / "photos"
    shutil.copytree(library.root, photos)
    before = state(photos)
    plan, _ = planned(cli, photos, tmp_path)
    moments = random.Random(command)

    for _ in range(KILLS):
        if command == "undo":
            assert cli("apply", plan, "--to", str(tmp_path / "aside")).code in (0, 5)
        process = cli.start(command, *((plan, "--to", str(tmp_path / "aside")) if command == "apply" else ()))
        time.sleep(moments.uniform(0.2, 1.6))  # the moment is the point of this test
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        for _ in range(3):  # what the kill left half done, what it had not begun, and once more for nothing
            cli("undo", code=0)
        assert state(photos) == before
