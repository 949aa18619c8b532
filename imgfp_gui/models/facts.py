"""The facts of photos beside each other: what each row says of each photo, and which value is the better one.

A value is called better only where more of it is always welcome to a photographer. The keeper rules weigh the same facts; where
they see no difference, none is marked here either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.records import FileView
from imgfp_gui.models import moments, names, words
from imgfp_gui.models.apart import folders_apart, names_apart, split

RENDERED = frozenset(("jpeg", "png", "tiff", "webp", "gif", "bmp", "heif", "avif"))
"""Formats of finished pictures; every other picture format is a camera's raw data."""


class Mark(Enum):
    """How a value stands to the ones beside it."""

    PLAIN = 0
    BETTER = 1
    WORSE = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A value. text: as short as a narrow column needs it; whole: in full, for tooltips and screen readers."""

    text: str
    whole: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Fact:
    """A row. id: stable name. same: all photos agree (never with one photo alone)."""

    id: str
    label: str
    cells: tuple[Cell, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Photo:
    """What a column is about: a file and the files that travel with it."""

    view: FileView
    companions: tuple[FileView, ...] = ()


Rank = Any  # anything that can be ordered; None where better has no meaning
Row = Callable[[Sequence[Photo]], tuple[Sequence[Cell], Sequence[Rank]]]


def facts_of(photos: Sequence[Photo], *, one_moment: bool = False) -> tuple[Fact, ...]:
    """Rows about these photos, the most telling first; none without photos.

    one_moment: they are frames of one moment, not copies of one another; then an earlier one is no better one.
    """
    if not photos:
        return ()
    made = []
    for name, label, row in _ROWS:
        cells, ranks = row(photos)
        if name == "taken" and one_moment:
            ranks = ()
        if any(cell.text for cell in cells):
            same = len(cells) > 1 and len({cell.whole for cell in cells}) == 1
            made.append(Fact(name, QCoreApplication.translate("facts", label), _marked(cells, ranks), same))
    return tuple(made)


def _marked(cells: Sequence[Cell], ranks: Sequence[Rank]) -> tuple[Cell, ...]:
    """The cells with the best ranks marked better and the others worse; untouched when they all rank alike."""
    if len(ranks) < 2 or any(rank is None for rank in ranks) or all(rank == ranks[0] for rank in ranks):
        return tuple(cells)
    best = max(ranks)
    pairs = zip(cells, ranks, strict=True)
    return tuple(replace(cell, mark=Mark.BETTER if rank == best else Mark.WORSE) for cell, rank in pairs)


def _plain(texts: Sequence[str]) -> list[Cell]:
    return [Cell(text, text) for text in texts]


def unknown() -> str:
    """What stands for a fact that the file does not tell."""
    return QCoreApplication.translate("facts", "unknown")


def none() -> str:
    """What stands for something that the photo does not have."""
    return QCoreApplication.translate("facts", "none")


# ------------------------------------------------------------------------------------------------------- the rows


def _pixels(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    cells, ranks = [], []
    for view in (photo.view for photo in photos):
        text = words.pixels(view.width, view.height)
        more = words.megapixels(view.width, view.height)
        cells.append(Cell(text.replace(" ", "") or unknown(), f"{text}, {more}" if text else unknown()))
        ranks.append(view.width * view.height if view.width and view.height else None)
    return cells, ranks


def _format(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    views = [photo.view for photo in photos]
    texts = [_format_text(view) for view in views]
    ranks: list[Rank] = [_kept_detail(view) for view in views]
    if not any(ranks) and all(view.format == "jpeg" for view in views):
        ranks = [view.quality for view in views]
    return _plain(texts), ranks


def _format_text(view: FileView) -> str:
    name = (view.format or "").upper() or unknown()
    if view.quality is None:
        return name
    return QCoreApplication.translate("facts", "{0} q {1}").format(name, words.number(view.quality))


def is_raw(view: FileView) -> bool:
    """The file holds a camera's raw data."""
    return view.format is not None and view.format not in RENDERED


def _kept_detail(view: FileView) -> int:
    """Raw data above a finished picture stored without loss, that above one stored with loss.

    A lossless file that no camera signed is most likely a copy of a lossy one: larger for nothing.
    """
    if is_raw(view):
        return 2
    return int(view.lossless and bool(view.camera or view.exposure))


