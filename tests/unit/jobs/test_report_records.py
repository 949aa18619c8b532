"""The lists of a report are made when they are asked for, and stand in the file as any list of records does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.config import ScanOptions
from engine.jobs.analysis import Analysis
from engine.jobs.library import Library, NewFile, library_files
from engine.jobs.report_job import report
from engine.records import PictureFacts, StatFacts
from engine.report import Records, report_chunks, write_report
from tests.support.analyses import make_analysis


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return make_analysis(600, shots=True, decided=0.1, line=0.7)


def as_lists(content: dict) -> dict:
    return {key: list(value) if isinstance(value, Records) else value for key, value in content.items()}


def test_a_report_of_lazy_lists_is_the_same_file_as_one_of_records(analysis: Analysis) -> None:
    content = report(analysis, (), ScanOptions())

    written = write_report(content)

    assert isinstance(content["files"], Records)
    assert written == write_report(as_lists(content)) == b"".join(report_chunks(content))
    assert len(json.loads(written)["pairs"]) == len(content["pairs"]) > 1000


def test_odd_names_texts_numbers_and_times_are_written_as_records_write_them() -> None:
    stat = StatFacts(1, -5, 7, 2**64 - 1, 3)
    files = library_files(
        NewFile(path, stat if n != 4 else replace(stat, mtime_ns=1 << 70), "ok", 'odd "code" \ud800', facts, n)
        for n, (path, facts) in enumerate(
            [
                (b'/a/\xff"\\\n.jpg', None),
                ("/b/ä\u2028.jpg".encode(), PictureFacts("ok", format="j\udfffpg", width=1 << 40, taken="2024-05-01T10:00:00")),
                (b"/c/\xed\xa0\x80.jpg", PictureFacts("ok", width=0, height=None, taken="24-5-1", frames=3)),
                (b"/d", PictureFacts("partial", taken="")),
                (b"/e", PictureFacts("ok", taken="0001-01-01T00:00:00")),
            ]
        )
    )
    content = {"files": report_of(Library((b"/",), files))["files"]}

    assert write_report(content) == write_report(as_lists(content))
    assert [file["taken"] for file in content["files"]] == [None, "2024-05-01T10:00:00", "24-5-1", "", "0001-01-01T00:00:00"]
    assert content["files"][4]["mtime_ns"] == 1 << 70
    assert content["files"][-4]["width"] == 1 << 40


def report_of(library: Library) -> dict:
    empty = make_analysis(2)
    return report(replace(empty, library=library, pairs=empty.pairs[:0], pictures=library.pictures()[:0]), (), ScanOptions())


def test_a_lazy_list_is_indexed_and_walked_like_any_other(analysis: Analysis) -> None:
    files = report(analysis, (), ScanOptions())["files"]
    whole = list(files)

    assert files[0] == whole[0] and files[-1] == whole[-1]
    assert files[5:9] == whole[5:9] and files[9:2:-3] == whole[9:2:-3] and files[7:3] == []
    assert list(files) == whole == files
    with pytest.raises(IndexError):
        _ = files[len(files)]
