"""A pair from either side: how one picture must be turned to lie like the other, and which part of it the other shows."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.jobs.pair_view import PairViews
from engine.match.poses import POSES, inverse, inverse_box, posed
from tests.support.analyses import make_analysis

part = st.floats(-0.4, 1.4, allow_nan=False)


def lying_like(grid: np.ndarray, turn: int, mirror: bool) -> np.ndarray:
    """Mirrored left-right, then turned clockwise."""
    return np.rot90(grid[:, ::-1] if mirror else grid, -turn // 90)


@pytest.mark.parametrize("pose", range(POSES))
def test_turn_and_mirror_make_the_one_picture_lie_like_the_other(pose: int) -> None:
    analysis = make_analysis(6, seed=1)
    analysis.pairs.setflags(write=True)
    analysis.pairs["pose"] = pose
    a, b = (analysis.pictures[int(analysis.pairs[0][end])].id for end in ("a", "b"))
    one = np.arange(6).reshape(2, 3)
    other = posed(one[None], pose)[0]
    views = PairViews(analysis)

    there, back = views.pair(a, b), views.pair(b, a)

    assert there is not None and back is not None
    assert np.array_equal(lying_like(one, there.turn, there.mirror), other)
    assert np.array_equal(lying_like(other, back.turn, back.mirror), one)
    assert (there.a, there.b, back.a, back.b) == (a, b, b, a)


@given(st.integers(0, POSES - 1), st.tuples(part, part), st.tuples(st.floats(0.05, 2), st.floats(0.05, 2)))
def test_a_box_seen_from_the_other_side_and_back_is_the_box(
    pose: int, corner: tuple[float, float], size: tuple[float, float]
) -> None:
    box = (corner[0], corner[1], corner[0] + size[0], corner[1] + size[1])

    assert inverse_box(inverse(pose), inverse_box(pose, box)) == pytest.approx(box, abs=1e-9)


def test_of_a_crop_the_original_lies_around_it() -> None:
    # b is the upper left quarter of a: a reaches as far again to the right and below
    assert inverse_box(0, (0.0, 0.0, 0.5, 0.5)) == (0.0, 0.0, 2.0, 2.0)
    # a is first turned clockwise; seen from b turned back, it reaches to the right and above
    assert inverse_box(5, (0.0, 0.0, 0.5, 0.5)) == (0.0, -1.0, 2.0, 1.0)


def test_a_pair_that_the_table_lacks_is_compared_without_the_compiler() -> None:
    asked = (
        "import sys; from engine.jobs.pair_view import PairViews; from tests.support.analyses import make_analysis;"
        "analysis = make_analysis(8, seed=1); ends = analysis.pictures[0].id, analysis.pictures[-1].id;"
        "PairViews(analysis).pair(*ends); print('numba' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60).stdout == "False\n"
