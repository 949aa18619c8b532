"""Why two photos came together, in plain sentences made from what the matcher knows of the pair. Each sentence stands alone.

{a} and {b} are what the photos are called on the screen: a letter or a number; {x} is the lesser copy of the two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from engine.records import Edit, FileView, PairView, Tier
from imgfp_gui.models import words
from imgfp_gui.models.facts import is_raw

SIZE_TOLD = 1.05  # below this ratio of the sides two copies look equally large
CROP_TOLD = 0.97  # a larger share than this is the whole frame, give or take the rounding of the box
MOSTLY = 0.5  # a side cut at least half as deep as the deepest one is named with it
SIDES = ("left", "top", "right", "bottom")

IDENTICAL = QT_TRANSLATE_NOOP("reasons", "{a} and {b} are the same file, byte for byte.")
SAME_DATA = QT_TRANSLATE_NOOP("reasons", "{a} and {b} hold the same picture data. Only what is written about the photo differs.")
SAME_MOMENT = QT_TRANSLATE_NOOP("reasons", "{a} and {b} were taken at nearly the same moment and look alike.")
SMALLER_WORSE = QT_TRANSLATE_NOOP("reasons", "{x} is the same picture, {times} × smaller and saved again at a lower quality.")
SMALLER_AS = QT_TRANSLATE_NOOP("reasons", "{x} is the same picture, {times} × smaller and saved as {format}.")
SMALLER = QT_TRANSLATE_NOOP("reasons", "{x} is the same picture, {times} × smaller.")
WORSE = QT_TRANSLATE_NOOP("reasons", "{x} is the same picture, saved again at a lower quality.")
SAVED_AS = QT_TRANSLATE_NOOP("reasons", "{x} is the same picture, saved as {format}.")
SAVED_TWICE = QT_TRANSLATE_NOOP("reasons", "{a} and {b} are the same picture, saved twice.")
SAME_FRAME = QT_TRANSLATE_NOOP("reasons", "{a} and {b} show the same frame.")
ALMOST = QT_TRANSLATE_NOOP("reasons", "{a} and {b} show the same frame and differ a little.")
ONLY_SMALLER = QT_TRANSLATE_NOOP("reasons", "{x} is {times} × smaller.")
B_CROP = QT_TRANSLATE_NOOP("reasons", "{b} is a {share} crop of {a}.")
A_CROP = QT_TRANSLATE_NOOP("reasons", "{a} is a {share} crop of {b}.")
A_INSIDE = QT_TRANSLATE_NOOP("reasons", "{b} shows {a} inside a larger picture, such as a screenshot or a page.")
B_INSIDE = QT_TRANSLATE_NOOP("reasons", "{a} shows {b} inside a larger picture, such as a screenshot or a page.")
OTHER_PARTS = QT_TRANSLATE_NOOP("reasons", "{a} and {b} show different parts of the same picture.")
MIRRORED = QT_TRANSLATE_NOOP("reasons", "{b} is mirrored.")
THROUGH_ONE = QT_TRANSLATE_NOOP("reasons", "{a} and {b} came together through photo {others}.")
THROUGH_SOME = QT_TRANSLATE_NOOP("reasons", "{a} and {b} came together through the photos {others}.")
FIRST_LOOK = QT_TRANSLATE_NOOP("reasons", "So far only the small pictures inside {a} and {b} were compared.")
WEAKEST = QT_TRANSLATE_NOOP("reasons", "This is the weakest link of the cluster. A stricter line parts it here.")

CHANGES = {
    "tone": QT_TRANSLATE_NOOP("reasons", "Brightness or contrast differs."),
    "colour": QT_TRANSLATE_NOOP("reasons", "The colours differ."),
    "black-and-white": QT_TRANSLATE_NOOP("reasons", "One of them is black and white."),
    "overlay": QT_TRANSLATE_NOOP("reasons", "A part of the picture differs, such as a date or a mark."),
    "border": QT_TRANSLATE_NOOP("reasons", "One of them has a border."),
    "frames": QT_TRANSLATE_NOOP("reasons", "Some of their frames differ."),
    "rotated": QT_TRANSLATE_NOOP("reasons", "One of them is tilted against the other."),
    "stretched": QT_TRANSLATE_NOOP("reasons", "One of them is stretched."),
    "blur": QT_TRANSLATE_NOOP("reasons", "One of them is less sharp."),
}
TURNS = {
    90: QT_TRANSLATE_NOOP("reasons", "{b} is turned by 90° to the right."),
    180: QT_TRANSLATE_NOOP("reasons", "{b} is turned by 180°."),
    270: QT_TRANSLATE_NOOP("reasons", "{b} is turned by 90° to the left."),
}
CUTS = {
    ("left",): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the left."),
    ("top",): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the top."),
    ("right",): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the right."),
    ("bottom",): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the bottom."),
    ("left", "top"): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the left and the top."),
    ("top", "right"): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the right and the top."),
    ("left", "bottom"): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the left and the bottom."),
    ("right", "bottom"): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the right and the bottom."),
    ("left", "right"): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the left and the right."),
    ("top", "bottom"): QT_TRANSLATE_NOOP("reasons", "It is cut mostly at the top and the bottom."),
}

Edges = tuple[float, float, float, float]


def reason(pair: PairView, first: FileView, second: FileView, a: str, b: str) -> str:
    """A few sentences about the two photos. pair: asked for as (first, second); a, b: their names on the screen."""
    if pair.tier is Tier.IDENTICAL:
        said = [_say(IDENTICAL, a, b)]
    elif pair.tier is Tier.SAME_DATA:
        said = [_say(SAME_DATA, a, b)]
    elif pair.tier is Tier.SAME_MOMENT:
        said = [_say(SAME_MOMENT, a, b)]
    else:
        said = _framing(pair, first, second, a, b) + _pose(pair, a, b)
        said += [_say(text, a, b) for edit, text in CHANGES.items() if edit in pair.edits]
    return " ".join(said)


def through(others: Sequence[int], a: str, b: str) -> str:
    """How two photos that are not linked came together; others: numbers of the photos between them, in order, at least one."""
    listed = QLocale().createSeparatedList([words.number(number) for number in others])
    return _say(THROUGH_ONE if len(others) == 1 else THROUGH_SOME, a, b, others=listed)


def first_look(a: str, b: str) -> str:
    """Said of two photos that were not read yet."""
    return _say(FIRST_LOOK, a=a, b=b)


def weakest() -> str:
    """Said of the link at which the cluster would break first."""
    return _say(WEAKEST)


def _say(text: str, a: str = "", b: str = "", **values: str) -> str:
    return QCoreApplication.translate("reasons", text).format(a=a, b=b, **values)


# ------------------------------------------------------------------------------------------- framing, size, quality


def _framing(pair: PairView, first: FileView, second: FileView, a: str, b: str) -> list[str]:
    left, top, right, bottom = pair.box
    wide, high = right - left, bottom - top
    if wide <= 0 or high <= 0:
        return [_say(OTHER_PARTS, a, b)]
    off_a = (max(left, 0.0), max(top, 0.0), max(1 - right, 0.0), max(1 - bottom, 0.0))  # what B lacks, shares of A's sides
    off_b = (max(-left, 0.0) / wide, max(-top, 0.0) / high, max(right - 1, 0.0) / wide, max(bottom - 1, 0.0) / high)
    seen_a, seen_b = _left_over(off_a), _left_over(off_b)
    if Edit.SCREEN.label in pair.edits and (seen_a < CROP_TOLD or seen_b < CROP_TOLD):
        return [_say(B_INSIDE if seen_a < seen_b else A_INSIDE, a, b)]
    if Edit.BORDER.label in pair.edits and Edit.CROP.label not in pair.edits:
        return [_say(SAME_FRAME, a, b)]
    if seen_a < CROP_TOLD and seen_b < CROP_TOLD:
        return [_say(OTHER_PARTS, a, b)]
    if seen_a < CROP_TOLD:
        return [_say(B_CROP, a, b, share=words.isolated(words.percent(seen_a))), *_cut(off_a)]
    if seen_b < CROP_TOLD:
        return [_say(A_CROP, a, b, share=words.isolated(words.percent(seen_b))), *_cut(off_b)]
    return _whole_frame(pair, first, second, a, b)


def _left_over(off: Edges) -> float:
    """Share of a frame's area that is left when its edges are cut off."""
    return max(0.0, 1 - off[0] - off[2]) * max(0.0, 1 - off[1] - off[3])


