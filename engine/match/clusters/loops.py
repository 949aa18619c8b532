"""What the loops of clustering are called with; `engine.match.clusters.kernels` has them."""

from __future__ import annotations

from engine.loops import Group, Loop

JOINS = Group(
    "match-joins",
    "engine.match.clusters.kernels",
    (
        Loop("ascending", "i4*, i4*, i8"),
        Loop("take_turns", "i4*, i8, i8, i8*, i4*"),
        Loop("neighbours", "i8, i4*, i4*, i4*, i8, i4*, i4[:,8], i4[:,2], i4[:,4]"),
        Loop("components", "i8, i8*, i8*, i8, i8*"),
        Loop("join_links", "i8, i8, i4[:,8], i4[:,2], i4[:,4], i8*"),
        Loop("join_forest", "i8, i8*, i8*, i8, i8*, i8*, i8*, i8*, i8*, i8*, i8*, i8*"),
        Loop("lay_out", "i8, i8*, i8*, i8, i8*, i8*, i8*, i8*"),
        Loop("cut", "i8, i8, i8, i8*, i8*, i8*, i8*, i8*, i8*, i4*"),
        Loop("rescore", "u1*, i8, i8[9], i8, i8, f4*, f4*, i8*"),
    ),
)
