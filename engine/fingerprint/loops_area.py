"""The loops of exact area averages, and what they are called with; `engine.fingerprint.kernels_area` has them."""

from __future__ import annotations

from engine.loops import Group, Loop

AREA = Group(
    "fingerprint-area",
    "engine.fingerprint.kernels_area",
    (Loop("area_small", "u1*, i8[5], u4*, u4*"), Loop("area_large", "u1*, i8[5], u4*, u8*")),
)
