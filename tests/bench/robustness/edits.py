"""The edits, each with its group of the table in ``docs/develop/robustness.md``. All are functions of the picture and of random
numbers that follow from its content and the edit's name, so that a corpus can be made again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from tests.bench.robustness import overlays, shapes, tones, windows
from tests.bench.robustness.saving import Save

Rng = np.random.Generator
Make = Callable[[Image.Image, Rng], Image.Image]
Transpose = Image.Transpose

GROUPS = (
    "re-encode and format",
    "resize",
    "tone, colour, B&W",
    "blur, sharpen, noise",
    "turned, mirrored, EXIF",
    "border, polaroid, letterbox",
    "text, watermark, sticker",
    "crop 5-10 %",
    "crop 20-30 %, aspect",
    "crop 50 %",
    "crop 70 %",
    "straighten, rotate 1-5°",
    "rotate 10-30°",
    "stretch, perspective",
    "screenshot, story, screen",
    "combined",
    "beyond the table",
)
BEYOND = 16
"""Number of the group that is harder than asked for: told, and not in any mean."""

PLAIN = Save()
WHITE, BLACK, GREY = (255, 255, 255), (0, 0, 0), (128, 128, 128)


@dataclass(frozen=True, slots=True)
class Edit:
    """name: unique, as in the tables. group: number in `GROUPS`. quick: one of the few that a quick run takes."""

    name: str
    group: int
    make: Make
    save: Save = PLAIN
    quick: bool = False

    @property
    def file_name(self) -> str:
        """Of the edited file."""
        safe = "".join(c if c.isalnum() or c in "+-." else "_" for c in self.name)
        return f"{self.group:02d} {safe}.{self.save.suffix}"

    def apply(self, im: Image.Image, digest: bytes) -> bytes:
        """The edited file of an upright RGB picture whose content has this digest."""
        seed = hashlib.blake2b(digest + self.name.encode(), digest_size=16).digest()
        return self.save.encoded(self.make(im, np.random.default_rng(int.from_bytes(seed, "big"))))


EDITS: dict[str, Edit] = {}


def edit(group: int, name: str, make: Callable[..., Image.Image], *args: float, save: Save | None = None, quick: bool = False,
         random: bool = False) -> None:  # fmt: skip
    """One more. make is called with the picture, the random numbers if `random`, and `args`."""
    assert name not in EDITS
    if random:
        done: Make = lambda im, rng: make(im, rng, *args)  # noqa: E731
    else:
        done = lambda im, rng: make(im, *args)  # noqa: E731
    EDITS[name] = Edit(name, group, done, save or PLAIN, quick)


def as_is(im: Image.Image) -> Image.Image:
    """Only written again."""
    return im


for quality in (90, 75, 50, 30, 20, 10):
    edit(0, f"JPEG q{quality}", as_is, save=Save(quality=quality), quick=quality == 30)
for quality in (80, 30):
    edit(0, f"WebP q{quality}", as_is, save=Save("webp", "WEBP", quality), quick=quality == 30)
edit(0, "HEIC q50", as_is, save=Save("heic", "HEIF", 50))
edit(0, "AVIF q50", as_is, save=Save("avif", "AVIF", 50))
edit(0, "PNG", as_is, save=Save("png", "PNG"))
edit(0, "GIF 256 colours", as_is, save=Save("gif", "GIF"))

for percent in (10, 25, 50, 75, 150, 200):
    edit(1, f"resize {percent} %", shapes.resized, percent / 100, quick=percent == 25)
edit(1, "thumbnail 160 px", shapes.within, 160, save=Save(quality=75), quick=True)
edit(1, "social 720 px q70", shapes.within, 720, save=Save(quality=70))

for ev in (-2, -1, 1, 2):
    edit(2, f"{ev:+d} EV", tones.exposed, ev, quick=ev == 2)
edit(2, "contrast 1.6", tones.contrast, 1.6)
edit(2, "contrast 0.5", tones.contrast, 0.5)
edit(2, "gamma 0.55", tones.gamma, 0.55)
edit(2, "gamma 1.8", tones.gamma, 1.8)
edit(2, "saturation 1.9", tones.saturation, 1.9)
edit(2, "saturation 0.3", tones.saturation, 0.3)
edit(2, "warm", tones.tinted, 1.35, 1.0, 0.62)
edit(2, "cold", tones.tinted, 0.68, 0.98, 1.4)
edit(2, "hue turned 30°", tones.turned_hue, 1 / 12)
edit(2, "black and white", tones.grey, quick=True)
edit(2, "black and white, red filter, hard", tones.grey, 1.6, 0.85, 0.12)
edit(2, "sepia", tones.sepia)
edit(2, "film look", tones.film, random=True, quick=True)
edit(2, "RAW developed", tones.developed)
edit(2, "equalised", ImageOps.equalize)
edit(2, "HDR look", tones.hard_hdr)
edit(2, "posterised 3 bit", tones.posterised, 3)

edit(3, "blur 0.2 %", tones.blurred, 0.002)
edit(3, "blur 0.5 %", tones.blurred, 0.005, quick=True)
edit(3, "motion blur 1.2 %", tones.shaken, 0.012)
edit(3, "sharpened hard", lambda im: im.filter(ImageFilter.UnsharpMask(3, 250, 1)))
edit(3, "noise 12", tones.noisy, 12, random=True)
edit(3, "noise 30", tones.noisy, 30, random=True)
edit(3, "denoised", lambda im: im.filter(ImageFilter.MedianFilter(3)))

for name, turn in (
    ("turned 90° left", Transpose.ROTATE_90),
    ("turned 180°", Transpose.ROTATE_180),
    ("turned 90° right", Transpose.ROTATE_270),
    ("mirrored", Transpose.FLIP_LEFT_RIGHT),
    ("upside down mirrored", Transpose.FLIP_TOP_BOTTOM),
    ("transposed", Transpose.TRANSPOSE),
    ("transverse", Transpose.TRANSVERSE),
):
    edit(4, name, lambda im, turn=turn: im.transpose(turn), quick=name in ("mirrored", "turned 90° left"))
for tag in range(2, 9):
    edit(4, f"EXIF orientation {tag}", as_is, save=Save(orientation=tag), quick=tag == 6)

edit(5, "white border 5 %", overlays.bordered, 0.05, WHITE)
edit(5, "black border 12 %", overlays.bordered, 0.12, BLACK, quick=True)
edit(5, "white border 25 %", overlays.bordered, 0.25, WHITE)
edit(5, "framed with a mat", overlays.matted)
edit(5, "polaroid", overlays.polaroid, quick=True)
edit(5, "letterbox 1:1", overlays.boxed, 1.0, BLACK)
edit(5, "pillarbox 2.2:1", overlays.boxed, 2.2, BLACK)
edit(5, "letterbox 9:16 white", overlays.boxed, 9 / 16, WHITE)
edit(5, "caption bar white", overlays.captioned, 0.14, WHITE, BLACK, quick=True)
edit(5, "caption bar black", overlays.captioned, 0.25, BLACK, WHITE)

edit(6, "meme words", overlays.meme, quick=True)
edit(6, "subtitle", overlays.subtitled)
edit(6, "watermark", overlays.watermarked, 0.55)
edit(6, "tiled watermark faint", overlays.tiled_watermark, 0.3)
edit(6, "tiled watermark strong", overlays.tiled_watermark, 0.6, quick=True)
edit(6, "sticker", overlays.stickered, random=True)
edit(6, "date", overlays.dated, random=True)
edit(6, "logo", overlays.branded)

for percent in (5, 10):
    share = (1 - percent / 100) ** 0.5
    edit(7, f"crop {percent} % of the area, centred", shapes.cropped, share, share, 0.5, 0.5)
    edit(7, f"crop {percent} % of the area, off", shapes.corner, share, random=True, quick=percent == 10)

for percent in (20, 30):
    share = (1 - percent / 100) ** 0.5
    edit(8, f"crop {percent} % of the area, centred", shapes.cropped, share, share, 0.5, 0.5, quick=percent == 30)
    edit(8, f"crop {percent} % of the area, off", shapes.corner, share, random=True)
edit(8, "crop left 25 %", shapes.cropped, 0.75, 1, 1, 0.5)
edit(8, "crop bottom 30 %", shapes.cropped, 1, 0.7, 0.5, 0)
edit(8, "crop to 16:9", shapes.to_aspect, 16 / 9)
edit(8, "crop to 1:1", shapes.to_aspect, 1)
edit(8, "crop to 4:5", shapes.to_aspect, 4 / 5, quick=True)

for group, percent in ((9, 50), (10, 70)):
    share = (1 - percent / 100) ** 0.5
    edit(group, f"crop {percent} % of the area, centred", shapes.cropped, share, share, 0.5, 0.5)
    edit(group, f"crop {percent} % of the area, off", shapes.corner, share, random=True, quick=True)
    edit(group, f"crop {percent} %, one side", shapes.cropped, 1 - percent / 100, 1, 0.1, 0.5)

edit(11, "straightened 1°", shapes.straightened, 1)
edit(11, "straightened -2°", shapes.straightened, -2)
edit(11, "straightened 4°", shapes.straightened, 4, quick=True)
edit(11, "rotated -1°, black corners", lambda im: shapes.turned(im, -1, BLACK))
edit(11, "rotated 3°, white corners", lambda im: shapes.turned(im, 3, WHITE), quick=True)
edit(11, "rotated -5°, black corners", lambda im: shapes.turned(im, -5, BLACK))

edit(12, "rotated 10°, cut", shapes.straightened, 10, quick=True)
edit(12, "rotated -15°, grey corners", lambda im: shapes.turned(im, -15, GREY))
edit(12, "rotated 20°, cut", shapes.straightened, 20)
edit(12, "rotated 30°, white corners", lambda im: shapes.turned(im, 30, WHITE), quick=True)
edit(12, "rotated -30°, cut", shapes.straightened, -30)

edit(13, "stretched 10 % wide", shapes.stretched, 1.1, 1)
edit(13, "stretched 20 % high", shapes.stretched, 1, 1.2)
edit(13, "stretched 33 % wide", shapes.stretched, 1.33, 1, quick=True)
edit(13, "perspective from the side", shapes.in_perspective, 0.1, 0.0)
edit(13, "perspective from below", shapes.in_perspective, 0.04, 0.1, quick=True)

edit(14, "desktop viewer", windows.desktop, save=Save("png", "PNG"), quick=True)
edit(14, "web page", windows.browser, save=Save("png", "PNG"))
edit(14, "phone gallery", windows.phone, save=Save("png", "PNG"))
edit(14, "story frame", windows.story, quick=True)
edit(14, "monitor photographed", windows.photographed, 0.03, 0.05, random=True, quick=True)
edit(BEYOND, "monitor photographed aslant", windows.photographed, 0.12, 0.09, random=True)


def _then(*steps: Callable[[Image.Image], Image.Image]) -> Callable[[Image.Image], Image.Image]:
    def made(im: Image.Image) -> Image.Image:
        for step in steps:
            im = step(im)
        return im

    return made


def _centre(share: float, x: float = 0.5, y: float = 0.5) -> Callable[[Image.Image], Image.Image]:
    return lambda im: shapes.cropped(im, share, share, x, y)


def _left(im: Image.Image) -> Image.Image:
    return im.transpose(Transpose.ROTATE_90)


def _white_border(im: Image.Image) -> Image.Image:
    return overlays.bordered(im, 0.06, WHITE)


def _film_cut_captioned(im: Image.Image, rng: Rng) -> Image.Image:
    return overlays.captioned(_centre(0.8, 0.4, 0.6)(tones.film(im, rng)), 0.14, WHITE, BLACK)


def _three_degrees(im: Image.Image) -> Image.Image:
    return shapes.straightened(im, 3)


def _bright_and_warm(im: Image.Image) -> Image.Image:
    return tones.tinted(im, 1.7, 1.5, 1.1)


def _to_portrait(im: Image.Image) -> Image.Image:
    return shapes.to_aspect(im, 0.8)


edit(15, "crop 25 % and B&W", _then(_centre(0.75, 0.8, 0.3), tones.grey), quick=True)
edit(15, "mirrored and crop 25 %", _then(ImageOps.mirror, _centre(0.75, 0.1, 0.9)), quick=True)
edit(15, "turned, crop, border", _then(_left, _centre(0.85), _white_border))
edit(15, "desktop viewer as JPEG q60", windows.desktop, save=Save(quality=60), quick=True)
edit(15, "film look, crop 20 %, caption", _film_cut_captioned, random=True)
edit(15, "straightened 3°, brighter, warm, crop to 4:5", _then(_three_degrees, _bright_and_warm, _to_portrait))
edit(15, "400 px, q25, watermark",
     _then(lambda im: shapes.within(im, 400), lambda im: overlays.watermarked(im, 0.5)), save=Save(quality=25))  # fmt: skip
edit(15, "story of a mirrored crop", _then(ImageOps.mirror, _centre(0.8, 0.3, 0.5), windows.story), save=Save(quality=70))
edit(15, "meme of a thumbnail", _then(lambda im: shapes.within(im, 240), overlays.meme), save=Save(quality=60))
edit(15, "rotated 8°, cut, HDR look, 640 px",
     _then(lambda im: shapes.straightened(im, 8), tones.hard_hdr, lambda im: shapes.within(im, 640)))  # fmt: skip

for percent, share in ((75, 0.5), (84, 0.4), (91, 0.3)):
    edit(BEYOND, f"crop {percent} % of the area, centred", shapes.cropped, share, share, 0.5, 0.5)
    edit(BEYOND, f"crop {percent} % of the area, off", shapes.corner, share, random=True)


def chosen(which: str) -> list[Edit]:
    """``all``, ``quick``, or those whose names contain the words between commas."""
    if which == "all":
        return list(EDITS.values())
    if which == "quick":
        return [one for one in EDITS.values() if one.quick]
    words = [word.strip() for word in which.split(",")]
    return [one for one in EDITS.values() if any(word in one.name for word in words)]
