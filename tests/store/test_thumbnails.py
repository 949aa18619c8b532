"""Small pictures on the disk: found again, bounded, private, never believed, never in the way."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.records import StatFacts
from engine.store import FingerprintStore, thumbnails
from engine.store.preview_code import EDGE, SmallPicture, pack, unpack
from engine.store.thumbnails import NAME, Thumbnails, thumbnail_key
from tests.store.support import open_store

STAT = StatFacts(size=1000, mtime_ns=2, ctime_ns=3, device=4, inode=5)


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "may_map", lambda folder: True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Thumbnails]:
    opened = Thumbnails(tmp_path)
    yield opened
    opened.close()


def picture(seed: int, width: int = 96, height: int = 64) -> SmallPicture:
    """Soft colours with a little noise, like a photo."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    pixels = np.full((height, width, 4), 255, np.uint8)
    for channel in range(3):
        field = (
            110 + 60 * np.sin((x + 5 * seed) / 17 + channel) + 40 * np.cos(y / 11 - channel) + rng.normal(0, 3, (height, width))
        )
        pixels[..., channel] = np.clip(field, 0, 255)
    return SmallPicture(pixels, (6000, 4000), seed % 2 == 1)


def key(number: int, edge: int = EDGE) -> bytes:
    return thumbnail_key(b"/photos/%d.jpg" % number, STAT, edge)


def looks_like(found: SmallPicture | None, wanted: SmallPicture) -> bool:
    if found is None or (found.full_size, found.preview) != (wanted.full_size, wanted.preview):
        return False
    return float(np.abs(found.pixels.astype(int) - wanted.pixels).mean()) < 3 and bool((found.pixels[..., 3] == 255).all())


# ---------------------------------------------------------------------------------------------------- packing


@given(st.integers(1, EDGE), st.integers(1, EDGE), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_any_size_comes_back_as_it_was(width: int, height: int, seed: int) -> None:
    wanted = picture(seed, width, height)

    found = unpack(pack(wanted))

    assert looks_like(found, wanted)
    assert found.pixels.flags.c_contiguous and not found.pixels.flags.writeable


@pytest.mark.parametrize(
    "colour", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255)]
)
def test_full_colours_do_not_turn_over(colour: tuple[int, int, int]) -> None:
    pixels = np.full((5, 7, 4), 255, np.uint8)
    pixels[..., :3] = colour

    assert np.abs(unpack(pack(SmallPicture(pixels, (7, 5)))).pixels.astype(int) - pixels).max() <= 3


@given(st.binary(max_size=64), st.integers(0, 400), st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_forged_bytes_give_a_picture_of_their_size_or_nothing(junk: bytes, place: int, value: int) -> None:
    sound = bytearray(pack(picture(1, 16, 12)))
    sound[place % len(sound)] = value
    for forged in (bytes(sound), junk, bytes(sound[: place % len(sound)]), bytes(sound) + junk):
        try:
            found = unpack(forged)
        except ValueError:
            continue
        assert max(found.pixels.shape[:2]) <= EDGE and found.pixels.shape[2] == 4


def test_a_bomb_is_not_unpacked() -> None:
    import zlib

    head = pack(picture(1, 4, 4))[:13]

    with pytest.raises(ValueError):
        unpack(head + zlib.compress(bytes(100 << 20)))


# ---------------------------------------------------------------------------------------------------- keeping


def test_a_picture_is_found_again_also_by_the_next_start(small: Thumbnails, tmp_path: Path) -> None:
    small.put([(key(1), picture(1)), (key(2), picture(2))])

    again = Thumbnails(tmp_path)

    assert looks_like(small.get(key(1)), picture(1))
    assert looks_like(again.get(key(2)), picture(2))
    assert small.get(key(3)) is None
    again.close()


@pytest.mark.parametrize("change", [{"size": 1001}, {"mtime_ns": 9}, {"ctime_ns": 9}])
def test_a_file_that_changed_has_no_picture(small: Thumbnails, change: dict[str, int]) -> None:
    small.put([(thumbnail_key(b"/a.jpg", STAT, EDGE), picture(1))])

    assert small.get(thumbnail_key(b"/a.jpg", replace(STAT, **change), EDGE)) is None
    assert small.get(thumbnail_key(b"/b.jpg", STAT, EDGE)) is None
    assert small.get(thumbnail_key(b"/a.jpg", STAT, 128)) is None
    assert small.get(thumbnail_key(b"/a.jpg", replace(STAT, device=77, inode=8), EDGE)) is not None  # a stick in another port


def test_what_was_not_looked_at_for_longest_makes_room(tmp_path: Path) -> None:
    small = Thumbnails(tmp_path, limit_bytes=1 << 20)
    loved = key(0)
    for number in range(400):
        small.put([(key(number), picture(number % 7))])
        assert small.get(loved) is not None, number

    assert (tmp_path / NAME).stat().st_size < 2 << 20
    assert 50 < small.info()["pictures"] < 400
    assert small.get(key(1)) is None and small.get(key(399)) is not None
    small.close()


def test_the_file_is_private_and_tells_no_names(small: Thumbnails, tmp_path: Path) -> None:
    small.put([(thumbnail_key(b"/photos/secret-name.jpg", STAT, EDGE), picture(1))])
    small.close()

    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert all(b"secret" not in path.read_bytes() for path in tmp_path.iterdir())


def test_two_processes_share_it(small: Thumbnails, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.store.test_thumbnails import *\n"
        "thumbnails.may_map = lambda folder: True\n"
        "other = Thumbnails(Path(sys.argv[1])); assert looks_like(other.get(key(1)), picture(1))\n"
        "other.put([(key(n), picture(n)) for n in range(2, 30)]); other.close()"
    )
    small.put([(key(1), picture(1))])
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=60)

    small.put([(key(40), picture(40))])
    assert all(looks_like(small.get(key(n)), picture(n)) for n in (1, 2, 29, 40))


