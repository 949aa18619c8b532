"""The loops of verification as machine code."""

from __future__ import annotations

from engine.loops import Group, Loop

VERIFY = Group(
    "match-verify",
    "engine.match.pixels.kernels",
    (Loop("verify", "u1[:,64,64], f8[:,4], i8*, i8*, i8*, f8[:,6], f8[:,11], i4[:,4096], f8*, i8*, i8"),),
    sources=("engine.match.pixels.kernels_planes", "engine.match.pixels.kernels_step"),
)
