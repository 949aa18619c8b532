"""No file, whatever it holds, raises, hangs or eats memory; and the net at the door is never needed."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import metadata
from engine.config import Limits
from engine.formats import FORMATS, sniff
from engine.metadata import Metadata, picture_digest, read_metadata
from engine.metadata.draft import Draft
from engine.metadata.ranges import FileRanges

from .files import (
    CAMERA,
    DATES,
    EXPOSURE,
    PARIS,
    apng,
    box,
    chunk,
    exif_block,
    exif_segment,
    ftyp,
    full_box,
    heif,
    ispe,
    jpeg,
    movie,
    png,
    raw_tiff,
    saved,
    scene,
    xmp_packet,
    xmp_segment,
)


@cache
def seeds() -> dict[str, bytes]:
    """One small sound file of each format, rich in metadata."""
    exif = exif_block({**CAMERA, 0x0112: (3, 6)}, {**DATES, **EXPOSURE}, PARIS)
    pictures = [scene(20, 16, seed) for seed in range(3)]
    still = heif(
        [(1, b"grid", False), (2, b"hvc1", True), (3, b"Exif", True), (4, b"mime", True)],
        references=[(b"dimg", 1, [2]), (b"cdsc", 3, [1])],
        groups=[(b"altr", [1, 2])],
        properties=[ispe(400, 300), box(b"irot", b"\1"), box(b"colr", b"prof" + bytes(40))],
        associations={1: [1, 2], 2: [3]},
        contents={3: b"\0\0\0\6Exif\0\0" + exif, 4: xmp_packet('xmp:Rating="3"')},
    )
    raw = raw_tiff()[0]
    rows = struct.pack("<HII", 0x080A, 9, 0) + struct.pack("<HII", 0x300A, 60, 9)
    sensor = struct.pack(">I", 1) + struct.pack(">HHHH", 0x0111, 4, 300, 400)
    picture = jpeg(scene(16, 16), exif_segment(CAMERA, DATES))
    canon = box(
        b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"CMT1", exif) + full_box(b"THMB", bytes(12) + picture)
    )
    return {
        "jpeg": jpeg(scene(16, 16), exif_segment(CAMERA, DATES, PARIS), xmp_segment('xmp:Rating="3"'), progressive=True),
        "png": png((b"eXIf", exif), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp_packet()), image=scene(16, 16)),
        "apng": apng(3),
        "tiff": saved(scene(16, 16), "TIFF", tiffinfo={274: 6, 271: "Canon"}),
        "webp": saved(pictures[0], "WEBP", save_all=True, append_images=pictures[1:], exif=b"Exif\0\0" + exif),
        "gif": saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:]),
        "bmp": saved(scene(8, 8), "BMP"),
        "heif": still,
        "avif": movie(frames=3, major=b"avis", handler=b"pict", created=3_650_000_000),
        "mov": movie(created=3_650_000_000, quicktime_date="2019-07-24T13:25:40+0200"),
        "nef": raw,
        "dng": raw_tiff(dng=True, order=">")[0],
        "cr3": ftyp(b"crx ", b"crx ") + box(b"moov", canon),
        "crw": b"II\x1a\0\0\0HEAPCCDR"
        + bytes(12)
        + b"Canon\0G1\0"
        + bytes(60)
        + struct.pack("<H", 2)
        + rows
        + struct.pack("<I", 69),
        "raf": b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0")
        + struct.pack(">IIII", 108, len(picture), 108 + len(picture), 12)
        + bytes(8)
        + picture
        + sensor,
        "mrw": b"\0MRM\0\0\2\0\0PRD\0\0\0\x18" + bytes(24) + b"\0TTW" + len(exif).to_bytes(4, "big") + exif,
        "x3f": b"FOVb"
        + bytes(36)
        + b"SECd"
        + struct.pack("<II", 0, 1)
        + struct.pack("<II4s", 0, 40, b"PROP")
        + struct.pack("<I", 40),
        "xmp": xmp_packet('xmp:Rating="4"', "<dc:subject><rdf:Bag><rdf:li>sea</rdf:li></rdf:Bag></dc:subject>"),
    }


def format_of(seed: str) -> str:
    return "png" if seed == "apng" else seed


def examine(data: bytes, format: str) -> Metadata:
    """Read everything there is to read; nothing may raise, not even inside."""
    sniffed = sniff(data[:65_536], b"a.jpg")
    assert sniffed is None or sniffed in FORMATS
    metadata._GATHER[format](FileRanges(io.BytesIO(data), len(data), 1 << 26), Limits(), Draft())
    digest = picture_digest(io.BytesIO(data), len(data), format)
    assert digest is None or len(digest) == 32
    found = read_metadata(io.BytesIO(data), len(data), format, Limits())
    assert found.orientation in range(1, 9)
    assert found.pages is None or found.pages >= 1
    assert found.trailing >= 0
    for preview in found.previews:
        assert data[preview.offset :].startswith(b"\xff\xd8")
        assert preview.offset + preview.length <= len(data)
    return found


@pytest.mark.parametrize("seed", sorted(seeds()))
def test_sound_files_are_read(seed: str) -> None:
    found = examine(seeds()[seed], format_of(seed))

    assert found != Metadata()


@pytest.mark.parametrize("seed", sorted(seeds()))
def test_truncation_at_every_sixteenth(seed: str) -> None:
    data = seeds()[seed]
    for sixteenth in range(16):
        examine(data[: len(data) * sixteenth // 16], format_of(seed))


@pytest.mark.parametrize("seed", sorted(seeds()))
def test_each_byte_of_the_start_turned(seed: str) -> None:
    data = seeds()[seed]
    for at in range(0, min(len(data), 400), 3):
        examine(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :], format_of(seed))


NUMBERS = [
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x08",
    b"\x08\0\0\0",
    b"\0\0",
    b"\xff\xff",
]
MUTATIONS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.one_of(
            st.sampled_from(NUMBERS), st.binary(min_size=1, max_size=6), st.just(b"cut"), st.just(b"drop"), st.just(b"copy")
        ),
        st.floats(0, 1, exclude_max=True),
    ),
    min_size=1,
    max_size=8,
)


def mutate(data: bytes, steps: list[tuple[float, bytes, float]]) -> bytes:
    """Overwrite, cut, drop and copy parts; most places near the start, where structure is."""
    for where, what, other in steps:
        at, to = int(len(data) * where**3), int(len(data) * other)
        if what == b"cut":
            data = data[: max(at, 1)]
        elif what == b"drop":
            data = data[:at] + data[at + 1 + to % 40 :]
        elif what == b"copy":
            data = data[:at] + data[to : to + 64] + data[at:]
        else:
            data = data[:at] + what + data[at + len(what) :]
    return data


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(seeds())), MUTATIONS)
def test_mutated_files_of_every_format(seed: str, steps: list[tuple[float, bytes, float]]) -> None:
    examine(mutate(seeds()[seed], steps), format_of(seed))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(set(metadata._GATHER))), st.binary(max_size=400))
def test_random_bytes_under_every_name(format: str, data: bytes) -> None:
    examine(data, format)


def test_files_without_reader_give_defaults() -> None:
    assert read_metadata(io.BytesIO(b"8BPS"), 4, "psd", Limits()) == Metadata()


@pytest.mark.parametrize("format", sorted(set(metadata._GATHER)))
def test_disk_errors_pass_through(format: str) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        read_metadata(Broken(), 5000, format, Limits())


def test_a_file_that_shrank_under_us_is_read_as_far_as_it_goes() -> None:
    for seed, data in seeds().items():
        read_metadata(io.BytesIO(data[: len(data) // 2]), len(data), format_of(seed), Limits())
        assert picture_digest(io.BytesIO(data[: len(data) // 2]), len(data), format_of(seed)) is None


class Counting(io.BytesIO):
    """Counts what is read."""

    total = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.total += len(data)
        return data


def bombs() -> list[tuple[str, str, bytes]]:
    """Files that would cost a careless reader minutes or gigabytes."""
    directory = struct.pack("<HHHIIHHII", 2, 0x0100, 4, 1, 10, 0x0101, 4, 1, 10)
    chain = b"II*\0\x08\0\0\0" + b"".join(directory + struct.pack("<I", 8 + 30 * (n + 1)) for n in range(8_000))
    overlapping = bytearray(b"II*\0\x08\0\0\0" + os.urandom(200_000))
    for at in range(8, 180_000, 500):
        overlapping[at : at + 2] = b"\xff\xff"
    huge_value = b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 700, 1, 0xFFFF_FFFF, 8) + bytes(4)
    names = b"".join(full_box(b"infe", struct.pack(">HH", n % 65_536, 0) + b"Exif\0", 2) for n in range(5_000))
    links = b"".join(box(b"cdsc", struct.pack(">HHHH", n % 65_536, 2, 1, 2)) for n in range(5_000))
    items = full_box(b"iinf", b"\xff\xff" + names)
    many_extents = full_box(b"iloc", b"\0\0\xff\xff" + struct.pack(">HHH", 1, 0, 65_535) * 20_000)
    head = saved(scene(8, 8), "JPEG")
    at = head.index(b"\xff\xda")
    scan = head[at : at + 2 + int.from_bytes(head[at + 2 : at + 4], "big")] + b"\x12"
    return [
        ("endless chain", "tiff", chain),
        ("overlapping directories", "nef", bytes(overlapping)),
        ("huge value", "tiff", huge_value),
        ("items and links", "heif", ftyp(b"heic") + full_box(b"meta", items + full_box(b"iref", links))),
        ("extents", "heif", ftyp(b"heic") + full_box(b"meta", items + many_extents)),
        ("boxes in boxes", "heif", ftyp(b"heic") + (b"\0\0\0\0meta" * 5000)),
        ("tiny boxes", "mov", box(b"moov", box(b"free") * 60_000)),
        ("tiny chunks", "png", png()[:33] + chunk(b"tEXt", b"") * 20_000),
        ("tiny frames", "gif", b"GIF89a\1\0\1\0" + bytes(3) + (b"\x2c" + bytes(9) + b"\x08\x01\0\0") * 20_000),
        ("tiny scans", "jpeg", head[:at] + scan * 10_000 + b"\xff\xd9"),
        ("empty segments", "jpeg", b"\xff\xd8" + b"\xff\xfe\0\2" * 20_000),
        ("deep text", "xmp", b"<a>" * 300_000),
        ("many elements", "xmp", b"<a>" + b"<b/>" * 150_000),
    ]


@pytest.mark.parametrize(("format", "data"), [(f, d) for _, f, d in bombs()], ids=[name for name, _, _ in bombs()])
def test_bombs_stay_within_memory_and_reading(format: str, data: bytes) -> None:
    file = Counting(data)
    tracemalloc.start()
    try:
        read_metadata(file, len(data), format, Limits())
        read = file.total
        picture_digest(file, len(data), format)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert read <= 4 * len(data) + (1 << 20)
    assert file.total - read <= 2 * len(data) + (1 << 20)
    assert peak < 32 << 20


def test_a_sparse_giant_is_read_by_range(tmp_path: pytest.TempPathFactory) -> None:
    path = tmp_path / "giant.nef"  # type: ignore[operator]
    data, ranges = raw_tiff()
    path.write_bytes(data)
    os.truncate(path, 3 << 30)
    with open(path, "rb") as file:
        found = read_metadata(file, 3 << 30, "nef", Limits())

    assert [preview.offset for preview in found.previews] == [ranges[1][0], ranges[0][0]]
