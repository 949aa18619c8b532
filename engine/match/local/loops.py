"""The loops of local features as machine code."""

from __future__ import annotations

from engine.loops import Group, Loop

_LIBRARY = "u8*, i8, i8*, u1*, i8, u8[2], i8"

LOCAL = Group(
    "match-local",
    "engine.match.local.kernels_join",
    (
        Loop("mark", _LIBRARY + ", u1*"),
        Loop("count_parts", _LIBRARY + ", i8, i8, i8, u1*, i8*"),
        Loop("scatter", _LIBRARY + ", i8, i8, i8, u1*, i8*, u8*, u8*"),
        Loop(
            "join_parts",
            "u8*, u8*, i8*, i8, i8, u8[:,2], i8, i8, i8, i8, i8, i8, u1*, i8, i8, u1*, u1*, i8, i8, i8, i8*, u8*, u8*, "
            "u8*, i8, i8*",
        ),
    ),
    sources=("engine.match.local.keys",),
)
"""The self-join of codes."""

CONSENSUS = Group(
    "match-consensus",
    "engine.match.local.kernels_consensus",
    (Loop("align", "u8*, u1*, u1*, i8*, i8*, u1*, i8, i8, f8*, f8*, f8*, i8[256], i8[512], f8[512], i8*, f8[:,4]"),),
    sources=("engine.match.local.consensus_plain", "engine.match.local.keys"),
)
"""Matches of pairs and the transform they agree with."""

SUPPORT = Group(
    "match-support",
    "engine.match.local.kernels_support",
    (
        Loop(
            "support",
            "u8*, u1*, u1*, u1*, u1*, i8*, i8*, f8[:,6], i8, i8, f8*, f8[512], i8[256], u1[512], i8[:,3], i8[:,2]",
        ),
    ),
    sources=("engine.match.local.support_plain", "engine.match.local.keys"),
)
"""How much of an overlap features support."""

INDEX = Group(
    "match-index",
    "engine.match.local.kernels_index",
    (
        Loop("fill", "u8*, u1*, i8, i8, i8, u8[2], i8, u4*, u4*"),
        Loop("look_up", "u8*, i8, u8*, i8, i8, u8[2], i8, u4*, u4*, i8, u8*, i8, i8, i8, u8*, i8"),
    ),
    sources=("engine.match.local.keys",),
)
"""One picture's features among those of a library."""
