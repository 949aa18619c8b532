"""Progress for people and for programs."""

from __future__ import annotations

import json

from engine.cli.progress_line import as_json, as_line
from engine.records import Progress, VolumeProgress

SSD = VolumeProgress("/", "ssd", 500, 1000, 5_000_000, 20_000_000, 40.0, 400_000.0, 37.5, "reading")
CARD = VolumeProgress("/media/me/Card", "hdd", 10, 100, 1_000_000, 10_000_000, 2.0, 200_000.0, 45.04, "retrying")


def test_one_volume_is_one_line_with_speed_and_the_rest() -> None:
    line = as_line(Progress("read", 500, 480, 1000, 40.0, 2, (SSD,), 37.5))

    assert line == "Reading: 500 of 1,000, 40 a second, 0.4 MB/s, 38 s left, 2 with problems"


def test_several_volumes_stand_in_the_same_line() -> None:
    line = as_line(Progress("read", 510, 0, 1100, 42.0, 0, (SSD, CARD), 7380.0))

    assert line.endswith("2 h 3 min left | / 25 %, Card 10 % (trying again)") and "\n" not in line


def test_a_name_cannot_paint_the_terminal() -> None:
    evil = VolumeProgress("/media/\x1b[31m", "ssd", 0, 1, 0, 1, 0.0, 0.0, None, "waiting")

    assert "\x1b" not in as_line(Progress("read", 0, 0, 2, 0.0, 0, (evil, SSD)))


def test_why_nothing_is_read_is_said() -> None:
    assert as_line(Progress("read", 1, 1, 9, 0.0, waits="Waiting for mains power.")).endswith(
        "a second. Waiting for mains power."
    )


def test_programs_find_the_contracts_fields_and_the_new_ones() -> None:
    said = json.loads(json.dumps(as_json(Progress("read", 510, 480, 1100, 42.0, 0, (SSD, CARD), 45.04, "")), allow_nan=False))

    assert {name: said[name] for name in ("stage", "done", "stored", "total", "per_second")} == {
        "stage": "read", "done": 510, "stored": 480, "total": 1100, "per_second": 42.0,
    }  # fmt: skip
    assert said["seconds_left"] == 45.0 and said["waits"] == ""
    assert said["volumes"][1] == {
        "name": "/media/me/Card", "kind": "hdd", "done": 10, "total": 100, "done_bytes": 1_000_000, "total_bytes": 10_000_000,
        "files_per_second": 2.0, "bytes_per_second": 200_000.0, "seconds_left": 45.0, "state": "retrying",
    }  # fmt: skip


def test_progress_of_walking_has_no_volumes() -> None:
    assert as_json(Progress("walk", 5, 0, None, 3.0))["volumes"] == []
    assert as_line(Progress("walk", 5, 0, None, 3.0)) == "Finding files: 5, 3 a second"
