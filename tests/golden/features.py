"""Digests of the local features of plates made of integers: ``python -m tests.golden.features`` writes them anew.

A changed file means that stored features and new ones cannot be compared: raise the version of the part, and say why.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from engine.fingerprint.codes import projection
from engine.fingerprint.features import features_of
from tests.unit.fingerprint.feature_plates import SPECIAL, busy

FILE = Path(__file__).with_name("features.json")


def made() -> dict[str, str]:
    """Digest of points and codes by plate, and of the projection."""
    plates = {**SPECIAL, **{f"busy {seed}": busy(seed) for seed in range(20, 24)}}
    digests = {"projection": hashlib.sha256(b"".join(part.astype("<i4").tobytes() for part in projection())).hexdigest()}
    for name, plate in plates.items():
        found = features_of(plate)
        data = bytes([found.count]) + found.points.tobytes() + found.codes.astype("<u8").tobytes()
        digests[name] = f"{found.count} {hashlib.sha256(data).hexdigest()}"
    return digests


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=2) + "\n", encoding="utf-8")
