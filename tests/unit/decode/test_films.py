"""Films and pages: how many frames, which of them are looked at, and what does not count as a frame."""

from __future__ import annotations

import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from engine.config import Limits
from engine.decode import DecodeRequest, decode
from engine.decode.picture import sampled
from tests.unit.decode.files import SAMPLES, difference, every_format, film, opened, saved, scene


@pytest.mark.parametrize("name", ["png film", "gif film", "webp film", "avif film", "tiff pages"])
def test_frames_are_the_scenes_in_order(name: str) -> None:
    format, data = every_format()[name]

    picture = opened(data, format)

    assert picture.frames == 5 and picture.frame_pixels is not None
    frames = list(picture.frame_pixels())
    assert len(frames) == 5
    assert np.array_equal(frames[0], picture.pixels)
    for seed, frame in enumerate(frames, 1):
        assert difference(frame, np.asarray(scene(seed, 120, 90))) < 12


def test_long_film_is_sampled_evenly_and_always_alike() -> None:
    assert sampled(5, 64) == [0, 1, 2, 3, 4]
    many = sampled(1000, 64)
    assert len(set(many)) == 64 and many[0] == 0 and many[-1] == 999
    assert sampled(9, 1) == [0]

    data = saved(Image.new("L", (4, 4)), "GIF", save_all=True, append_images=[Image.new("L", (4, 4), i) for i in range(1, 100)])
    picture = opened(data, "gif", limits=Limits(max_frames=7))

    assert picture.frames == 100 and picture.frame_pixels is not None
    levels = [int(frame[0, 0, 0]) for frame in picture.frame_pixels()]
    assert levels == sampled(100, 7) == [0, 16, 33, 50, 66, 82, 99]
    assert [int(frame[0, 0, 0]) for frame in picture.frame_pixels()] == levels


def test_frames_are_not_offered_unasked() -> None:
    format, data = every_format()["gif film"]

    picture = decode(io.BytesIO(data), len(data), DecodeRequest(format, frames=False), Limits())

    assert picture.frames == 5 and picture.frame_pixels is None


def test_heif_with_several_pictures_shows_the_primary_first() -> None:
    file = pillow_heif.HeifFile()
    for seed in (1, 2, 3):
        file.add_from_pillow(scene(seed))
    data = io.BytesIO()
    file.save(data, quality=90, primary_index=1)

    picture = opened(data.getvalue(), "heif")

    assert picture.frames == 3 and picture.frame_pixels is not None
    assert difference(picture.pixels, np.asarray(scene(2))) < 8
    assert np.array_equal(next(iter(picture.frame_pixels())), picture.pixels)


def test_second_picture_of_an_mpo_and_thumbnails_do_not_count() -> None:
    mpo = saved(scene(1), "MPO", save_all=True, append_images=[scene(2)])
    thumbnailed = io.BytesIO()
    pillow_heif.from_pillow(scene(1)).save(thumbnailed, thumbnails=[64], quality=90)

    for data, format in ((mpo, "jpeg"), (thumbnailed.getvalue(), "heif")):
        picture = opened(data, format)
        assert picture.frames == 1 and picture.frame_pixels is None
        assert difference(picture.pixels, np.asarray(scene(1))) < 12


def test_reduced_tiff_pages_do_not_count() -> None:
    pages = [scene(1), scene(1).resize((60, 45)), scene(2)]
    data = io.BytesIO()
    from PIL.TiffImagePlugin import AppendingTiffWriter, ImageFileDirectory_v2

    with AppendingTiffWriter(data, new=True) as writer:
        for number, page in enumerate(pages):
            tags = ImageFileDirectory_v2()
            tags[254] = 1 if number == 1 else 0
            page.save(writer, "TIFF", tiffinfo=tags)
            writer.newFrame()

    picture = opened(data.getvalue(), "tiff")

    assert picture.frames == 2 and picture.frame_pixels is not None
    assert [frame.shape[:2] for frame in picture.frame_pixels()] == [(180, 240), (180, 240)]


def test_disposal_of_gif_frames_is_composed() -> None:
    base = Image.new("RGBA", (40, 40), (255, 0, 0, 255))
    dot = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    dot.paste((0, 0, 255, 255), (0, 0, 10, 10))
    data = saved(base, "GIF", save_all=True, append_images=[dot], disposal=0)

    picture = opened(data, "gif")
    assert picture.frame_pixels is not None
    second = list(picture.frame_pixels())[1]

    assert second[2, 2].tolist() == [0, 0, 255]
    assert second[30, 30].tolist() == [255, 0, 0]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="sample pictures are not here")
@pytest.mark.parametrize(
    ("name", "format", "frames"),
    [
        ("gif/rotating-squares.gif", "gif", 30),
        ("webp/Animation Lossless.webp", "webp", 101),
        ("png/apng/delay.png", "png", 5),
        ("avif/colors-animated-8bpc.avif", "avif", 5),
        ("avif/seine_sdr_gainmap_srgb.avif", "avif", 1),
        ("heif/iPhone13Pro_depth.heic", "heif", 1),
        ("heif/three_images_primary_1.heic", "heif", 3),
        ("tiff/multipage.tiff", "tiff", 3),
        ("jpeg/special/ultra_hdr_gain_map.jpg", "jpeg", 1),
        ("jpeg/special/stereo.mpo", "jpeg", 1),
    ],
)
def test_samples_have_the_frames_they_should(name: str, format: str, frames: int) -> None:
    picture = opened((SAMPLES / name).read_bytes(), format)

    assert picture.frames == frames
    if picture.frame_pixels:
        assert len(list(picture.frame_pixels())) == min(frames, 64)


def test_film_helper_makes_films() -> None:
    assert opened(film("GIF", 3), "gif").frames == 3
