"""Sizes, memory, the allow-list, and the promise that nothing is opened or imported once the codecs are loaded."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.config import Limits
from engine.decode import ROUTES, DecodeRequest, decode, preload, verify_readable
from engine.errors import DecodeError
from engine.formats import FORMATS
from tests.unit.decode.files import SAMPLES, every_format, opened, saved, scene


def test_every_picture_format_has_a_route() -> None:
    assert set(ROUTES) == {name for name, format in FORMATS.items() if format.kind == "picture"}


def test_jpeg_is_scaled_to_no_less_than_the_edge() -> None:
    data = saved(scene().resize((1600, 1200)), "JPEG")

    for edge, width, route in (
        (200, 200, "draft-8"),
        (201, 400, "draft-4"),
        (800, 800, "draft-2"),
        (801, 1600, "full"),
        (0, 1600, "full"),
    ):
        picture = opened(data, "jpeg", edge)
        assert picture.pixels.shape[1] == width and picture.route == f"jpeg-{route}"
        assert picture.full_size == (1600, 1200)


def test_long_and_thin_pictures_keep_a_pixel() -> None:
    for size in ((4000, 1), (1, 4000), (4000, 3)):
        picture = opened(saved(Image.new("RGB", size, (90, 80, 70)), "JPEG"), "jpeg")
        assert picture.full_size == size and min(picture.pixels.shape) >= 1


@pytest.mark.parametrize("name", list(every_format()))
def test_pixels_are_owned_contiguous_bytes_and_always_the_same(name: str) -> None:
    format, data = every_format()[name]

    first, second = opened(data, format), opened(data, format)

    assert first.pixels.dtype == np.uint8 and first.pixels.ndim == 3 and first.pixels.shape[2] == 3
    assert first.pixels.flags.c_contiguous
    assert np.array_equal(first.pixels, second.pixels)
    assert first.route and first.decoder
    assert first.lossless == any(word in name for word in ("png", "gif", "bmp", "tiff", "lossless")) or name in (
        "tiff jpeg",
        "webp film",
    )


def test_declared_size_is_checked_before_anything_is_allocated() -> None:
    header = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    png = header + _chunk(b"IDAT", zlib.compress(bytes(1000))) + _chunk(b"IEND", b"")
    jpeg = bytearray(saved(scene(), "JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    bmp = bytearray(saved(scene(), "BMP"))
    bmp[18:26] = struct.pack("<ii", 60_000, 60_000)
    gif = bytearray(saved(scene().quantize(), "GIF"))
    gif[6:10] = struct.pack("<HH", 60_000, 60_000)
    webp = bytearray(saved(scene().convert("RGBA"), "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"))
    place = webp.index(b"VP8X") + 12
    webp[place : place + 6] = b"\xff\xff\x00" * 2

    for format, data in (("png", png), ("jpeg", jpeg), ("bmp", bmp), ("gif", gif), ("webp", webp)):
        with pytest.raises(DecodeError) as error:
            opened(bytes(data), format)
        assert error.value.code == "decode.too-large", format


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def test_route_that_needs_more_than_the_walls_is_refused_beforehand() -> None:
    tight = Limits(memory_base=97 << 20, memory_per_pixel=1)
    image = scene().resize((2000, 1500))
    for data, format in (
        (saved(image, "PNG"), "png"),
        (saved(image, "WEBP"), "webp"),
        (saved(image, "JPEG", progressive=True), "jpeg"),
    ):
        with pytest.raises(DecodeError) as error:
            opened(data, format, 0, limits=tight)
        assert error.value.code == "decode.too-large"
    assert opened(saved(image, "JPEG"), "jpeg", 200, limits=tight).pixels.shape == (188, 250, 3)


def test_picture_of_another_format_is_not_opened() -> None:
    tga, pcx = saved(scene(), "TGA"), saved(scene(), "PCX")
    for format in ROUTES:
        for data in (tga, pcx, b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", saved(scene(), "PPM")):
            with pytest.raises(DecodeError):
                opened(data, format)


def test_unknown_format_is_unsupported() -> None:
    with pytest.raises(DecodeError) as error:
        opened(b"x" * 100, "psd")
    assert error.value.code == "decode.unsupported"


def test_twelve_bit_jpeg_is_unsupported_rather_than_broken() -> None:
    data = bytearray(saved(scene(), "JPEG"))
    data[data.index(b"\xff\xc0") + 4] = 12

    with pytest.raises(DecodeError) as error:
        opened(bytes(data), "jpeg")

    assert error.value.code == "decode.unsupported"


def test_verifying_a_huge_jpeg_stays_inside_the_walls() -> None:
    data = saved(scene().resize((3000, 2000)), "JPEG")
    tight = Limits(memory_base=97 << 20, memory_per_pixel=1)

    verify_readable(io.BytesIO(data), len(data), "jpeg", tight)
    with pytest.raises(DecodeError):
        verify_readable(io.BytesIO(data[: len(data) // 2]), len(data) // 2, "jpeg", tight)


def test_preload_is_quick_to_repeat() -> None:
    preload()
    preload()


def test_nothing_is_imported_or_opened_after_preload() -> None:
    """In a process of its own with an audit hook: decode one file of every format after preload()."""
    program = """
import io, pickle, sys
from engine.config import Limits
from engine.decode import DecodeRequest, decode, preload, verify_readable
files = pickle.load(sys.stdin.buffer)
preload()
seen = []
watched = ("open", "import", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.__new__")
sys.addaudithook(lambda event, args: seen.append((event, str(args)[:90])) if event in watched else None)
for format, data in files:
    picture = decode(io.BytesIO(data), len(data), DecodeRequest(format, 128), Limits())
    for _ in picture.frame_pixels() if picture.frame_pixels else ():
        pass
    verify_readable(io.BytesIO(data), len(data), format, Limits())
    try:
        decode(io.BytesIO(data[: len(data) // 2]), len(data) // 2, DecodeRequest(format, 128), Limits())
    except Exception as error:
        assert type(error).__name__ == "DecodeError", error
print(seen)
"""
    import pickle

    from tests.unit.decode.test_raw import make_dng, mosaic

    files = [*every_format().values(), ("dng", make_dng(mosaic(scene()))[0])]
    done = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(files), capture_output=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().strip() == "[]"


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="sample pictures are not here")
def test_two_hundred_megapixels_fit_the_walls() -> None:
    program = """
import resource, sys
from engine.config import GIB, Limits
from engine.decode import DecodeRequest, decode, preload
preload()
resource.setrlimit(resource.RLIMIT_AS, (14 * GIB // 10, 14 * GIB // 10))
with open(sys.argv[1], "rb") as file:
    size = file.seek(0, 2)
    picture = decode(file, size, DecodeRequest("heif"), Limits())
print(picture.full_size, picture.partial, max(picture.pixels.shape) >= 2048)
"""
    path = SAMPLES / "heif" / "Galaxy_200MP.heic"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=120, check=False)

    assert done.stdout.strip() == "(12240, 16320) None True", done.stderr


def test_request_is_immutable_and_plain() -> None:
    request = DecodeRequest("jpeg")
    with pytest.raises(AttributeError):
        request.edge = 3  # type: ignore[misc]
    data = saved(scene(), "JPEG")
    assert decode(io.BytesIO(data), len(data), request, Limits()).frames == 1
