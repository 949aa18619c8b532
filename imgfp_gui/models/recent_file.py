"""The settings file of libraries that were open before. Whatever in it is not as expected is left out.

Pictures are kept as plain pixels: nothing here decodes a file.
"""

from __future__ import annotations

import base64
import json
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QDateTime, QSettings, QSize, Qt
from PySide6.QtGui import QImage

log = logging.getLogger(__name__)

KEPT = 6
THUMBS = 3
THUMB = QSize(128, 80)  # device pixels: twice what the start page shows
LONGEST = 4_000_000  # characters of a settings value that is still believed


@dataclass(frozen=True, slots=True)
class Recent:
    """One library. folders: as they were added. undecided: clusters, None when it was never read to the end. when: last open."""

    folders: tuple[str, ...]
    when: QDateTime
    undecided: int | None = None
    thumbs: tuple[QImage, ...] = ()


def read(path: str) -> tuple[Recent, ...]:
    """What is kept in the settings file at `path`; nothing where there is none or it is damaged."""
    value = QSettings(path, QSettings.Format.IniFormat).value("libraries", "")
    if not isinstance(value, str) or not value or len(value) > LONGEST:
        return ()
    try:
        entries = json.loads(value)
        return tuple(_library(entry) for entry in entries[:KEPT])
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error):
        log.warning("event=recent_unreadable")
        return ()


def store(path: str, libraries: Sequence[Recent]) -> None:
    """Keep these libraries in the settings file at `path`, in place of what is there."""
    entries = [
        {
            "folders": list(library.folders),
            "when": library.when.toString(Qt.DateFormat.ISODate),
            "undecided": library.undecided,
            "thumbs": [_pack(thumb) for thumb in library.thumbs],
        }
        for library in libraries
    ]
    settings = QSettings(path, QSettings.Format.IniFormat)
    settings.setValue("libraries", json.dumps(entries))
    settings.sync()


def _library(entry: dict[str, Any]) -> Recent:
    """Strict: raises one of the errors that `_read` expects."""
    folders = tuple(entry["folders"])
    if not folders or not all(isinstance(folder, str) and folder for folder in folders):
        raise ValueError("folders")
    undecided = entry["undecided"]
    if undecided is not None and not isinstance(undecided, int):
        raise ValueError("undecided")
    when = QDateTime.fromString(entry["when"], Qt.DateFormat.ISODate)
    return Recent(folders, when, undecided, tuple(_unpack(thumb) for thumb in entry["thumbs"][:THUMBS]))


def small(picture: QImage) -> QImage:
    """A picture at most `THUMB` large, as it is kept."""
    fitted = picture.scaled(THUMB, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return fitted.convertToFormat(QImage.Format.Format_RGB888)


def _pack(thumb: QImage) -> list[Any]:
    return [thumb.width(), thumb.height(), base64.b64encode(zlib.compress(bytes(thumb.constBits()))).decode("ascii")]


def _unpack(packed: Sequence[Any]) -> QImage:
    width, height, text = packed
    if not (0 < int(width) <= THUMB.width() and 0 < int(height) <= THUMB.height()):
        raise ValueError("size")
    stride = (3 * width + 3) // 4 * 4
    inflate = zlib.decompressobj()
    pixels = inflate.decompress(base64.b64decode(text, validate=True), stride * height)
    if len(pixels) != stride * height:
        raise ValueError("pixels")
    return QImage(pixels, width, height, stride, QImage.Format.Format_RGB888).copy()
