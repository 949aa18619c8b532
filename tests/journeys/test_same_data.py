"""Two files of one picture that differ in metadata only are found as that, whatever the format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from tests.support.cli import Cli

pillow_heif.register_heif_opener()


def picture(seed: int) -> Image.Image:
    """A picture with structure."""
    small = Image.fromarray(np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8))
    return small.resize((480, 360), Image.Resampling.BICUBIC)


def told(text: str) -> bytes:
    """EXIF with a description, as a program writes it when somebody gives a title."""
    exif = Image.Exif()
    exif[0x010E] = text
    return exif.tobytes()


WRITERS: dict[str, Callable[[Image.Image, Path, str], Any]] = {
    "tif": lambda image, path, text: image.save(path, compression="tiff_lzw", description=text),
    "webp": lambda image, path, text: image.save(path, quality=90, exif=told(text)),
    "heic": lambda image, path, text: image.save(path, quality=85, exif=told(text)),
    "avif": lambda image, path, text: image.save(path, quality=85, exif=told(text)),
    "jpg": lambda image, path, text: image.save(path, quality=90, exif=told(text)),
    "png": lambda image, path, text: image.save(path, exif=told(text)),
}


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_pair_with_other_metadata_is_of_the_tier_same_data(tmp_path: Path, cli: Cli, kind: str) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    WRITERS[kind](picture(1), photos / f"a.{kind}", "Harbour")
    WRITERS[kind](picture(1), photos / f"b.{kind}", "Harbour at dusk, with a much longer title than before")
    changed = np.array(picture(1))
    changed[100:140, 100:140] ^= 0x40
    WRITERS[kind](Image.fromarray(changed), photos / f"c.{kind}", "Harbour")
    assert (photos / f"a.{kind}").read_bytes() != (photos / f"b.{kind}").read_bytes()

    report = cli("scan", photos, "--json", "-", code=0).json

    tiers = {(pair["a"], pair["b"]): pair["tier"] for pair in report["pairs"]}
    assert tiers[0, 1] == "same-data"
    assert tiers.get((0, 2)) != "same-data" and tiers.get((1, 2)) != "same-data"
