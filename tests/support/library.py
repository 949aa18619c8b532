"""Generates a photo library with known duplicates: seeded, realistic enough for fingerprints, fast enough for every test run.

By hand: ``python -m tests.support.library OUT --originals 40 --megapixels 12 --alone 120 --flat 0`` makes 600 files.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pillow_heif
from PIL import Image

from tests.support.jpeg_edit import with_comment, with_exif
from tests.support.scenes import blank, scene

FIRST_TIME = 1_704_103_200  # 2024-01-01 10:00:00 UTC; picture n was taken n * 61 minutes later
STEP = 61 * 60


@dataclass(frozen=True, slots=True)
class Family:
    """An original and its planted copies. copies: kind to path, in the order they were asked for."""

    original: Path
    copies: dict[str, Path] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files of the family, the original first."""
        return (self.original, *self.copies.values())


@dataclass(frozen=True, slots=True)
class Truth:
    """What a generated library holds. alone: pictures without any copy. flat: blank frames that must not match by look."""

    root: Path
    families: tuple[Family, ...]
    alone: tuple[Path, ...]
    flat: tuple[Path, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file, sorted by raw path."""
        every = [path for family in self.families for path in family.paths] + [*self.alone, *self.flat]
        return tuple(sorted(every, key=os.fsencode))

    def family_of(self) -> dict[Path, int]:
        """Number of the family of each planted file."""
        return {path: number for number, family in enumerate(self.families) for path in family.paths}

    def to_json(self) -> str:
        """Readable form, paths relative to the library."""
        families = [
            {
                "original": str(family.original.relative_to(self.root)),
                "copies": {k: str(v.relative_to(self.root)) for k, v in family.copies.items()},
            }
            for family in self.families
        ]
        rest = {
            name: [str(p.relative_to(self.root)) for p in paths] for name, paths in (("alone", self.alone), ("flat", self.flat))
        }
        return json.dumps({"families": families, **rest}, indent=1)


# ------------------------------------------------------------------------------------------------ one picture, many files


@dataclass(frozen=True, slots=True)
class Source:
    """An original while its copies are made: its pixels, its file and its number in the library."""

    image: Image.Image
    data: bytes
    number: int


def exif_block(number: int, *, rating: int | None = None, description: str = "", orientation: int = 1) -> bytes:
    """A camera's EXIF for picture `number`: capture time, make and model; an editor's rating and description if asked."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Lumen", "Lumen One"
    if orientation != 1:
        exif[0x0112] = orientation
    if rating is not None:
        exif[0x4746] = rating
    if description:
        exif[0x010E] = description
    taken = time.strftime("%Y:%m:%d %H:%M:%S", time.gmtime(FIRST_TIME + number * STEP))
    details = exif.get_ifd(0x8769)
    details[0x9003] = details[0x9004] = taken
    details[0x829A], details[0x829D], details[0x8827] = 1 / 125, 4.0, 100 + number % 7 * 100
    return exif.tobytes()


def save_heic(image: Image.Image, path: Path, quality: int = 80) -> None:
    """Write a HEIC file with the fastest encoder setting (a test library must not cost minutes)."""
    pillow_heif.from_pillow(image).save(path, quality=quality, enc_params={"preset": "ultrafast"})


def _scaled(share: float) -> Callable[[Source, Path], None]:
    def write(source: Source, path: Path) -> None:
        width, height = source.image.size
        small = source.image.resize((round(width * share), round(height * share)), Image.Resampling.LANCZOS)
        small.save(path, quality=88, exif=exif_block(source.number))

    return write


def _posed(pose: Image.Transpose) -> Callable[[Source, Path], None]:
    def write(source: Source, path: Path) -> None:
        source.image.transpose(pose).save(path, quality=90)

    return write


def _bright(source: Source, path: Path) -> None:
    table = [min(255, round(255 * (v / 255) ** 0.75 * 1.04)) for v in range(256)]
    source.image.point(table * 3).save(path, quality=90)


def _crop(source: Source, path: Path) -> None:
    width, height = source.image.size
    source.image.crop((width // 8, height // 10, width - width // 16, height - height // 12)).save(path, quality=90)


def _declared_turn(source: Source, path: Path) -> None:
    """The same picture stored lying down with an orientation tag that stands it up again."""
    exif = exif_block(source.number, orientation=6)
    source.image.transpose(Image.Transpose.ROTATE_90).save(path, quality=92, exif=exif)


KINDS: dict[str, tuple[str, Callable[[Source, Path], None]]] = {
    "exact": ("Backup/{stem}.jpg", lambda s, p: p.write_bytes(s.data) and None),
    "comment": ("Mail/{stem} (1).jpg", lambda s, p: p.write_bytes(with_comment(s.data, "sent by mail")) and None),
    "exif": (
        "Tagged/{stem}-tagged.jpg",
        lambda s, p: p.write_bytes(with_exif(s.data, exif_block(s.number, rating=4, description="kept"))) and None,
    ),
    "q50": ("Web/{stem}-q50.jpg", lambda s, p: s.image.save(p, quality=50, exif=exif_block(s.number))),
    "half": ("Web/{stem}-half.jpg", _scaled(0.5)),
    "quarter": ("Web/{stem}-small.jpg", _scaled(0.25)),
    "turned": ("Edits/{stem}-turned.jpg", _posed(Image.Transpose.ROTATE_90)),
    "mirror": ("Edits/{stem}-mirror.jpg", _posed(Image.Transpose.FLIP_LEFT_RIGHT)),
    "declared": ("Edits/{stem}-upright.jpg", _declared_turn),
    "png": ("Export/{stem}-print.png", lambda s, p: s.image.save(p, compress_level=1)),
    "webp": ("Export/{stem}-site.webp", lambda s, p: s.image.save(p, quality=82, method=2)),
    "tiff": ("Export/{stem}-lab.tif", lambda s, p: s.image.save(p, compression="tiff_lzw")),
    "heic": ("Phone/{stem}-phone.heic", lambda s, p: save_heic(s.image, p)),
    "bright": ("Edits/{stem}-bright.jpg", _bright),
    "crop": ("Edits/{stem}-crop.jpg", _crop),
}
"""Each kind of copy: where it goes, and how it is written."""

PLANTED = ("exact", "comment", "exif", "q50", "half", "quarter", "turned", "mirror", "png", "webp", "heic")
"""The copies of a standard library: a family of twelve with its original."""

SAME_BYTES = ("exact",)
SAME_DATA = ("comment", "exif")
SAME_PICTURE = ("q50", "half", "quarter", "png", "webp", "tiff", "heic", "declared")
EDITED = ("turned", "mirror", "bright", "crop")


# --------------------------------------------------------------------------------------------------------- the library


def make_library(
    folder: Path,
    *,
    originals: int = 8,
    megapixels: float = 2.0,
    kinds: Sequence[str] = PLANTED,
    alone: int = 20,
    flat: int = 4,
    seed: int = 1,
    threads: int = 2,
) -> Truth:
    """Write a library below `folder` (created) and say what is in it.

    The defaults make 120 files of two megapixels. Every third picture is upright. File times and capture times are fixed, so a
    seed gives the same library again.
    """
    root = folder.absolute()
    for name in {"DCIM", *(KINDS[kind][0].split("/")[0] for kind in kinds)}:
        (root / name).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(threads) as pool:
        families = list(pool.map(lambda n: _family(root, n, seed, megapixels, kinds), range(originals)))
        lonely = list(pool.map(lambda n: _alone(root, n, seed, megapixels), range(originals, originals + alone)))
        blanks = list(pool.map(lambda n: _flat(root, n, seed, megapixels), range(flat)))
    return Truth(root, tuple(families), tuple(lonely), tuple(blanks))


def _size(megapixels: float, number: int) -> tuple[int, int]:
    long = round((megapixels * 1e6 * 1.5) ** 0.5)
    short = round(long / 1.5)
    return (short, long) if number % 3 == 2 else (long, short)


def _original(root: Path, number: int, seed: int, megapixels: float) -> tuple[Source, Path]:
    image = Image.fromarray(scene(seed * 100_000 + number, *_size(megapixels, number)))
    path = root / "DCIM" / f"IMG_{number + 1:04}.jpg"
    image.save(path, quality=92, exif=exif_block(number))
    _stamp(path, number, 0)
    return Source(image, path.read_bytes(), number), path


def _family(root: Path, number: int, seed: int, megapixels: float, kinds: Sequence[str]) -> Family:
    source, original = _original(root, number, seed, megapixels)
    copies = {}
    for age, kind in enumerate(kinds, 1):
        pattern, write = KINDS[kind]
        path = root / pattern.format(stem=original.stem)
        write(source, path)
        _stamp(path, number, age)
        copies[kind] = path
    return Family(original, copies)


def _alone(root: Path, number: int, seed: int, megapixels: float) -> Path:
    return _original(root, number, seed, megapixels)[1]


def _flat(root: Path, number: int, seed: int, megapixels: float) -> Path:
    path = root / "DCIM" / f"BLANK_{number + 1:04}.jpg"
    Image.fromarray(blank(seed * 1000 + number, *_size(megapixels, number))).save(path, quality=92)
    _stamp(path, number, 0)
    return path


def _stamp(path: Path, number: int, age: int) -> None:
    """A file time of its own: copies are younger than their original."""
    moment = FIRST_TIME + number * STEP + age * 86_400
    os.utime(path, (moment, moment))


def main(argv: Sequence[str] | None = None) -> int:
    """Write a library by hand and say how long it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.library", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--originals", type=int, default=8)
    parser.add_argument("--megapixels", type=float, default=2.0)
    parser.add_argument("--kinds", default=",".join(PLANTED), help=f"of {','.join(KINDS)}")
    parser.add_argument("--alone", type=int, default=20)
    parser.add_argument("--flat", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--truth", type=Path, help="write what is in it to this file, outside the library")
    given = parser.parse_args(argv)
    begun = time.monotonic()
    truth = make_library(
        given.out,
        originals=given.originals,
        megapixels=given.megapixels,
        kinds=[kind for kind in given.kinds.split(",") if kind],
        alone=given.alone,
        flat=given.flat,
        seed=given.seed,
    )
    if given.truth:
        given.truth.write_text(truth.to_json())
    print(f"{len(truth.files)} files in {given.out}, {time.monotonic() - begun:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
