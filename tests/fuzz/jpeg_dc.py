"""``python -m tests.fuzz.jpeg_dc N SEED``: N mutated JPEGs through the shipped loops, a tenth through the checked ones, too.

What is taken must equal the picture of libjpeg-turbo (Pillow and djpeg) bit for bit, and djpeg must have no warning. In
progressive files the AC scans are not looked into: warnings about those are counted apart, the picture must be the same.
A crash ends the process. One JSON line at the end; exit 1 when anything differed.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import time
from collections import Counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.config import Limits
from engine.decode import jpeg_kernels
from engine.decode.jpeg_dc import small_picture
from engine.decode.jpeg_header import RefusedError
from engine.decode.jpeg_stream import read_stream
from engine.errors import DecodeError
from tests.support.checked_kernels import checked_kernels
from tests.support.jpeg_mutations import mutated

LIMITS = Limits()
DJPEG = shutil.which("djpeg")
CHECKED_EVERY = 10


def outcome(data: bytes, loops: object) -> tuple[str, NDArray[np.uint8] | None]:
    """(route or why it was refused, picture)."""
    try:
        small = small_picture(io.BytesIO(data), LIMITS, grey=True, kernels=loops)  # type: ignore[arg-type]
    except (RefusedError, DecodeError) as error:
        return str(error), None
    assert small is not None
    return small.route, small.pixels[..., 0]


def by_pillow(data: bytes) -> NDArray[np.uint8] | None:
    """libjpeg-turbo's picture at 1/8; None where Pillow does not scale so far."""
    image = Image.open(io.BytesIO(data))
    width, height = image.size
    if min(width, height) < 8:
        return None
    image.draft("L", (width // 8, height // 8))
    return np.asarray(image)


def by_djpeg(data: bytes) -> tuple[NDArray[np.uint8], str]:
    """(picture at 1/8, what was complained of)."""
    done = subprocess.run([DJPEG or "djpeg", "-scale", "1/8", "-grayscale", "-pnm"], input=data, capture_output=True, timeout=60)
    head, size, _, pixels = done.stdout.split(b"\n", 3)
    assert head == b"P5"
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width), done.stderr.decode().strip()


def main(count: int, seed: int) -> int:
    """Exit code."""
    told: Counter[str] = Counter()
    faults: list[str] = []
    assert jpeg_kernels.load()
    shipped, checked, started = jpeg_kernels.loaded(), checked_kernels(), time.process_time()
    for number in range(seed, seed + count):
        data = mutated(number)
        route, picture = outcome(data, shipped)
        told[route] += 1
        if number % CHECKED_EVERY == 0:
            other, same = outcome(data, checked)
            if other != route or not np.array_equal(same, picture):  # type: ignore[arg-type]
                faults.append(f"{number}: checked loops say {other}, shipped ones {route}")
        if picture is None:
            continue
        try:
            judge(number, data, route, picture, faults, told)
        except Exception as error:
            faults.append(f"{number}: {route}, but libjpeg: {error!r}")
    answer = {
        "files": count,
        "seed": seed,
        "cpu_s": round(time.process_time() - started, 1),
        "outcomes": dict(told.most_common()),
    }
    print(json.dumps(answer | {"faults": len(faults), "first": faults[:20]}), flush=True)
    return 1 if faults else 0


def judge(number: int, data: bytes, route: str, picture: NDArray[np.uint8], faults: list[str], told: Counter[str]) -> None:
    """Compare with whoever decodes it all."""
    stream = read_stream(io.BytesIO(data), len(data))
    if not stream.complete or stream.damage is not None:
        faults.append(f"{number}: {route}, but known to be damaged")
    theirs = by_pillow(data)
    if theirs is not None and not np.array_equal(theirs, picture):
        faults.append(f"{number}: {route}, differs from Pillow's")
    if DJPEG:
        theirs, complaint = by_djpeg(data)
        told["compared with djpeg"] += 1
        if not np.array_equal(theirs, picture):
            faults.append(f"{number}: {route}, differs from djpeg's")
        if complaint and route == "jpeg-first-scan":
            told["warnings about AC scans"] += 1
        elif complaint:
            faults.append(f"{number}: {route}, djpeg says {complaint[:80]}")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
