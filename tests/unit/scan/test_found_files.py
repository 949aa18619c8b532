"""What a walk met in columns is, file by file, what it met."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from engine.records import OUTCOMES, FoundFile, FoundFiles, StatFacts, Walk
from engine.records.found_files import same_state
from engine.scan import walk

HUGE = StatFacts(5, 17_000_000_000_000_000_000, 1, 1 << 63, (1 << 64) - 1, 0o100644)


def file(number: int, **changed: object) -> FoundFile:
    facts = StatFacts(number, 10**18 + number, 10**18, 7, 100 + number, 0o100644)
    return FoundFile(b"/p/%03d\xff.jpg" % number, 0, facts, **changed)  # type: ignore[arg-type]


def test_files_put_into_columns_come_out_as_they_were() -> None:
    files = [file(number) for number in range(5)]
    files += [
        file(5 + number, **{"error" if code.startswith("read.") else "skip": code})
        for number, code in enumerate(code for code in OUTCOMES if code)
    ]
    files[7] = file(7, skip="scan.hard-link", same_as=files[2].path)
    found = FoundFiles.of(files)

    assert list(found) == files and found[3] == files[3] and found[-1] == files[-1] and found[1:4] == files[1:4]
    assert len(found) == len(files) and found == FoundFiles.of(files) != FoundFiles.of(files[1:])
    assert [found.paths[place] for place in found.to_read()] == [file.path for file in files[:5]]
    with pytest.raises(IndexError):
        found[len(files)]


def test_numbers_that_no_column_holds_are_kept_exactly() -> None:
    odd = FoundFile(b"/p/odd.jpg", 0, HUGE)
    found = FoundFiles.of([file(1), odd, file(2)])

    assert list(found) == [file(1), odd, file(2)] and set(found.odd) == {1}
    assert found.stats["inode"][1] == HUGE.inode and found.stats["mtime_ns"][1] == np.iinfo(np.int64).max


def test_a_walk_may_be_made_from_single_files() -> None:
    assert list(Walk((), (file(1), file(2)), {}).files) == [file(1), file(2)]


def test_state_is_five_facts_and_not_the_mode() -> None:
    one = FoundFiles.of([file(number) for number in range(6)]).stats
    other = one.copy()
    for place, name in enumerate(("size", "mtime_ns", "ctime_ns", "device", "inode", "mode")):
        other[name][place] += 1

    assert same_state(one, other).tolist() == [False] * 5 + [True]


def test_many_folders_and_files_keep_facts_with_names(tmp_path: Path) -> None:
    for number in range(900):
        folder = tmp_path / f"{number % 30}" / f"-{number % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.jpg").write_bytes(bytes(number))
        (tmp_path / f"{number}\U0001f600.jpg" if number % 2 else tmp_path / os.fsdecode(b"%d\xff.jpg" % number)).touch()

    found = walk([os.fsencode(tmp_path)]).files

    assert found.paths == sorted(found.paths) and len(found) == 1800
    for path, one in zip(found.paths, found, strict=True):
        facts = os.stat(path)
        assert one.stat == StatFacts(
            facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_dev, facts.st_ino, facts.st_mode
        )
