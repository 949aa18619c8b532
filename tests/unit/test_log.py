"""The log: bounded, one line an event, and nothing of the user's in it unless everything is to be told."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from engine import locations, log
from engine.session import Session
from tests.support.cli import ROOT, Cli


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The engine's logger without handlers, as in a new process."""
    logger = logging.getLogger("engine")
    before, level = logger.handlers[:], logger.level
    logger.handlers[:] = []
    yield logger
    for handler in logger.handlers:
        handler.close()
    logger.handlers[:] = before
    logger.setLevel(level)


def lines() -> list[str]:
    return (locations.log_dir() / log.FILE).read_text().splitlines()


def test_an_event_is_one_line_of_keys_and_values(root: logging.Logger) -> None:
    log.start_log()
    log.start_log()
    log.tell(root, logging.WARNING, "worker_lost", code="decode.crashed", detail="two words\nand a line", number=3, empty="")

    first, second = lines()
    assert "event=start version=" in first
    assert second.startswith("time=20") and "level=WARNING room=engine" in second
    assert second.endswith('event=worker_lost code=decode.crashed detail="two words\\\\nand a line" number=3 empty=""')


@pytest.mark.parametrize("everything", [False, True])
def test_paths_are_told_only_when_everything_is(root: logging.Logger, everything: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGFP_LOG", "debug" if everything else "")
    log.start_log()
    log.tell(root, logging.WARNING, "lost", code="x", private={"path": b"/home/anna/\xff\x1b.jpg"})
    try:
        raise FileNotFoundError(2, "No such file", "/home/anna/secret.jpg")
    except OSError:
        root.exception("event=failed")

    told = "\n".join(lines())
    assert ("anna" in told) == everything
    assert "\x1b" not in told
    assert "error=FileNotFoundError at=test_log.py:" in told


def test_it_never_grows_beyond_its_bounds(root: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BYTES", 2000)
    log.start_log()
    for number in range(500):
        log.tell(root, logging.INFO, "many", number=number, long="x" * 5000)

    files = sorted(locations.log_dir().iterdir())
    assert len(files) == 1 + log.KEPT
    assert all(file.stat().st_size <= 2000 for file in files)
    assert "number=499" in (locations.log_dir() / log.FILE).read_text()


def test_a_folder_that_cannot_be_written_means_no_log_and_no_error(root: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGFP_DATA_DIR", "/proc/imgfp")
    log.start_log()
    log.tell(root, logging.ERROR, "nowhere")

    assert log.log_path() is None


FULL = """
import logging, resource, signal
from engine import log
log.start_log()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
log.tell(logging.getLogger("engine"), logging.ERROR, "full")
"""


def test_a_full_disk_says_nothing_on_the_terminal() -> None:
    done = subprocess.run([sys.executable, "-c", FULL], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_where_it_is_can_be_asked(root: logging.Logger, cli: Cli) -> None:
    session = Session()
    try:
        assert session.log_path == locations.log_dir() / log.FILE
        assert session.log_path.is_file()
    finally:
        session.close()
    assert cli("doctor", "--json", "-", code=0).json["log"] == str(locations.log_dir() / log.FILE)
