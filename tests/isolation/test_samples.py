"""A sample is of some of a file's bytes: the size, the head, the tail and places between count, the rest does not."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engine.worker.digest import SAMPLED_FROM, SAMPLES, sampled
from tests.contracts.album import album

SIZE = 3 * SAMPLED_FROM


def sample_of(data: bytes | bytearray) -> bytes | None:
    return sampled(io.BytesIO(data), len(data))


def test_equal_files_have_equal_samples_and_small_ones_none() -> None:
    data = os.urandom(SIZE)
    sample = sample_of(data)
    assert sample is not None and len(sample) == 16 and sample_of(bytearray(data)) == sample
    assert sample_of(data[: SAMPLED_FROM - 1]) is None and sample_of(b"") is None
    assert sample_of(data[:SAMPLED_FROM]) is not None


@pytest.mark.parametrize("share", [share for share, _ in SAMPLES])
def test_a_change_at_each_place_looked_at_is_noticed(share: float) -> None:
    data = bytearray(os.urandom(SIZE))
    before = sample_of(data)
    data[min(int(SIZE * share), SIZE - 1)] ^= 1
    assert sample_of(data) != before


def test_another_size_is_another_sample_and_the_rest_is_not_looked_at() -> None:
    data = bytearray(SIZE)
    before = sample_of(data)
    assert sample_of(bytes(SIZE + 1)) != before
    data[SIZE // 10] ^= 1
    assert sample_of(data) == before


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on another device."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second device here")
    with TemporaryDirectory(dir=memory, prefix="imgfp-test-") as folder:
        yield Path(folder)


def test_raw_files_copied_to_another_disk_are_not_computed_again(tmp_path: Path, other_disk: Path, samples: Path) -> None:
    made = album(tmp_path)
    photo = made.photos / "photo.dng"
    photo.write_bytes((samples / "raw/preview_only/Nikon_Z9.dng").read_bytes() + os.urandom(2 * SAMPLED_FROM))
    assert made.scan()["stats"]["computed"] == 1
    shutil.copy2(photo, other_disk / "renamed.dng")
    changed = bytearray(photo.read_bytes())
    changed[-100] ^= 1
    (other_disk / "changed.dng").write_bytes(changed)
    shutil.copystat(photo, other_disk / "changed.dng")

    report = made.cli("scan", other_disk, "--json", "-", code=0).json

    assert report["stats"]["computed"] == 1
    assert {Path(file["path"]).name: file["from_cache"] for file in report["files"]} == {
        "changed.dng": False,
        "renamed.dng": True,
    }
    photo.unlink()
    assert made.cli("scan", other_disk, "--json", "-", code=0).json["stats"]["computed"] == 0
