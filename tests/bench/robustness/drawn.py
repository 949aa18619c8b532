"""Screens of programs and documents of one layout, each with words, numbers and marks of its own. Same number, same picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageDraw

from tests.bench.robustness.overlays import font

Rng = np.random.Generator
Draw = ImageDraw.ImageDraw
TEXT = (
    "the report of last week is late again but nobody in town asked why so we went home early and cooked rice with "
    "green beans while rain fell on old roofs near harbour market stone bridge river train ticket window garden "
    "paper blue lamp winter coat seven people waiting outside music teacher invoice total balance transfer meeting "
    "agenda project delivery contract signature office holiday photo camera lens battery charger cable screen "
    "keyboard mouse printer scanner folder archive backup server update "
)
WORDS = tuple(TEXT.split())
PAGES = ("Network", "Sound", "Display", "Power", "Users", "Printers", "Mouse", "Keys", "Privacy", "Words", "Updates", "About")


def words(rng: Rng, count: int) -> str:
    """So many words, the first with a capital."""
    return " ".join(WORDS[k] for k in rng.integers(0, len(WORDS), count)).capitalize()


def _write(draw: Draw, x: float, y: float, text: str, size: int = 16, ink: str = "#222222", anchor: str = "la") -> None:
    draw.text((x, y), text, ink, font(size), anchor=anchor)


def _paragraph(draw: Draw, rng: Rng, x: float, y: float, width: float, lines: int, size: int = 15) -> None:
    for row in range(lines):
        share = 1.0 if row < lines - 1 else rng.uniform(0.2, 0.9)
        _write(draw, x, y + 1.6 * size * row, words(rng, max(1, int(width * share / (3.4 * size)))), size)


def chat(rng: Rng) -> Image.Image:
    """A messenger on a phone."""
    im = Image.new("RGB", (720, 1280), "#ece5dd")
    draw = ImageDraw.Draw(im)
    draw.rectangle((0, 0, 720, 110), "#075e54")
    draw.ellipse((70, 25, 130, 85), "#cccccc")
    _write(draw, 150, 38, words(rng, 2), 28, "white")
    y = 140.0
    while y < 1120:
        mine, lines = rng.random() < 0.5, int(rng.integers(1, 5))
        wide, high = rng.uniform(260, 520), 34 * lines + 26
        x = 700 - wide if mine else 20
        draw.rounded_rectangle((x, y, x + wide, y + high), 14, "#dcf8c6" if mine else "white")
        for row in range(lines):
            _write(draw, x + 16, y + 12 + 34 * row, words(rng, int(wide / 75)), 22)
        y += high + 18
    draw.rectangle((0, 1180, 720, 1280), "#f0f0f0")
    draw.rounded_rectangle((20, 1195, 610, 1265), 30, "white")
    draw.ellipse((630, 1195, 700, 1265), "#128c7e")
    return im


def mail(rng: Rng) -> Image.Image:
    """A mail program: folders, list, one message."""
    im = Image.new("RGB", (1280, 800), "white")
    draw = ImageDraw.Draw(im)
    draw.rectangle((0, 0, 1280, 56), "#2b579a")
    for k in range(9):
        draw.rectangle((20 + 60 * k, 14, 52 + 60 * k, 42), outline="white", width=2)
    draw.rectangle((0, 56, 190, 800), "#f3f3f3")
    for k, name in enumerate(("Inbox", "Drafts", "Sent", "Archive", "Junk", "Deleted", "Travel", "Work")):
        _write(draw, 24, 80 + 38 * k, name, 16)
    for row in range(9):
        y = 66 + 80 * row
        draw.rectangle((190, y, 540, y + 78), "#e5f1fb" if row == 1 else "white", "#dddddd")
        _write(draw, 206, y + 8, words(rng, 2), 17)
        _write(draw, 206, y + 32, words(rng, 5), 14, "#0b5cad")
        _write(draw, 206, y + 53, words(rng, 6), 13, "#777777")
    _write(draw, 570, 80, words(rng, 6), 24)
    draw.ellipse((570, 124, 620, 174), "#7a8ba8")
    _write(draw, 636, 138, words(rng, 3), 16)
    y = 210.0
    while y < 720:
        lines = int(rng.integers(2, 6))
        _paragraph(draw, rng, 570, y, 640, lines)
        y += 24 * lines + 26
    return im


def sheet(rng: Rng) -> Image.Image:
    """A spreadsheet full of numbers."""
    im = Image.new("RGB", (1280, 800), "white")
    draw = ImageDraw.Draw(im)
    draw.rectangle((0, 0, 1280, 110), "#217346")
    for k in range(14):
        draw.rectangle((20 + 60 * k, 50, 60 + 60 * k, 96), "#3a8a5e", "white")
    draw.rectangle((0, 110, 1280, 140), "#e6e6e6")
    for column in range(13):
        draw.line((50 + 98 * column, 110, 50 + 98 * column, 800), "#d0d0d0")
        _write(draw, 99 + 98 * column, 125, chr(65 + column), 15, "#444444", "mm")
    for row in range(25):
        draw.line((0, 140 + 27 * row, 1280, 140 + 27 * row), "#d0d0d0")
        _write(draw, 25, 153 + 27 * row, str(row + 1), 14, "#444444", "mm")
    filled = int(rng.integers(12, 25))
    for row in range(filled):
        _write(draw, 56, 145 + 27 * row, words(rng, 1), 15)
        for column in range(1, int(rng.integers(5, 13))):
            _write(draw, 142 + 98 * column, 153 + 27 * row, f"{rng.lognormal(5, 2):,.2f}", 14, anchor="rm")
    return im


def settings(rng: Rng) -> Image.Image:
    """A page of switches."""
    im = Image.new("RGB", (1100, 760), "#fafafa")
    draw = ImageDraw.Draw(im)
    draw.rectangle((0, 0, 260, 760), "#eeeeee")
    chosen = int(rng.integers(0, 12))
    for k in range(12):
        if k == chosen:
            draw.rounded_rectangle((8, 64 + 52 * k, 252, 104 + 52 * k), 8, "#d6e4f5")
        draw.rounded_rectangle((24, 72 + 52 * k, 48, 96 + 52 * k), 5, "#5f7fa8")
        _write(draw, 64, 76 + 52 * k, PAGES[k], 16)
    _write(draw, 300, 40, words(rng, 2), 30)
    for k in range(9):
        y = 110 + 70 * k
        draw.rounded_rectangle((300, y, 1060, y + 58), 8, "white", "#e0e0e0")
        _write(draw, 320, y + 10, words(rng, int(rng.integers(2, 5))), 17)
        _write(draw, 320, y + 33, words(rng, int(rng.integers(4, 9))), 13, "#808080")
        on = rng.random() < 0.5
        draw.rounded_rectangle((990, y + 17, 1040, y + 41), 12, "#2f7de1" if on else "#bbbbbb")
        draw.ellipse((1017 if on else 991, y + 18, 1039 if on else 1013, y + 40), "white")
    return im


def code(rng: Rng) -> Image.Image:
    """An editor with a dark ground: files, numbers of lines, coloured words."""
    im = Image.new("RGB", (1280, 800), "#1e1e1e")
    draw = ImageDraw.Draw(im)
    draw.rectangle((0, 0, 48, 800), "#333333")
    draw.rectangle((48, 0, 250, 800), "#252526")
    draw.rectangle((0, 776, 1280, 800), "#007acc")
    for k in range(18):
        _write(draw, 66, 40 + 26 * k, words(rng, 1).lower() + ".py", 14, "#bbbbbb")
    for k in range(3):
        draw.rectangle((250 + 170 * k, 0, 418 + 170 * k, 34), "#1e1e1e" if k == 0 else "#2d2d2d")
        _write(draw, 266 + 170 * k, 10, words(rng, 1).lower() + ".py", 14, "#dddddd")
    indent = 0
    for row in range(31):
        y = 48 + 23 * row
        _write(draw, 290, y, str(row + 1), 14, "#858585", "ra")
        if rng.random() < 0.12:
            indent = 0
            continue
        x = 310.0 + 32 * indent
        for ink in rng.choice(["#569cd6", "#9cdcfe", "#ce9178", "#d4d4d4", "#6a9955", "#dcdcaa"], int(rng.integers(2, 7))):
            word = WORDS[int(rng.integers(len(WORDS)))]
            _write(draw, x, y, word, 15, str(ink))
            x += font(15).getlength(word) + 9
        indent = int(np.clip(indent + rng.integers(-1, 2), 0, 4))
    return im


def letter(rng: Rng) -> Image.Image:
    """A business letter with a printed head and foot."""
    im, draw = _page()
    draw.rectangle((80, 60, 150, 130), "#a02020")
    _write(draw, 170, 72, "Example & Sons Ltd", 34)
    _write(draw, 170, 112, "12 Harbour Road, Port Example", 15, "#666666")
    for row in range(4):
        _write(draw, 80, 230 + 26 * row, words(rng, 3), 19)
    _write(draw, 700, 340, f"{rng.integers(1, 29)} May 20{rng.integers(10, 26)}", 19)
    _write(draw, 80, 410, words(rng, 5), 22)
    y = 470.0
    while y < 1030:
        lines = int(rng.integers(3, 7))
        _paragraph(draw, rng, 80, y, 760, lines, 19)
        y += 30 * lines + 30
    for k in range(3):
        _write(draw, 80 + 270 * k, 1190, ("Bank 1234 5678", "VAT EX 99 1234567", "mail@example.org")[k], 15, "#666666")
    return im


def invoice(rng: Rng) -> Image.Image:
    """A table of goods and a sum."""
    im, draw = _page()
    _write(draw, 80, 70, "INVOICE", 46, "#204080")
    _write(draw, 640, 84, f"No. {rng.integers(10_000, 99_999)}", 22)
    for row in range(4):
        _write(draw, 80, 190 + 26 * row, words(rng, 3), 18)
        _write(draw, 560, 190 + 26 * row, ("Date", "Due", "Customer", "Order")[row], 18, "#666666")
        _write(draw, 840, 190 + 26 * row, f"{rng.integers(1000, 99999)}", 18, anchor="ra")
    draw.rectangle((80, 350, 840, 390), "#204080")
    for x, name in ((92, "Article"), (480, "Quantity"), (610, "Price"), (750, "Amount")):
        _write(draw, x, 360, name, 18, "white")
    for row in range(int(rng.integers(6, 17))):
        y = 400 + 40 * row
        draw.line((80, y + 36, 840, y + 36), "#cccccc")
        _write(draw, 92, y + 6, words(rng, int(rng.integers(2, 5))), 17)
        for x, value in ((550, rng.integers(1, 40)), (690, rng.uniform(1, 300)), (830, rng.uniform(10, 9000))):
            _write(draw, x, y + 6, f"{value:,.2f}" if x > 600 else str(value), 17, anchor="ra")
    _write(draw, 830, 1110, f"Total {rng.uniform(100, 20000):,.2f}", 24, anchor="ra")
    return im


def form(rng: Rng) -> Image.Image:
    """Boxes with printed names, filled in by hand (a slanting scrawl) and with crosses."""
    im, draw = _page()
    _write(draw, 80, 60, "APPLICATION FOR A PERMIT", 34)
    for row in range(14):
        for column in range(2):
            x, y = 80 + 390 * column, 140 + 68 * row
            draw.rectangle((x, y, x + 370, y + 56), outline="#404040", width=2)
            _write(
                draw,
                x + 6,
                y + 3,
                ("Name", "First name", "Street", "Town", "Born", "Phone", "Nation")[(2 * row + column) % 7],
                12,
            )
            if rng.random() < 0.85:
                _scrawl(draw, rng, x + 14, y + 40, rng.uniform(80, 320))
    for k in range(8):
        x = 80 + 95 * k
        draw.rectangle((x, 1110, x + 26, 1136), outline="#404040", width=2)
        if rng.random() < 0.5:
            draw.line((x, 1110, x + 26, 1136), "#102080", 4)
            draw.line((x + 26, 1110, x, 1136), "#102080", 4)
    return im


def table(rng: Rng) -> Image.Image:
    """A page of figures."""
    im, draw = _page()
    _write(draw, 80, 60, f"Table {rng.integers(1, 60)}. {words(rng, 5)}", 22)
    for row in range(34):
        y = 120 + 32 * row
        draw.line((80, y, 840, y), "#bbbbbb")
        _write(draw, 88, y + 6, words(rng, 2) if row else "Region", 16)
        for column in range(6):
            _write(draw, 360 + 94 * column, y + 6, f"{rng.normal(50, 30):.1f}" if row else str(2015 + column), 16, anchor="ra")
    return im


def _page() -> tuple[Image.Image, Draw]:
    im = Image.new("RGB", (920, 1260), "white")
    return im, ImageDraw.Draw(im)


def _scrawl(draw: Draw, rng: Rng, x: float, y: float, length: float) -> None:
    steps = int(length / 5)
    down = rng.normal(0, 1, steps).cumsum() * 0.4 + 9 * np.sin(np.arange(steps) * rng.uniform(0.9, 1.6))
    draw.line([(x + 5 * k, y - 6 + float(np.clip(down[k], -16, 12))) for k in range(steps)], "#102080", 3)


SCREENS: dict[str, Callable[[Rng], Image.Image]] = {
    "chat": chat,
    "mail": mail,
    "spreadsheet": sheet,
    "settings": settings,
    "code": code,
}
DOCUMENTS: dict[str, Callable[[Rng], Image.Image]] = {"letter": letter, "invoice": invoice, "form": form, "table": table}


def gradients() -> Iterator[Image.Image]:
    """Frames with nothing in them: black, white, grey with noise, and plain runs from one tone to another in all directions."""
    y, x = np.mgrid[0:600, 0:900] / 900.0
    for seed in range(30):
        rng = np.random.default_rng([seed, 77])
        angle, low, high = rng.uniform(0, 2 * np.pi), *rng.uniform(0, 255, 2)
        run = x * np.cos(angle) + y * np.sin(angle)
        run = (run - run.min()) / (run.max() - run.min())
        tint = rng.uniform(0.7, 1.0, 3)
        grey = low + (high - low) * (run if seed % 3 else 0)
        noise = rng.normal(0, (0.4, 2.0)[seed % 2], grey.shape)
        yield Image.fromarray(np.clip((grey + noise)[..., None] * tint, 0, 255).astype(np.uint8))
    for level in (0, 8, 250, 255):
        for seed in range(5):
            noise = np.random.default_rng([seed, level]).normal(0, 1.5, (600, 900, 1))
            yield Image.fromarray(np.clip(level + noise, 0, 255).astype(np.uint8).repeat(3, 2))
