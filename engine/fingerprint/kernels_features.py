"""The loops of the local features, as they are called from outside: four steps of one picture."""

from __future__ import annotations

from engine.fingerprint.kernels_describe import describe, encode
from engine.fingerprint.kernels_keypoints import keypoints
from engine.fingerprint.kernels_pyramid import pyramid

__all__ = ["describe", "encode", "keypoints", "pyramid"]
