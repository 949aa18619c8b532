"""Small sound files of every format that is decoded, from which damaged ones are made."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.support.cli import SAMPLES
from tests.unit.decode.files import every_format
from tests.unit.metadata.files import CAMERA, EXPOSURE, PARIS, exif_segment, jpeg, raw_tiff, xmp_segment

SUFFIXES = {
    "jpeg": ".jpg", "png": ".png", "gif": ".gif", "bmp": ".bmp", "tiff": ".tif", "webp": ".webp", "heif": ".heic",
    "avif": ".avif",
    "nef": ".nef", "dng": ".dng", "cr2": ".cr2", "raf": ".raf", "cr3": ".cr3", "orf": ".orf", "rw2": ".rw2", "arw": ".arw",
}  # fmt: skip
SMALL_SAMPLE = 400_000
OF_A_FORMAT = 8


@cache
def bases() -> dict[str, tuple[str, bytes]]:
    """name → (format, bytes)."""
    found = dict(every_format())
    found["jpeg with metadata"] = ("jpeg", jpeg(None, exif_segment(CAMERA, EXPOSURE, PARIS), xmp_segment('xmp:Rating="3"')))
    found["nef"] = ("nef", raw_tiff()[0])
    found["dng"] = ("dng", raw_tiff(maker="Pentax", dng=True)[0])
    found["arw"] = ("arw", raw_tiff(maker="SONY")[0])
    found.update(_samples())
    return found


def _samples() -> dict[str, tuple[str, bytes]]:
    """Some small real files of each format, where they are at hand; in the order of their names."""
    found: dict[str, tuple[str, bytes]] = {}
    for path in sorted(SAMPLES.rglob("*")) if SAMPLES.is_dir() else []:
        format = _format_of(path)
        enough = sum(1 for known, _ in found.values() if known == format) >= OF_A_FORMAT
        if format and not enough and path.is_file() and path.stat().st_size <= SMALL_SAMPLE and "pairs" not in path.parts:
            found[f"sample {path.stem[:24]}"] = (format, path.read_bytes())
    return found


def _format_of(path: Path) -> str | None:
    suffix = {".jpeg": ".jpg", ".tiff": ".tif", ".heif": ".heic"}.get(path.suffix.lower(), path.suffix.lower())
    return next((format for format, own in SUFFIXES.items() if own == suffix), None)