# ---------------------------------------------------------------------------------------------------- damage


def test_a_swapped_or_flipped_picture_does_not_exist(small: Thumbnails, tmp_path: Path) -> None:
    small.put([(key(n), picture(n)) for n in range(3)])
    small.close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        (one, body), (two, other) = connection.execute("SELECT id, packed FROM body ORDER BY id LIMIT 2").fetchall()
        connection.execute("UPDATE body SET packed = ? WHERE id = ?", (other, one))
        connection.execute("UPDATE body SET packed = ? WHERE id = ?", (body[:-1] + b"\0", two))
    connection.close()

    again = Thumbnails(tmp_path)

    assert (again.get(key(0)), again.get(key(1))) == (None, None)
    assert looks_like(again.get(key(2)), picture(2))
    assert "2 small pictures" in again.verify()[0]
    assert again.compact() == 2
    assert again.verify() == []
    again.put([(key(0), picture(0))])
    assert looks_like(again.get(key(0)), picture(0))
    again.close()


def spoil_text(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def spoil_tables(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE preview (id INTEGER PRIMARY KEY, key BLOB)")
    connection.close()


def spoil_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def spoil_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [spoil_text, spoil_tables, spoil_link, spoil_folder])
def test_what_is_no_file_of_ours_is_set_aside_and_made_anew(small: Thumbnails, tmp_path: Path, spoil: object) -> None:
    small.put([(key(1), picture(1))])
    small.close()
    spoil(tmp_path / NAME)  # type: ignore[operator]

    again = Thumbnails(tmp_path)
    again.put([(key(2), picture(2))])

    assert len(again.notes) == 1 and "set aside" in again.notes[0]
    assert again.get(key(1)) is None and looks_like(again.get(key(2)), picture(2))
    assert any(".damaged-" in name for name in os.listdir(tmp_path))
    again.close()


@pytest.mark.parametrize("seed", range(30))
def test_flipped_bytes_anywhere_cost_pictures_and_nothing_else(tmp_path: Path, seed: int) -> None:
    small = Thumbnails(tmp_path)
    small.put([(key(n), picture(n)) for n in range(20)])
    small.close()
    chance = random.Random(seed)
    data = bytearray((tmp_path / NAME).read_bytes())
    for _ in range(20):
        data[chance.randrange(len(data))] = chance.randrange(256)
    (tmp_path / NAME).write_bytes(data)

    again = Thumbnails(tmp_path)
    found = [again.get(key(n)) for n in range(20)]
    again.put([(key(50), picture(50))])
    again.verify()

    assert all(one is None or looks_like(one, picture(n)) for n, one in enumerate(found))
    last = Thumbnails(tmp_path)
    last.put([(key(51), picture(51))])
    assert looks_like(last.get(key(51)), picture(51)) or last.get(key(51)) is None
    last.close()
    again.close()


def test_a_file_of_a_newer_version_is_left_alone(small: Thumbnails, tmp_path: Path) -> None:
    small.put([(key(1), picture(1))])
    small.close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    before = (tmp_path / NAME).read_bytes()

    newer = Thumbnails(tmp_path)
    newer.put([(key(2), picture(2))])

    assert not newer.usable and newer.get(key(1)) is None and newer.notes == []
    newer.close()
    assert (tmp_path / NAME).read_bytes() == before


def test_where_nothing_can_be_made_everything_works_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    small = Thumbnails(tmp_path / "file")
    small.put([(key(1), picture(1))])

    assert (small.get(key(1)), small.usable, small.verify(), small.compact()) == (None, False, [], 0)
    small.close()


# ---------------------------------------------------------------------------------------------------- housekeeping


def test_clearing_the_cache_takes_the_pictures_and_compacting_keeps_them(small: Thumbnails, tmp_path: Path) -> None:
    small.put([(key(1), picture(1))])
    with open_store(tmp_path) as store:
        store.compact()
    assert looks_like(small.get(key(1)), picture(1))
    small.close()

    FingerprintStore.clear(tmp_path)

    assert not any(NAME in name for name in os.listdir(tmp_path))
