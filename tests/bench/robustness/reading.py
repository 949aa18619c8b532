"""One picture file read as the product reads it: metadata, decoder, fingerprint, by the code of a worker (without its walls)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from engine.config import Limits
from engine.records import PictureFacts
from engine.worker.examine import examine
from engine.worker.limits import Allowance
from engine.worker.loop import Request
from engine.worker.preload import preload


class Free(Allowance):
    """No wall: this process reads files that it made itself."""

    def allow_memory(self, pixels: int, extra_bytes: int = 0) -> None:
        """Whatever is asked for."""


@cache
def _ready() -> dict[str, str]:
    return preload("compile")


def read(path: Path) -> tuple[PictureFacts, bytes]:
    """Facts and packed fingerprint; no bytes where there is none."""
    _ready()
    limits = Limits()
    with path.open("rb") as file:
        reply = examine(Request(file, path.stat().st_size, os.fsencode(path.name), 0, True, None, limits, Free(limits)))
    return PictureFacts.from_json(reply.fields["facts"]), reply.blob