def _size(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    exact = QCoreApplication.translate("facts", "{0} ({1} bytes)")
    sizes = [photo.view.size for photo in photos]
    texts = [words.size(size) for size in sizes]
    if len(set(texts)) < len(set(sizes)):  # too close to be told apart so
        texts = [QCoreApplication.translate("facts", "{0} B").format(words.number(size)) for size in sizes]
    return [Cell(text, exact.format(words.size(size), words.number(size))) for text, size in zip(texts, sizes, strict=True)], ()


def _taken(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    when = [moments.from_camera(photo.view.taken) for photo in photos]
    cells = [Cell(short or unknown(), whole or unknown()) for short, whole in moments.beside(when)]
    # negative: the earlier one ranks higher, and one that is not known lowest
    ranks = [-moment.toMSecsSinceEpoch() if moment else float("-inf") for moment in when]
    return cells, ranks


def _modified(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    when = [moments.from_disk(photo.view.mtime_ns) for photo in photos]
    return [Cell(short, whole) for short, whole in moments.beside(when)], ()


def _camera(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    return _plain([names.shown(photo.view.camera) or unknown() for photo in photos]), ()


def _exposure(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    return _plain([names.shown(photo.view.exposure) or unknown() for photo in photos]), ()


def _lens(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    return _told([names.shown(photo.view.lens) for photo in photos])


def _white_balance(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    said = {
        "auto": QCoreApplication.translate("facts", "automatic"),
        "manual": QCoreApplication.translate("facts", "by hand"),
    }
    return _told([said.get(photo.view.white_balance, "") for photo in photos])


def _depth(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    """How finely each colour is stored, in bits."""
    depths = [photo.view.bit_depth for photo in photos]
    bits = QCoreApplication.translate("facts", "{0} bit")
    return _told([bits.format(words.number(depth)) if depth else "" for depth in depths])


def _profile(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    return _told([names.shown(photo.view.profile_name) for photo in photos])


def _software(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    return _told([names.shown(photo.view.software) for photo in photos])


def _small_picture(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    """Told only where it is of another picture: most likely the file was edited by a program that forgot it."""
    stale = [photo.view.stale_thumbnail for photo in photos]
    said = (QCoreApplication.translate("facts", "as the photo"), QCoreApplication.translate("facts", "of another picture"))
    return _plain([said[old] if any(stale) else "" for old in stale]), ()


def _told(texts: Sequence[str]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    """Facts that few files tell: no row where none of these does."""
    return _plain([text or unknown() if any(texts) else "" for text in texts]), ()


def _rating(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    stars = [max(0, photo.view.rating or 0) for photo in photos]
    spoken = QCoreApplication.translate("facts", "{0} of 5 stars")
    return [Cell("★" * n, spoken.format(words.number(n))) if n else Cell(none(), none()) for n in stars], stars


def _keywords(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    counts = [photo.view.keywords for photo in photos]
    return _plain([words.number(count) if count else none() for count in counts]), counts


def _location(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    """Whether there is one, never where."""
    told = [photo.view.gps for photo in photos]
    return _plain([QCoreApplication.translate("facts", "yes") if gps else none() for gps in told]), told


def _frames(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    """Nothing for stills."""
    counts = [photo.view.frames or 1 for photo in photos]
    return _plain([words.number(count) if max(counts) > 1 else "" for count in counts]), ()


def _companions(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    """The files that travel with the photo; nothing when all of them are alone."""
    if not any(photo.companions for photo in photos):
        return [], ()
    cells = []
    for photo in photos:
        called = [_place(view)[1] for view in photo.companions]
        formats = {(view.format or name.rpartition(".")[2]).upper() for view, name in zip(photo.companions, called, strict=True)}
        cells.append(Cell(", ".join(sorted(formats)) or none(), ", ".join(called) or none()))
    return cells, ()


def _folder(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    folders = [_place(photo.view)[0] for photo in photos]
    return [Cell(short, folder) for short, folder in zip(folders_apart(folders), folders, strict=True)], ()


def _name(photos: Sequence[Photo]) -> tuple[Sequence[Cell], Sequence[Rank]]:
    called = [_place(photo.view)[1] for photo in photos]
    return [Cell(short, name) for short, name in zip(names_apart(called), called, strict=True)], ()


def _place(view: FileView) -> tuple[str, str]:
    """Folder and name, as they may be shown."""
    return split(names.shown(view.path))


_ROWS: tuple[tuple[str, str, Row], ...] = (
    ("pixels", QT_TRANSLATE_NOOP("facts", "Pixels"), _pixels),
    ("format", QT_TRANSLATE_NOOP("facts", "Format"), _format),
    ("size", QT_TRANSLATE_NOOP("facts", "Size"), _size),
    ("taken", QT_TRANSLATE_NOOP("facts", "Taken"), _taken),
    ("modified", QT_TRANSLATE_NOOP("facts", "Modified"), _modified),
    ("camera", QT_TRANSLATE_NOOP("facts", "Camera"), _camera),
    ("exposure", QT_TRANSLATE_NOOP("facts", "Exposure"), _exposure),
    ("lens", QT_TRANSLATE_NOOP("facts", "Lens"), _lens),
    ("white_balance", QT_TRANSLATE_NOOP("facts", "White balance"), _white_balance),
    ("profile", QT_TRANSLATE_NOOP("facts", "Colour profile"), _profile),
    ("depth", QT_TRANSLATE_NOOP("facts", "Depth"), _depth),
    ("software", QT_TRANSLATE_NOOP("facts", "Software"), _software),
    ("small_picture", QT_TRANSLATE_NOOP("facts", "Small picture"), _small_picture),
    ("rating", QT_TRANSLATE_NOOP("facts", "Rating"), _rating),
    ("keywords", QT_TRANSLATE_NOOP("facts", "Keywords"), _keywords),
    ("location", QT_TRANSLATE_NOOP("facts", "Location"), _location),
    ("frames", QT_TRANSLATE_NOOP("facts", "Frames"), _frames),
    ("companions", QT_TRANSLATE_NOOP("facts", "Companions"), _companions),
    ("folder", QT_TRANSLATE_NOOP("facts", "Folder"), _folder),
    ("name", QT_TRANSLATE_NOOP("facts", "Name"), _name),
)
