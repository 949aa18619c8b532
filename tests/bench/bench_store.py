"""The store at a size: ``python -m tests.bench.bench_store [ROWS] [FOLDER]``. One JSON line a figure; CPU time of this process.

ROWS: 1,000,000 unless said otherwise (4.4 GB in FOLDER, else below the system's temporary folder; removed at the end).
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.jobs.workspace import part_specs
from engine.records import PictureFacts, StatFacts
from engine.store import Entry, FingerprintStore

BATCH = 256
CHUNK = 4096


def say(figure: str, rows: int, value: float, unit: str, **more: Any) -> None:
    """One line."""
    print(
        json.dumps({"bench": "store", "figure": figure, "rows": rows, "value": round(value, 3), "unit": unit} | more), flush=True
    )


@contextmanager
def timed(figure: str, rows: int) -> Iterator[None]:
    """CPU microseconds a row of the block, CPU seconds of it, and how much memory it left behind."""
    before, start = resident(), time.process_time()
    yield
    seconds, grown = time.process_time() - start, resident() - before
    say(figure, rows, seconds / rows * 1e6, "us/row", seconds=round(seconds, 2), grown_mb=round(grown / 1e6, 1))


def resident() -> int:
    """Bytes of this process in memory now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def path(number: int) -> bytes:
    """Some 60 bytes, 500 files a folder."""
    folder = number // 500
    return b"/home/someone/Pictures/20%02d/20%02d-%02d event %d/IMG_%07d.jpg" % (
        *(folder % 25, folder % 25, folder % 12 + 1, folder, number),
    )


def stat(number: int) -> StatFacts:
    """Facts that no other number has."""
    return StatFacts(
        *(5_000_000 + number * 7919 % 4_000_000, 1_600_000_000_000_000_000 + number, 1_700_000_000_000_000_000, 64769),
        *(1_000_000 + number, 0o100644),
    )


def facts(number: int) -> PictureFacts:
    """What a JPEG of a camera has."""
    return replace(
        PictureFacts("ok", None, "jpeg", "picture", 6000, 4000, frames=1, make="Canon", model="Canon EOS 80D"),
        taken=f"20{number % 25:02d}-05-04T03:{number // 60 % 60:02d}:{number % 60:02d}",
        taken_fraction="25",
        serial="072051002345",
        exposure="1/250|5.6|200|0",
        quantisation=321,
        profile=bytes(range(16)),
        blake3=number.to_bytes(8, "little") * 4,
        picture_digest=number.to_bytes(8, "big") * 4,
        route="jpeg-dc",
        decoder="imgfp 1",
    )


def fill(store: FingerprintStore, rows: int, row_bytes: int) -> None:
    """All of them, in batches as a scan makes them."""
    noise = np.random.default_rng(1).bytes(row_bytes * 2 + BATCH * 8)
    for start in range(0, rows, BATCH):
        numbers = range(start, min(start + BATCH, rows))
        store.put(
            [
                Entry(path(n), stat(n), facts(n), n.to_bytes(8, "little") + noise[n % row_bytes :][: row_bytes - 8], None, "disk")
                for n in numbers
            ]
        )


def main(rows: int, folder: Path) -> None:
    """All figures."""
    parts = part_specs()
    row_bytes = sum(part.row_bytes for part in parts.values())
    with FingerprintStore.open(folder, "bench", parts) as store, timed("insert", rows):
        fill(store, rows, row_bytes)
    walked = sorted(map(path, range(rows)))
    start = time.process_time()
    with FingerprintStore.open(folder, "bench", parts) as store:
        say("open", rows, (time.process_time() - start) * 1e3, "ms")
        measure(store, rows, walked)
        say("memory at most", rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB")
        with timed("verify", rows):
            assert store.verify() == []
        info = store.info()
        say("catalog", rows, info["sizes"]["catalog"] / rows, "bytes/row")
        say("columns", rows, info["sizes"]["fingerprints"] / rows, "bytes/row")
        store.forget([path(n) for n in range(0, rows, 10)])
        with timed("compact after a tenth was forgotten", rows):
            store.compact()


def measure(store: FingerprintStore, rows: int, walked: list[bytes]) -> None:
    """What a warm scan asks."""
    with timed("known, in chunks", rows):
        count = sum(len(store.known(walked[at : at + CHUNK])) for at in range(0, rows, CHUNK))
        assert count == rows
    with timed("digest sizes", rows):
        store.digest_sizes()
    chosen = np.random.default_rng(2).permutation(rows)
    plates = store.lazy(chosen, "plate")
    with timed("lazy gather of a tenth, at random", max(rows // 10, 1)):
        for at in range(0, rows // 10, 256):
            plates[at : at + 256]
    with timed("columns of all but the plates", rows):
        store.prints(np.arange(rows), [name for name in part_specs() if name != "plate"])


if __name__ == "__main__":
    wanted = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="imgfp-bench-", dir=sys.argv[2] if len(sys.argv) > 2 else None) as place:
        main(wanted, Path(place))
