"""Unchanged files are told from others, however many there are and in whatever order they are asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.jobs.recognise import CHUNK, Answer, Recogniser
from engine.records import FoundFile, FoundFiles, StatFacts
from tests.store.support import entry, facts, fill, open_store, path, stat

COUNT = CHUNK + 300


def found(numbers: range) -> list[FoundFile]:
    return sorted((FoundFile(path(number), 0, stat(number)) for number in numbers), key=lambda file: file.path)


def test_every_unchanged_file_is_known_with_its_own_facts(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(COUNT), batch=500)
        files = found(range(COUNT))
        for announced in (files, FoundFiles.of(files)):
            recogniser = Recogniser(store, announced)
            for file in files:
                judged = recogniser.judge(file)
                assert judged.answer is Answer.CACHED and judged.stored is not None
                assert judged.stored.path == file.path and judged.stored.stat == file.stat


def test_order_and_files_that_nobody_announced_make_no_difference(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(COUNT), batch=500)
        files = found(range(COUNT))
        recogniser = Recogniser(store, files[::2])
        for file in [*files[-40:], *files[:40], files[CHUNK], files[-1]]:
            assert recogniser.judge(file).answer is Answer.CACHED


def test_changed_moved_and_new_files_are_told_apart(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store, range(40))
        fresh = replace(stat(900), size=7)
        changed = FoundFile(path(3), 0, replace(stat(3), ctime_ns=stat(3).ctime_ns + 1))
        renamed = FoundFile(b"/photos/new name.jpg", 0, stat(4))
        touched = FoundFile(b"/photos/touched.jpg", 0, replace(stat(5), inode=1, mtime_ns=1))
        new = FoundFile(b"/photos/other.jpg", 0, fresh)
        recogniser = Recogniser(store, sorted([changed, renamed, touched, new], key=lambda file: file.path))

        assert recogniser.judge(changed).answer is Answer.DIGEST
        moved = recogniser.judge(renamed)
        assert moved.answer is Answer.CACHED and moved.stored is not None and moved.stored.path == path(4)
        assert recogniser.judge(touched).answer is Answer.DIGEST
        assert recogniser.judge(new).answer is Answer.COMPUTE


def test_a_picture_without_fingerprint_is_computed(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1, prints=None)])
        file = FoundFile(path(1), 0, stat(1))
        assert Recogniser(store, [file]).judge(file).answer is Answer.COMPUTE


# ------------------------------------------------------------------------------------------------- copies on another disk

SAMPLE = bytes(range(16))
RAW = replace(facts(1), kind="raw", format="nef", blake3=None, picture_digest=None)


def copied(**changed: int) -> StatFacts:
    """Facts of a copy of file 1 on another disk."""
    return replace(stat(1), **{"device": 99, "inode": 12, "ctime_ns": 5, **changed})


def test_a_raw_copied_to_another_disk_is_found_by_its_sample(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        (row,) = store.put([entry(1, path=b"/old/a.NEF", facts=RAW, sample=SAMPLE)])
        for new in (copied(), copied(mtime_ns=stat(1).mtime_ns - 1_900_000_000)):
            file = FoundFile(b"/new/a.nef", 0, new)
            recogniser = Recogniser(store, [file])

            assert recogniser.judge(file).answer is Answer.SAMPLE
            found = recogniser.likely_copy(file.path, new, SAMPLE)
            assert found is not None and (found.path, found.row) == (b"/old/a.NEF", row)
            assert recogniser.likely_copy(file.path, new, bytes(16)) is None
            assert recogniser.likely_copy(file.path, new, None) is None
            assert recogniser.unsampled(file.path, new).answer is Answer.COMPUTE


def test_a_digest_that_was_not_read_from_a_copy_is_not_told_of_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1, path=b"/old/a.nef", facts=replace(RAW, blake3=bytes(32)), sample=SAMPLE)])
        found = Recogniser(store, []).likely_copy(b"/new/a.nef", copied(), SAMPLE)
        assert found is not None and found.facts == RAW


@pytest.mark.parametrize(
    "new",
    [
        copied(size=stat(1).size + 1),
        copied(mtime_ns=stat(1).mtime_ns + 3_000_000_000),
        copied(device=stat(1).device),
    ],
)
def test_what_is_no_copy_from_another_disk_is_not_sampled(tmp_path: Path, new: StatFacts) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1, path=b"/old/a.nef", facts=RAW, sample=SAMPLE)])
        file = FoundFile(b"/new/a.nef", 0, new)
        assert Recogniser(store, [file]).judge(file).answer is Answer.COMPUTE
        assert Recogniser(store, [file]).likely_copy(file.path, new, SAMPLE) is None


def test_a_name_of_another_kind_and_a_file_changed_in_place_are_not_sampled(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1, path=b"/old/a.nef", facts=RAW, sample=SAMPLE)])
        for name in (b"/new/a.dng", b"/old/a.nef"):
            file = FoundFile(name, 0, copied())
            assert Recogniser(store, [file]).judge(file).answer is Answer.COMPUTE


def test_pictures_and_damaged_files_are_known_by_all_their_bytes_only(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for wrong in (facts(1), replace(RAW, status="partial", code="decode.truncated")):
            store.put([entry(1, path=b"/old/a.nef", facts=wrong, sample=SAMPLE)])
            assert Recogniser(store, []).likely_copy(b"/new/a.nef", copied(), SAMPLE) is None


def test_a_sample_stays_while_the_file_does_and_goes_with_its_bytes(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.put([entry(1, path=b"/old/a.nef", facts=RAW, sample=SAMPLE)])
        store.put([entry(1, path=b"/old/a.nef", facts=replace(RAW, blake3=bytes(32)))])
        assert len(store.sampled_elsewhere(copied())) == 1
        store.put([entry(1, path=b"/old/a.nef", facts=RAW, stat=replace(stat(1), ctime_ns=1))])
        assert store.sampled_elsewhere(copied()) == ()
