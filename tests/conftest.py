"""Fixtures for all tests. Off screen, and never in the real home: every test has a cache, user data and a trash of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import SAMPLES, Cli, private_environment
from tests.support.library import Truth, make_library

# Before Qt or numba is imported by anybody, so that not even an import writes to the user's home.
_HOME = Path(tempfile.mkdtemp(prefix="imgfp-tests-"))
os.environ.update(private_environment(_HOME / "session"))


def pytest_sessionfinish() -> None:
    """Throw the session's home away."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def private_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home for this test alone, made when something writes there and gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="home-", dir=_HOME))
    for name, value in private_environment(home).items():
        monkeypatch.setenv(name, value)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def cli(private_home: Path) -> Cli:
    """The command line in the test's own home: ``cli("scan", folder, "--json", "-", code=0).json``."""
    return Cli(private_home)


@pytest.fixture
def run_cli(cli: Cli) -> Cli:
    """Another name for `cli`."""
    return cli


@pytest.fixture(scope="session")
def samples() -> Path:
    """The shared sample pictures; skips where they are not there."""
    if not SAMPLES.is_dir():
        pytest.skip("the sample pictures are not beside this repository")
    return SAMPLES


@pytest.fixture(scope="session")
def small_library() -> Truth:
    """Three families of twelve, four pictures alone, two blank frames, 0.3 MP each: read it, never change it."""
    return make_library(_HOME / "small-library", originals=3, megapixels=0.3, alone=4, flat=2)
