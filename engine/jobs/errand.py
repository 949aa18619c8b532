"""What is asked of the workers and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.records import PictureFacts, StatFacts
from engine.wire import Kind


@dataclass(frozen=True, slots=True)
class FileJob:
    """One thing to do with one file.

    path: absolute raw bytes. size: bytes as last seen (a hint). edge: for PIXELS the longest side in px, 0 for all pixels;
    for SQUARE both sides, 1..`wire.SQUARE_MOST`.
    token: the caller's, handed back untouched. volume: st_dev as last seen, by which the pool shares its processes out.
    patient: the caller tries again itself what ended for want of an answer, when others had their turn.
    """

    kind: Kind
    path: bytes
    size: int
    edge: int = 0
    token: Any = None  # whatever the caller tells its results apart by
    volume: int = 0
    patient: bool = False


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a job. Everything in it was checked; arrays are read-only.

    facts: FINGERPRINT and QUICK only, and then always there. prints: packed fingerprint of a picture, else b"" (QUICK: of the
    small picture in it); IMGFPRINT: packed hashes of that scheme; SQUARE: the pixels, red green blue, row by row.
    digest: DIGEST, CHECK and IMGFPRINT, 32 bytes of BLAKE3.
    sample: SAMPLE and FINGERPRINT, 16 bytes over some of the bytes, None for a
    small file. pixels: PIXELS, uint8 (H, W, 4), blue green red 255. full_size: px as displayed.
    preview: the pixels are those of a preview inside a RAW file.
    stat: of the descriptor that was read; None when the file could not be opened.
    code: None when the job was done, else why not (for FINGERPRINT and QUICK the code of `facts`, which a sound file may have).
    message: a technical sentence for logs, may be "".
    stages: CPU ms by stage, as the worker tells it. seconds: wall time from opening the file to the answer.
    error_number: errno of what the system refused, ETIMEDOUT where a worker waited for bytes that did not come; 0 where unknown.
    """

    token: Any
    kind: Kind
    facts: PictureFacts | None = None
    prints: bytes = b""
    digest: bytes | None = None
    pixels: NDArray[np.uint8] | None = None
    full_size: tuple[int, int] = (0, 0)
    preview: bool = False
    stat: StatFacts | None = None
    code: str | None = None
    message: str = ""
    stages: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    error_number: int = 0
    sample: bytes | None = None
