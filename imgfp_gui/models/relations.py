"""How a photo of a cluster stands to the best one: a word or two for the filmstrip, badges for the header of its pane."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.records import Edit, FileView, PairView, Tier
from imgfp_gui.models import words

SIZE_TOLD = 1.05  # below this ratio of the sides two copies look equally large
CROP_TOLD = 0.97  # a larger share than this is the whole frame, give or take the rounding of the box

ICONS = {
    Edit.MIRRORED: "square-split-horizontal",
    Edit.TONE: "blend",
    Edit.COLOUR: "blend",
    Edit.BLACK_AND_WHITE: "blend",
    Edit.OVERLAY: "image",
    Edit.BORDER: "square",
    Edit.FRAMES: "images",
    Edit.ROTATED: "rotate-cw",
    Edit.STRETCHED: "scaling",
    Edit.BLUR: "blend",
    Edit.SCREEN: "image",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A fact over a photo, never a verdict. icon: name of a glyph. text: a word or two. sentence: the whole of it."""

    icon: str
    text: str
    sentence: str


def tr(text: str) -> str:
    """A text of this part in the user's language."""
    return QCoreApplication.translate("relations", text)


def differences(pair: PairView | None, best: FileView | None, other: FileView | None) -> tuple[Badge, ...]:
    """What tells `other` from the best photo, the most telling first. pair: asked for as (best, other), None if not known."""
    badges = _poses(pair) if pair else []
    ratio = size_ratio(best, other)
    if not badges and ratio > SIZE_TOLD:
        text = tr("{0} smaller").format(words.times(ratio))
        sentence = tr("Its sides are {0} shorter than those of the first photo.").format(words.times(ratio))
        badges.append(Badge("scaling", text, sentence))
    for edit, icon in ICONS.items():
        if pair and edit is not Edit.MIRRORED and edit.label in pair.edits:
            word = words.edit(edit)
            badges.append(Badge(icon, word, tr("Against the first photo: {0}.").format(word)))
    return tuple(badges)


def _poses(pair: PairView) -> list[Badge]:
    """Cropped, turned, mirrored."""
    badges: list[Badge] = []
    share = _share(pair)
    if Edit.CROP.label in pair.edits and share < CROP_TOLD:
        text = tr("{0} crop").format(words.percent(share))
        badges.append(Badge("crop", text, tr("Shows {0} of the first photo.").format(words.percent(share))))
    if pair.turn:
        badges.append(Badge("rotate-cw", words.turned(pair.turn), tr("Turned against the first photo; shown turned to match.")))
    if pair.mirror:
        mirrored = words.edit(Edit.MIRRORED)
        badges.append(Badge(ICONS[Edit.MIRRORED], mirrored, tr("Mirrored against the first photo; shown mirrored to match.")))
    return badges


def closeness(tier: Tier) -> Badge:
    """What the tier alone says of a copy without a difference that could be named."""
    icons = {Tier.IDENTICAL: "equal", Tier.SAME_DATA: "equal", Tier.SAME_PICTURE: "copy", Tier.SAME_MOMENT: "clock"}
    sentences = {
        Tier.IDENTICAL: tr("The same file as the first photo, byte for byte."),
        Tier.SAME_DATA: tr("The same picture data as the first photo; only what is written about it differs."),
        Tier.SAME_PICTURE: tr("The same picture as the first photo, saved again."),
        Tier.EDITED: tr("An edited version of the first photo."),
        Tier.SAME_MOMENT: tr("Taken at nearly the same moment as the first photo."),
    }
    return Badge(icons.get(tier, "blend"), words.tier(tier), sentences[tier])


def first_look() -> Badge:
    """What is said of a copy that is known by its small picture only."""
    return Badge("clock", words.first_look(), words.first_look_tip())


def companions(views: Sequence[FileView]) -> Badge | None:
    """The other files of a shot, which go with it."""
    kinds = sorted({_kind(view) for view in views})
    if not kinds:
        return None
    text = tr("+ {0}").format(", ".join(kinds))
    return Badge("link", text, tr("Other files of this shot go with it: {0}.").format(", ".join(kinds)))


def embedded_preview() -> Badge:
    """The picture on the screen is the one that the camera put into the RAW file."""
    return Badge("image", tr("embedded preview"), tr("Shows the preview inside the RAW file."))


def best() -> str:
    """The photo that the rules keep."""
    return tr("best")


def size_ratio(best: FileView | None, other: FileView | None) -> float:
    """How many times longer the sides of the best photo are; 1 where a size is unknown."""
    if not (best and other and best.width and best.height and other.width and other.height):
        return 1.0
    return math.sqrt(best.width * best.height / (other.width * other.height))


def _share(pair: PairView) -> float:
    """Part of the best photo's area that the other shows."""
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in pair.box)
    return max(0.0, right - left) * max(0.0, bottom - top)


def _kind(view: FileView) -> str:
    """Format of a companion as people call it."""
    name = view.path.rsplit("/", 1)[-1]
    ending = name.rsplit(".", 1)[-1] if "." in name else ""
    return (view.format or ending or name).upper()
