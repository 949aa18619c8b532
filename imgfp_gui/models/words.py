"""Numbers, sizes and names of states as the user reads them, in the user's language and number format."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from engine.records import Cluster, ClusterState, Edit, Suggest, Tier


def weight(value: float) -> str:
    """How much a part counts, 1 is as usual: as a whole percentage."""
    return QCoreApplication.translate("words", "{0} %").format(number(round(value * 100)))


def isolated(text: str) -> str:
    """The same for the eye, kept together and in its own direction among words that are read from right to left."""
    return f"\u2068{text}\u2069"


def number(value: int) -> str:
    """A whole number with the locale's grouping."""
    return QLocale().toString(value)


def percent(score: float) -> str:
    """A similarity of 0..1 as a whole percentage; never rounded up to 100."""
    shown = 100 if score >= 1.0 else min(99, round(score * 100))
    return QCoreApplication.translate("words", "{0} %").format(number(shown))


def percent_fine(score: float) -> str:
    """A similarity with one decimal, for the line."""
    return QCoreApplication.translate("words", "{0} %").format(QLocale().toString(score * 100, "f", 1))


def one_decimal(value: float) -> str:
    """A number with one decimal."""
    return QLocale().toString(value, "f", 1)


def size(size_bytes: int) -> str:
    """A number of bytes in decimal units."""
    leading = len(str(size_bytes)) % 3  # digits before the unit: one of them gets a decimal, more need none
    return QLocale().formattedDataSize(size_bytes, 1 if leading == 1 else 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def photos(count: int) -> str:
    """So many photos."""
    if count == 1:
        return QCoreApplication.translate("words", "1 photo")
    return QCoreApplication.translate("words", "%Ln photos", "", count)


def files(count: int) -> str:
    """So many files, companions included."""
    if count == 1:
        return QCoreApplication.translate("words", "1 file")
    return QCoreApplication.translate("words", "%Ln files", "", count)


def clusters(count: int) -> str:
    """So many clusters."""
    if count == 1:
        return QCoreApplication.translate("words", "1 cluster")
    return QCoreApplication.translate("words", "%Ln clusters", "", count)


def pairs(count: int) -> str:
    """So many pairs."""
    if count == 1:
        return QCoreApplication.translate("words", "1 pair")
    return QCoreApplication.translate("words", "%Ln pairs", "", count)


def problems(count: int) -> str:
    """So many problems."""
    if count == 1:
        return QCoreApplication.translate("words", "1 problem")
    return QCoreApplication.translate("words", "%Ln problems", "", count)


def moment(taken: str | None) -> str:
    """When a photo was taken, as the camera wrote it, in the user's format."""
    when = QDateTime.fromString(taken or "", Qt.DateFormat.ISODate)
    return QLocale().toString(when, QLocale.FormatType.ShortFormat) if when.isValid() else ""


def pixels(width: int | None, height: int | None) -> str:
    """Pixel size, or nothing when unknown."""
    if not width or not height:
        return ""
    return QCoreApplication.translate("words", "{0} × {1}").format(width, height)


def megapixels(width: int | None, height: int | None) -> str:
    """Megapixels in words, for screen readers."""
    if not width or not height:
        return ""
    amount = QLocale().toString(width * height / 1e6, "f", 1 if width * height < 1e7 else 0)
    return QCoreApplication.translate("words", "{0} megapixels").format(amount)


def tier(which: Tier) -> str:
    """How close two photos are, in a word or two."""
    return {
        Tier.IDENTICAL: QCoreApplication.translate("words", "same file"),
        Tier.SAME_DATA: QCoreApplication.translate("words", "same data"),
        Tier.SAME_PICTURE: QCoreApplication.translate("words", "re-saved"),
        Tier.EDITED: QCoreApplication.translate("words", "edited"),
        Tier.SAME_MOMENT: QCoreApplication.translate("words", "same moment"),
    }[which]


def suggest(which: Suggest) -> str:
    """What is proposed for a photo, in one word."""
    return {
        Suggest.KEEP: QCoreApplication.translate("words", "Keep"),
        Suggest.REMOVE: QCoreApplication.translate("words", "Trash"),
        Suggest.UNDECIDED: QCoreApplication.translate("words", "Undecided"),
    }[which]


def marked_for(which: Suggest) -> str:
    """What is proposed for a photo, as part of a spoken sentence."""
    return {
        Suggest.KEEP: QCoreApplication.translate("words", "to keep"),
        Suggest.REMOVE: QCoreApplication.translate("words", "marked for trash"),
        Suggest.UNDECIDED: QCoreApplication.translate("words", "undecided"),
    }[which]


def state(which: ClusterState) -> str:
    """How far the user is with a cluster, in a word or two."""
    return {
        ClusterState.UNDECIDED: QCoreApplication.translate("words", "undecided"),
        ClusterState.PROPOSED: QCoreApplication.translate("words", "proposed"),
        ClusterState.DECIDED: QCoreApplication.translate("words", "decided"),
        ClusterState.ASIDE: QCoreApplication.translate("words", "set aside"),
    }[which]


def first_look() -> str:
    """What holds a cluster together that is known by the small pictures inside its files only."""
    return QCoreApplication.translate("words", "first look")


def first_look_tip() -> str:
    """The same in full, and what to do about it."""
    return QCoreApplication.translate(
        "words", "Only the small pictures inside these files were compared so far. You can decide when the photos were read."
    )


def edit(which: Edit) -> str:
    """What was done to a photo, in a word or two."""
    return {
        Edit.TURNED: QCoreApplication.translate("words", "turned"),
        Edit.MIRRORED: QCoreApplication.translate("words", "mirrored"),
        Edit.CROP: QCoreApplication.translate("words", "cropped"),
        Edit.TONE: QCoreApplication.translate("words", "toned"),
        Edit.COLOUR: QCoreApplication.translate("words", "recoloured"),
        Edit.BLACK_AND_WHITE: QCoreApplication.translate("words", "black and white"),
        Edit.OVERLAY: QCoreApplication.translate("words", "partly different"),
        Edit.BORDER: QCoreApplication.translate("words", "with a border"),
        Edit.FRAMES: QCoreApplication.translate("words", "other frames"),
        Edit.ROTATED: QCoreApplication.translate("words", "tilted"),
        Edit.STRETCHED: QCoreApplication.translate("words", "stretched"),
        Edit.BLUR: QCoreApplication.translate("words", "blurred"),
        Edit.SCREEN: QCoreApplication.translate("words", "in a screenshot"),
    }[which]


def turned(degrees: int) -> str:
    """A turn as the eye sees it."""
    return QCoreApplication.translate("words", "turned {0}°").format(number(min(degrees, 360 - degrees)))


def times(ratio: float) -> str:
    """How many times smaller, with one decimal."""
    return QCoreApplication.translate("words", "{0} ×").format(one_decimal(ratio))


def stage(name: str) -> str:
    """The stage of a scan. An unknown one is shown as the engine names it."""
    return {
        "walk": QCoreApplication.translate("words", "Finding"),
        "quick": QCoreApplication.translate("words", "First look"),
        "read": QCoreApplication.translate("words", "Reading"),
        "match": QCoreApplication.translate("words", "Comparing"),
        "apply": QCoreApplication.translate("words", "Moving"),
        "undo": QCoreApplication.translate("words", "Putting back"),
    }.get(name, name)


def similarity_range(cluster: Cluster) -> str:
    """Weakest to strongest link of a cluster."""
    weakest, strongest = percent(cluster.weakest), percent(cluster.strongest)
    if weakest == strongest:
        return weakest
    return QCoreApplication.translate("words", "{0} to {1}").format(weakest, strongest)
