"""The compiled loops of the local features give the bits of the numpy form, on every processor, and stay within their arrays."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.fingerprint.codes import codes_of
from engine.fingerprint.features import described
from engine.fingerprint.loops_features import LOCAL_FEATURES
from engine.fingerprint.pyramid import pyramid_of
from engine.fingerprint.workspace import Workspace
from tests.support.sources import ROOT
from tests.unit.fingerprint.feature_plates import SPECIAL, Plate, busy, checkerboard, lines, noise

pytest.importorskip("numba")

WORK = Workspace()
SIDES = st.integers(16, 192)


@pytest.fixture(scope="module")
def loops() -> Any:
    return LOCAL_FEATURES.loaded()


def assert_same(loops: Any, plate: Plate) -> None:
    points, descriptors = described(plate)
    codes = np.zeros(128, np.uint64)

    count = WORK.described(loops, plate)
    WORK.encode(loops, count, codes)

    assert count == len(points)
    assert (WORK.points[:count] == points).all()
    assert (WORK.descriptors[:count] == descriptors).all()
    assert (codes[:count] == codes_of(descriptors)).all()


@pytest.mark.parametrize("name", SPECIAL)
def test_a_special_plate_has_the_same_features_by_loops(loops: Any, name: str) -> None:
    assert_same(loops, SPECIAL[name])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["busy", "noise", "checkerboard", "lines"]), SIDES, SIDES, st.integers(0, 10_000))
def test_any_plate_has_the_same_features_by_loops(loops: Any, kind: str, height: int, width: int, seed: int) -> None:
    if kind == "busy":
        assert_same(loops, busy(seed, height, width))
    elif kind == "noise":
        assert_same(loops, noise(seed, height, width))
    elif kind == "checkerboard":
        assert_same(loops, checkerboard(height, width, 1 + seed % 9))
    else:
        assert_same(loops, lines(height, width, 2 + seed % 30))


def test_the_pyramid_is_the_same_by_loops(loops: Any) -> None:
    for plate in (busy(8), noise(9, 33, 70)):
        octaves = WORK.pyramid(loops, plate)

        for (_, _, first, differ), wanted in zip(octaves.tolist(), pyramid_of(plate), strict=True):
            assert (WORK.layers[first : first + wanted.layers.size] == wanted.layers.ravel()).all()
            assert (WORK.differences[differ : differ + wanted.differences.size] == wanted.differences.ravel()).all()


def test_code_for_any_processor_gives_the_same_bits(tmp_path: Path) -> None:
    everyone = "x86-64" if platform.machine().lower() in ("x86_64", "amd64") else "generic"
    plain = LOCAL_FEATURES.compile_to(tmp_path, everyone)

    for plate in (busy(10), noise(11, 40, 192), SPECIAL["a checkerboard"]):
        assert_same(plain, plate)


CHECKED = """
from engine.fingerprint.loops_features import LOCAL_FEATURES
from tests.unit.fingerprint.test_feature_loops import SPECIAL, Workspace, assert_same, noise

loops, refused = LOCAL_FEATURES.plain(), False
for plate in (*SPECIAL.values(), *(noise(seed, 16 + 7 * seed, 192 - 11 * seed) for seed in range(12))):
    assert_same(loops, plate)
try:
    loops.encode(Workspace().descriptors.reshape(-1), 129, *(SPECIAL["noise"].reshape(-1).view(t) for t in ("i2", "i4", "u8")))
except IndexError:
    refused = True
assert refused
"""


def test_no_loop_leaves_its_arrays(tmp_path: Path) -> None:
    """The same source with every access checked; that it is checked shows where there is one descriptor too many."""
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}

    done = subprocess.run([sys.executable, "-c", CHECKED], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)

    assert done.returncode == 0, done.stderr
