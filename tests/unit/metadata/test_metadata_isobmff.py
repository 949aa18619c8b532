"""HEIF, AVIF, CR3 and films: facts from their boxes."""

from __future__ import annotations

import io
import struct

import pillow_heif
import pytest
from PIL import Image

from engine.formats import sniff

from .files import (
    CAMERA,
    DATES,
    EXPOSURE,
    PARIS,
    box,
    exif_block,
    facts,
    ftyp,
    full_box,
    heif,
    ispe,
    jpeg,
    movie,
    saved,
    scene,
    xmp_packet,
)

EXIF = bytes([0, 0, 0, 6]) + b"Exif\0\0" + exif_block({**CAMERA, 0x0112: (3, 6)}, {**DATES, **EXPOSURE}, PARIS)


def test_a_real_heif() -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(scene(70, 50)).save(out, exif=b"Exif\0\0" + exif_block({**CAMERA, 0x0112: (3, 6)}, DATES))
    data = out.getvalue()

    found = facts(data, "heif")

    assert sniff(data) == "heif"
    assert found.orientation == 1, "the codec turns"
    assert found.taken == "2021-05-06T07:08:09"
    assert (found.width, found.height) == pillow_heif.open_heif(io.BytesIO(data)).size == (50, 70)


@pytest.mark.parametrize("count", [1, 4])
def test_a_real_avif_still_or_moving(count: int) -> None:
    pictures = [scene(70, 50, seed) for seed in range(count)]
    data = saved(pictures[0], "AVIF", save_all=True, append_images=pictures[1:], duration=100)
    with Image.open(io.BytesIO(data)) as image:
        assert getattr(image, "n_frames", 1) == count

    found = facts(data, "avif")

    assert (found.width, found.height, found.pages) == (70, 50, count)


@pytest.mark.parametrize(("turn", "size"), [(0, (400, 300)), (1, (300, 400)), (2, (400, 300)), (3, (300, 400))])
def test_size_is_that_after_the_containers_turn(turn: int, size: tuple[int, int]) -> None:
    data = heif([(1, b"hvc1", False)], properties=[ispe(400, 300), box(b"irot", bytes([turn]))], associations={1: [1, 2]})

    found = facts(data, "heif")

    assert (found.width, found.height) == size


def test_size_is_that_after_the_containers_crop() -> None:
    clap = box(b"clap", struct.pack(">IIIIiIiI", 390, 1, 290, 1, 0, 1, 0, 1))
    data = heif([(1, b"hvc1", False)], properties=[ispe(400, 300), clap], associations={1: [1, 2]})

    assert (facts(data, "heif").width, facts(data, "heif").height) == (390, 290)


def test_metadata_items() -> None:
    data = heif(
        [(1, b"hvc1", False), (2, b"Exif", True), (3, b"mime", True)],
        references=[(b"cdsc", 2, [1]), (b"cdsc", 3, [1])],
        contents={2: EXIF, 3: xmp_packet('xmp:Rating="3"')},
    )

    found = facts(data, "heif")

    assert (found.taken, found.make, found.gps, found.rating) == ("2021-05-06T07:08:09", "Canon", True, 3)
    assert (found.orientation, found.declared_orientation) == (1, 6)


def test_exif_of_another_picture_in_the_file_does_not_speak() -> None:
    other = b"\0\0\0\6Exif\0\0" + exif_block({0x010F: (2, "Other")})
    items = [(1, b"hvc1", False), (7, b"hvc1", False), (2, b"Exif", True), (3, b"Exif", True)]

    data = heif(items, references=[(b"cdsc", 2, [7]), (b"cdsc", 3, [1])], contents={2: other, 3: EXIF})

    assert facts(data, "heif").make == "Canon"


@pytest.mark.parametrize("start", [b"\0\0\0\0", b"\0\0\0\6Exif\0\0", b"\x45\x78\x69\x66\0\0", b"\0\0\0\x99Exif\0\0"])
def test_exif_is_found_though_its_offset_is_wrong(start: bytes) -> None:
    data = heif([(1, b"hvc1", False), (2, b"Exif", True)], contents={2: start + exif_block(CAMERA)})

    assert facts(data, "heif").make == "Canon"


def test_pictures_are_counted_without_their_helpers() -> None:
    items = [
        (1, b"grid", False),
        (2, b"hvc1", True),
        (3, b"hvc1", False),
        (4, b"hvc1", False),
        (5, b"hvc1", False),
        (6, b"hvc1", False),
    ]
    references = [(b"dimg", 1, [2, 3]), (b"thmb", 4, [1]), (b"auxl", 5, [1])]

    assert facts(heif(items, references=references), "heif").pages == 2


