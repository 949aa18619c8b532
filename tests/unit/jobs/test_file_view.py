"""The facts of a file in words that a photographer reads."""

from __future__ import annotations

import pytest

from engine.jobs.file_view import camera_name, exposure_words, file_view, jpeg_quality
from engine.jobs.library import Library, NewFile, library_files
from engine.records import PictureFacts, Role, Shot, StatFacts

STAT = StatFacts(10, 20, 30, 1, 2)


@pytest.mark.parametrize(
    ("make", "model", "shown"),
    [
        ("Canon", "Canon EOS R5", "Canon EOS R5"),
        ("NIKON CORPORATION", "NIKON Z 6_2", "NIKON Z 6_2"),
        ("OLYMPUS IMAGING CORP.", "E-M5MarkII", "OLYMPUS E-M5MarkII"),
        ("Apple", "", "Apple"),
        ("", "Pixel 8", "Pixel 8"),
        ("", "", ""),
    ],
)
def test_a_camera_is_named_without_saying_its_make_twice(make: str, model: str, shown: str) -> None:
    assert camera_name(make, model) == shown


@pytest.mark.parametrize(
    ("exposure", "shown"),
    [
        ("1/125|2.8|400|0", "1/125 s · f/2.8 · ISO 400"),
        ("2|11||-0.33", "2 s · f/11 · −0.33 EV"),
        ("||100|1", "ISO 100 · +1 EV"),
        ("", ""),
    ],
)
def test_an_exposure_is_told_as_far_as_it_is_known(exposure: str, shown: str) -> None:
    assert exposure_words(exposure) == shown


def test_quality_falls_as_the_table_grows_and_stays_within_its_scale() -> None:
    told = [jpeg_quality(total) for total in range(0, 20_000, 7)]

    assert told == sorted(told, key=lambda quality: -(quality or 0))
    assert (told[0], told[-1], jpeg_quality(None)) == (100, 1, None)


def test_files_of_one_shot_name_each_other_and_their_parts() -> None:
    raw = NewFile(b"/p/a.nef", STAT, "ok", facts=PictureFacts("ok", kind="raw"), shot=0, role=Role.RAW)
    sidecar = NewFile(b"/p/a.xmp", STAT, "skipped", "scan.companion", shot=0, role=Role.SIDECAR)
    alone = NewFile(b"/p/b\xff.jpg", STAT, "ok", facts=PictureFacts("ok", rating=-1, quantisation=0, lossless=True))
    library = Library((b"/p",), library_files([raw, sidecar, alone]), (Shot((0, 1), (Role.RAW, Role.SIDECAR)),))

    views = [file_view(library, file, protected=file.id == 0) for file in library.files]
    expected = [("raw", (1,), True), ("sidecar", (0,), False), ("", (), False)]

    assert [(v.role, v.companions, v.protected) for v in views] == expected
    assert (views[2].path, views[2].path_bytes) == ("/p/b\\xff.jpg", b"/p/b\xff.jpg")
    assert (views[2].rating, views[2].quality) == (None, None)
