"""Pictures side by side, for the eye that judges a false pair."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

TILE, LABEL = 300, 34
ROWS = 8


def side_by_side(out: Path, pairs: Sequence[tuple[str, str, str]], stem: str) -> list[Path]:
    """Contact sheets of pairs (path, path, words): ``OUT/stem-0.png`` and so on; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob(f"{stem}-*.png"):
        old.unlink()
    made = []
    for first in range(0, len(pairs), 2 * ROWS):
        some = pairs[first : first + 2 * ROWS]
        sheet = Image.new("RGB", (4 * TILE, ROWS * (TILE * 3 // 4 + LABEL)), "white")
        for place, (one, other, words) in enumerate(some):
            x, y = (place % 2) * 2 * TILE, (place // 2) * (TILE * 3 // 4 + LABEL)
            for k, path in enumerate((one, other)):
                sheet.paste(_small(path), (x + k * TILE, y + LABEL))
            ImageDraw.Draw(sheet).multiline_text((x + 4, y + 2), words, "black", spacing=2)
        made.append(out / f"{stem}-{len(made)}.png")
        sheet.save(made[-1])
    return made


def _small(path: str) -> Image.Image:
    import pillow_heif

    pillow_heif.register_heif_opener()
    with Image.open(path) as file:
        file.draft("RGB", (TILE, TILE))
        im = ImageOps.exif_transpose(file).convert("RGB")
    return ImageOps.contain(im, (TILE - 6, TILE * 3 // 4 - 4))
