"""Finds candidates in a process of its own: ``python -m engine.match COUNT RADIUS64 RADIUS256``, hashes in, candidates out.

Standard input: COUNT hashes of 64 bits, then COUNT of 256. Standard output: int32 triples, see `close_hashes`. All little-endian.
"""

from __future__ import annotations

import sys

import numpy as np

from engine.match.candidates import close_hashes


def main() -> None:
    """Read, search, write."""
    count, radius64, radius256 = map(int, sys.argv[1:4])
    hashes = np.frombuffer(sys.stdin.buffer.read(), "<u8")
    narrow, wide = hashes[:count], hashes[count:].reshape(count, 4)
    found = close_hashes(narrow, np.ascontiguousarray(wide), (radius64, radius256), lambda: False)
    sys.stdout.buffer.write(np.ascontiguousarray(found, "<i4").tobytes())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
