"""A photo library made from a seed, for benchmarks: 12 to 24 MP files as cameras save them, and what people make of them.

``python -m tests.bench.library OUT --files 300 --kind jpeg|mixed --seed 1`` writes OUT/photos and OUT/truth.json. A mixed
library has 4 % HEIC (12 MP, every other one with a thumbnail item), 2 % DNG (uncompressed, with thumbnail and preview) and 1 %
each of PNG, TIFF and WebP (12 MP) among the originals.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from tests.bench.camera import (
    MARGIN,
    SHRINK,
    SIZES,
    STYLES,
    Style,
    camera_jpeg,
    exposed,
    jpeg,
    small_scene,
    taken_at,
    thumbnail,
)
from tests.bench.tiff_writer import dng, exif

PHONE = (4032, 3024)  # 12 MP: HEIC, PNG, TIFF, WebP
DERIVED = ("export", "copy", "burst", "export", "crop", "burst", "recode", "burst")
"""What is made of every other original, in turn."""

OTHERS = {"heic": 4.0, "dng": 2.0, "png": 1.0, "tiff": 1.0, "webp": 1.0}
"""Per cent of a mixed library."""


@dataclass(slots=True)
class Original:
    """One photograph and what is known of it. files: names of all files that show the same picture, this one first."""

    number: int
    view: Image.Image
    picture: Image.Image
    style: Style
    name: str
    data: bytes
    files: list[str] = field(default_factory=list)
    bursts: list[str] = field(default_factory=list)
    crops: list[str] = field(default_factory=list)


def make_library(out: Path, files: int, kind: str, seed: int) -> None:
    """Write the library and what is true of it: for each picture with relatives the files that show it, its bursts and crops."""
    photos = out / "photos"
    photos.mkdir(parents=True)
    truth: list[dict[str, list[str]]] = []
    for name, data, known in _files(files, kind, seed):
        path = photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if known is not None and (len(known.files) > 1 or known.bursts or known.crops):
            truth.append({"same": known.files, "bursts": known.bursts, "crops": known.crops})
    (out / "truth.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")


def _files(files: int, kind: str, seed: int) -> Iterator[tuple[str, bytes, Original | None]]:
    """(name, bytes, the original once nothing more comes of it)."""
    rng = np.random.default_rng([seed, 17])
    formats = _formats(files, kind, rng)
    left = files
    turns = 0
    for number, format in enumerate(formats):
        if not left:
            return
        original = _original(number, format, seed, rng)
        left -= 1
        derive = number % 2 == 1 and left > 0
        yield original.name, original.data, None
        if derive:
            name, data = _derived(original, DERIVED[turns % len(DERIVED)], rng)
            turns += 1
            left -= 1
            yield name, data, original


def _formats(files: int, kind: str, rng: np.random.Generator) -> list[str]:
    """Formats of the originals; other formats than JPEG at places drawn at random."""
    formats = ["jpeg"] * files
    if kind == "mixed":
        wanted = [name for name, share in OTHERS.items() for _ in range(max(1, round(files * share / 100)))]
        places = rng.permutation(int(files * 0.66))[: len(wanted)]  # so many originals there are at least
        for place, name in zip(places.tolist(), wanted, strict=True):
            formats[place] = name
    return formats


def _original(number: int, format: str, seed: int, rng: np.random.Generator) -> Original:
    size = PHONE if format not in ("jpeg", "dng") else SIZES[number % len(SIZES)]
    style = STYLES[number % len(STYLES)]
    view = small_scene(seed * 100_000 + number, size)
    picture = exposed(view, size, style.noise if format in ("jpeg", "dng") else 2, rng)
    suffix = {"jpeg": "JPG", "heic": "HEIC", "dng": "DNG", "png": "png", "tiff": "tif", "webp": "webp"}[format]
    name = f"DCIM/{100 + number // 100}LUMEN/IMG_{number:05}.{suffix}"
    return Original(number, view, picture, style, name, _encoded(format, picture, view, style, number), [name])


def _encoded(format: str, picture: Image.Image, view: Image.Image, style: Style, number: int) -> bytes:
    if format == "jpeg":
        return camera_jpeg(picture, view, style, taken_at(number), number)
    out = io.BytesIO()
    if format == "dng":
        large = picture.resize((picture.width // 2, picture.height // 2))
        preview = jpeg(large, quality=90)
        return dng(_mosaic(picture), thumbnail(view), preview, large.size, taken_at(number))
    if format == "heic":
        _save_heic(picture, out, exif(b"", taken_at(number), 100), with_thumbnail=number % 2 == 0)
    elif format == "tiff":
        picture.save(out, "TIFF", compression="tiff_lzw" if number % 2 else "raw")
    elif format == "png":
        picture.save(out, "PNG", compress_level=4)
    else:
        picture.save(out, "WEBP", quality=85, method=2)
    return out.getvalue()


def _save_heic(picture: Image.Image, out: io.BytesIO, exif_block: bytes, *, with_thumbnail: bool) -> None:
    import pillow_heif

    file = pillow_heif.from_pillow(picture)
    if with_thumbnail:
        file[0].info["thumbnails"] = [320]
    file.save(out, quality=50, exif=exif_block, enc_params={"preset": "veryfast"})


def _mosaic(picture: Image.Image) -> np.ndarray:
    """The picture as an RGGB sensor sees it, 12 bits in use."""
    rgb = np.asarray(picture)
    sensor = rgb[..., 1].astype(np.uint16)
    sensor[::2, ::2] = rgb[::2, ::2, 0]
    sensor[1::2, 1::2] = rgb[1::2, 1::2, 2]
    return sensor * 16


def _derived(original: Original, what: str, rng: np.random.Generator) -> tuple[str, bytes]:
    stem = Path(original.name).stem
    picture, style, number = original.picture, original.style, original.number
    if what == "copy":
        name = f"Backup/{Path(original.name).name}"
        original.files.append(name)
        return name, original.data
    if what == "burst":
        name = f"{Path(original.name).parent}/{stem}_2.JPG"
        original.bursts.append(name)
        again = exposed(_moved(original.view, rng), picture.size, style.noise, rng)
        return name, camera_jpeg(again, original.view, style, taken_at(number, 1), number)
    if what == "crop":
        name = f"Edited/{stem}-crop.jpg"
        original.crops.append(name)
        return name, jpeg(_cropped(picture, rng), quality=92)
    name = f"Exports/{stem}-{what}.jpg"
    original.files.append(name)
    if what == "recode":
        return name, jpeg(picture, quality=82)
    small = picture.copy()
    small.thumbnail((2048, 2048))
    return name, jpeg(small, quality=88)


def _moved(view: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The same view a moment later: the hand has moved by about one per cent."""
    dx, dy = (int(value) for value in rng.integers(4, 4 + MARGIN // SHRINK // 8, 2))
    return view.crop((dx, dy, view.width - dx, view.height - dy))


def _cropped(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    keep = rng.uniform(0.85, 0.95)
    width, height = int(picture.width * keep), int(picture.height * keep)
    left, top = int(rng.integers(0, picture.width - width)), int(rng.integers(0, picture.height - height))
    return picture.crop((left, top, left + width, top + height))


def main() -> None:
    """The command of the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.library", description="Make a photo library for benchmarks.")
    parser.add_argument("out", type=Path, help="a folder that is not there yet")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--kind", choices=("jpeg", "mixed"), default="jpeg")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    make_library(options.out, options.files, options.kind, options.seed)


if __name__ == "__main__":
    main()
