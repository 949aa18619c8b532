"""The same folder gives the same report, whoever read it and whatever was cached; what is known is not computed again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.album import Album, album, lasting, state
from tests.support.library import save_heic

RAW = Path("raw/preview_only/Nikon_Z9.dng")
BROKEN_RAW = (Path("raw/metadata_only/CanonRaw.cr2"), Path("raw/metadata_only/FujiFilm.raf"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Album:
    """Pictures of many formats, broken files, links, odd names, folders that are not entered."""
    made = album(tmp_path_factory.mktemp("recognition"))
    first = made.picture("a/IMG_1.jpg", 1)
    data = first.read_bytes()
    for name in ("c.png", "d.webp", "e.tif", "g.gif", "h.bmp", "i.avif"):
        made.picture(name, 1 if name < "e" else ord(name[0]))
    from PIL import Image

    with Image.open(first) as image:
        save_heic(image, made.photos / "f.heic")
    (made.photos / "copy.jpg").write_bytes(data)
    (made.photos / "cut.jpg").write_bytes(data[: len(data) // 2])
    (made.photos / "torn.jpg").write_bytes(data[:40])
    (made.photos / "empty.jpg").touch()
    (made.photos / "raw.cr2").write_bytes(b"II*\0\x10\0\0\0CR\2\0" + bytes(500))
    (made.photos / "note.txt").write_text("no picture")
    (made.photos / ".hidden.jpg").write_bytes(data)
    (made.photos / ("n" * 251 + ".jpg")).write_bytes(data)
    with open(os.fsencode(made.photos) + b"/odd\xff.jpg", "wb") as file:
        file.write(data)
    os.link(made.photos / "copy.jpg", made.photos / "z-link.jpg")
    os.symlink(first, made.photos / "y-symlink.jpg")
    os.mkfifo(made.photos / "pipe.jpg")
    for folder in (".hidden", ".Trash-0", "x.lrdata", "@eaDir", "lost+found", "quarantine"):
        (made.photos / folder).mkdir()
        (made.photos / folder / "inside.jpg").write_bytes(data)
    (made.photos / "quarantine" / ".imgfp-quarantine").write_bytes(b"imgfp quarantine 1\n")
    return made


@pytest.fixture(scope="module")
def first(filled: Album) -> dict[str, Any]:
    """The cold scan by one worker."""
    before = state(filled.photos)
    report = filled.scan("--workers", "1")
    assert state(filled.photos) == before, "a scan must not change anything"
    return report


def test_a_scan_by_four_workers_or_from_the_cache_gives_the_same_bytes(filled: Album, first: dict[str, Any]) -> None:
    warm = filled.scan("--workers", "2")
    filled.cli("store", "clear", code=0)
    cold = filled.scan("--workers", "4")
    assert json.dumps(lasting(warm)) == json.dumps(lasting(first)) == json.dumps(lasting(cold))
    assert warm["stats"]["computed"] == 0
    assert cold["stats"]["computed"] == first["stats"]["computed"] > 8


def test_every_file_met_has_one_outcome(first: dict[str, Any]) -> None:
    outcome = {Path(file["path"]).name[:12]: (file["status"], file["code"]) for file in first["files"]}
    assert outcome[".hidden.jpg"] == ("skipped", "scan.hidden")
    assert outcome["pipe.jpg"] == ("skipped", "scan.not-regular")
    assert outcome["y-symlink.jp"] == ("skipped", "scan.link")
    assert outcome["z-link.jpg"] == ("skipped", "scan.hard-link")
    assert outcome["note.txt"] == ("skipped", "scan.not-a-picture")
    assert outcome["empty.jpg"] == ("error", "decode.empty")
    assert outcome["cut.jpg"] == ("partial", "decode.truncated")
    skipped = first["stats"]["folders_skipped"]
    assert skipped == {"eadir": 1, "hidden": 1, "lrdata": 1, "quarantine": 1, "system": 1, "trash": 1}


def test_a_further_name_of_a_file_is_in_no_pair(first: dict[str, Any]) -> None:
    link = next(file for file in first["files"] if file["path"].endswith("z-link.jpg"))
    assert first["files"][link["same_as"]]["path"].endswith("copy.jpg")
    assert all(link["id"] not in (pair["a"], pair["b"]) for pair in first["pairs"])


def test_equal_bytes_are_represented_by_the_first_by_path(first: dict[str, Any]) -> None:
    identical = [(pair["a"], pair["b"]) for pair in first["pairs"] if pair["tier"] == "identical"]
    assert len(identical) == 3
    assert len({a for a, _ in identical}) == 1
    others = {b for _, b in identical}
    assert not any({pair["a"], pair["b"]} & others for pair in first["pairs"] if pair["tier"] != "identical")


def test_a_renamed_or_moved_file_is_not_computed_even_if_it_is_broken(
    filled: Album, samples: Path, first: dict[str, Any]
) -> None:
    shutil.copy2(samples / RAW, filled.photos / "photo.dng")
    for name in BROKEN_RAW:
        shutil.copy2(samples / name, filled.photos)
    filled.scan()
    new = filled.photos / "deep" / "er"
    new.mkdir(parents=True)
    for path in list(filled.photos.iterdir()):
        if path.is_file() and path.suffix != ".txt" and not path.name.startswith((".", "n")):
            path.rename(new / f"moved {path.name}")
    assert filled.scan()["stats"]["computed"] == 0


def test_content_that_changed_behind_an_unchanged_size_and_time_is_computed(tmp_path: Path) -> None:
    made = album(tmp_path)
    made.picture("a.bmp", 1)
    path, other = made.picture("b.bmp", 1), made.picture("c.bmp", 2)
    assert len(made.scan()["pairs"]) == 1
    facts = path.stat()
    with open(path, "r+b") as file:
        file.write(other.read_bytes())
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    after = made.scan()
    assert after["stats"]["computed"] == 1 or after["stats"]["cached"] == 3  # its new bytes are another known file's
    assert [(pair["a"], pair["b"]) for pair in after["pairs"]] == [(1, 2)]
