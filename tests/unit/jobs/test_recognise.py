"""Unchanged files are told from others, however many there are and in whatever order they are asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.jobs.recognise import CHUNK, Answer, Recogniser
from engine.records import FoundFile, FoundFiles
from tests.store.support import entry, fill, open_store, path, stat

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
