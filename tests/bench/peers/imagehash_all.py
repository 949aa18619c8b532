"""imagehash: phash of every file that Pillow, pillow-heif or rawpy opens; pairs within 8 of 64 bits, all against all."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import imagehash
import numpy as np
import pillow_heif
import rawpy
from PIL import Image

RAW = (".dng", ".nef", ".cr2", ".arw")
RADIUS = 8


def opened(path: Path) -> Image.Image:
    """The picture; of a RAW file the largest preview, or the developed picture where it has none."""
    if path.suffix.lower() not in RAW:
        return Image.open(path)
    with rawpy.imread(str(path)) as raw:
        try:
            thumb = raw.extract_thumb()
        except rawpy.LibRawError:
            return Image.fromarray(raw.postprocess(half_size=True))
    import io

    return Image.open(io.BytesIO(thumb.data)) if thumb.format == rawpy.ThumbFormat.JPEG else Image.fromarray(thumb.data)


def main() -> None:
    """Hash, compare, write."""
    pillow_heif.register_heif_opener()
    names, hashes = [], []
    for path in sorted(Path(sys.argv[1]).rglob("*")):
        if path.is_file():
            try:
                with opened(path) as image:
                    hashes.append(imagehash.phash(image).hash.ravel())
                names.append(str(path))
            except OSError:
                continue
    bits = np.array(hashes)
    groups = []
    for at in range(len(bits)):
        near = np.flatnonzero((bits[at + 1 :] != bits[at]).sum(axis=1) <= RADIUS)
        groups += [[names[at], names[at + 1 + other]] for other in near]
    json.dump(groups, sys.stdout)


main()
