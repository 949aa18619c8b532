"""Small stores for the tests: few bytes a row, few rows a column file, so that every boundary is crossed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from engine.records import PAIR_DTYPE, PictureFacts, StatFacts
from engine.store import Entry, FingerprintStore, PartSpec

PARTS = {
    "hash": PartSpec(np.dtype("<u8"), (1,), 1),
    "long": PartSpec(np.dtype("<u8"), (4,), 1),
    "plate": PartSpec(np.dtype("u1"), (5, 7), 1),
}
ROW_BYTES = 8 + 32 + 35
PROFILE = "p1-test"
CAPACITY = 16
DISK = "uuid:disk@/"


def open_store(folder: Path, *, write: bool = True, profile: str = PROFILE) -> FingerprintStore:
    """A store with the small parts."""
    return FingerprintStore.open(folder, profile, PARTS, write=write, capacity=CAPACITY)


@cache
def prints(number: int) -> bytes:
    """A fingerprint that no other number has."""
    return np.random.default_rng(number).bytes(ROW_BYTES)


@cache
def stat(number: int) -> StatFacts:
    """Facts of a file that no other number has."""
    return StatFacts(
        1000 + number, 1_700_000_000_123_456_789 + number, 1_700_000_001_000_000_000 + number, 64769, 5000 + number, 0o100644
    )


@cache
def facts(number: int) -> PictureFacts:
    """Facts of a picture, every field set to something that can be told from its default."""
    return PictureFacts(
        status="ok",
        code=None,
        format="jpeg",
        kind="picture",
        width=4000 + number,
        height=3000,
        orientation=1 + number % 8,
        frames=2,
        frame_hashes=number.to_bytes(8, "little") * 2,
        taken="2019-05-04T03:02:01",
        taken_fraction="25",
        make="Kamera Göttingen",
        model="M 1",
        serial=f"{number:08d}",
        exposure="1/125|2.8|100|0",
        gps=True,
        rating=3,
        keywords=2,
        lossless=False,
        quantisation=321,
        profile=bytes(range(16)),
        flat=False,
        blake3=number.to_bytes(32, "big"),
        picture_digest=number.to_bytes(32, "little"),
        route="draft",
        decoder="Pillow 13.0.0",
        detail="nothing to tell",
        lens="M 50/2",
        software="1.1",
        bit_depth=12,
        profile_name="Adobe RGB (1998)",
        zone="+02:00",
        pairing_id=f"{number:032x}",
        white_balance="manual",
    )


def path(number: int) -> bytes:
    """A path that no other number has; some are not Unicode."""
    return (
        b"/photos/%02d/IMG_%04d\xff.jpg" % (number % 7, number)
        if number % 5 == 0
        else b"/photos/%02d/IMG_%04d.jpg" % (number % 7, number)
    )


def entry(number: int, **changed: object) -> Entry:
    """A complete entry for one picture."""
    return replace(Entry(path(number), stat(number), facts(number), prints(number), None, DISK), **changed)  # type: ignore[arg-type]


def fill(store: FingerprintStore, numbers: Iterable[int], *, batch: int = 10) -> None:
    """Put these pictures, some at a time."""
    wanted = list(numbers)
    for start in range(0, len(wanted), batch):
        store.put([entry(number) for number in wanted[start : start + batch]])


def packed(store: FingerprintStore, rows: Sequence[int]) -> list[bytes]:
    """Whole fingerprints of these rows."""
    parts = store.prints(rows)
    return [b"".join(parts[name][place].tobytes() for name in PARTS) for place in range(len(rows))]


def wrong_answers(store: FingerprintStore, numbers: Iterable[int], said: Callable[[int], PictureFacts] = facts) -> list[str]:
    """What the store says of these pictures that is not true (said: what was stored). Not knowing one is no wrong answer."""
    wrong = []
    known = store.known([path(number) for number in numbers])
    found = [(number, known[path(number)]) for number in numbers if path(number) in known]
    whole = packed(store, [file.row or 0 for _, file in found])
    for (number, file), fingerprint in zip(found, whole, strict=True):
        same = (file.path, file.stat, file.facts, file.volume) == (path(number), stat(number), said(number), DISK)
        if not same:
            wrong.append(f"picture {number}: other facts")
        if file.row is None or fingerprint != prints(number):
            wrong.append(f"picture {number}: another fingerprint or none")
    return wrong


def knows(store: FingerprintStore, numbers: Iterable[int], said: Callable[[int], PictureFacts] = facts) -> bool:
    """Every one of these is known, and nothing said of them is wrong."""
    wanted = list(numbers)
    return len(store.known([path(number) for number in wanted])) == len(wanted) and not wrong_answers(store, wanted, said)


def some_pairs(count: int) -> np.ndarray:
    """A pair table."""
    pairs = np.zeros(count, PAIR_DTYPE)
    pairs["a"], pairs["b"] = np.arange(count), np.arange(count) + 1 + np.arange(count) % 3
    pairs["score"] = np.linspace(0.5, 1.0, count, dtype=np.float32)
    pairs["tier"] = np.arange(count) % 5
    return pairs


def store_files(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` that holds something: name to content. Locks and SQLite's shared index of readers say nothing."""
    found = (file for file in folder.rglob("*") if file.is_file() and not file.name.endswith((".lock", "-shm")))
    return {str(file.relative_to(folder)): data for file in found if (data := file.read_bytes())}
