"""From candidates to pairs: edits get their names, the box lies where the copy was cut, near misses stay below the line."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from engine.errors import Cancelled
from engine.match.candidate import CANDIDATE_DTYPE, LOCAL, WHOLE_FRAME
from engine.match.local.features import Features
from engine.match.poses import inverse_box, pose_map
from engine.match.verdict.judge import evidence_of, verify
from engine.match.verdict.scale import TOP, similarity, strength_at
from engine.match.verdict.score_table import STRENGTH
from engine.records import PictureTable, Tier, edit_labels
from tests.support.scenes import scene
from tests.unit.match.tables import never, rows_of, table_of

Map = tuple[float, float, float, float, float, float]
WIDE, HIGH = 640, 480


def picture(seed: int) -> Image.Image:
    return Image.fromarray(scene(seed, WIDE, HIGH))


def saved(image: Image.Image, quality: int = 88) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def cut(left: float, top: float, right: float, bottom: float) -> Callable[[Image.Image], Image.Image]:
    return lambda im: im.crop(
        (round(left * im.width), round(top * im.height), round(right * im.width), round(bottom * im.height))
    )


def cut_map(left: float, top: float, right: float, bottom: float) -> Map:
    return 1 / (right - left), 0, -left / (right - left), 0, 1 / (bottom - top), -top / (bottom - top)


def laid_on(wide: int, high: int, x: int, y: int, w: int, h: int) -> tuple[Callable[[Image.Image], Image.Image], Map]:
    """The picture as a window of a screen, and the map that leads there."""

    def edit(im: Image.Image) -> Image.Image:
        screen = Image.new("RGB", (wide, high), (236, 236, 240))
        draw = ImageDraw.Draw(screen)
        draw.rectangle((0, 0, wide, high // 18), fill=(60, 60, 70))
        for line in range(8):
            draw.text((8, high // 12 + line * high // 10), f"Folder {line} of 8", fill=(20, 20, 20), font_size=high // 30)
        screen.paste(im.resize((w, h)), (x, y))
        return screen

    return edit, (w / wide, 0, x / wide, 0, h / high, y / high)


def straightened(im: Image.Image) -> Image.Image:
    turned = im.rotate(4, Image.Resampling.BICUBIC)
    return turned.crop((round(im.width * 0.08), round(im.height * 0.08), round(im.width * 0.92), round(im.height * 0.92)))


def slanted_map() -> Map:
    """From the picture to `straightened` of it."""
    cos, sin = float(np.cos(np.radians(4))), float(np.sin(np.radians(4)))
    aspect = HIGH / WIDE
    turn = np.array([[cos, sin * aspect], [-sin / aspect, cos]])
    shift = np.array([0.5, 0.5]) - turn @ np.array([0.5, 0.5])
    scale = 1 / 0.84
    a, b, c, d = (turn * scale).ravel()
    e, f = (shift - 0.08) * scale
    return a, b, e, c, d, f


SCREEN, SCREEN_MAP = laid_on(1280, 800, 330, 150, 800, 600)
FRAMED: Map = (WIDE / (WIDE + 80), 0, 40 / (WIDE + 80), 0, HIGH / (HIGH + 80), 40 / (HIGH + 80))

EDITS: dict[str, tuple[Callable[[Image.Image], Image.Image], Map, list[str]]] = {
    "nothing": (lambda im: im, pose_map(0), []),
    "half size": (lambda im: im.resize((WIDE // 2, HIGH // 2)), pose_map(0), []),
    "crop": (cut(0.2, 0.1, 0.9, 0.8), cut_map(0.2, 0.1, 0.9, 0.8), ["crop"]),
    "one side off": (cut(0.0, 0.0, 0.7, 1.0), cut_map(0.0, 0.0, 0.7, 1.0), ["crop"]),
    "mirrored": (ImageOps.mirror, pose_map(1), ["mirrored"]),
    "turned": (lambda im: im.transpose(Image.Transpose.ROTATE_90), pose_map(6), ["turned"]),
    "mirrored crop": (
        lambda im: ImageOps.mirror(cut(0.1, 0.2, 0.8, 0.9)(im)),
        (-1 / 0.7, 0, 0.8 / 0.7, 0, 1 / 0.7, -0.2 / 0.7),
        ["mirrored", "crop"],
    ),
    "straightened": (straightened, slanted_map(), ["crop", "rotated"]),
    "stretched": (lambda im: im.resize((WIDE, round(HIGH * 0.8))), pose_map(0), ["stretched"]),
    "border": (lambda im: ImageOps.expand(im, 40, "white"), FRAMED, ["border"]),
    "black and white crop": (
        lambda im: cut(0.1, 0.1, 0.8, 0.8)(im).convert("L").convert("RGB"),
        cut_map(0.1, 0.1, 0.8, 0.8),
        ["crop", "black-and-white"],
    ),
    "darker crop": (
        lambda im: cut(0.1, 0.1, 0.8, 0.8)(im).point(lambda v: round(v * 0.75)),
        cut_map(0.1, 0.1, 0.8, 0.8),
        ["crop", "tone"],
    ),
    "in a window": (SCREEN, SCREEN_MAP, ["screen"]),
}


def candidates(*rows: tuple[int, int, Map], source: int = LOCAL) -> np.ndarray:
    out = np.zeros(len(rows), CANDIDATE_DTYPE)
    for at, (first, second, m) in enumerate(rows):
        out[at] = (first, second, source, 0, 5, 5, m)
    return out


def judged(table: PictureTable, asked: np.ndarray, floor: float = 0.5) -> np.ndarray:
    return verify(table, Features.from_table(table), asked, floor, never)


@pytest.fixture(scope="module")
def edited() -> PictureTable:
    """A scene, then each edit of it, in the order of `EDITS`."""
    original = picture(201)
    return table_of([np.asarray(p) for p in (original, *(saved(edit(original)) for edit, _, _ in EDITS.values()))])


def rough(m: Map, seed: int) -> Map:
    """A map as features would tell it."""
    return tuple(np.array(m) + np.random.default_rng(seed).normal(0, 0.008, 6))  # type: ignore[return-value]


@pytest.mark.parametrize("name", EDITS)
def test_edit_is_found_and_named(edited: PictureTable, name: str) -> None:
    row = 1 + list(EDITS).index(name)
    _, m, labels = EDITS[name]

    pair = judged(edited, candidates((0, row, rough(m, row))))[0]

    assert pair["score"] >= 0.9
    found = edit_labels(int(pair["edits"]))
    assert set(labels) <= set(found), found
    assert set(found) <= {*labels, "colour", "overlay", "blur"}, found
    assert (pair["tier"] == Tier.SAME_PICTURE) == (labels == [])


@pytest.mark.parametrize("name", EDITS)
def test_box_is_where_the_copy_lies(edited: PictureTable, name: str) -> None:
    row = 1 + list(EDITS).index(name)
    _, m, _ = EDITS[name]

    pair = judged(edited, candidates((0, row, rough(m, row))))[0]

    back = np.linalg.inv(np.array([[m[0], m[1], m[2]], [m[3], m[4], m[5]], [0, 0, 1]]))
    to_pose = np.array([*pose_map(int(pair["pose"])), 0, 0, 1]).reshape(3, 3)
    corners = (to_pose @ back @ np.array([[0.0, 1, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]]))[:2]
    middle = corners.mean(axis=1)
    assert (pair["box"][:2] + pair["box"][2:]) / 2 == pytest.approx(middle, abs=0.02)
    if name != "straightened":
        assert pair["box"] == pytest.approx([*corners.min(axis=1), *corners.max(axis=1)], abs=0.02)


def test_box_and_pose_turn_round_with_the_order_of_the_rows(edited: PictureTable) -> None:
    row = 1 + list(EDITS).index("mirrored crop")
    asked = candidates((0, row, EDITS["mirrored crop"][1]))
    two = rows_of(edited, [0, row])
    swapped = rows_of(edited, [row, 0])

    one = judged(two, candidates((0, 1, EDITS["mirrored crop"][1])))[0]
    other = judged(swapped, candidates((1, 0, EDITS["mirrored crop"][1])))[0]
    whole = judged(edited, asked)[0]

    assert (one["score"], one["edits"], one["tier"]) == (other["score"], other["edits"], other["tier"])
    assert inverse_box(int(one["pose"]), tuple(one["box"].tolist())) == pytest.approx(other["box"].tolist(), abs=0.01)
    assert (whole["a"], whole["b"]) == (0, row)
    assert all(one[name].tobytes() == whole[name].tobytes() for name in ("score", "edits", "tier", "pose", "box", "parts"))


def test_the_stronger_candidate_of_a_pair_counts(edited: PictureTable) -> None:
    row = 1 + list(EDITS).index("crop")
    right, wrong = EDITS["crop"][1], pose_map(0)
    both = np.concatenate([candidates((0, row, wrong), source=WHOLE_FRAME), candidates((0, row, right))])

    pairs = judged(edited, both)

    assert len(pairs) == 1
    assert pairs.tobytes() == judged(edited, both[::-1]).tobytes() == judged(edited, both[1:]).tobytes()


def other_content(kind: str) -> list[np.ndarray]:
    """Two pictures that share a frame and nothing else."""
    a, b = picture(221), picture(222)
    if kind == "one program":
        return [np.asarray(SCREEN(p)) for p in (a, b)]
    if kind == "one caption":
        for p in (a, b):
            draw = ImageDraw.Draw(p)
            draw.rectangle((0, 380, WIDE, HIGH), fill=(250, 250, 250))
            draw.text((30, 400), "Summer in the hills, 2019", fill=(0, 0, 0), font_size=44)
        return [np.asarray(a), np.asarray(b)]
    if kind == "one layout":
        pages = []
        for seed in (1, 2):
            page = Image.new("RGB", (WIDE, 800), "white")
            draw, rng = ImageDraw.Draw(page), np.random.default_rng(seed)
            draw.text((40, 20), "Monthly statement", fill=(0, 0, 0), font_size=40)
            for y in range(100, 780, 24):
                words = "".join(rng.choice(list("abcdefghijklmnop      "), 48))
                draw.text((40, y), words, fill=(0, 0, 0), font_size=18)
            pages.append(np.asarray(page))
        return pages
    ramp = np.tile(np.linspace(30, 220, WIDE), (HIGH, 1))
    rng = np.random.default_rng(5)
    return [np.repeat((ramp + rng.normal(0, 4, ramp.shape)).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2) for _ in "ab"]


@pytest.mark.parametrize("kind", ["one program", "one caption", "one layout", "one gradient"])
def test_same_frame_with_other_content_stays_below_the_line(kind: str) -> None:
    table = table_of(other_content(kind))

    assert len(judged(table, candidates((0, 1, pose_map(0)), (0, 1, rough(pose_map(0), 1))), floor=0.86)) == 0


def test_rejected_candidates_have_evidence_too() -> None:
    table = table_of([np.asarray(picture(seed)) for seed in (231, 232)])
    asked = candidates((0, 1, pose_map(0)), (0, 1, (0.0,) * 6))

    found = evidence_of(table, Features.from_table(table), asked)

    assert found["first"].tolist() == [0, 0]
    assert found["ncc"][0] < 0.4
    assert found["strength"][1] == -1
    assert len(judged(table, asked)) == 0


def test_nobody_waits_for_a_cancelled_search(edited: PictureTable) -> None:
    with pytest.raises(Cancelled):
        verify(edited, Features.from_table(edited), candidates((0, 1, pose_map(0))), 0.5, lambda: True)
    assert len(judged(edited, candidates())) == 0


def test_scale_rises_and_keeps_its_marks() -> None:
    strengths = np.linspace(-1, STRENGTH[-1], 2_000)

    scores = similarity(strengths)

    assert (np.diff(scores) >= 0).all()
    assert scores[0] == 0
    assert scores[-1] == np.float32(TOP)
    for mark in (0.5, 0.86, 0.94):
        assert similarity(np.array([strength_at(mark)]))[0] == pytest.approx(mark, abs=2e-3)
        assert similarity(np.array([strength_at(mark)]))[0] <= mark
