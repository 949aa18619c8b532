"""All kinds of pixels come out as 8-bit sRGB over mid grey, upright."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.config import Limits
from engine.decode.colour import reduce_strips, srgb_array
from tests.unit.decode.files import SAMPLES, difference, heif, opened, saved, scene


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_orientation_is_applied_as_exif_says(orientation: int, pillow_format: str) -> None:
    from PIL import ImageOps

    image = scene()
    image_exif = Image.Exif()
    image_exif[274] = orientation
    turned = ImageOps.exif_transpose(_with_orientation(image, orientation))
    options = {"quality": 95} if pillow_format == "JPEG" else {"lossless": True} if pillow_format == "WEBP" else {}
    data = saved(image, pillow_format, exif=image_exif, **options)

    picture = opened(data, pillow_format.lower(), edge=0, orientation=orientation)

    assert picture.full_size == turned.size
    assert difference(picture.pixels, np.asarray(turned)) < 6


def _with_orientation(image: Image.Image, orientation: int) -> Image.Image:
    copy = image.copy()
    copy.getexif()[274] = orientation
    return copy


def test_declared_orientation_is_not_applied_unasked() -> None:
    exif = Image.Exif()
    exif[274] = 6
    for pillow_format in ("JPEG", "TIFF", "PNG", "WEBP"):
        assert opened(saved(scene(), pillow_format, exif=exif), pillow_format.lower()).full_size == (240, 180)


def test_heif_and_avif_are_turned_by_their_own_properties() -> None:
    exif = Image.Exif()
    exif[274] = 6
    image = scene()
    turned = np.asarray(image.transpose(Image.Transpose.ROTATE_270))
    for data, format in ((heif(image, exif=exif.tobytes()), "heif"), (saved(image, "AVIF", exif=exif, max_threads=1), "avif")):
        picture = opened(data, format)

        assert picture.full_size == (180, 240)
        assert difference(picture.pixels, turned) < 8


def test_sixteen_and_eight_bits_of_one_picture_are_equal() -> None:
    grey = np.asarray(scene().convert("L"))
    deep = Image.fromarray(grey.astype(np.uint16) * 257)

    for pillow_format in ("PNG", "TIFF"):
        a = opened(saved(Image.fromarray(grey), pillow_format), pillow_format.lower()).pixels
        b = opened(saved(deep, pillow_format), pillow_format.lower()).pixels
        assert np.array_equal(a, b)


def test_float_and_integer_ranges_are_recognised() -> None:
    grey = np.asarray(scene().convert("L"))
    wanted = np.repeat(grey[..., None], 3, axis=2)
    for values in (grey.astype(np.float32) / 255, grey.astype(np.float32), grey.astype(np.int32) * 257):
        picture = opened(saved(Image.fromarray(values), "TIFF"), "tiff")
        assert difference(picture.pixels, wanted) < 1


def test_float_without_a_usual_range_is_stretched_and_survives_nan() -> None:
    values = np.linspace(-5, 3, 64 * 64, dtype=np.float32).reshape(64, 64)
    values[0, 1] = np.nan

    pixels = opened(saved(Image.fromarray(values), "TIFF"), "tiff").pixels

    assert pixels.min() == 0 and pixels.max() == 255


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "LAB", "YCbCr"])
def test_modes_show_the_same_scene(mode: str) -> None:
    image = scene()
    converted = image.convert("L") if mode == "1" else image
    if mode == "LAB":
        to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        converted = ImageCms.applyTransform(image, to_lab)
    else:
        converted = converted.convert(mode)

    picture = opened(saved(converted, "TIFF"), "tiff")

    wanted = image.convert("L").convert("RGB") if mode in ("1", "L") else image
    small = [np.asarray(each.resize((12, 9), Image.Resampling.BOX)) for each in (Image.fromarray(picture.pixels), wanted)]
    assert difference(*small) < 10


def test_transparent_pixels_lie_over_mid_grey() -> None:
    pixels = np.zeros((20, 30, 4), np.uint8)
    pixels[:, :10] = (200, 40, 10, 255)
    pixels[:, 10:20] = (255, 255, 255, 128)
    image = Image.fromarray(pixels)

    for pillow_format in ("PNG", "TIFF", "WEBP"):
        options = {"lossless": True, "exact": True} if pillow_format == "WEBP" else {}
        shown = opened(saved(image, pillow_format, **options), pillow_format.lower()).pixels
        assert shown[5, 5].tolist() == [200, 40, 10]
        assert abs(int(shown[5, 15, 0]) - 192) <= 1
        assert shown[5, 25].tolist() == [128, 128, 128]


def test_transparency_of_palettes_and_of_one_colour_lies_over_grey() -> None:
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    for pillow_format in ("PNG", "GIF"):
        assert opened(saved(palette, pillow_format, transparency=1), pillow_format.lower()).pixels[3, 3].tolist() == [128] * 3
    one_colour = saved(Image.new("RGB", (8, 8), (9, 8, 7)), "PNG", transparency=(9, 8, 7))
    assert opened(one_colour, "png").pixels[3, 3].tolist() == [128] * 3


def test_embedded_profile_is_turned_into_srgb() -> None:
    swapped = _profile_with_swapped_red_and_green()
    image = Image.new("RGB", (64, 64), (220, 30, 20))

    shown = opened(saved(image, "PNG", icc_profile=swapped), "png").pixels[5, 5]

    assert shown[1] > shown[0] + 50  # what was red is green by its profile


def test_broken_or_unfitting_profiles_are_ignored() -> None:
    image = scene()
    plain = opened(saved(image, "PNG"), "png").pixels
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    for profile in (b"junk" * 50, srgb[:200], lab, b"\0" * (5 << 20), srgb):
        assert np.array_equal(opened(saved(image, "PNG", icc_profile=profile), "png").pixels, plain)


def _profile_with_swapped_red_and_green() -> bytes:
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12)}
    red, green = tags[b"rXYZ"] + 4, tags[b"gXYZ"] + 4
    data[red : red + 8], data[green : green + 8] = data[green : green + 8], data[red : red + 8]
    return bytes(data)


def test_ink_with_adobe_marker_is_not_inverted() -> None:
    image = Image.new("RGB", (64, 64), (250, 245, 240)).convert("CMYK")

    assert opened(saved(image, "JPEG", quality=95), "jpeg").pixels.mean() > 200


def test_reduction_takes_exact_means() -> None:
    values = np.random.default_rng(3).integers(0, 256, (1027, 2050, 3), dtype=np.uint8)

    small = reduce_strips(lambda top, bottom: values[top:bottom], 2050, 1027, 4)

    blocks = values[:1024, :2048].reshape(256, 4, 512, 4, 3).astype(int).sum(axis=(1, 3))
    assert np.array_equal(small, (blocks + 8) // 16)


def test_strided_rows_are_read_right() -> None:
    values = np.random.default_rng(3).integers(0, 256, (40, 64, 3), dtype=np.uint8)

    assert np.array_equal(srgb_array(values[:, :50], None, Limits(), 0), values[:, :50])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="sample pictures are not here")
def test_samples_stored_twice_come_out_alike() -> None:
    def sample(name: str, format: str, **options: int) -> np.ndarray:
        return opened((SAMPLES / name).read_bytes(), format, **options).pixels

    assert difference(sample("png/flag8.png", "png"), sample("png/flag16.png", "png")) < 1
    assert difference(sample("gif/rotating-squares.gif", "gif"), sample("webp/rotating-squares.webp", "webp")) < 2
    baseline, progressive = (sample(f"pairs/reencoded/jupiter_{kind}.jpg", "jpeg") for kind in ("baseline", "progressive"))
    assert difference(baseline, progressive) < 1
    first = sample("jpeg/orientation/Landscape_1.jpg", "jpeg")
    for number in range(2, 9):
        other = sample(f"jpeg/orientation/Landscape_{number}.jpg", "jpeg", orientation=number)
        assert other.shape == first.shape and difference(first, other) < 6
