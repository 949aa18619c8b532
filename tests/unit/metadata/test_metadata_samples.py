"""Facts of real camera files, where the sample pictures are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from engine.config import Limits
from engine.formats import FORMATS, HEAD_BYTES, sniff
from engine.metadata import Metadata, picture_digest, read_metadata

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample pictures are not beside this repository")


def facts(name: str) -> Metadata:
    path = SAMPLES / name
    with open(path, "rb") as file:
        format = sniff(file.read(HEAD_BYTES), path.name.encode())
        assert format is not None
        return read_metadata(file, path.stat().st_size, format, Limits())


def digest(name: str) -> bytes | None:
    path = SAMPLES / name
    with open(path, "rb") as file:
        return picture_digest(file, path.stat().st_size, "png" if path.suffix == ".png" else "jpeg")


@pytest.mark.parametrize(
    ("name", "taken", "fraction"),
    [
        ("jpeg/makers/FujiFilm SP-2500.jpg", "2003-09-10T20:59:18", ""),
        ("jpeg/makers/Olympus C4040Z.jpg", None, ""),
        ("jpeg/metadata/date-priority-test.jpg", "2023-02-02T02:00:00", ""),
        ("jpeg/metadata/gps-datetime.jpg", None, ""),
        ("jpeg/metadata/time-created.jpg", None, ""),
        ("jpeg/metadata/empty_gps.jpg", "2025-06-01T16:59:26", "023460"),
        ("heif/iPhone11Pro_IMG_2927.HEIC", "2020-05-04T18:39:11", "644"),
        ("heif/exif_at_eof.heic", "2020-05-04T18:39:11", "644"),
        ("heif/Xiaomi.heic", "2023-04-27T19:44:18", "732"),
        ("webp/denali.webp", "2010-08-13T21:00:01", "85"),
        ("raw/metadata_only/Nikon.nef", "2004-06-09T16:02:35", "00"),
        ("raw/metadata_only/FujiFilm.raf", "2007-05-22T13:58:30", ""),
        ("raw/metadata_only/Panasonic.rw2", "2008-08-06T15:21:56", ""),
        ("raw/metadata_only/Minolta.mrw", "2004-11-18T23:14:58", ""),
        ("raw/metadata_only/CanonRaw.cr3", "2018-02-21T12:08:56", "21"),
        ("raw/metadata_only/CanonRaw.crw", "2003-11-10T17:39:26", ""),
        ("raw/metadata_only/SigmaDP2.x3f", "2009-11-28T13:05:20", ""),
        ("pairs/live/IMG_2927.MOV", "2019-07-24T11:25:40", ""),
        ("xmp/2000.xmp", "2000-09-27T14:35:33", ""),
    ],
)
def test_capture_times(name: str, taken: str | None, fraction: str) -> None:
    assert (facts(name).taken, facts(name).taken_fraction) == (taken, fraction)


@pytest.mark.parametrize("kind", ["Landscape", "Portrait"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_orientations(kind: str, turn: int) -> None:
    assert facts(f"jpeg/orientation/{kind}_{turn}.jpg").orientation == turn


def test_orientation_of_heif_is_the_codecs_business_and_xmp_serves_png() -> None:
    sony = facts("heif/orientation/Sony_6.HIF")

    assert (sony.orientation, sony.width, sony.height) == (1, 4672, 7008)
    assert facts("png/xmp_orientation.png").orientation == 3


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("gif/rotating-squares.gif", 30),
        ("webp/rotating-squares.webp", 9),
        ("webp/Animation Lossless.webp", 101),
        ("avif/colors-animated-8bpc-alpha-exif-xmp.avif", 5),
        ("avif/seine_sdr_gainmap_srgb.avif", 1),
        ("avif/sofa_grid1x5_420.avif", 1),
        ("png/apng/delay.png", 5),
        ("png/apng/single_frame_default.png", 2),
        ("tiff/multipage.tiff", 3),
        ("jpeg/special/stereo.mpo", 1),
        ("jpeg/special/ultra_hdr_gain_map.jpg", 1),
        ("heif/VisionPro_spatial.heic", 1),
        ("heif/iPhone13Pro_depth.heic", 1),
        ("heif/Samsung_motion_photo.heic", 1),
        ("heif/three_images_primary_1.heic", 3),
    ],
)
def test_pages(name: str, pages: int) -> None:
    assert facts(name).pages == pages


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("raw/Canon_G1.CRW", [(1440, 960)]),
        ("raw/metadata_only/Canon_R6_pruned.CR3", [(160, 120), (1620, 1080)]),
        ("raw/preview_only/Nikon_Z9.dng", [(256, 171)]),
        ("pairs/raw_jpeg/TANNERS_RIDGE.DNG", [(160, 120)]),
        ("raw/metadata_only/iPhone_IMG_1361.dng", []),
        ("raw/metadata_only/DNG.dng", []),
    ],
)
def test_previews(name: str, sizes: list[tuple[int, int]]) -> None:
    assert [(preview.width, preview.height) for preview in facts(name).previews] == sizes


def test_cameras_and_positions() -> None:
    trust, empty = facts("jpeg/makers/Trust PowerCam Zoom LCD 710.JPG"), facts("jpeg/metadata/empty_gps.jpg")

    assert (trust.make, trust.model) == ("Trust.", "Gemini11")
    assert (empty.gps, empty.exposure) == (False, "1/40|1.8|234|0")
    assert facts("jpeg/metadata/thompson-springs.jpg").gps
    assert facts("jpeg/metadata/mongolels.jpg").rating == 3


def test_sizes_agree_with_the_decoders() -> None:
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file():
            with open(path, "rb") as file:
                format = sniff(file.read(HEAD_BYTES), path.name.encode())
            if format in ("jpeg", "png", "tiff", "webp", "gif") and path.name != "cielab.tiff":
                with Image.open(path) as image:
                    found = facts(str(path.relative_to(SAMPLES)))
                    assert (found.width, found.height) == image.size, path


def test_every_picture_that_is_not_a_copy_has_a_digest_of_its_own() -> None:
    seen: dict[bytes, str] = {}
    for path in sorted([*SAMPLES.rglob("*.jp*g"), *SAMPLES.rglob("*.JPG"), *SAMPLES.rglob("*.png"), *SAMPLES.rglob("*.mpo")]):
        name = str(path.relative_to(SAMPLES))
        if "makernotes_8x8" not in name and "(2)" not in name and path.suffix != ".jpeg":
            found = digest(name)
            assert found is not None, name
            assert seen.setdefault(found, name) == name


def test_movies_and_sidecars_have_no_size() -> None:
    for name in ("pairs/live/IMG_2927.MOV", "xmp/2010.xmp"):
        assert (facts(name).width, facts(name).height) == (None, None)
    assert FORMATS["mov"].kind == "movie"
