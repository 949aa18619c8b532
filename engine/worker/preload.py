"""Imports everything that a request may need: behind the walls no file can be opened, not even our own modules.

Python imports text codecs on first use, so those that metadata are written in are looked up by name as well.
"""

from __future__ import annotations

import codecs
import importlib

import numpy as np
import PIL
import pillow_heif
import rawpy
from blake3 import blake3

from engine import decode, fingerprint, imgfprint, metadata
from engine.decode import jpeg_kernels

TEXT_CODECS = (
    *("ascii", "latin-1", "cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("shift_jis", "cp932", "euc_jp", "iso2022_jp", "gbk", "gb18030", "big5", "euc_kr", "mac_roman", "hex"),
)
LAZY_MODULES = ("multiprocessing.util", "numpy.ma", "PIL.ImageCms", "PIL.ImageOps", "traceback", "linecache", "warnings")
ROOMS = (decode, fingerprint, imgfprint, metadata)

_SPOTS = (np.arange(12 * 16 * 3) ** 2 * 7 % 251).astype(np.uint8).reshape(12, 16, 3).repeat(8, 0).repeat(8, 1)
"""A picture with local features: all that a fingerprint takes along is read with it."""


def preload(kernels: str) -> dict[str, str]:
    """Import it all; the versions that could change an outcome, by library.

    kernels: ``load`` the compiled loops, too, those of fingerprints only where they are compiled already; ``compile`` them where
    they are not; ``ask``: files that want the JPEG route are sent back; anything else: nothing goes by loops.
    """
    for name in TEXT_CODECS:
        codecs.lookup(name)
    for name in LAZY_MODULES:
        importlib.import_module(name)
    if kernels in ("load", "compile"):
        jpeg_kernels.load()
        for group in fingerprint.LOOPS:
            group.loaded(compiling=kernels == "compile")
    elif kernels == "ask":
        jpeg_kernels.ask_for_them()
    decode.preload()
    fingerprint.pack(fingerprint.fingerprint(_SPOTS))
    blake3(b"").digest()
    libraw = ".".join(map(str, rawpy.libraw_version))
    return {"Pillow": PIL.__version__, "pillow-heif": pillow_heif.__version__, "LibRaw": libraw, "numpy": np.__version__}
