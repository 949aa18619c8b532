"""The photographs that a corpus is made of, and generated pictures in their place or beside them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

Image.MAX_IMAGE_PIXELS = None  # photographs of 200 megapixels are somebody's own, too
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".hif", ".avif", ".mpo", ".bmp"}
GENERATED = "generated"
SIDE = 1200
"""Long side in px that edits are made at; what is smaller stays. More costs time and changes little: fingerprints see 512."""

LEAST = 400
"""Originals with a shorter long side are left out: 10 % of them would be no picture any more."""


@dataclass(frozen=True, slots=True)
class Original:
    """path: of the file. source: the folder that was named, or `GENERATED`."""

    path: Path
    source: str

    @property
    def generated(self) -> bool:
        """Whether nobody took it with a camera."""
        return self.source == GENERATED


def originals_of(folders: Sequence[Path], at_most: int | None = None) -> list[Original]:
    """Every picture file below the folders, a round of one from each folder after the other, so that the first few are mixed."""
    found = [
        [Original(path, folder.name) for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES and path.is_file()]
        for folder in folders
    ]
    turns = sorted((place / len(each), folder, one) for folder, each in enumerate(found) for place, one in enumerate(each))
    return [one for _, _, one in turns][:at_most] if all(found) else _missing(folders, found)


def _missing(folders: Sequence[Path], found: list[list[Original]]) -> list[Original]:
    empty = [str(folder) for folder, each in zip(folders, found, strict=True) if not each]
    raise SystemExit(f"no picture in {', '.join(empty)}")


def generated(out: Path, count: int) -> list[Original]:
    """So many scenes, written below `out` once."""
    from tests.support.scenes import scene

    folder = out / GENERATED
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for seed in range(count):
        path = folder / f"{seed:04d}.jpg"
        if not path.exists():
            wide, high = ((SIDE, SIDE * 2 // 3), (SIDE * 3 // 4, SIDE))[seed % 3 == 0]
            Image.fromarray(scene(90_000 + seed, wide, high)).save(path, quality=95)
        made.append(Original(path, GENERATED))
    return made


def opened(original: Original, side: int = SIDE) -> tuple[Image.Image, bytes] | None:
    """The picture as edits see it, upright sRGB of at most `side` px, and a digest of its pixels; None for one too small."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    with Image.open(original.path) as file:
        if max(file.size) < LEAST:
            return None
        file.draft("RGB", (2 * side, 2 * side))
        im = ImageOps.exif_transpose(file)
        profile = file.info.get("icc_profile")
    if im.mode in ("I;16", "I", "F"):
        return None
    im = _in_srgb(im, profile) if profile and im.mode in ("RGB", "CMYK") else im.convert("RGB")
    if max(im.size) > side:
        im = ImageOps.contain(im, (side, side), Image.Resampling.LANCZOS)
    return im, hashlib.blake2b(np.asarray(im).tobytes(), digest_size=16).digest()


def _in_srgb(im: Image.Image, profile: bytes) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(im, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return im.convert("RGB")
    assert converted is not None
    return converted
