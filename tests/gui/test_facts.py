"""What stands in the facts of two photos: which value is called better, which rows agree, and what is never said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale

from engine.records import FileView
from imgfp_gui.models.apart import folders_apart, names_apart
from imgfp_gui.models.facts import Fact, Mark, Photo, facts_of

PLAIN, BETTER, WORSE = Mark.PLAIN, Mark.BETTER, Mark.WORSE
RAW = FileView(
    0, "/photos/Raw/IMG_1.CR3", b"", 30_000_000, 1_715_000_000_000_000_000, "ok", None, "cr3", 6000, 4000,
    "2024-05-14T20:41:07", (2,), 1, None, True, "raw", "Canon EOS R6", "1/60 s f/1.8 ISO 400", True, 4, 6,
)  # fmt: skip
COPY = FileView(1, "/photos/Phone/IMG_1.jpg", b"", 1_100_000, 1_716_000_000_000_000_000, "ok", None, "jpeg", 2048, 1365, None,
                quality=58)  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Numbers and dates as in the United States, whatever the machine has."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def _facts(*views: FileView, one_moment: bool = False) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts_of([Photo(view) for view in views], one_moment=one_moment)}


def _marks(name: str, a: FileView, b: FileView) -> tuple[Mark, ...]:
    return tuple(cell.mark for cell in _facts(a, b)[name].cells)


JPEG = replace(COPY, quality=88)

# name of the row, changes of the first and of the second photo, mark of the first and of the second value, and whether they agree
MATRIX = [
    ("pixels", {"width": 6000}, {"width": 3000}, BETTER, WORSE, False),
    ("pixels", {"width": 3000}, {"width": 6000}, WORSE, BETTER, False),
    ("pixels", {"width": 3000, "height": 2000}, {"width": 2000, "height": 3000}, PLAIN, PLAIN, False),
    ("pixels", {}, {}, PLAIN, PLAIN, True),
    ("pixels", {}, {"width": None}, PLAIN, PLAIN, False),
    ("format", {"format": "nef", "quality": None}, {}, BETTER, WORSE, False),
    ("format", {}, {"format": "tiff", "lossless": True, "quality": None, "camera": "Canon"}, WORSE, BETTER, False),
    ("format", {}, {"format": "png", "lossless": True, "quality": None}, PLAIN, PLAIN, False),  # likely a copy of the JPEG
    ("format", {"format": "nef", "quality": None}, {"format": "png", "lossless": True, "camera": "N"}, BETTER, WORSE, False),
    ("format", {}, {"quality": 95}, WORSE, BETTER, False),
    ("format", {}, {"quality": None}, PLAIN, PLAIN, False),
    ("format", {}, {"format": "heif", "quality": 99}, PLAIN, PLAIN, False),  # the numbers of two formats cannot be compared
    ("format", {}, {}, PLAIN, PLAIN, True),
    ("size", {"size": 10}, {"size": 20_000}, PLAIN, PLAIN, False),
    ("taken", {"taken": "2024-05-14T20:41:07"}, {"taken": "2024-05-16T08:00:00"}, BETTER, WORSE, False),
    ("taken", {"taken": None}, {"taken": "2024-05-16T08:00:00"}, WORSE, BETTER, False),
    ("taken", {"taken": "2024-05-14T20:41:07"}, {"taken": "2024-05-14T20:41:07"}, PLAIN, PLAIN, True),
    ("taken", {}, {}, PLAIN, PLAIN, True),
    ("modified", {"mtime_ns": 1}, {"mtime_ns": 10**18}, PLAIN, PLAIN, False),
    ("camera", {"camera": "Canon"}, {}, PLAIN, PLAIN, False),
    ("exposure", {"exposure": "1/60 s"}, {"exposure": "1/30 s"}, PLAIN, PLAIN, False),
    ("lens", {"lens": "35 mm f/2"}, {}, PLAIN, PLAIN, False),
    ("white_balance", {"white_balance": "auto"}, {"white_balance": "manual"}, PLAIN, PLAIN, False),
    ("profile", {"profile_name": "Display P3"}, {"profile_name": "sRGB"}, PLAIN, PLAIN, False),
    ("depth", {"bit_depth": 16}, {"bit_depth": 8}, PLAIN, PLAIN, False),  # a deeper copy of a JPEG holds no more
    ("software", {"software": "Editor 3"}, {"software": "Editor 3"}, PLAIN, PLAIN, True),
    ("small_picture", {"stale_thumbnail": True}, {}, PLAIN, PLAIN, False),
    ("rating", {"rating": 2}, {"rating": 4}, WORSE, BETTER, False),
    ("rating", {"rating": None}, {"rating": 0}, PLAIN, PLAIN, True),
    ("keywords", {"keywords": 6}, {}, BETTER, WORSE, False),
    ("location", {"gps": True}, {}, BETTER, WORSE, False),
    ("frames", {"frames": 12}, {"frames": 1}, PLAIN, PLAIN, False),
    ("folder", {"path": "/a/x.jpg"}, {"path": "/b/x.jpg"}, PLAIN, PLAIN, False),
    ("name", {"path": "/a/x.jpg"}, {"path": "/b/x.jpg"}, PLAIN, PLAIN, True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "one", "other", "first", "second", "same"), MATRIX)
def test_better_is_said_only_where_it_has_a_meaning(
    name: str, one: dict[str, object], other: dict[str, object], first: Mark, second: Mark, same: bool
) -> None:
    a, b = replace(JPEG, **one), replace(JPEG, **other)  # type: ignore[arg-type]

    fact = _facts(a, b)[name]

    assert tuple(cell.mark for cell in fact.cells) == (first, second)
    assert fact.same is same


def test_an_earlier_frame_of_one_moment_is_no_better_one() -> None:
    a, b = replace(JPEG, taken="2024-05-14T20:41:07"), replace(JPEG, taken="2024-05-14T20:41:08")

    assert _marks("taken", a, b) == (BETTER, WORSE)
    assert [cell.mark for cell in _facts(a, b, one_moment=True)["taken"].cells] == [PLAIN, PLAIN]


def test_the_place_where_a_photo_was_taken_is_never_told() -> None:
    facts = _facts(RAW, COPY)

    assert [cell.whole for cell in facts["location"].cells] == ["yes", "none"]


def test_two_moments_of_one_day_are_told_by_their_times_and_others_by_their_dates() -> None:
    a, b, c = (replace(JPEG, taken=when) for when in ("2024-05-14T20:41:07", "2024-05-14T08:00:00", "2023-01-02T08:00:00"))

    assert [cell.text.replace("\u202f", " ") for cell in _facts(a, b)["taken"].cells] == ["8:41:07 PM", "8:00:00 AM"]
    assert [cell.text for cell in _facts(a, c)["taken"].cells] == ["5/14/2024", "1/2/2023"]
    assert _facts(a, a)["taken"].cells[0].text.replace("\u202f", " ") == "May 14, 2024, 8:41:07 PM"
    assert [cell.text for cell in _facts(a, replace(JPEG, taken=None))["taken"].cells] == ["5/14/2024", "unknown"]


def test_values_are_said_in_the_words_of_a_photographer() -> None:
    facts = {fact.id: [cell.text for cell in fact.cells] for fact in facts_of([Photo(RAW, (JPEG,)), Photo(COPY)])}

    assert facts["pixels"] == ["6000×4000", "2048×1365"]
    assert facts["format"] == ["CR3", "JPEG q 58"]
    assert facts["size"] == ["30 MB", "1.1 MB"]
    assert facts["rating"] == ["★★★★", "none"]
    assert facts["companions"] == ["JPEG", "none"]
    assert facts["folder"] == ["…/Raw", "…/Phone"]
    assert facts["camera"] == ["Canon EOS R6", "unknown"]


def test_stills_have_no_row_of_frames_and_lone_files_none_of_companions() -> None:
    assert not {"frames", "companions"} & _facts(COPY, replace(COPY, id=5)).keys()


def test_one_photo_alone_has_its_facts_and_nothing_to_compare_with() -> None:
    facts = _facts(RAW)

    assert facts["pixels"].cells[0].text == "6000×4000"
    assert not any(fact.same or cell.mark is not PLAIN for fact in facts.values() for cell in fact.cells)
    assert facts_of([]) == ()


@pytest.mark.parametrize(
    ("paths", "shown"),
    [
        (("/p/Kyoto/Raw", "/p/Kyoto/Export"), ["…/Raw", "…/Export"]),
        (("/p/Kyoto/Raw", "/p/Nara/Raw"), ["…/Kyoto/Raw", "…/Nara/Raw"]),
        (("/p/Kyoto/Raw", "/p/Kyoto/Raw"), ["…/Raw", "…/Raw"]),
        (("/Raw", "/p/Raw"), ["/Raw", "/p/Raw"]),
        (("/p/a/Raw", "/Raw"), ["…/a/Raw", "/Raw"]),
        (("C:\\Photos\\Raw", "C:\\Photos\\Export"), ["…/Raw", "…/Export"]),
    ],
)
def test_folders_are_as_short_as_tells_them_apart(paths: tuple[str, str], shown: list[str]) -> None:
    assert folders_apart(paths) == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("jupiter_baseline.jpg", "jupiter_progressive.jpg"), ["…baseline.jpg", "…progressive.jpg"]),
        (("IMG_20240514_101112.jpg", "IMG_20240514_101115.jpg"), ["…101112.jpg", "…101115.jpg"]),
        (("P5140211.ORF", "P5140211-Edit.jpg"), ["P5140211.ORF", "P5140211-Edit.jpg"]),
        (("IMG_0001.jpg", "IMG_0002.jpg"), ["IMG_0001.jpg", "IMG_0002.jpg"]),
        (("holiday_in_kyoto.jpg", "holiday_in_kyoto.jpg"), ["holiday_in_kyoto.jpg", "holiday_in_kyoto.jpg"]),
        (("holiday_in_kyoto.jpg",), ["holiday_in_kyoto.jpg"]),
    ],
)
def test_long_names_show_the_end_in_which_they_differ(names: tuple[str, ...], shown: list[str]) -> None:
    assert names_apart(names) == shown


def test_sizes_that_round_alike_are_told_in_bytes() -> None:
    a, b = replace(JPEG, size=218_103), replace(JPEG, size=218_377)

    assert [cell.text for cell in _facts(a, b)["size"].cells] == ["218,103 B", "218,377 B"]
    assert _facts(a, a)["size"].cells[0].text == "218 kB"


def test_a_hostile_name_is_written_out() -> None:
    facts = _facts(replace(COPY, path="/photos/a\nb/evil\u202egpj.exe"), replace(COPY, camera="\u202eX"))

    assert facts["name"].cells[0].text == "evil\\u202egpj.exe"
    assert facts["folder"].cells[0].whole == "/photos/a\\nb"
    assert facts["camera"].cells[1].text == "\\u202eX"
