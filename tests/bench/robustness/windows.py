"""A picture as somebody else's screen shows it: in a program's window, on a phone, in a story, photographed from a monitor."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from tests.bench.robustness.overlays import font
from tests.bench.robustness.shapes import coefficients

Rng = np.random.Generator
NAMES = ("Pictures", "Documents", "Holiday", "Family", "Camera roll", "Screens", "Downloads", "Favourites", "Bin")


def desktop(im: Image.Image) -> Image.Image:
    """A light viewer on a desktop of 1440 x 900: title, list of folders, tools, the picture in half of it, a strip of facts."""
    out = Image.new("RGB", (1440, 900), (243, 243, 243))
    draw = ImageDraw.Draw(out)
    draw.rectangle((0, 0, 1440, 34), fill=(52, 58, 70))
    draw.text((20, 17), "Photo viewer - IMG_2041.jpg", "white", font(16), anchor="lm")
    for k, colour in enumerate(((250, 200, 60), (80, 200, 90), (240, 90, 80))):
        draw.ellipse((1340 + 30 * k, 9, 1356 + 30 * k, 25), fill=colour)
    draw.rectangle((0, 34, 240, 900), fill=(225, 229, 235))
    for k, name in enumerate(NAMES):
        draw.rectangle((22, 66 + 40 * k, 44, 84 + 40 * k), fill=(120, 140, 170))
        draw.text((56, 75 + 40 * k), name, (40, 44, 52), font(15), anchor="lm")
    for k in range(12):
        draw.rounded_rectangle((270 + 54 * k, 44, 306 + 54 * k, 80), 8, (210, 214, 222), (150, 156, 168))
        draw.line((280 + 54 * k, 54 + 2 * (k % 5), 296 + 54 * k, 70 - 3 * (k % 4)), (70, 76, 88), 3)
    draw.rectangle((1180, 90, 1440, 900), fill=(250, 250, 252))
    for k, line in enumerate(("Size 4032 x 3024", "f/1.8  1/120  ISO 64", "12 August 2023", "Lisbon", "4.1 MB", "Rating: 4")):
        draw.text((1200, 120 + 34 * k), line, (70, 74, 84), font(15), anchor="lm")
    inner = ImageOps.contain(im, (880, 760), Image.Resampling.LANCZOS)
    out.paste(inner, (700 - inner.width // 2 + 10, 490 - inner.height // 2))
    return out


def browser(im: Image.Image) -> Image.Image:
    """A web page: address, heading, the picture, paragraphs beside and below."""
    out = Image.new("RGB", (1280, 900), "white")
    draw = ImageDraw.Draw(out)
    draw.rectangle((0, 0, 1280, 76), fill=(232, 234, 238))
    draw.rounded_rectangle((120, 42, 1100, 68), 13, "white")
    draw.text((140, 55), "https://news.example/world/2024/pictures-of-the-week", (90, 90, 90), font(14), anchor="lm")
    draw.text((60, 116), "Pictures of the week", (20, 20, 20), font(36), anchor="lm")
    inner = ImageOps.contain(im, (800, 600), Image.Resampling.LANCZOS)
    out.paste(inner, (60, 160))
    for row in range(16):
        for x, reach, y in ((60, 800, 190 + inner.height), (900, 320, 170)):
            length = reach * (0.97 - 0.5 * (row % 5 == 4))
            draw.text((x, y + 24 * row), "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt"
                      [: int(length / 8)], (60, 60, 60), font(15), anchor="lm")  # fmt: skip
    return out


def phone(im: Image.Image) -> Image.Image:
    """A phone's gallery, upright: clock, picture across the whole width, buttons below."""
    out = Image.new("RGB", (828, 1792), "black")
    draw = ImageDraw.Draw(out)
    draw.text((60, 50), "09:41", "white", font(34), anchor="lm")
    draw.rounded_rectangle((720, 36, 780, 64), 8, "white")
    draw.text((414, 120), "12 August  17:05", "white", font(30), anchor="mm")
    inner = ImageOps.contain(im, (828, 1400), Image.Resampling.LANCZOS)
    out.paste(inner, (414 - inner.width // 2, 890 - inner.height // 2))
    for k in range(5):
        draw.ellipse((70 + 160 * k, 1650, 130 + 160 * k, 1710), outline="white", width=5)
    return out


def story(im: Image.Image) -> Image.Image:
    """9:16 with the picture itself, enlarged and blurred, as ground, and a name above."""
    high, wide = 1280, 720
    ground = (
        ImageOps.fit(im, (wide // 8, high // 8))
        .filter(ImageFilter.GaussianBlur(4))
        .resize((wide, high), Image.Resampling.BICUBIC)
    )
    out = ground.point([int(0.75 * v) for v in range(256)] * 3)
    inner = ImageOps.contain(im, (640, 900), Image.Resampling.LANCZOS)
    out.paste(inner, ((wide - inner.width) // 2, (high - inner.height) // 2))
    draw = ImageDraw.Draw(out)
    draw.ellipse((36, 44, 100, 108), (240, 240, 240))
    draw.text((120, 76), "anna.travels  3 h", "white", font(30), anchor="lm")
    draw.rounded_rectangle((36, 1190, 600, 1250), 30, None, "white", 3)
    draw.text((70, 1220), "Send a message", "white", font(26), anchor="lm")
    return out


def photographed(im: Image.Image, rng: Rng, lean: float, moire: float) -> Image.Image:
    """A monitor photographed from a little to the side: perspective, its rim, moire, a lamp's reflection, dim and bluish."""
    wide, high = 1200, 900
    inner = ImageOps.contain(im, (940, 700), Image.Resampling.LANCZOS)
    screen = Image.new("RGB", (1000, 760), (12, 12, 14))
    screen.paste(inner, (500 - inner.width // 2, 380 - inner.height // 2))
    shift = lean * rng.uniform(0.7, 1.0, 4)
    corners = (
        (wide * (0.05 + shift[0]), high * (0.06 + shift[1] / 2)),
        (wide * 0.95, high * 0.05),
        (wide * (0.94 - shift[2] / 2), high * 0.94),
        (wide * 0.06, high * (0.95 - shift[3])),
    )
    seen = coefficients(corners, screen.size)
    out = screen.transform((wide, high), Image.Transform.PERSPECTIVE, seen, Image.Resampling.BICUBIC, fillcolor=(58, 52, 48))
    light = np.asarray(out.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    waves = np.sin(0.9 * x + 0.06 * y) * np.sin(0.85 * y - 0.05 * x) + np.sin(0.045 * x + 0.02 * y)
    glare = np.exp(-(((x - 0.72 * wide) / 170) ** 2) - ((y - 0.25 * high) / 120) ** 2)
    light = light * (0.82 + moire * waves[..., None]) * np.array([0.94, 1.0, 1.06], np.float32) + 85 * glare[..., None]
    light += rng.normal(0, 4, light.shape).astype(np.float32)
    return Image.fromarray(np.clip(light + 6, 0, 255).astype(np.uint8))
