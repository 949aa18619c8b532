"""What a search costs again after one file came, went or changed: ``python -m tests.bench.bench_again [PICTURES]``.

Prints of generated pictures and three edits of each, in a store in a temporary folder; the search runs in its own process. Every
answer is compared with that of a search from nothing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from engine import match
from engine.config import MatchOptions
from engine.jobs.searching import PairSource, Question
from engine.jobs.table import lazy_table, matching_of, usable
from engine.store import FingerprintStore
from tests.support.scenes import scene
from tests.support.stored_pictures import open_store, packed, stored_library

Pictures = list[tuple[bytes, bytes]]


def family(seed: int) -> list[bytes]:
    """A picture, a brighter one, a turned one and a crop."""
    pixels = scene(seed, 240, 160)
    edits = (pixels, np.clip(pixels.astype(np.int16) + 20, 0, 255).astype(np.uint8), np.rot90(pixels), pixels[20:, 30:])
    return [packed(np.ascontiguousarray(edit)) for edit in edits]


def made(count: int) -> Pictures:
    """So many pictures, named so that families lie apart."""
    with ProcessPoolExecutor(2) as pool:
        families = list(pool.map(family, range(-(-count // 4)), chunksize=16))
    every = [(b"/photos/%d/%06d.jpg" % (member, n), one) for n, group in enumerate(families) for member, one in enumerate(group)]
    return sorted(every[:count])


def searched(source: PairSource, store: FingerprintStore, pictures: Pictures, *, anew: bool = False) -> tuple[match.Found, float]:
    """The pairs, and seconds. anew: from nothing, and nothing is kept."""
    files = usable(stored_library(store, pictures))
    matching = matching_of(files)
    question = Question(files, matching, lazy_table(files, matching, store, None), store, None, MatchOptions(), lambda: False)
    started = time.perf_counter()
    found = (PairSource() if anew else source)._search(question, None) if anew else source.searched(question)
    return found, time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    pictures = made(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
    other = [packed(scene(900_000 + n, 240, 160)) for n in range(2)]
    changed = len(pictures) // 3
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        source = PairSource()
        found, seconds = searched(source, store, pictures)
        print(f"{len(pictures)} pictures, {len(found.pairs)} pairs, skipped {found.skipped}, busiest {found.busiest}")
        print(f"{'from nothing':<14} {seconds:8.2f} s")
        for name, after in (
            ("1 added", sorted([*pictures, (b"/photos/1/new.jpg", other[0])])),
            ("1 removed", pictures[:changed] + pictures[changed + 1 :]),
            ("1 changed", [(path, other[1] if n == changed else one) for n, (path, one) in enumerate(pictures)]),
        ):
            found, seconds = searched(source, store, after)
            whole, _ = searched(source, store, after, anew=True)
            same = "the same pairs" if found.pairs.tobytes() == whole.pairs.tobytes() else "OTHER PAIRS"
            print(f"{name:<14} {seconds:8.2f} s  {same}")


if __name__ == "__main__":
    main()
