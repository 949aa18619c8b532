"""From bytes of a picture file to upright 8-bit sRGB pixels, or an honest error.

The only room that lets codecs look at pixels; it runs inside a walled child process and never writes, never starts programs and
never opens a file by name."""

from engine.decode.picture import DecodeRequest, Picture
from engine.decode.preload import preload
from engine.decode.routes import ROUTES, decode, verify_readable
from engine.decode.thumbnail import Thumbnail, ThumbnailRequest, decode_thumbnail

__all__ = [
    "ROUTES",
    "DecodeRequest",
    "Picture",
    "Thumbnail",
    "ThumbnailRequest",
    "decode",
    "decode_thumbnail",
    "preload",
    "verify_readable",
]
