"""A shelf of files for each test of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.actions.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture(params=["trash", "quarantine"])
def kind(request: pytest.FixtureRequest) -> str:
    """Both ways out."""
    return str(request.param)


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.slow)], ids=["one errno a call", "every errno"])
def every_errno(request: pytest.FixtureRequest) -> bool:
    """One error for each call in the quick run, all of them in the long one."""
    return bool(request.param)
