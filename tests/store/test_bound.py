"""How large the cache is, by what it is for, and what goes where it is too large: pictures first, then what is long gone."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.config import CACHE_LEAST, cache_bound
from engine.jobs import cache_size
from engine.store import FingerprintStore, thumbnails
from engine.store.thumbnails import Thumbnails
from engine.volumes import Volumes
from tests.store.support import entry, fill, knows, open_store, path, stat
from tests.store.test_thumbnails import key, picture


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "may_map", lambda folder: True)


def here(tmp_path: Path) -> str:
    """The volume of this folder."""
    return Volumes().name_for(tmp_path.stat().st_dev)


def put_files(store: FingerprintStore, tmp_path: Path, numbers: range, *, on_disk: bool, volume: str) -> list[bytes]:
    """Pictures of real files, or of files that are no more."""
    folder = tmp_path / "photos"
    folder.mkdir(exist_ok=True)
    paths = []
    for number in numbers:
        file = folder / f"{number}.jpg"
        if on_disk:
            file.touch()
        paths.append(bytes(file))
    store.put([entry(number, path=name, volume=volume) for number, name in zip(numbers, paths, strict=True)])
    return paths


def test_bytes_are_told_by_what_they_are_for(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, closing(Thumbnails(tmp_path)) as small:
        fill(store, range(30))
        small.put([(key(1), picture(1))])
        (tmp_path / "kernels").mkdir()
        (tmp_path / "kernels" / "compiled.nbc").write_bytes(bytes(50_000))
        (tmp_path / "catalog.sqlite.damaged-20250101T000000").write_bytes(bytes(20_000))
        (tmp_path / "holiday.jpg").write_bytes(bytes(900_000))
        told = cache_size.told(store.info())

    sizes = told["sizes"]
    assert sizes["kernels"] >= 50_000 and sizes["set_aside"] >= 20_000 and sizes["quick"] == sizes["libraries"] == 0
    assert min(sizes["fingerprints"], sizes["catalog"], sizes["thumbnails"]) > 0
    assert told["all_bytes"] == sum(sizes.values()) < 900_000
    assert told["photo_bytes"] == sum(stat(number).size for number in range(30))
    assert told["share"] == round(told["all_bytes"] / told["photo_bytes"], 4)
    assert told["bound"] == cache_bound(told["photo_bytes"]) == CACHE_LEAST


def test_the_bound_grows_with_the_photos() -> None:
    assert cache_bound(0) == CACHE_LEAST and cache_bound(10**13) == 10**11


def test_within_the_bound_nothing_goes(tmp_path: Path) -> None:
    with open_store(tmp_path / "cache") as store, closing(Thumbnails(tmp_path / "cache")) as small:
        put_files(store, tmp_path, range(20), on_disk=False, volume=here(tmp_path))
        small.put([(key(number), picture(number)) for number in range(20)])
        answer = cache_size.made_smaller(store, small)

        assert (answer["thumbnails_dropped"], answer["files_dropped"], store.info()["files"]) == (0, 0, 20)


def test_small_pictures_go_before_anything_is_forgotten(tmp_path: Path) -> None:
    with open_store(tmp_path / "cache") as store, closing(Thumbnails(tmp_path / "cache")) as small:
        put_files(store, tmp_path, range(20), on_disk=False, volume=here(tmp_path))
        small.put([(key(number), picture(number, 256, 192)) for number in range(100)])
        total = cache_size.told(store.info())["all_bytes"]
        answer = cache_size.made_smaller(store, small, bound=total - 500_000)

        assert 0 < answer["thumbnails_dropped"] < 100 and answer["files_dropped"] == 0
        assert cache_size.told(store.info())["all_bytes"] <= total - 500_000


def test_then_files_that_are_gone_are_forgotten_and_no_others(tmp_path: Path) -> None:
    with open_store(tmp_path / "cache") as store, closing(Thumbnails(tmp_path / "cache")) as small:
        gone = put_files(store, tmp_path, range(20), on_disk=False, volume=here(tmp_path))
        away = put_files(store, tmp_path, range(20, 30), on_disk=False, volume="uuid:stick@/media/nobody/stick")
        there = put_files(store, tmp_path, range(30, 40), on_disk=True, volume=here(tmp_path))
        answer = cache_size.made_smaller(store, small, bound=0)

        assert answer["files_dropped"] == 20 and store.info()["rows"] == 20
        assert set(store.known([*gone, *away, *there])) == {*away, *there}
        assert store.verify() == []


def test_no_more_is_forgotten_than_is_needed_and_first_what_was_stored_first(tmp_path: Path) -> None:
    with open_store(tmp_path / "cache") as store:
        gone = put_files(store, tmp_path, range(20), on_disk=False, volume=here(tmp_path))
        assert store.drop_gone(lambda name, volume: True, 3000) == 4
        assert set(store.known(gone)) == set(gone[4:])
        fill(store, range(100, 110))
        assert knows(store, range(100, 110))


def test_a_file_that_only_cannot_be_looked_at_is_not_gone(tmp_path: Path) -> None:
    gone = cache_size._Gone()
    long = bytes(tmp_path) + b"/" + b"n" * 300
    assert gone(bytes(tmp_path / "never.jpg"), here(tmp_path)) and not gone(long, here(tmp_path))


def test_a_store_that_cannot_be_written_forgets_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([replace(entry(1), volume="x")])
    with open_store(tmp_path, write=False) as reader:
        assert reader.drop_gone(lambda name, volume: True, 1 << 30) == 0 and set(reader.known([path(1)])) == {path(1)}
