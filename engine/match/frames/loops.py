"""What the loops of the Hamming joins are called with; `engine.match.frames.kernels` has them."""

from __future__ import annotations

from engine.loops import Group, Loop

_INDEX = "i8[:,5], u8[:,2], i4*, i4*, u8*, i8*"

HAMMING = Group(
    "match-hamming",
    "engine.match.frames.kernels",
    (
        Loop("bucketise", "u4*, i8, i8, i4*, i4*"),
        Loop("near", f"u8*, u8*, i4*, u8[8], i8, i8, {_INDEX}, u1*, i8, i8, i8, i8, i4*, i4[:,3], i8, i8*"),
        Loop(
            "nearest",
            f"u8*, u8*, u8[8], u8[:,4], u8[:,4], u8[8,4], i8, i8, {_INDEX}, u1*, i4*, i8, i8, i8, i8, i8*, i4[:,2], i8*",
        ),
        Loop("close_256", "u8[:,4], i4*, i4*, i8*, i8, i8, i8*, i8*, i8, i8, i8, i4[:,3], i8, i8*"),
        Loop("best_poses", "u8[:,2,4], u8[:,2,4], u8[8,4], u1*, i8*, i8*, i8, i8*"),
    ),
)
