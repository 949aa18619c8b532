"""The loops of the local features, and what they are called with; `engine.fingerprint.kernels_features` has them."""

from __future__ import annotations

from engine.loops import Group, Loop

LOCAL_FEATURES = Group(
    "fingerprint-features",
    "engine.fingerprint.kernels_features",
    (
        Loop("pyramid", "u1*, i8[:,4], i8, i8*, i8*, i2*, i2*, i2*, i2*, i4*"),
        Loop("keypoints", "i2*, i8[:,4], i8, i8*, i2*, i2*, i2*, i2*, u1*, i8*, i8*, i8*, i8*"),
        Loop("describe", "i2*, i8[:,4], i8*, i8*, i8, i8, i8*, i8*, i8*, i8*, i4*, i4*, f8*, i8*, u1*, u1*"),
        Loop("encode", "u1*, i8, i2*, i4*, u8*"),
    ),
    sources=(
        "engine.fingerprint.kernels_pyramid",
        "engine.fingerprint.kernels_keypoints",
        "engine.fingerprint.kernels_describe",
        "engine.fingerprint.feature_numbers",
    ),
)
