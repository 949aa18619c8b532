"""Counting: which pairs are related, which are false, which are near misses of one class."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.fingerprint import fingerprint, pack
from tests.bench.robustness import measure
from tests.bench.robustness.corpus import ORIGINAL, Family
from tests.bench.robustness.near_misses import camera_exif, counted
from tests.bench.robustness.originals import Original
from tests.bench.robustness.product import library_of, merged, searched, sliced
from tests.support.scenes import scene

EDITS = ("JPEG q30", "mirrored")


def family(seed: int) -> Family:
    picture = scene(seed, 96, 64)
    prints = np.stack([np.frombuffer(pack(fingerprint(picture)), np.uint8)] * 3)
    paths = tuple(Path(f"{seed}-{number}.jpg") for number in range(3))
    return Family(Original(paths[0], "here"), f"{seed:02d}", (ORIGINAL, *EDITS), paths, prints, np.full((3, 2), 64, np.int32))


def test_files_of_one_original_are_related_and_all_others_are_not() -> None:
    library = library_of([family(1), family(2), family(3)])
    assert library.unrelated == 27
    for row in range(9):
        assert library.path(row).startswith(f"{library.family[row] + 1}-{library.member[row]}")
        assert library.name(row) == (ORIGINAL, *EDITS)[library.member[row]]


def test_a_corpus_of_copies_is_found_whole_and_scenes_apart() -> None:
    families = [family(seed) for seed in (1, 2, 3, 4)]
    results = [searched(part) for part in sliced(families, 2)]
    assert [result.edits for result in results] == [("JPEG q30",), ("mirrored",)]
    whole = merged(families, results)
    assert whole.edits == EDITS
    assert whole.scores.min() > 0.9
    assert whole.false == ()
    # 6 pairs of unedited files, and for each of the two edits 12 with one unedited side and 6 with none
    assert (whole.unrelated, whole.with_unedited) == (6 + 2 * 18, 6 + 2 * 12)


def test_equal_pictures_under_two_names_are_false_pairs_and_of_one_moment_none() -> None:
    one, other = family(1), family(1)
    other = replace(other, paths=tuple(Path(f"other-{path}") for path in other.paths))
    result = searched([one, other])
    assert len(result.false) == 9
    rows = measure.false_table(result).splitlines()
    assert next(row.split()[1] for row in rows if row.split()[0] == "0.86") == "9"
    moments = replace(result, false=tuple(replace(pair, tier="same-moment") for pair in result.false))
    assert next(row.split()[1] for row in measure.false_table(moments).splitlines() if row.split()[0] == "0.86") == "0"


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
