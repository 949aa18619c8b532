"""Edits that lay something over a picture or around it. Words, marks and stickers are the same on every picture, so that
unrelated edited pictures share them: what most false pairs of matching programs are made of."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

Rng = np.random.Generator
Colour = tuple[int, int, int]

WORDS = ("WHEN YOU SEE IT", "NOBODY EXPECTED THIS")
CAPTION = "Summer 2024, the best day of the whole holiday"
DATES = ("12:04 03/08/2019", "'98 7 14", "2021-12-24 18:30")
WATERMARK = "© Example Photography"


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font, so that every machine draws the same."""
    made = ImageFont.load_default(max(8, size))
    assert isinstance(made, ImageFont.FreeTypeFont)
    return made


def fitting(text: str, width: float, size: int) -> ImageFont.FreeTypeFont:
    """The largest font up to `size` px in which the text is at most `width` px wide."""
    while size > 8 and font(size).getlength(text) > width:
        size -= max(1, size // 12)
    return font(size)


def bordered(im: Image.Image, share: float, colour: Colour) -> Image.Image:
    """The same rim on all sides, a share of the long side."""
    return ImageOps.expand(im, round(share * max(im.size)), colour)


def polaroid(im: Image.Image) -> Image.Image:
    """A white card, wide below, with a few written words."""
    rim = round(0.06 * max(im.size))
    out = Image.new("RGB", (im.width + 2 * rim, im.height + 5 * rim), (246, 244, 238))
    out.paste(im, (rim, rim))
    ImageDraw.Draw(out).text((out.width / 2, im.height + 3 * rim), "holiday", (60, 60, 80), font(2 * rim), anchor="mm")
    return out


def boxed(im: Image.Image, aspect: float, colour: Colour) -> Image.Image:
    """Bars beside or above, to this aspect."""
    wide, high = max(im.width, round(im.height * aspect)), max(im.height, round(im.width / aspect))
    out = Image.new("RGB", (wide, high), colour)
    out.paste(im, ((wide - im.width) // 2, (high - im.height) // 2))
    return out


def captioned(im: Image.Image, share: float, ground: Colour, ink: Colour) -> Image.Image:
    """A bar below with a line of text."""
    bar = max(14, round(share * im.height))
    out = Image.new("RGB", (im.width, im.height + bar), ground)
    out.paste(im, (0, 0))
    words = fitting(CAPTION, 0.9 * im.width, bar // 2)
    ImageDraw.Draw(out).text((im.width / 2, im.height + bar / 2), CAPTION, ink, words, anchor="mm")
    return out


def matted(im: Image.Image) -> Image.Image:
    """A passe-partout in a wooden frame."""
    return bordered(bordered(bordered(im, 0.02, (20, 20, 20)), 0.12, (240, 236, 226)), 0.04, (96, 62, 34))


def meme(im: Image.Image) -> Image.Image:
    """White words with a black edge above and below."""
    out, edge = im.copy(), max(1, max(im.size) // 400)
    draw = ImageDraw.Draw(out)
    for text, y, anchor in ((WORDS[0], 0.02, "ma"), (WORDS[1], 0.98, "md")):
        words = fitting(text, 0.94 * im.width, round(0.13 * im.height))
        draw.text((im.width / 2, y * im.height), text, "white", words, anchor=anchor, stroke_width=edge, stroke_fill="black")
    return out


def subtitled(im: Image.Image) -> Image.Image:
    """A caption on a dark strip inside the picture."""
    veil = Image.new("L", im.size, 0)
    top = round(0.84 * im.height)
    ImageDraw.Draw(veil).rectangle((0, top, im.width, round(0.96 * im.height)), fill=150)
    out = Image.composite(Image.new("RGB", im.size, "black"), im, veil)
    words = fitting(CAPTION, 0.92 * im.width, round(0.07 * im.height))
    ImageDraw.Draw(out).text((im.width / 2, 0.9 * im.height), CAPTION, "white", words, anchor="mm")
    return out


def watermarked(im: Image.Image, opacity: float) -> Image.Image:
    """One line across the centre, as agencies do."""
    mask = Image.new("L", im.size, 0)
    words = fitting(WATERMARK, 0.8 * im.width, round(0.2 * im.height))
    ImageDraw.Draw(mask).text((im.width / 2, im.height / 2), WATERMARK, round(255 * opacity), words, anchor="mm")
    return Image.composite(Image.new("RGB", im.size, "white"), im, mask)


def tiled_watermark(im: Image.Image, opacity: float) -> Image.Image:
    """The same line again and again, aslant, over everything."""
    reach = round(1.5 * max(im.size))
    words = font(round(0.05 * max(im.size)))
    mask = Image.new("L", (reach, reach), 0)
    draw = ImageDraw.Draw(mask)
    across, down = words.getlength(WATERMARK) * 1.25, 0.13 * max(im.size)
    for row in range(int(reach / down) + 1):
        for column in range(-1, int(reach / across) + 2):
            draw.text(((column + 0.5 * (row % 2)) * across, row * down), WATERMARK, round(255 * opacity), words)
    mask = mask.rotate(30, Image.Resampling.BILINEAR)
    left, top = (reach - im.width) // 2, (reach - im.height) // 2
    mask = mask.crop((left, top, left + im.width, top + im.height))
    return Image.composite(Image.new("RGB", im.size, "white"), im, mask)


def stickered(im: Image.Image, rng: Rng) -> Image.Image:
    """A laughing face of a fifth of the short side, somewhere."""
    out, side = im.copy(), round(0.24 * min(im.size))
    x, y = rng.uniform(0.05, 0.75, 2) * np.array(im.size)
    draw = ImageDraw.Draw(out)
    draw.ellipse((x, y, x + side, y + side), (255, 204, 40), (120, 80, 0), max(1, side // 30))
    for eye in (0.3, 0.7):
        draw.ellipse((x + (eye - 0.08) * side, y + 0.25 * side, x + (eye + 0.08) * side, y + 0.45 * side), (60, 30, 0))
    draw.chord((x + 0.2 * side, y + 0.4 * side, x + 0.8 * side, y + 0.88 * side), 0, 180, (150, 30, 30))
    return out


def dated(im: Image.Image, rng: Rng) -> Image.Image:
    """A camera's orange date in the corner."""
    out = im.copy()
    text, words = DATES[int(rng.integers(len(DATES)))], font(round(0.06 * im.height))
    ImageDraw.Draw(out).text((0.96 * im.width, 0.94 * im.height), text, (255, 140, 30), words, anchor="rs")
    return out


def branded(im: Image.Image) -> Image.Image:
    """A plain badge in the corner with a name beside it."""
    out, side = im.copy(), round(0.1 * min(im.size))
    draw = ImageDraw.Draw(out)
    x, y = 0.04 * im.width, im.height - 1.5 * side
    draw.rounded_rectangle((x, y, x + side, y + side), side // 4, (220, 30, 60))
    draw.text((x + side / 2, y + side / 2), "N", "white", font(round(0.8 * side)), anchor="mm")
    draw.text((x + 1.3 * side, y + side / 2), "newsroom.example", "white", font(round(0.5 * side)), anchor="lm")
    return out
