"""A cache on a disk that fills up at one point after the other, is full from the start, or may only be read.

By hand, as root: ``python -m tests.journeys.full_disk N`` tries N points and prints one JSON line. Exit 0 when every rule held.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hostile.outcome import differences
from tests.support.cli import Cli, CliResult
from tests.support.library import make_library

REMOUNT, READ_ONLY, DETACH = 32, 1, 2
LARGE = 512 << 20


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[bool]:
    """A file system of our own in memory of so many bytes; False where none may be mounted."""
    place.mkdir(exist_ok=True)
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.mount(b"none", os.fsencode(place), b"tmpfs", 0, f"size={max(4096, size)},mode=700".encode()) == 0
    try:
        yield done
    finally:
        if done:
            libc.umount2(os.fsencode(place), DETACH)


def change_disk(place: Path, *, size: int = LARGE, read_only: bool = False) -> None:
    """Make it larger, or let nobody write there."""
    flags = REMOUNT | (READ_ONLY if read_only else 0)
    done = ctypes.CDLL(None, use_errno=True).mount(b"none", os.fsencode(place), b"tmpfs", flags, f"size={size},mode=700".encode())
    assert done == 0, ctypes.get_errno()


def scan(cli: Cli, root: Path, cache: Path, **popen: Any) -> CliResult:
    """One scan to its end."""
    process = cli.start("scan", root, "--json", "-", env={"IMGFP_CACHE_DIR": str(cache)}, **popen)
    out, err = process.communicate(timeout=300)
    return CliResult(("scan",), process.returncode, out, err)


def limit_files(size: int) -> None:
    """In a child before it begins: no file may grow beyond `size` bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def faults_at(cli: Cli, root: Path, place: Path, size: int, calm: dict[str, Any]) -> list[str]:
    """A scan whose cache has room for `size` bytes, then one with room enough: what was wrong with either."""
    with small_disk(place, size) as mounted:
        cache = place / "cache"
        popen = {} if mounted else {"preexec_fn": lambda: limit_files(size)}
        wrong = _answer(scan(cli, root, cache, **popen), calm, f"{size} bytes", warned=False)
        if mounted:
            change_disk(place)
        wrong += _answer(scan(cli, root, cache), calm, f"after {size} bytes", warned=False)
        verified = cli("store", "verify", env={"IMGFP_CACHE_DIR": str(cache)})
        third = scan(cli, root, cache)
        if verified.code != 0 or third.json["stats"]["computed"]:
            wrong.append(f"after {size} bytes: {verified.text}, {third.json['stats']['computed']} read a third time")
    return wrong


def _answer(result: CliResult, calm: dict[str, Any], when: str, *, warned: bool) -> list[str]:
    if result.code != 0 or b"Traceback" in result.err:
        return [f"{when}: {result.text}"]
    wrong = [f"{when}: {one}" for one in differences(calm, result.json)[:2]]
    return wrong + ([f"{when}: no warning"] if warned and b"cache" not in result.err else [])


def sizes_of(points: int, whole: int) -> list[int]:
    """So many sizes from nothing to a bit less than everything, closer together where the store begins."""
    return [int(whole * (number / points) ** 2) for number in range(points)]


def disk_bytes(folder: Path) -> int:
    """What the files below a folder take."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def main(argv: Sequence[str]) -> int:
    """Entry."""
    with tempfile.TemporaryDirectory(prefix="imgfp-full-") as name:
        folder = Path(name)
        make_library(folder / "photos", originals=4, megapixels=0.2, alone=10, flat=1, seed=5)
        cli = Cli(folder / "home")
        calm = scan(cli, folder / "photos", folder / "calm").json
        wrong: list[str] = []
        sizes = sizes_of(int(argv[0]), disk_bytes(folder / "calm"))
        for size in sizes:
            wrong += faults_at(cli, folder / "photos", folder / "disk", size, calm)
    for sentence in wrong:
        print(json.dumps({"wrong": sentence}))
    print(json.dumps({"bench": "full-disk", "points": len(sizes), "largest_bytes": sizes[-1], "wrong": len(wrong)}))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
