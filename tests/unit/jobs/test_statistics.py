"""What reading costs is told by stage and format, right to two per cent, in memory that does not grow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.config import Limits
from engine.jobs.answers import WrongAnswerError, result_of
from engine.jobs.errand import FileJob, FileResult
from engine.jobs.statistics import SLOWEST, Histogram, ReadingMeter
from engine.records import PictureFacts, StatFacts
from engine.wire import Kind, Message


def result(format: str = "jpeg", status: str = "ok", code: str | None = None, seconds: float = 0.1, **ms: float) -> FileResult:
    route = "jpeg-draft-8" if status == "ok" else ""
    facts = PictureFacts(status, code, format=format, kind="picture", route=route)
    return FileResult(0, Kind.FINGERPRINT, facts, stages=ms, seconds=seconds)


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_percentiles_are_right_to_two_per_cent(share: float) -> None:
    values = np.random.default_rng(3).lognormal(3, 1.5, 10_000)
    histogram = Histogram()
    for value in values.tolist():
        histogram.add(value)

    assert histogram.percentile(share) == pytest.approx(np.quantile(values, share, method="inverted_cdf"), rel=0.0201)
    assert histogram.count == 10_000 and histogram.total_ms == pytest.approx(values.sum())


def test_a_histogram_keeps_the_same_memory_whatever_comes() -> None:
    histogram = Histogram()
    for value in [0.0, 1e-9, 1e9, *np.random.default_rng(1).uniform(0, 1e5, 20_000).tolist()]:
        histogram.add(value)

    assert len(histogram._steps) < 800


def test_stages_are_told_for_each_format_and_for_all_together() -> None:
    meter = ReadingMeter()
    for number in range(20):
        meter.take(b"/a%d" % number, result(decode=50.0, digest=10.0))
    meter.take(b"/b", result("heif", decode=400.0))

    told = {(row.stage, row.format): row for row in meter.told().stages}

    assert [row.stage for row in meter.told().stages if not row.format] == ["decode", "digest", "all"]
    assert told["decode", "jpeg"].count == 20 and told["decode", "jpeg"].p95_ms == pytest.approx(50, rel=0.021)
    assert told["decode", ""].count == 21 and told["decode", ""].total_s == pytest.approx(1.4)
    assert told["all", "jpeg"].p50_ms == pytest.approx(60, rel=0.021) and told["all", "heif"].total_s == pytest.approx(0.4)


def test_the_slowest_files_are_few_and_slowest_first() -> None:
    meter = ReadingMeter()
    for number in np.random.default_rng(2).permutation(500).tolist():
        meter.take(b"/%d" % number, result(seconds=number / 1000))

    slowest = meter.told().slowest

    assert [file.path for file in slowest] == [b"/%d" % number for number in range(499, 499 - SLOWEST, -1)]
    assert slowest[0].ms == pytest.approx(499)


def test_routes_and_what_was_left_out_are_counted() -> None:
    meter = ReadingMeter()
    for _ in range(3):
        meter.take(b"/a", result())
    meter.take(b"/b", result(status="error", code="decode.truncated"))
    meter.take(b"/c", result(status="partial", code="decode.truncated"))

    assert meter.told().routes == (("jpeg-draft-8", 3),)
    assert meter.told().skipped == (("decode.truncated", 1),)


def test_a_look_at_a_small_picture_is_no_reading_of_the_file() -> None:
    meter = ReadingMeter()
    meter.take(b"/a", result(decode=50.0))
    meter.take(b"/a", replace(result(quick=2.0, seconds=9.0), kind=Kind.QUICK))

    told = {(row.stage, row.format): row for row in meter.told().stages}
    assert told["quick", "jpeg"].count == 1 and told["all", "jpeg"].count == 1
    assert [file.ms for file in meter.told().slowest] == [100.0]
    assert meter.told().routes == (("jpeg-draft-8", 1),)


def test_before_anything_was_read_there_is_nothing_to_tell() -> None:
    assert ReadingMeter().told() == type(ReadingMeter().told())()


@pytest.mark.parametrize("ms", [[], {"sleeping": 1.0}, {"decode": -1.0}, {"decode": "1"}, {"decode": True}, {"decode": None}])
def test_times_that_no_sound_worker_tells_are_refused(ms: object) -> None:
    facts = PictureFacts("skipped", "scan.not-a-picture")
    job, stat = FileJob(Kind.FINGERPRINT, b"/a", 1), StatFacts(1, 1, 1, 1, 1)

    def answer(told: object) -> Message:
        return Message(Kind.FINGERPRINT, 1, {"facts": facts.to_json(), "ms": told})

    assert result_of(job, answer({"decode": 1.5}), stat, Limits(), None).stages == {"decode": 1.5}
    with pytest.raises(WrongAnswerError):
        result_of(job, answer(ms), stat, Limits(), None)
