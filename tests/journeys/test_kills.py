"""Kill -9 in the middle of a scan: no child stays, the store is sound, and the next scan tells what an undisturbed one tells."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.journeys.test_library import plain
from tests.support.cli import Cli
from tests.support.library import Truth, make_library
from tests.support.processes import descendants, gone

KILLS = int(os.environ.get("IMGFP_TEST_KILLS", "6"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return make_library(tmp_path_factory.mktemp("kills") / "photos", originals=3, megapixels=2, alone=6, flat=1)


@pytest.mark.slow
@pytest.mark.parametrize("whole_group", [True, False], ids=["the whole group", "the parent alone"])
def test_a_killed_scan_leaves_no_child_and_no_damage(cli: Cli, library: Truth, tmp_path: Path, whole_group: bool) -> None:
    undisturbed = cli("scan", library.root, "--json", "-", env={"IMGFP_CACHE_DIR": str(tmp_path / "calm")}, code=0).json
    moments = random.Random(7 + whole_group)

    for _ in range(KILLS):
        process = cli.start("scan", library.root, "--json", "-")
        time.sleep(moments.uniform(0.2, 3.0))  # the moment is the point of this test
        children = descendants(process.pid)
        if whole_group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()
        assert gone(children, within_s=3.0)
        assert cli("store", "verify").code == 0

    assert plain(cli("scan", library.root, "--json", "-", code=0).json) == plain(undisturbed)
