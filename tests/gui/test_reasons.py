"""The sentences about two photos say what is true of them, and nothing that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale

from engine.records import Cluster, FileView, PairView, Tier
from imgfp_gui.models import reasons
from imgfp_gui.models.pairing import Pairing, between, pairing

LARGE = FileView(0, "/a.jpg", b"", 9, 0, "ok", None, "jpeg", 6000, 4000, None, quality=93)
SMALL = replace(LARGE, id=1, width=2048, height=1365, quality=58)
ORF = replace(LARGE, format="orf", quality=None, lossless=True)
PAIR = PairView(0, 1, 0.97, Tier.SAME_PICTURE, {}, ())


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Numbers as in the United States, whatever the machine has."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def _said(first: FileView, second: FileView, **changes: object) -> str:
    return reasons.reason(replace(PAIR, **changes), first, second, "A", "B")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (LARGE, SMALL, "B is the same picture, 2.9 × smaller and saved again at a lower quality."),
        (SMALL, LARGE, "A is the same picture, 2.9 × smaller and saved again at a lower quality."),
        (LARGE, replace(SMALL, quality=None), "B is the same picture, 2.9 × smaller."),
        (LARGE, replace(SMALL, quality=95), "B is the same picture, 2.9 × smaller."),
        (ORF, SMALL, "B is the same picture, 2.9 × smaller and saved as JPEG."),
        (LARGE, replace(LARGE, quality=70), "B is the same picture, saved again at a lower quality."),
        (replace(LARGE, quality=70), LARGE, "A is the same picture, saved again at a lower quality."),
        (ORF, LARGE, "B is the same picture, saved as JPEG."),
        (LARGE, ORF, "A is the same picture, saved as JPEG."),
        (LARGE, replace(LARGE, format="png", quality=None, lossless=True), "A is the same picture, saved as JPEG."),
        (LARGE, LARGE, "A and B are the same picture, saved twice."),
    ],
)
def test_a_copy_is_named_by_what_it_lost(first: FileView, second: FileView, said: str) -> None:
    assert _said(first, second) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tier": Tier.IDENTICAL}, "A and B are the same file, byte for byte."),
        ({"tier": Tier.SAME_DATA}, "A and B hold the same picture data. Only what is written about the photo differs."),
        ({"tier": Tier.SAME_MOMENT}, "A and B were taken at nearly the same moment and look alike."),
        ({"tier": Tier.EDITED}, "A and B show the same frame and differ a little."),
        ({"tier": Tier.EDITED, "edits": ("tone",)}, "A and B show the same frame. Brightness or contrast differs."),
        ({"tier": Tier.EDITED, "turn": 90}, "A and B show the same frame. B is turned by 90° to the right."),
        ({"tier": Tier.EDITED, "turn": 270}, "A and B show the same frame. B is turned by 90° to the left."),
        ({"tier": Tier.EDITED, "mirror": True}, "A and B show the same frame. B is mirrored."),
        ({"tier": Tier.EDITED, "box": (0.3, 0.0, 1.0, 1.0)}, "B is a 70 % crop of A. It is cut mostly at the left."),
        (
            {"tier": Tier.EDITED, "box": (0.2, 0.02, 0.98, 0.8)},
            "B is a 61 % crop of A. It is cut mostly at the left and the bottom.",
        ),
        ({"tier": Tier.EDITED, "box": (0.1, 0.1, 0.9, 0.9)}, "B is a 64 % crop of A."),
        ({"tier": Tier.EDITED, "box": (0.0, 0.0, 2.0, 1.0)}, "A is a 50 % crop of B. It is cut mostly at the right."),
        ({"tier": Tier.EDITED, "box": (0.5, 0.0, 1.5, 1.0)}, "A and B show different parts of the same picture."),
        (
            {"tier": Tier.EDITED, "edits": ("screen",), "box": (-0.2, -0.5, 1.2, 1.5)},
            "B shows A inside a larger picture, such as a screenshot or a page.",
        ),
        (
            {"tier": Tier.EDITED, "edits": ("screen",), "box": (0.2, 0.2, 0.7, 0.9)},
            "A shows B inside a larger picture, such as a screenshot or a page.",
        ),
        (
            {"tier": Tier.EDITED, "edits": ("border",), "box": (-0.2, -0.2, 1.2, 1.2)},
            "A and B show the same frame. One of them has a border.",
        ),
        ({"tier": Tier.EDITED, "edits": ("rotated",)}, "A and B show the same frame. One of them is tilted against the other."),
    ],
)
def test_the_reason_follows_tier_edits_turn_and_box(changes: dict[str, object], said: str) -> None:
    assert _said(LARGE, LARGE, **changes).replace("\u2068", "").replace("\u2069", "") == said


def test_every_edit_that_the_matcher_tells_has_a_sentence_or_a_turn() -> None:
    from engine.records import Edit

    told = {*reasons.CHANGES, "turned", "mirrored", "crop", "screen"}

    assert told == {edit.label for edit in Edit}


# ------------------------------------------------------------------------------------------------------- the pairing

CLUSTER = Cluster("k", (0, 1, 2, 3, 4), Tier.EDITED, 0.88, 0.99, units=((0, 4), (1,), (2,), (3,)))


@pytest.mark.parametrize(
    ("photo", "panes", "mode", "units", "tags"),
    [
        (0, (0, 1), "grid", (0, 1), ("1", "2")),
        (2, (0, 1), "grid", (0, 2), ("1", "3")),
        (0, (0, 1), "side", (0, 1), ("A", "B")),
        (1, (0, 1), "side", (0, 1), ("A", "B")),
        (3, (0, 1, 2, 3), "side", (0, 3), ("A", "D")),
        (2, (2, 0), "side", (2, 0), ("A", "B")),
        (3, (0, 1), "side", (0, 1), ("A", "B")),
        (2, (), "side", (0, 2), ("1", "3")),
    ],
)
def test_the_facts_are_about_the_first_and_the_active_photo(
    photo: int, panes: tuple[int, ...], mode: str, units: tuple[int, ...], tags: tuple[str, ...]
) -> None:
    found = pairing(CLUSTER, photo, panes, mode)

    assert (found.units, found.tags) == (units, tags)
    assert found.files == tuple(CLUSTER.units[unit][0] for unit in units)


def test_without_a_cluster_there_is_no_pairing() -> None:
    assert pairing(None, 0, (), "grid") == Pairing()


def _link(a: int, b: int, score: float) -> PairView:
    return PairView(a, b, score, Tier.EDITED, {}, ())


def test_photos_that_are_not_linked_came_together_through_others() -> None:
    links = (_link(1, 2, 0.9), _link(2, 3, 0.9), _link(3, 4, 0.9), _link(1, 3, 0.5))

    assert between(CLUSTER.units, links, 0.86, 1, 3) == (2,)
    assert between(CLUSTER.units, links, 0.86, 1, 0) == (2, 3)  # by the JPEG of the first shot
    assert between(CLUSTER.units, links, 0.86, 1, 2) == ()
    assert between(CLUSTER.units, links, 0.95, 1, 3) == ()
    assert reasons.through((3,), "A", "B") == "A and B came together through photo 3."
    assert reasons.through((3, 4), "A", "B") == "A and B came together through the photos 3 and 4."
