"""A fingerprint as other programs keep it: the record of 536 bytes, the single ones of 168, and the text forms.

No magic and no algorithm stands in them: whoever keeps records keeps `FORMAT_VERSION` beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from engine.imgfprint.fingerprint import ALGORITHMS, BLOCKS, REGIONS, Hashes

FORMAT_VERSION = 1
EXACT_BYTES = 32
SINGLE = np.dtype([("exact", "u1", (EXACT_BYTES,)), ("global", "<u8"), ("blocks", "<u8", (BLOCKS,))])
MULTI = np.dtype([("exact", "u1", (EXACT_BYTES,)), *((name, SINGLE) for name in ALGORITHMS)])
RECORD_BYTES = MULTI.itemsize
_SINGLE_TEXT = re.compile(r"([0-9a-f]{64}):([0-9a-f]{16}):([0-9a-f]{16}(?:,[0-9a-f]{16}){15})")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """exact: BLAKE3 of the file's bytes, 32 bytes. hashes: see `Hashes`."""

    exact: bytes
    hashes: Hashes

    def __post_init__(self) -> None:
        if len(self.exact) != EXACT_BYTES or self.hashes.shape != (len(ALGORITHMS), REGIONS):
            raise ValueError("a fingerprint has 32 exact bytes and 3 x 17 hashes")


def write_record(fingerprint: Fingerprint) -> bytes:
    """536 bytes, little-endian, the exact hash four times as the layout wants it."""
    record = np.zeros((), MULTI)
    exact = np.frombuffer(fingerprint.exact, np.uint8)
    record["exact"] = exact
    for name, hashes in zip(ALGORITHMS, fingerprint.hashes, strict=True):
        record[name]["exact"], record[name]["global"], record[name]["blocks"] = exact, hashes[0], hashes[1:]
    return record.tobytes()


def read_record(data: bytes) -> Fingerprint:
    """Inverse of `write_record`. Raises ValueError for another length, or where the four exact hashes differ."""
    if len(data) != RECORD_BYTES:
        raise ValueError(f"a record has {RECORD_BYTES} bytes")
    record = np.frombuffer(data, MULTI)[0]
    exact = record["exact"].tobytes()
    if any(record[name]["exact"].tobytes() != exact for name in ALGORITHMS):
        raise ValueError("the exact hashes of a record differ")
    hashes = [np.concatenate([[record[name]["global"]], record[name]["blocks"]]) for name in ALGORITHMS]
    return Fingerprint(exact, np.array(hashes, np.uint64))


def text(fingerprint: Fingerprint) -> str:
    """``exact|ahash|phash|dhash`` in hex, the global hashes only."""
    return "|".join([fingerprint.exact.hex(), *(f"{int(row[0]):016x}" for row in fingerprint.hashes)])


def single_text(fingerprint: Fingerprint, algorithm: str) -> str:
    """``exact:global:block0,…,block15`` of one algorithm, in hex."""
    hashes = [f"{int(value):016x}" for value in fingerprint.hashes[ALGORITHMS.index(algorithm)]]
    return f"{fingerprint.exact.hex()}:{hashes[0]}:{','.join(hashes[1:])}"


def read_single_text(line: str) -> tuple[bytes, list[int]]:
    """Exact hash, and the 17 hashes of one algorithm. Raises ValueError for anything else."""
    found = _SINGLE_TEXT.fullmatch(line)
    if found is None:
        raise ValueError("not a fingerprint in text")
    return bytes.fromhex(found[1]), [int(found[2], 16), *(int(block, 16) for block in found[3].split(","))]
