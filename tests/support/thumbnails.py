"""Files as cameras and phones write them, with a small picture in them, true or stale."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pillow_heif
from PIL import Image

from tests.support.jpeg_edit import with_exif

SMALL = (160, 120)


def small_jpeg(image: Image.Image, *, bars: bool = True, size: tuple[int, int] = SMALL) -> bytes:
    """The picture made small. bars: black ones fill up to `size`, as cameras make it; else it keeps its shape."""
    fitted = image.copy()
    fitted.thumbnail(size)
    if bars:
        framed = Image.new("RGB", size)
        framed.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
        fitted = framed
    out = io.BytesIO()
    fitted.save(out, "JPEG", quality=85)
    return out.getvalue()


def exif_with(thumbnail: bytes, *, orientation: int = 1, offset: int | None = None, length: int | None = None) -> bytes:
    """An EXIF block ("Exif" header included). offset, length: what it claims of the small picture, in place of the truth."""
    first = struct.pack("<HHII", 0x0112, 3, 1, orientation)
    main = struct.pack("<H", 1) + first
    second_at = 8 + len(main) + 4
    at = second_at + 2 + 2 * 12 + 4
    claims = (0x0201, at if offset is None else offset), (0x0202, len(thumbnail) if length is None else length)
    second = struct.pack("<H", 2) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in claims)
    tiff = b"II*\0" + struct.pack("<I", 8) + main + struct.pack("<I", second_at) + second + bytes(4) + thumbnail
    return b"Exif\0\0" + tiff


def camera_file(
    path: Path, image: Image.Image, *, thumbnail: Image.Image | bytes | None = None, quality: int = 90, orientation: int = 1
) -> Path:
    """Write a JPEG with a small picture of itself, or of `thumbnail` where one is given (a picture, or bytes as they are)."""
    small = thumbnail if isinstance(thumbnail, bytes) else small_jpeg(thumbnail or image)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(with_exif(out.getvalue(), exif_with(small, orientation=orientation)))
    return path


def phone_file(path: Path, image: Image.Image, *, edge: int | None = 256, quality: int = 80) -> Path:
    """Write a HEIC with a thumbnail item of this long side in px, or with none."""
    heif = pillow_heif.from_pillow(image)
    heif[0].info["thumbnails"] = [edge] if edge else []
    path.parent.mkdir(parents=True, exist_ok=True)
    heif.save(path, quality=quality, enc_params={"preset": "ultrafast"})
    return path