def test_gain_map_stereo_pair_and_alternatives_are_one_picture() -> None:
    gain = heif([(1, b"hvc1", False), (2, b"hvc1", False), (3, b"tmap", False)], references=[(b"dimg", 3, [1, 2])])
    stereo = heif([(1, b"hvc1", False), (2, b"hvc1", False)], groups=[(b"ster", [1, 2])])
    either = heif([(1, b"hvc1", False), (2, b"hvc1", False)], groups=[(b"altr", [2, 1])])
    three = heif([(1, b"hvc1", False), (2, b"hvc1", False), (3, b"hvc1", False)])

    assert [facts(data, "heif").pages for data in (gain, stereo, either, three)] == [1, 1, 1, 3]


def test_profile_of_the_picture_or_of_its_tiles() -> None:
    icc, p3, srgb = (
        box(b"colr", b"prof" + bytes(200)),
        box(b"colr", b"nclx\0\x0c\0\x0d\0\6\x80"),
        box(b"colr", b"nclx\0\1\0\x0d\0\6\x80"),
    )
    own = heif([(1, b"hvc1", False)], properties=[icc, p3], associations={1: [2, 1]})
    tiles = heif(
        [(1, b"grid", False), (2, b"hvc1", True)], references=[(b"dimg", 1, [2])], properties=[icc], associations={2: [1]}
    )
    wide = heif([(1, b"hvc1", False)], properties=[p3], associations={1: [1]})
    plain = heif([(1, b"hvc1", False)], properties=[srgb], associations={1: [1]})

    profiles = [facts(data, "heif").profile for data in (own, tiles, wide, plain)]

    assert profiles[0] == profiles[1] != profiles[2]
    assert [len(profile) for profile in profiles] == [16, 16, 16, 0]


def test_film_behind_the_picture_is_told() -> None:
    data = heif([(1, b"hvc1", False)]) + box(b"mpvd", bytes(1000))

    assert facts(data, "heif").trailing == 1008


@pytest.mark.parametrize(("handler", "pages"), [(b"pict", 9), (b"auxv", 1)])
def test_sequences_count_the_samples_of_their_pictures(handler: bytes, pages: int) -> None:
    assert facts(movie(frames=9, major=b"msf1", handler=handler), "heif").pages == pages


def test_film_beside_a_still_picture_is_no_sequence() -> None:
    data = heif([(1, b"hvc1", False)]) + movie(frames=9)[24:]

    assert facts(data, "heif").pages == 1


def test_samples_that_cannot_be_there_leave_the_count_to_the_codec() -> None:
    assert facts(movie(frames=1_000_000, major=b"avis", handler=b"pict"), "avif").pages is None


# ----------------------------------------------------------------------------------------------------------- films


def test_film_date_as_the_camera_wrote_it() -> None:
    found = facts(movie(created=3_650_000_000, quicktime_date="2019-07-24T13:25:40+0200"), "mov")

    assert (found.taken, found.width, found.pages) == ("2019-07-24T13:25:40", None, None)


@pytest.mark.parametrize(("created", "taken"), [(3_650_000_000, "2019-08-30T08:53:20"), (0, None), (2_082_844_800, None)])
def test_film_date_of_the_header(created: int, taken: str | None) -> None:
    assert facts(movie(created=created), "mp4").taken == taken


# ------------------------------------------------------------------------------------------------------------- CR3


def test_canon_cr3() -> None:
    thumb, preview, full = jpeg(scene(16, 12)), jpeg(scene(160, 120)), jpeg(scene(300, 200))
    canon = box(
        b"uuid",
        bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
        + box(b"CMT1", exif_block({**CAMERA, 0x0100: (3, 400), 0x0101: (3, 300), 0x0112: (3, 8)}))
        + box(b"CMT2", exif_block({**DATES, **EXPOSURE, 0xA431: (2, "0099")}))
        + box(b"CMT4", exif_block(PARIS))
        + full_box(b"THMB", struct.pack(">HHII", 16, 12, len(thumb), 0) + thumb),
    )

    def track(offset: int) -> bytes:
        table = box(
            b"stbl", full_box(b"stsz", struct.pack(">II", len(full), 1)) + full_box(b"co64", struct.pack(">IQ", 1, offset))
        )
        return box(b"trak", box(b"mdia", box(b"minf", table)))

    shown = box(
        b"uuid",
        bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
        + bytes(8)
        + full_box(b"PRVW", struct.pack(">HHHHI", 1, 160, 120, 1, len(preview)) + preview),
    )
    at = len(ftyp(b"crx ", b"crx ") + box(b"moov", canon + track(0)) + shown) + 8
    data = ftyp(b"crx ", b"crx ") + box(b"moov", canon + track(at)) + shown + box(b"mdat", full + bytes(50))

    found = facts(data, "cr3")

    assert sniff(data) == "cr3"
    assert [(p.width, p.height) for p in found.previews] == [(16, 12), (160, 120), (300, 200)]
    assert all(data[p.offset : p.offset + 3] == b"\xff\xd8\xff" for p in found.previews)
    assert (found.orientation, found.width, found.height, found.taken) == (8, 400, 300, "2021-05-06T07:08:09")
    assert (found.make, found.serial, found.exposure, found.gps) == ("Canon", "0099", "1/125|2.8|400|-0.33", True)
