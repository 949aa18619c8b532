"""A folder of hostile files costs those files and nothing else: no sound picture, no hang, no crash, no memory, no write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.hostile.library import make_hostile
from tests.hostile.trial import try_out
from tests.support.cli import Cli

WHOLE = int(os.environ.get("IMGFP_TEST_HOSTILE", "0"))
"""Hostile files of the whole set; 0: only the small one."""


def test_a_small_hostile_folder_costs_its_own_files_only(cli: Cli, tmp_path: Path) -> None:
    made = make_hostile(tmp_path / "library", 250, 1)
    (tmp_path / "home").mkdir()

    trial = try_out(cli, made, tmp_path / "home")

    assert trial.wrong == [], trial.figures
    assert len(made.sound) > 100 and len(made.hostile) >= 250


@pytest.mark.slow
@pytest.mark.skipif(not WHOLE, reason="set IMGFP_TEST_HOSTILE to a number of files")
@pytest.mark.parametrize("seed", [1, 2])
def test_the_whole_hostile_folder_costs_its_own_files_only(cli: Cli, tmp_path: Path, seed: int) -> None:
    made = make_hostile(tmp_path / "library", WHOLE, seed, heavy=True)
    (tmp_path / "home").mkdir()

    trial = try_out(cli, made, tmp_path / "home")

    assert trial.wrong == [], trial.figures
