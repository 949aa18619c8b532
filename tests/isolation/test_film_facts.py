"""What a worker tells of a film, which it does not look at."""

from __future__ import annotations

import os
from pathlib import Path

from engine.config import Limits
from engine.jobs.pools import FileJob, Kind, Workers
from engine.records import PictureFacts
from tests.unit.metadata.made import CONTENT_ID, made_files


def test_film_and_photo_of_a_live_photo_come_with_one_id(tmp_path: Path) -> None:
    found: dict[str, PictureFacts] = {}
    with Workers(1, Limits()) as pool:
        for name in ("live.mov", "apple.jpg", "bare.jpg"):
            path = tmp_path / name
            path.write_bytes(made_files()[name])
            facts = pool.ask(FileJob(Kind.FINGERPRINT, os.fsencode(path), path.stat().st_size), lambda: False).facts
            assert facts is not None
            found[name] = facts

    assert (found["live.mov"].status, found["live.mov"].code) == ("skipped", "scan.not-a-picture")
    assert found["live.mov"].pairing_id == found["apple.jpg"].pairing_id == CONTENT_ID
    assert found["bare.jpg"].pairing_id == ""
