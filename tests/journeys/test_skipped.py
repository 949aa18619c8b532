"""Whatever is not looked at is counted by its reason, in the report and in the summary of the command line."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.cli import Cli
from tests.unit.decode.files import saved, scene


def test_skipped_files_are_counted_by_reason(cli: Cli, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.jpg").write_bytes(saved(scene(1), "JPEG"))
    for name in ("one.txt", "two.txt"):
        (photos / name).write_text("words")
    (photos / "layers.psd").write_bytes(b"8BPS\0\x01" + bytes(40))
    (photos / ".hidden.jpg").write_bytes(saved(scene(2), "JPEG"))
    (photos / "away").symlink_to("/etc/passwd")
    os.link(photos / "a.jpg", photos / "b.jpg")
    os.mkfifo(photos / "pipe.jpg")

    report = cli("scan", photos, "--json", "-", code=0).json
    again = cli("scan", photos, "--json", "-", code=0).json
    summary = cli("scan", photos, code=0)

    assert report["stats"]["skipped"] == again["stats"]["skipped"] == {
        "decode.unsupported": 1, "scan.hard-link": 1, "scan.hidden": 1, "scan.link": 1,
        "scan.not-a-picture": 2, "scan.not-regular": 1,
    }  # fmt: skip
    assert b"Files skipped: 1 of a kind that is not read, 1 a second name of a file, 1 hidden" in summary.out
    assert b"2 not a picture, 1 a device or a pipe" in summary.out
