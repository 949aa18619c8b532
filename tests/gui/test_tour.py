"""The walk that makes screenshots: in folders that somebody names it only looks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.sources import ROOT


def _state(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in found}


def test_a_tour_through_named_folders_leaves_them_as_they_are(tmp_path: Path) -> None:
    photos = Path(shutil.copytree(ROOT / "resources" / "sample", tmp_path / "Photos"))
    before = _state(photos)

    done = subprocess.run(
        [sys.executable, "-m", "tests.support.tour", str(tmp_path / "out"), str(photos)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert _state(photos) == before
    assert {"start", "grid", "side-by-side"} <= {path.stem[3:] for path in (tmp_path / "out").glob("*.png")}
