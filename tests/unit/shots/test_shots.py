"""Which files are one shot."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formats import FORMATS, suffix_kind
from engine.records import Role
from engine.shots import ShotFile, find_shots, shared_companions

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "pairs"
FORMAT_OF = {suffix: entry.name for entry in FORMATS.values() for suffix in entry.suffixes}


def a_file(index: int, path: str, **more: object) -> ShotFile:
    kind = suffix_kind(path.encode()) or "other"
    values: dict[str, object] = {
        "kind": kind,
        "format": FORMAT_OF.get("." + path.rsplit(".", 1)[-1].lower()),
        "is_picture": kind in ("raw", "picture"),
    }
    return ShotFile(index, path.encode(), **{**values, **more})  # type: ignore[arg-type]


def shots_of(*files: str | tuple[str, dict[str, object]]) -> list[set[str]]:
    made = [a_file(i, f) if isinstance(f, str) else a_file(i, f[0], **f[1]) for i, f in enumerate(files)]
    return [{made[i].path.decode().split("/")[-1] for i in shot.files} for shot in find_shots(made)]


def at(path: str, time: str, **more: object) -> tuple[str, dict[str, object]]:
    return path, {"taken": f"2024-05-01T{time}", **more}


def test_raw_jpeg_and_sidecars_are_one_shot_with_their_roles() -> None:
    files = [a_file(i, p) for i, p in enumerate(["/a/IMG_1.CR2", "/a/IMG_1.CR2.xmp", "/a/IMG_1.JPG", "/a/IMG_1.xmp"])]

    (shot,) = find_shots(files)

    assert shot.files == (0, 1, 2, 3)
    assert shot.roles == (Role.RAW, Role.SIDECAR, Role.RENDERED, Role.SIDECAR)


@pytest.mark.parametrize("suffix", ["JPG", "jpeg", "HEIC", "HIF", "avif", "TIF"])
@pytest.mark.parametrize("raw", ["CR3", "NEF", "dng", "RAF"])
def test_every_raw_pairs_with_every_picture_that_cameras_write(raw: str, suffix: str) -> None:
    assert shots_of(f"/a/x.{raw}", f"/a/x.{suffix}") == [{f"x.{raw}", f"x.{suffix}"}]


@pytest.mark.parametrize("suffix", ["png", "webp", "gif", "bmp"])
def test_what_no_camera_writes_is_a_picture_of_its_own(suffix: str) -> None:
    assert shots_of("/a/x.NEF", f"/a/x.{suffix}") == []


def test_two_rendered_pictures_of_one_stem_are_two_pictures() -> None:
    assert shots_of("/a/x.jpg", "/a/x.png", "/a/x.heic") == []


def test_other_folders_never_share_a_shot() -> None:
    assert shots_of("/a/x.NEF", "/b/x.jpg", "/a/sub/x.xmp") == []


def test_stems_differ_in_case_or_unicode_form_only() -> None:
    assert shots_of("/a/IMG_1.CR2", "/a/img_1.jpg") == [{"IMG_1.CR2", "img_1.jpg"}]
    assert shots_of("/a/Caf\u00e9.CR2", "/a/Cafe\u0301.jpg") == [{"Caf\u00e9.CR2", "Cafe\u0301.jpg"}]


def test_names_outside_unicode_pair_too() -> None:
    files = [
        ShotFile(0, b"/a/\xff\xfe.NEF", "raw", "nef", is_picture=True),
        ShotFile(1, b"/a/\xff\xfe.jpg", "picture", "jpeg", is_picture=True),
    ]

    assert [shot.files for shot in find_shots(files)] == [(0, 1)]


def test_capture_times_that_differ_are_two_shots() -> None:
    assert shots_of(at("/a/x.NEF", "10:00:00"), at("/a/x.jpg", "10:00:02")) == [{"x.NEF", "x.jpg"}]
    assert shots_of(at("/a/x.NEF", "10:00:00"), at("/a/x.jpg", "10:00:03")) == []
    assert shots_of(at("/a/x.NEF", "10:00:00", taken_fraction="00"), at("/a/x.jpg", "10:00:02", taken_fraction="51")) == []


def test_cameras_that_differ_are_two_shots_where_no_time_tells() -> None:
    assert shots_of(("/a/x.NEF", {"model": "NIKON D3"}), ("/a/x.jpg", {"model": "Canon EOS R5"})) == []
    assert shots_of(("/a/x.NEF", {"model": "NIKON D3"}), ("/a/x.jpg", {"model": "D3 "})) == [{"x.NEF", "x.jpg"}]
    both = at("/a/x.NEF", "10:00:00", model="NIKON D3"), at("/a/x.jpg", "10:00:00", model="renamed")
    assert shots_of(*both) == [{"x.NEF", "x.jpg"}]


def test_a_time_nobody_can_read_is_unknown() -> None:
    assert shots_of(("/a/x.NEF", {"taken": "yesterday"}), at("/a/x.jpg", "10:00:00")) == [{"x.NEF", "x.jpg"}]


def test_sidecar_goes_with_the_raw_when_the_jpeg_is_another_shot() -> None:
    names = at("/a/x.NEF", "10:00:00"), at("/a/x.jpg", "18:00:00"), "/a/x.xmp", "/a/x.jpg.xmp"

    assert shots_of(*names) == [{"x.NEF", "x.xmp"}, {"x.jpg", "x.jpg.xmp"}]
    assert shared_companions([a_file(i, n if isinstance(n, str) else n[0]) for i, n in enumerate(names)]) == frozenset()


def test_converted_raw_stays_with_its_original() -> None:
    assert shots_of("/a/x.CR2", "/a/x.dng", "/a/x.JPG") == [{"x.CR2", "x.dng", "x.JPG"}]


def test_second_jpeg_of_a_stem_stays_outside_and_the_surer_one_joins() -> None:
    names = at("/a/X.NEF", "10:00:00"), "/a/X.JPG", at("/a/X.jpeg", "10:00:01")

    assert shots_of(*names) == [{"X.NEF", "X.jpeg"}]


def test_live_photo_movie_travels_with_its_still() -> None:
    files = [a_file(i, p) for i, p in enumerate(["/a/IMG_1.AAE", "/a/IMG_1.HEIC", "/a/IMG_1.MOV"])]

    (shot,) = find_shots(files)

    assert shot.roles == (Role.SIDECAR, Role.RENDERED, Role.MOVIE)


def test_movie_without_still_is_nobodys_companion() -> None:
    assert shots_of("/a/IMG_1.MOV", "/a/IMG_1.MOV.xmp", "/a/IMG_2.JPG") == []
    assert shots_of("/a/IMG_1.MOV", "/a/IMG_1.png") == []
    assert shots_of("/a/IMG_1.avi", "/a/IMG_1.jpg") == []


def test_movie_goes_with_the_heic_rather_than_its_jpeg_conversion() -> None:
    assert shots_of("/a/IMG_1.HEIC", "/a/IMG_1.JPG", "/a/IMG_1.MOV", "/a/IMG_1.AAE") == [{"IMG_1.HEIC", "IMG_1.MOV", "IMG_1.AAE"}]


def test_iphone_edit_is_a_picture_of_its_own_with_its_own_movie() -> None:
    names = [
        "/a/IMG_1234.AAE",
        "/a/IMG_1234.HEIC",
        "/a/IMG_1234.MOV",
        "/a/IMG_E1234.HEIC",
        "/a/IMG_E1234.MOV",
        "/a/IMG_O1234.AAE",
    ]

    assert shots_of(*names) == [
        {"IMG_1234.AAE", "IMG_1234.HEIC", "IMG_1234.MOV", "IMG_O1234.AAE"},
        {"IMG_E1234.HEIC", "IMG_E1234.MOV"},
    ]


def test_sidecar_named_after_a_whole_file_belongs_to_that_file() -> None:
    assert shots_of("/a/x.jpg", "/a/x.jpg.xmp", "/a/x.png", "/a/x.png.xmp") == [{"x.jpg", "x.jpg.xmp"}, {"x.png", "x.png.xmp"}]


def test_sidecar_of_a_file_that_is_gone_is_no_companion_of_its_neighbour() -> None:
    assert shots_of("/a/x.jpg", "/a/x.CR2.xmp", "/a/y.xmp") == []


def test_darktable_version_belongs_to_its_raw() -> None:
    assert shots_of("/a/x.NEF", "/a/x.NEF.xmp", "/a/x_01.NEF.xmp") == [{"x.NEF", "x.NEF.xmp", "x_01.NEF.xmp"}]


def test_thumbnail_file_of_a_camera_travels_with_the_raw() -> None:
    assert shots_of("/a/CRW_1.CRW", "/a/CRW_1.THM") == [{"CRW_1.CRW", "CRW_1.THM"}]


def test_sidecar_with_two_possible_owners_goes_with_the_first_and_is_named() -> None:
    files = [a_file(i, p) for i, p in enumerate(["/a/x.jpg", "/a/x.png", "/a/x.xmp"])]

    assert [shot.files for shot in find_shots(files)] == [(0, 2)]
    assert shared_companions(files) == {2}


def test_unreadable_raw_keeps_its_place_but_nothing_readable_is_no_shot() -> None:
    broken = {"is_picture": False, "format": None}

    assert shots_of(("/a/x.NEF", broken), "/a/x.jpg") == [{"x.NEF", "x.jpg"}]
    assert shots_of(("/a/x.NEF", broken), ("/a/x.jpg", broken), "/a/x.xmp") == []


def test_sidecar_alone_and_picture_alone_are_no_shot() -> None:
    assert shots_of("/a/x.xmp") == shots_of("/a/x.jpg") == shots_of() == []


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="samples are not here")
def test_sample_units_come_out_whole() -> None:
    names = sorted(str(path) for path in SAMPLES.rglob("*") if path.is_file())

    assert shots_of(*names) == [
        {"IMG_2927.AAE", "IMG_2927.HEIC", "IMG_2927.MOV"},
        {"PRAIRIE_FALCON.DNG", "PRAIRIE_FALCON.JPG", "PRAIRIE_FALCON.xmp"},
        {"TANNERS_RIDGE.DNG", "TANNERS_RIDGE.JPG", "TANNERS_RIDGE.xmp"},
    ]


NAMES = [
    f"/{folder}/{stem}.{suffix}"
    for folder, stem, suffix in product(
        "ab",
        ("IMG_1", "img_1", "IMG_E1", "IMG_O1", "IMG_1.CR2", "IMG_1_01.CR2"),
        ("CR2", "dng", "jpg", "JPG", "heic", "png", "mov", "xmp", "aae"),
    )
]
TIMES = st.sampled_from([None, "2024-05-01T10:00:00", "2024-05-01T10:00:01", "2024-05-01T10:00:30", "nonsense"])


@st.composite
def libraries(draw: st.DrawFn) -> list[ShotFile]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=14))
    return [
        a_file(
            i,
            name,
            taken=draw(TIMES),
            model=draw(st.sampled_from(["", "A", "B"])),
            **({} if draw(st.booleans()) else {"is_picture": False}),
        )
        for i, name in enumerate(sorted(names))
    ]


@settings(max_examples=150, deadline=None)
@given(libraries(), st.randoms(use_true_random=False))
def test_shots_are_disjoint_whole_and_independent_of_input_order(files: list[ShotFile], rng: random.Random) -> None:
    shots = find_shots(files)
    shuffled = list(files)
    rng.shuffle(shuffled)

    assert find_shots(shuffled) == shots
    assert shared_companions(shuffled) == shared_companions(files)
    members = [index for shot in shots for index in shot.files]
    assert len(members) == len(set(members))
    assert [shot.files for shot in shots] == sorted(shot.files for shot in shots)
    for shot in shots:
        inside = [files[index] for index in shot.files]
        assert len(inside) >= 2 and len({file.path.rsplit(b"/", 1)[0] for file in inside}) == 1
        assert any(file.is_picture for file in inside)
        assert all((role is Role.RAW) == (file.kind == "raw") for role, file in zip(shot.roles, inside, strict=True))
        formats = [file.format for file in inside if file.kind in ("raw", "picture")]
        assert len(formats) == len(set(formats))
        if Role.RAW not in shot.roles:
            assert len(formats) == 1


@settings(max_examples=60, deadline=None)
@given(libraries())
def test_files_of_another_folder_change_nothing(files: list[ShotFile]) -> None:
    here = [file for file in files if file.path.startswith(b"/a/")]

    assert set(find_shots(here)) <= set(find_shots(files))
