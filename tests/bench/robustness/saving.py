"""How an edited picture becomes a file: format, quality, orientation tag."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

ORIENTATION_TAG = 0x0112
INTO_TAG = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What the pixels of an upright picture have to become, for a reader that obeys the tag to see it upright."""


@dataclass(frozen=True, slots=True)
class Save:
    """suffix: of the file. format: Pillow's name. quality: of lossy formats. orientation: EXIF tag; pixels turned to suit it."""

    suffix: str = "jpg"
    format: str = "JPEG"
    quality: int = 90
    orientation: int = 1

    def encoded(self, im: Image.Image) -> bytes:
        """The bytes of the file."""
        out = io.BytesIO()
        turn = INTO_TAG[self.orientation]
        if turn is not None:
            im = im.transpose(turn)
        options: dict[str, object] = {}
        if self.format in ("JPEG", "WEBP", "HEIF", "AVIF"):
            options["quality"] = self.quality
        if self.format == "WEBP":
            options["method"] = 2
        if self.format == "AVIF":
            options.update(speed=9, max_threads=1)
        if self.format == "PNG":
            options["compress_level"] = 1
        if self.format == "HEIF":
            import pillow_heif

            pillow_heif.register_heif_opener()
            options["enc_params"] = {"preset": "ultrafast"}
        if self.orientation != 1:
            exif = Image.Exif()
            exif[ORIENTATION_TAG] = self.orientation
            options["exif"] = exif.tobytes()
        if self.format == "GIF":
            im = im.quantize(256, Image.Quantize.FASTOCTREE)
        im.save(out, self.format, **options)
        return out.getvalue()
