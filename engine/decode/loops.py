"""The loops of the JPEG route, and what they are called with; `engine.decode.kernels` has them."""

from __future__ import annotations

from engine.decode.jpeg_numbers import RAW_BYTES
from engine.loops import Group, Loop

LOOPS = Group(
    "decode",
    "engine.decode.kernels",
    (
        Loop("build_tables", "u1*, u1*, u1*, u2*, u2*, i8"),
        # only the length of the marks is looked at; other accesses are bounded by the proof in `engine.decode.kernels`
        Loop("feed", f"u1*, i8, i8*, u1*, i4[{RAW_BYTES // 2}], i8*, u2*, u2*, u2*, u2*, i2*"),
        Loop("finish", "i2*, i8*, i4*, u1*"),
    ),
    sources=("engine.decode.jpeg_numbers",),
)
