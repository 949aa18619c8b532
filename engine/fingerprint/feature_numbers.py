"""What the loops and the numpy form of the local features share: sizes, thresholds and tables, all of them integers.

Grey levels are signed 128ths around mid-grey, so that a pyramid layer is int16 and the sum of two pixels as well. Lengths in a
layer are 4096ths of its pixels, scales are 64ths of a layer of the pyramid (three layers are an octave), angles 1024ths of a
turn. Tables of powers and sines come from the math library; none of their entries lies near a half, so every system rounds to
the same integers.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

MOST = 128
"""Features kept of one picture."""

LONGEST = 192
SHORTEST = 16
"""Px of the sides of a detail plate."""

# ------------------------------------------------------------------------------------------------------------------ the pyramid

GREY = 128
"""Units of a grey level in the pyramid."""

PER_OCTAVE = 3
LAYERS = PER_OCTAVE + 3
DIFFERENCES = LAYERS - 1
BASE_SIGMA = 1.6
"""Px of blur of the first layer of an octave; layer l has 2^(l / 3) times as much."""

TAPS = (
    (10468, 7598, 2905, 585, 62),
    (10662, 7646, 2820, 535, 52),
    (8462, 6864, 3662, 1285, 297, 45),
    (6722, 5890, 3964, 2049, 814, 248, 58),
    (5336, 4907, 3824, 2524, 1410, 667, 267, 91, 26),
    (4236, 4017, 3433, 2642, 1831, 1143, 643, 325, 148, 61, 23),
)
"""Gaussians in 32768ths from the middle outwards, each adding up to 32768: sigma 1.249 px (from the doubled plate, taken to have
a blur of 1 px, to 1.6 px), then the steps from layer to layer: sigma 1.226, 1.545, 1.947, 2.452, 3.090 px."""

TAP_BITS = 15
MOST_TAPS = 11
MOST_OCTAVES = 5
"""A doubled plate of 384 px has sides of 24 px in the fifth octave and would be below `SHORTEST` in a sixth."""

# -------------------------------------------------------------------------------------------------------------------- keypoints

WEAK = 55
"""Smallest difference of two layers at a pixel that is looked at: half of what `CONTRAST` asks for."""

CONTRAST = 0.010 * 255 * GREY / PER_OCTAVE
"""Smallest difference at the fitted place: a third of what is usual for large pictures, because plates are small."""

EDGE = 10.0
"""Largest ratio of the two curvatures; more is an edge, along which a point could slide."""

BORDER = 3
FITS = 4
"""How often a point may move to a neighbouring pixel before it is given up."""

RESPONSE = 64
"""Units of the strength of a keypoint, per unit of difference."""

MOST_FOUND = 8192
"""Keypoints looked at, in reading order from the finest layer; a plate of pure noise has 4,000."""

COLUMNS = 6
X, Y, SCALE, STRENGTH, OCTAVE, LAYER = range(COLUMNS)
"""Columns of found keypoints, int64: place in 256ths of a pixel of the octave, 64ths of a layer, and the rest in whole units."""

CELLS = 4
"""Rows and columns of the grid over which the choice is spread."""

FIRST_OF_CELL, MOST_OF_CELL = 2, 24
"""Keypoints of a cell that come before all others, and from which on they come after all others."""

# -------------------------------------------------------------------------------------------------- orientation and descriptor

BINS = 36
SECOND_PEAK = 4, 5
"""A second direction counts from four fifths of the first."""

TURN_PATCH = 18
TURN_WINDOW = np.array([5, 11, 24, 48, 83, 130, 181, 226, 252, 252, 226, 181, 130, 83, 48, 24, 11, 5], dtype=np.int64)
"""256ths of a Gaussian of 3 samples; samples are half a sigma apart."""

PATCH = 20
WINDOW = np.array([126, 146, 165, 184, 202, 219, 233, 244, 252, 256], dtype=np.int64)
WINDOW = np.concatenate([WINDOW, WINDOW[::-1]])
"""256ths of a Gaussian of 8 samples, half the width of the four cells; samples are three quarters of a sigma apart."""

PATCH_BITS = 12
"""A patch sample is rounded to 2^4 parts of the unit of a layer: bilinear weights have 16 bits, of which 12 go."""

DIRECTIONS = 8
LENGTH = 4 * 4 * DIRECTIONS
CELL_BITS = 28
"""Bits dropped from the sums of a descriptor, whose squares then add up to less than 2^63."""

FULL_TURN = 1024
SINES: NDArray[np.int64] = np.array(
    [round(16384 * math.sin(2 * math.pi * a / FULL_TURN)) for a in range(FULL_TURN + FULL_TURN // 4)], dtype=np.int64
)
"""Sine of an angle in 16384ths; the cosine stands a quarter turn further."""

SIGMAS: NDArray[np.int64] = np.array([round(BASE_SIGMA * 4096 * 2 ** (q / 192)) for q in range(257)], dtype=np.int64)
"""Blur in 4096ths of a pixel of the octave, by scale in 64ths of a layer."""

# ------------------------------------------------------------------------------------------------------------ what is stored

SIDE_BITS = 12
SIZE_STEPS = 16
"""Steps of the stored size in a doubling."""

SIZES_AT: NDArray[np.int64] = np.array(
    [round(192 * SIZE_STEPS * math.log2(BASE_SIGMA * 2048 / max(side, 1))) for side in range(LONGEST + 1)], dtype=np.int64
)
"""Stored size (192ths of a step) of scale 0 of the first octave, by the long side of the plate in px."""
