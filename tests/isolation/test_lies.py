"""A worker that lies on the wire is not believed: every kind of wrong frame or wrong answer is noticed."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest

from engine.config import Limits
from engine.jobs import answers
from engine.jobs.canvas import MAPPED_FROM, Canvas
from engine.jobs.errand import FileJob
from engine.records import PictureFacts, StatFacts
from engine.wire import PIECE, FrameBuffer, Kind, Message, WireError
from engine.worker.limits import Allowance
from engine.worker.loop import Request
from tests.isolation.conftest import Bench
from tests.support import faulty_worker

LIMITS = Limits()
JOB = FileJob(Kind.FINGERPRINT, b"/x.jpg", 0)
STAT = StatFacts(0, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Message:
    """What a sound worker answers to request 7."""
    path = tmp_path_factory.mktemp("answer") / "x.jpg"
    path.write_bytes(b"ok\n")
    with path.open("rb") as file:
        reply = faulty_worker.sound(Request(file, 3, b"x.jpg", 0, False, None, LIMITS, Allowance(LIMITS)))
    return Message(Kind.FINGERPRINT, 7, reply.fields, reply.blob)


def _believed(frame: bytes) -> bool:
    """What `Child` and `Supervisor` do with the bytes of an answer to request 7, short of the process."""
    buffer = FrameBuffer(LIMITS.frame_payload)
    message = None
    try:
        for start in range(0, len(frame), PIECE):
            message = buffer.feed(frame[start : start + PIECE])
        if message is None or message.kind is not Kind.FINGERPRINT or message.id != 7:
            return False
        if answers.failure_of(message) is None:
            answers.result_of(JOB, message, STAT, LIMITS, None)
    except (WireError, answers.WrongAnswerError):
        return False
    return True


def test_honest_answer_is_believed(answer: Message) -> None:
    assert _believed(faulty_worker.wire.encode(answer, LIMITS.frame_payload))


@pytest.mark.parametrize("lie", faulty_worker.LIES)
def test_lie_is_not_believed(answer: Message, lie: str) -> None:
    assert not _believed(faulty_worker.LIES[lie](answer))


@pytest.mark.parametrize("cut", [1, 4, 19, 20, 24, -1])
def test_frame_in_pieces_is_whole_only_at_its_end(answer: Message, cut: int) -> None:
    frame = faulty_worker.wire.encode(answer, LIMITS.frame_payload)
    buffer = FrameBuffer(LIMITS.frame_payload)

    first, second = buffer.feed(frame[:cut]), buffer.feed(frame[cut:])

    assert first is None
    assert second == answer


def test_every_flipped_bit_of_a_frame_is_noticed(answer: Message) -> None:
    frame = faulty_worker.wire.encode(answer, LIMITS.frame_payload)

    for at in [*range(64), *range(64, len(frame), 97)]:
        flipped = bytearray(frame)
        flipped[at] ^= 1 << at % 8
        if 5 <= at < 8:  # padding means nothing
            continue
        try:
            assert FrameBuffer(LIMITS.frame_payload).feed(bytes(flipped)) is None
        except WireError:
            pass


def test_message_above_the_limit_is_not_sent(answer: Message) -> None:
    with pytest.raises(WireError):
        faulty_worker.wire.encode(answer, 100)


@pytest.mark.parametrize("lie", ["garbage", "short", "other-id", "bad-status"])
def test_lying_worker_costs_one_file(bench: Bench, lie: str) -> None:
    results = bench.run("ok", lie, "ok")

    assert [result.code for result in results] == [None, "decode.crashed", None]


def test_worker_that_says_it_twice_costs_no_other_file(bench: Bench) -> None:
    results = bench.run("twice", "ok", "twice", "ok", "ok")

    assert [result.code for result in results if result.token in (1, 3, 4)] == [None, None, None]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "ok", "code": "decode.timeout"},
        {"orientation": 9},
        {"frames": 0},
        {"profile": b"12345"},
        {"keywords": -1},
        {"rating": 1 << 40},
        {"quantisation": -1},
        {"kind": "movie"},
        {"format": "exe"},
        {"format": None},
        {"width": None},
        {"picture_digest": b"x"},
    ],
)
def test_impossible_facts_are_not_believed(answer: Message, change: dict[str, Any]) -> None:
    facts = PictureFacts.from_json(
        {**answer.fields["facts"], **{k: v.hex() if isinstance(v, bytes) else v for k, v in change.items()}}
    )

    with pytest.raises(answers.WrongAnswerError):
        answers.result_of(JOB, Message(Kind.FINGERPRINT, 7, {"facts": facts.to_json()}, answer.blob), STAT, LIMITS, None)


def test_pixels_arrive_in_memory_that_the_worker_cannot_shrink(bench: Bench) -> None:
    with bench.workers() as pool:
        (result,) = bench.ask(pool, "40 30", kind=Kind.PIXELS, edge=40)

    assert result.code is None and result.pixels is not None
    assert result.pixels.shape == (30, 40, 4)
    assert (result.pixels == (1, 2, 3, 255)).all()
    assert result.pixels.flags.c_contiguous and not result.pixels.flags.writeable
    assert result.full_size == (400, 300)


def test_pixels_that_a_worker_could_still_change_are_not_taken(bench: Bench) -> None:
    with bench.workers() as pool:
        held, sound = bench.ask(pool, "40 30 hold", "40 30", kind=Kind.PIXELS, edge=40)

    assert (held.code, held.pixels) == ("decode.crashed", None)
    assert sound.code is None


def test_large_picture_is_not_copied_and_outlives_everything(bench: Bench) -> None:
    with bench.workers() as pool:
        (result,) = bench.ask(pool, "2100 2000", kind=Kind.PIXELS, edge=2100)
    assert result.pixels is not None and result.pixels.nbytes >= MAPPED_FROM
    before = len(list(Path("/proc/self/fd").iterdir()))

    assert (result.pixels[::100, ::100] == (1, 2, 3, 255)).all()
    assert result.pixels.flags.c_contiguous and not result.pixels.flags.writeable
    with pytest.raises(ValueError, match="WRITEABLE"):
        result.pixels.setflags(write=True)
    del result
    assert len(list(Path("/proc/self/fd").iterdir())) < before


@pytest.mark.parametrize("claim", ["41 30", "40 30 100000"])
def test_pixels_of_another_size_than_asked_are_not_read(bench: Bench, claim: str) -> None:
    with bench.workers() as pool:
        (result,) = bench.ask(pool, claim, kind=Kind.PIXELS, edge=40)

    assert (result.code, result.pixels) == ("decode.crashed", None)


@pytest.mark.parametrize("size", [(0, 4), (4, 0), (-2, -3), (5, 4), (1 << 40, 1)])
def test_canvas_gives_nothing_beyond_its_room(size: tuple[int, int]) -> None:
    with contextlib.closing(Canvas(16)) as canvas:
        with pytest.raises(ValueError, match="do not fit"):
            canvas.take(*size)
        assert canvas.take(4, 4).shape == (4, 4, 4)


def test_descriptors_do_not_pile_up(bench: Bench) -> None:
    with bench.workers() as pool:
        bench.ask(pool, "40 30", kind=Kind.PIXELS, edge=40)
        before = len(list(Path("/proc/self/fd").iterdir()))
        bench.ask(pool, *["40 30"] * 70, kind=Kind.PIXELS, edge=40)  # more than a worker may hold open
        after = len(list(Path("/proc/self/fd").iterdir()))

    assert after == before
    assert len(bench.pids) == 1
    assert os.path.exists(bench.folder)
