"""Counting: which pairs are related, which are false, which are near misses of one class."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.fingerprint import fingerprint, pack
from engine.records import PAIR_DTYPE, Tier
from tests.bench.robustness import measure
from tests.bench.robustness.corpus import ORIGINAL, Family
from tests.bench.robustness.near_misses import camera_exif, counted
from tests.bench.robustness.originals import Original
from tests.bench.robustness.product import library_of
from tests.support.scenes import scene

EDITS = ("JPEG q30", "mirrored")


def family(seed: int) -> Family:
    picture = scene(seed, 96, 64)
    prints = np.stack([np.frombuffer(pack(fingerprint(picture)), np.uint8)] * 3)
    paths = tuple(Path(f"{seed}-{number}.jpg") for number in range(3))
    same = np.array([[1, -1], [2, -1], [1, 7]], np.int64)
    return Family(
        Original(paths[0], "here"), f"{seed:02d}", (ORIGINAL, *EDITS), paths, prints, np.full((3, 2), 64, np.int32), same
    )


def test_files_of_one_original_are_related_and_all_others_are_not() -> None:
    library = library_of([family(1), family(2), family(3)])
    assert library.unrelated == 27
    for row in range(9):
        assert library.path(row).startswith(f"{library.family[row] + 1}-{library.member[row]}")
        assert library.name(row) == (ORIGINAL, *EDITS)[library.member[row]]
    # equal bytes within a family have one id, those of two families never
    own = library.table.bytes_id
    groups = {tuple(sorted(np.flatnonzero(own == value))) for value in own}
    assert sorted(len(group) for group in groups) == [1, 1, 1, 2, 2, 2]
    assert all(len({int(library.family[row]) for row in group}) == 1 for group in groups)


def test_pairs_of_one_moment_are_no_false_pairs() -> None:
    library = library_of([family(1), family(2)])
    false = np.zeros(2, PAIR_DTYPE)
    false["score"] = 0.95
    false["tier"] = Tier.EDITED, Tier.SAME_MOMENT
    line = next(row for row in measure.false_table(library, false).splitlines() if row.lstrip().startswith("0.94"))
    assert line.split()[1] == "1"


def test_near_misses_are_counted_within_their_group_and_moments_apart() -> None:
    folder = Path("/near")
    files = ["burst/1/a.jpg", "burst/1/b.jpg", "burst/2/a.jpg", "screen/a.jpg", "screen/b.jpg", "screen/c.jpg"]
    pair = {"tier": "edited", "similarity": 0.9}
    report = {
        "files": [{"path": str(folder / name)} for name in files],
        "pairs": [
            {"a": 0, "b": 1, "tier": "same-moment", "similarity": 0.97},
            {"a": 0, "b": 2, **pair},  # another scene: no near miss
            {"a": 3, "b": 4, **pair},
            {"a": 3, "b": 5, "tier": "edited", "similarity": 0.7},
        ],
    }
    burst, screen = counted(report, folder, 0.86)
    assert (burst.possible, dict(burst.tiers), burst.wrong) == (1, {"same-moment": 1}, [])
    assert (screen.possible, dict(screen.tiers), screen.highest) == (3, {"edited": 1}, 0.9)
    assert len(screen.wrong) == 1


def test_frames_of_a_bracket_carry_the_camera_and_their_exposures() -> None:
    one, other = camera_exif(4, 0, 100, (1, 500)), camera_exif(4, 0, 400, (4, 500))
    assert one[0x0110] == other[0x0110]
    assert one.get_ifd(0x8769)[0x829A] != other.get_ifd(0x8769)[0x829A]
    assert one.get_ifd(0x8769)[0x9003] == other.get_ifd(0x8769)[0x9003]
