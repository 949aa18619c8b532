"""Settings that codecs keep as globals of their own: set from our limits before each file."""

from __future__ import annotations

from PIL import Image, ImageFile, PngImagePlugin

from engine.config import Limits


def apply_limits(limits: Limits) -> None:
    """Put our limits in place of Pillow's: we check declared pixels ourselves, and sound PNGs hold megabytes of text."""
    Image.MAX_IMAGE_PIXELS = None
    PngImagePlugin.MAX_TEXT_CHUNK = limits.text_block
    PngImagePlugin.MAX_TEXT_MEMORY = limits.metadata_total
    ImageFile.LOAD_TRUNCATED_IMAGES = False