def _cut(off: Edges) -> list[str]:
    """Where a crop was cut; nothing when it was cut all around."""
    sides = tuple(side for side, cut in zip(SIDES, off, strict=True) if cut >= MOSTLY * max(off))
    return [_say(CUTS[sides])] if sides in CUTS else []


def _whole_frame(pair: PairView, first: FileView, second: FileView, a: str, b: str) -> list[str]:
    ratio = math.sqrt(_area(first) / _area(second))
    times = QLocale().toString(max(ratio, 1 / ratio), "f", 1)
    if ratio > SIZE_TOLD:
        lesser = ((second, first, b),)
    elif 1 / ratio > SIZE_TOLD:
        lesser = ((first, second, a),)
    else:
        lesser, times = ((second, first, b), (first, second, a)), ""
    if pair.tier is Tier.SAME_PICTURE:
        return [_copy(lesser, times) or _say(SAVED_TWICE, a, b)]
    told = pair.edits or pair.turn or pair.mirror
    said = [_say(SAME_FRAME if told else ALMOST, a, b)]
    if times:
        said.append(_say(ONLY_SMALLER, x=lesser[0][2], times=times))
    return said


def _copy(lesser: Sequence[tuple[FileView, FileView, str]], times: str) -> str:
    """The sentence about a copy of the same picture. lesser: which may be the copy, of what, and its name; times: how much
    smaller, nothing when as large."""
    for copy, original, x in lesser:
        if copy.quality is not None and original.quality is not None and copy.quality < original.quality:
            return _say(SMALLER_WORSE if times else WORSE, x=x, times=times)
    for copy, original, x in lesser:
        if saved_as := _as(copy, original):
            return _say(SMALLER_AS if times else SAVED_AS, x=x, times=times, format=saved_as)
    return _say(SMALLER, x=lesser[0][2], times=times) if times else ""


def _area(view: FileView) -> int:
    return max(1, view.width or 1) * max(1, view.height or 1)


def _as(copy: FileView, original: FileView) -> str:
    """Format that a copy was saved as; nothing when it is the same one, or a raw file, which nobody saves as."""
    if copy.format == original.format or copy.format is None or is_raw(copy):
        return ""
    if copy.lossless and not original.lossless:
        return ""  # then the other one is the copy, or nobody can tell
    return copy.format.upper()


def _pose(pair: PairView, a: str, b: str) -> list[str]:
    said = [_say(MIRRORED, a, b)] if pair.mirror else []
    if pair.turn in TURNS:
        said.append(_say(TURNS[pair.turn], a, b))
    return said
