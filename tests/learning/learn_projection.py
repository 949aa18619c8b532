"""Learns the 64 directions of feature codes: ``python -m tests.learning.learn_projection [--pictures 300] [--out FILE]``.

Only generated pictures are used, so nothing of any photograph is stored. Descriptors are split into the part that mirroring
leaves alone and the part that changes sign; the codes take the signs of the 32 principal directions of each, against the median.
The directions are not rotated afterwards: that would share the strong ones among all bits, which then repeat each other.
Eigenvectors differ in their last bits from machine to machine, so the file is kept under version control and not made anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.fingerprint.codes import FILE
from engine.fingerprint.feature_numbers import DIRECTIONS, LENGTH
from engine.fingerprint.features import described
from engine.fingerprint.plate import detail_of
from engine.fingerprint.working import luma_of, working
from tests.support.scenes import scene

SCALE = 2000
FIRST_SEED = 1_000_000
SHAPES = ((512, 384), (512, 341), (384, 512), (512, 512), (512, 288))

MIRROR = np.arange(LENGTH).reshape(4, 4, DIRECTIONS)[::-1][:, :, [-o % DIRECTIONS for o in range(DIRECTIONS)]].ravel()
"""Where each entry of a descriptor comes from when a picture is mirrored: the frame of its keypoint is then upside down."""


def directions(values: NDArray[np.float64], sign: int) -> NDArray[np.float64]:
    """The 32 principal directions of descriptors (n, 128), strongest first: (128, 32).

    sign: 1 for a part that mirroring leaves alone, -1 for one that changes sign. The sign of a direction is arbitrary: its
    largest entry is made positive.
    """
    centred = values - values.mean(axis=0) if sign > 0 else values
    found = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :32]
    found = (found + sign * found[MIRROR]) / 2
    result: NDArray[np.float64] = found * np.sign(found[np.abs(found).argmax(axis=0), np.arange(32)])
    return result


def learnt(descriptors: NDArray[np.uint8]) -> NDArray[np.int32]:
    """int32 (64, 129) from descriptors (n, 128): weights, and the bias as the last column."""
    values = descriptors.astype(np.float64)
    turned = values[:, MIRROR]
    found = np.concatenate([directions((values + turned) / 2, 1), directions((values - turned) / 2, -1)], axis=1)
    table = np.zeros((64, LENGTH + 1), np.int32)
    table[:, :LENGTH] = np.rint(SCALE * found.T)
    table[:32, LENGTH] = np.median(values @ table[:32, :LENGTH].T.astype(np.float64), axis=0)
    return table


def generated(pictures: int) -> Iterable[NDArray[np.uint8]]:
    """Detail plates of so many generated pictures."""
    for number in range(pictures):
        width, height = SHAPES[number % len(SHAPES)]
        yield detail_of(luma_of(working(scene(FIRST_SEED + number, width, height))))


def main() -> None:
    """Learn, write the file, say how much it was learnt from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args()
    descriptors = np.concatenate([described(detail)[1] for detail in generated(options.pictures)])
    np.save(options.out, learnt(descriptors))
    print(f"{len(descriptors):,} descriptors of {options.pictures} generated pictures, written to {options.out}")


if __name__ == "__main__":
    main()
