"""The generated library is what it says: tests that lean on it would otherwise prove nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops

from tests.support.jpeg_edit import segments
from tests.support.library import KINDS, SAME_DATA, Truth, exif_block, make_library


def _digests(truth: Truth) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in truth.files if path.suffix != ".heic"]


def _scans(path: Path) -> bytes:
    data = path.read_bytes()
    return data[2 + sum(4 + len(body) for _, body in segments(data)) :]


def test_a_seed_gives_the_same_library_again(tmp_path: Path) -> None:
    first = make_library(tmp_path / "a", originals=1, megapixels=0.05, alone=1, flat=1, seed=5)
    again = make_library(tmp_path / "b", originals=1, megapixels=0.05, alone=1, flat=1, seed=5)
    other = make_library(tmp_path / "c", originals=1, megapixels=0.05, alone=1, flat=1, seed=6)

    assert _digests(first) == _digests(again)
    assert not set(_digests(first)) & set(_digests(other))


def test_every_kind_of_copy_opens_and_is_named_once(tmp_path: Path) -> None:
    truth = make_library(tmp_path, originals=1, megapixels=0.05, kinds=list(KINDS), alone=0, flat=0)

    assert len(set(truth.files)) == len(KINDS) + 1
    for path in truth.files:
        if path.suffix != ".heic":
            with Image.open(path) as image:
                image.load()
        assert path.stat().st_size > 500


def test_tagging_changes_metadata_and_nothing_of_the_picture(small_library: Truth) -> None:
    family = small_library.families[0]

    for kind in SAME_DATA:
        assert family.copies[kind].read_bytes() != family.original.read_bytes()
        assert _scans(family.copies[kind]) == _scans(family.original)
    with Image.open(family.copies["exif"]) as tagged:
        assert tagged.getexif()[0x4746] == 4
    assert exif_block(1) != exif_block(2)


def test_different_originals_look_different(small_library: Truth) -> None:
    small = []
    for path in (*(f.original for f in small_library.families), *small_library.alone):
        with Image.open(path) as image:
            small.append(np.asarray(image.convert("L").resize((32, 32)), dtype=np.float64))

    for i, a in enumerate(small):
        for b in small[:i]:
            assert np.corrcoef(a.ravel(), b.ravel())[0, 1] < 0.8


def test_a_turned_copy_shows_the_same_picture(small_library: Truth) -> None:
    family = small_library.families[0]

    with Image.open(family.original) as image, Image.open(family.copies["turned"]) as turned:
        upright = turned.transpose(Image.Transpose.ROTATE_270)
        difference = np.asarray(ImageChops.difference(image, upright), dtype=np.float64).mean()
    assert difference < 6
