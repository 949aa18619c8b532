"""Bursts, brackets and panoramas: files with the metadata of a camera are pairs of one moment, and no copies of each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.support.cli import Cli
from tests.support.scenes import scene

Report = dict[str, Any]

EXIF_IFD, MAKE, MODEL, TAKEN, FRACTION, EXPOSURE = 0x8769, 0x10F, 0x110, 0x9003, 0x9291, 0x829A


def shot(
    path: Path,
    pixels: np.ndarray,
    time: str | None = None,
    *,
    fraction: str = "",
    exposure: float = 0.01,
    camera: str = "One",
    quality: int = 90,
) -> None:
    """A JPEG as a camera writes it."""
    exif = Image.Exif()
    exif[MAKE], exif[MODEL] = "Kamera", camera
    inner = exif.get_ifd(EXIF_IFD)
    inner[EXPOSURE] = exposure
    if time is not None:
        inner[TAKEN] = f"2024:05:01 {time}"
    if fraction:
        inner[FRACTION] = fraction
    Image.fromarray(pixels).save(path, quality=quality, exif=exif)


def brighter(pixels: np.ndarray, by: int) -> np.ndarray:
    return np.clip(pixels.astype(np.int16) + by, 0, 255).astype(np.uint8)


def tiers(report: Report) -> dict[frozenset[str], str]:
    """Tier by the names of both files."""
    names = [Path(file["path"]).stem for file in report["files"]]
    return {frozenset((names[pair["a"]], names[pair["b"]])): pair["tier"] for pair in report["pairs"]}


@pytest.fixture
def frames() -> list[np.ndarray]:
    """One scene three times, the camera held by hand."""
    whole = scene(31, 910, 610)
    return [np.ascontiguousarray(whole[at : at + 600, 2 * at : 2 * at + 900]) for at in (0, 2, 4)]


@pytest.fixture
def scanned(cli: Cli, tmp_path: Path) -> Callable[..., Report]:
    def scan(*more: object) -> Report:
        report: Report = cli("scan", tmp_path / "photos", "--json", "-", *more, code=0).json
        return report

    (tmp_path / "photos").mkdir()
    return scan


def test_a_burst_is_of_one_moment_and_in_no_cluster(
    scanned: Callable[..., Report], tmp_path: Path, frames: list[np.ndarray]
) -> None:
    for number, pixels in enumerate(frames):
        shot(tmp_path / "photos" / f"{number}.jpg", pixels, f"10:00:0{number}")

    report = scanned()

    pairs = [frozenset(pair) for pair in ("01", "12", "02")]
    assert tiers(report) == dict.fromkeys(pairs, "same-moment")
    assert report["clusters"] == []
    assert report["settings"]["moments"] is False


def test_frames_of_one_second_are_told_apart_by_its_fraction(
    scanned: Callable[..., Report], tmp_path: Path, frames: list[np.ndarray]
) -> None:
    for number, pixels in enumerate(frames[:2]):
        shot(tmp_path / "photos" / f"{number}.jpg", pixels, "10:00:00", fraction=str(11 + 20 * number))

    assert tiers(scanned()) == {frozenset("01"): "same-moment"}


def test_a_bracket_is_of_one_moment(scanned: Callable[..., Report], tmp_path: Path, frames: list[np.ndarray]) -> None:
    shot(tmp_path / "photos" / "dark.jpg", brighter(frames[0], -25), "10:00:00", exposure=0.005)
    shot(tmp_path / "photos" / "plain.jpg", frames[0], "10:00:00", exposure=0.01)

    report = scanned()

    assert tiers(report) == {frozenset(("dark", "plain")): "same-moment"}
    assert report["clusters"] == []


def test_copies_of_one_frame_cluster_and_leave_the_others_alone(
    scanned: Callable[..., Report], tmp_path: Path, frames: list[np.ndarray]
) -> None:
    for number, pixels in enumerate(frames[:2]):
        shot(tmp_path / "photos" / f"{number}.jpg", pixels, f"10:00:0{number}")
        shot(tmp_path / "photos" / f"{number} again.jpg", pixels, f"10:00:0{number}", quality=70)

    report = scanned()

    found = tiers(report)
    members = [[member["file"] for member in cluster["members"]] for cluster in report["clusters"]]
    assert (found[frozenset(("0", "0 again"))], found[frozenset(("1", "1 again"))]) == ("same-picture", "same-picture")
    assert found[frozenset("01")] == "same-moment"
    assert len(members) == 2
    assert all(len(cluster) == 2 for cluster in members)


@pytest.mark.parametrize(
    ("time", "camera", "tier"),
    [
        ("10:00:59", "One", "same-moment"),
        ("10:01:01", "One", None),
        ("10:00:30", "Two", "same-picture"),
        (None, "One", "same-picture"),
        ("10:00:00", "One", "same-picture"),
    ],
)
def test_time_and_camera_tell_another_photograph_from_a_copy(
    scanned: Callable[..., Report], tmp_path: Path, frames: list[np.ndarray], time: str | None, camera: str, tier: str | None
) -> None:
    shot(tmp_path / "photos" / "a.jpg", frames[0], "10:00:00")
    shot(tmp_path / "photos" / "b.jpg", frames[0], time, camera=camera, quality=80)

    assert tiers(scanned()) == ({} if tier is None else {frozenset("ab"): tier})


def test_moments_make_clusters_where_they_are_wanted_and_nothing_is_suggested(
    scanned: Callable[..., Report], tmp_path: Path, frames: list[np.ndarray]
) -> None:
    for number, pixels in enumerate(frames):
        shot(tmp_path / "photos" / f"{number}.jpg", pixels, f"10:00:0{number}")
    settings = tmp_path / "settings.toml"
    settings.write_text("moments = true\n")
    scanned()

    report = scanned("--settings", settings)

    assert report["settings"]["moments"] is True
    assert [cluster["tier"] for cluster in report["clusters"]] == ["same-moment"]
    assert {member["suggest"] for member in report["clusters"][0]["members"]} == {"undecided"}
    assert scanned()["clusters"] == []


def test_the_frames_of_a_panorama_are_of_one_moment(scanned: Callable[..., Report], tmp_path: Path) -> None:
    wide = scene(44, 1500, 600)
    for number, left in enumerate((0, 240, 480)):
        shot(tmp_path / "photos" / f"{number}.jpg", np.ascontiguousarray(wide[:, left : left + 900]), f"10:00:0{3 * number}")

    report = scanned()

    assert tiers(report).get(frozenset("01")) == "same-moment"
    assert set(tiers(report).values()) == {"same-moment"}
    assert report["clusters"] == []
