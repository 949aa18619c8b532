"""Every file that is hostile by design, whatever the seed."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile import bombs_boxed, bombs_coded
from tests.hostile.bombs_coded import Bomb
from tests.unit.decode.files import saved, scene


def bombs(heavy: bool) -> Iterator[Bomb]:
    """All of them. heavy: as large as they get; else those that cost little."""
    for source in (
        bombs_coded.jpegs, bombs_coded.pngs, bombs_coded.gifs, bombs_coded.bmps, bombs_boxed.tiffs, bombs_boxed.raws,
        bombs_boxed.webps, bombs_boxed.boxes, _anything,
    ):  # fmt: skip
        yield from source(heavy)


def _anything(heavy: bool) -> Iterator[Bomb]:
    """Files of no format, or of one that is never opened. heavy: not used."""
    for suffix in (".jpg", ".png", ".gif", ".bmp", ".tif", ".webp", ".heic", ".avif", ".nef", ".cr3", ".xmp", ""):
        yield f"empty{suffix}", b""
        yield f"zeros{suffix}", bytes(70_000)
        yield f"one-byte{suffix}", b"\xff"
    yield "postscript.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/tmp/pwned) (w) file\n"
    yield "drawing.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    yield "document.png", b"%PDF-1.7\n" + bytes(2000)
    yield "archive.jpg", b"PK\x03\x04" + bytes(2000)
    yield "program.jpg", b"\x7fELF" + bytes(2000)
    yield "page.jpg", b"<html><script>alert(1)</script></html>"
    yield "text.png", b"a photo, said in words\n" * 100
    yield "both.jpg", saved(scene(), "PNG") + saved(scene(), "JPEG")
    yield "notes.txt", b"nothing to see"
    yield "film.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(500)
    yield "layers.psd", b"8BPS\0\x01" + bytes(4000)
