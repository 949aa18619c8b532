"""Makes the pictures of docs/guide from a tour: ``python -m tests.support.guide_pictures TOUR_FOLDER``, with fewer colours."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tests.support.sources import ROOT

SHOWN = ("start", "scanning", "grid", "side-by-side", "side-by-side-1-to-1", "before-a-move", "history")
COLOURS = 256


def main(tour: Path) -> None:
    """Write one picture for each screen that the guide shows."""
    out = ROOT / "docs" / "guide" / "images"
    out.mkdir(exist_ok=True)
    for name in SHOWN:
        (shot,) = tour.glob(f"[0-9][0-9]-{name}.png")
        few = Image.open(shot).convert("RGB").quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG)
        few.save(out / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
