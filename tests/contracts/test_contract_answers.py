"""Exit codes, what may be written where, and how a command ends that is interrupted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.album import Album, album, lasting, state


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Album:
    made = album(tmp_path_factory.mktemp("answers"))
    shutil.copy2(made.picture("a.jpg", 1), made.photos / "b.jpg")
    made.picture("c.jpg", 1, (180, 120))
    made.picture("d.jpg", 2)
    return made


@pytest.fixture(scope="module")
def report(library: Album) -> dict[str, Any]:
    return library.scan()


@pytest.mark.parametrize(
    "foreign",
    [
        json.dumps({"cells": [], "metadata": {}}, indent=1),  # a notebook
        json.dumps([{"id": "5", "name": "mine"}], indent=1),
    ],
)
def test_json_never_goes_over_a_file_of_somebody_else(library: Album, foreign: str) -> None:
    target = library.place / "foreign.json"
    target.write_text(foreign)
    library.cli("doctor", "--json", target, code=2)
    assert target.read_text() == foreign


@pytest.mark.parametrize("command", ["inspect", "history", "store info"])
def test_json_goes_over_an_answer_of_our_own(library: Album, command: str) -> None:
    words = [*command.split(), *([str(library.photos / "a.jpg")] if command == "inspect" else [])]
    target = library.place / f"{command}.json"
    for _ in range(2):
        library.cli(*words, "--json", target, code=0)
    assert target.stat().st_size


def test_a_missing_folder_or_one_without_a_name_ends_with_3_and_no_report(library: Album) -> None:
    target = library.place / "none.json"
    for folder in ("", library.place / "missing"):
        result = library.cli("scan", library.photos, folder, "--json", target, code=3)
        assert not target.exists() and result.out == b"" and b"does not exist" in result.err


def test_an_empty_folder_ends_with_3_and_the_empty_report(library: Album) -> None:
    empty = library.place / "empty"
    empty.mkdir()
    answer = library.cli("scan", empty, "--json", "-", code=3).json
    assert (answer["files"], answer["clusters"], answer["stats"]["found"]) == ([], [], 0)


@pytest.mark.parametrize(
    "words",
    [
        ("scan", "{photos}", "--threshold", "nan"),
        ("scan", "{photos}", "--protect", ""),
        ("scan", "{photos}", "--settings", "{photos}"),
        ("apply", "{photos}/a.jpg", "--to", ""),
        ("undo", "no-such-run"),
    ],
)
def test_what_makes_no_sense_ends_with_2_and_touches_nothing(library: Album, words: tuple[str, ...]) -> None:
    before = state(library.photos)
    result = library.cli(*(word.format(photos=library.photos) for word in words), code=2)
    assert result.err and b"Traceback" not in result.err and result.out == b""
    assert state(library.photos) == before


def test_protecting_a_folder_changes_no_pair_and_keeps_what_is_in_it(library: Album, report: dict[str, Any]) -> None:
    (library.place / "link").symlink_to(library.photos)
    protected = library.scan("--protect", library.place / "link")
    assert protected["pairs"] == report["pairs"]
    assert protected["settings"]["protected"] == [str(library.place / "link")]
    assert {member["suggest"] for member in protected["clusters"][0]["members"]} == {"keep"}
    assert "remove" in {member["suggest"] for member in report["clusters"][0]["members"]}


def test_the_preset_identical_pairs_equal_bytes_only(library: Album, report: dict[str, Any]) -> None:
    assert {pair["tier"] for pair in report["pairs"]} == {"identical", "same-picture"}
    assert {pair["tier"] for pair in library.scan("--preset", "identical")["pairs"]} == {"identical"}


def test_a_cache_that_cannot_be_is_done_without(library: Album, report: dict[str, Any]) -> None:
    file = library.place / "in the way"
    file.write_text("")
    result = library.cli("scan", library.photos, "--json", "-", env={"IMGFP_CACHE_DIR": str(file)}, code=0)
    assert json.dumps(lasting(result.json)) == json.dumps(lasting(report))
    assert b"cannot be written" in result.err


def test_find_tells_only_of_pictures_that_are_still_there(library: Album, report: dict[str, Any]) -> None:
    extra = library.photos / "e.jpg"
    shutil.copy2(library.photos / "a.jpg", extra)
    link = library.photos / "f.jpg"
    os.link(library.photos / "a.jpg", link)
    library.scan()
    extra.unlink()
    found = library.cli("find", link, "--json", "-", code=0).json
    link.unlink()
    assert [Path(match["path"]).name for match in found["matches"]] == ["b.jpg", "c.jpg"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_scan_ends_with_130_and_reports_what_it_has(tmp_path: Path, number: signal.Signals) -> None:
    made = album(tmp_path)
    for seed in range(6):
        made.picture(f"{seed}.png", seed, (1200, 800))
    process = made.cli.start("scan", made.photos, "--json", "-", "--progress", "json", "--workers", "1")
    assert process.stderr is not None
    for line in process.stderr:
        told = json.loads(line)
        if told["stage"] == "read" and told["done"]:
            break
    process.send_signal(number)
    out, err = _rest(process)
    assert process.returncode == 130, err
    partial = json.loads(out)
    assert 0 < len(partial["files"]) <= 6
    assert all(file["status"] == "ok" for file in partial["files"])
    assert made.scan()["stats"]["cached"] >= len(partial["files"])


def _rest(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    try:
        return process.communicate(timeout=60)
    finally:
        process.kill()
