"""A shelf of files for each test of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.actions.faults import quick_folder
from tests.actions.shelf import Shelf


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """In memory where that is possible: everything here syncs after every step. The trash lies beside it."""
    with quick_folder() as base:
        yield Shelf(base)


@pytest.fixture(params=["trash", "quarantine"])
def kind(request: pytest.FixtureRequest) -> str:
    """Both ways out."""
    return str(request.param)


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.slow)], ids=["one errno a call", "every errno"])
def every_errno(request: pytest.FixtureRequest) -> bool:
    """One error for each call in the quick run, all of them in the long one."""
    return bool(request.param)
