"""Pictures for the screen: what waits for what, what is answered without a worker, what is never held back."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.config import Limits
from engine.jobs.image_job import ImageDesk
from engine.jobs.image_lane import MOST_AHEAD, Wish, Wishes
from engine.jobs.opening import open_for_reading
from engine.jobs.shown_images import ShownImages
from engine.records import ImageReply, ImageRequest, StatFacts
from engine.store.thumbnails import Thumbnails
from tests.support.scenes import scene

WAIT_S = 60


class Screen:
    """A desk with files of a test; answers are collected in the order in which they come."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder = folder
        self.files: dict[int, tuple[bytes, StatFacts]] = {}
        self.replies: list[ImageReply] = []
        self._changed = threading.Condition()
        self.small = Thumbnails(folder / "cache")
        self.desk = ImageDesk(limits or Limits(), self.files.get, self._deliver, lambda: self.small)

    def add(self, number: int, *, width: int = 600, height: int = 400, name: str = "") -> Path:
        path = self.folder / (name or f"{number}.jpg")
        Image.fromarray(scene(number, width, height)).save(path, quality=90)
        return self.know(number, path)

    def know(self, number: int, path: Path) -> Path:
        """The library has seen the file as it is now."""
        descriptor, stat = open_for_reading(os.fsencode(path))
        os.close(descriptor)
        self.files[number] = (os.fsencode(path), stat)
        return path

    def _deliver(self, reply: ImageReply) -> None:
        with self._changed:
            self.replies.append(reply)
            self._changed.notify_all()

    def ask(self, number: int, edge: int) -> ImageReply:
        """One picture, waited for."""
        before = len(self.replies)
        self.desk.request(before + 1, ImageRequest(number, edge))
        self.wait(before + 1)
        return self.replies[before]

    def wait(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.replies) >= count, WAIT_S), self.replies

    def order(self) -> list[int]:
        return [reply.file for reply in self.replies]

    def close(self) -> None:
        self.desk.close()
        self.small.close()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    made = Screen(tmp_path)
    yield made
    made.close()


def colours(reply: ImageReply) -> np.ndarray:
    assert reply.pixels is not None, reply.error
    return reply.pixels[..., 2::-1].astype(int)


# ---------------------------------------------------------------------------------------------------- order


def test_the_newest_wish_comes_first_and_what_is_read_ahead_comes_last() -> None:
    wishes = Wishes()
    for number in range(3):
        wishes.add(Wish(number, ImageRequest(number, 128)), ahead=True)
    for number in range(10, 13):
        wishes.add(Wish(number, ImageRequest(number, 128)), ahead=False)

    taken = [wishes.take() for _ in range(7)]

    assert [one and (one[0].token, one[1]) for one in taken] == [
        (12, False), (11, False), (10, False), (0, True), (1, True), (2, True), None,
    ]  # fmt: skip


def test_what_is_read_ahead_is_bounded_and_can_be_dropped() -> None:
    wishes = Wishes()
    for number in range(MOST_AHEAD + 10):
        wishes.add(Wish(number, ImageRequest(number, 128)), ahead=True)
    wishes.add(Wish(-1, ImageRequest(1, 128)), ahead=False)
    first = wishes.take()
    second = wishes.take()
    wishes.drop(ahead_only=True)

    assert first is not None and first[0].token == -1
    assert second is not None and second[0].token == 10  # the ten oldest were forgotten
    assert wishes.take() is None and not wishes


def test_dropped_pictures_are_not_answered_and_wanted_ones_are(screen: Screen) -> None:
    for number in range(12):
        screen.add(number)
    for number in range(10):
        screen.desk.request(number, ImageRequest(number, 128), ahead=True)
    screen.desk.drop_ahead()
    screen.desk.request(10, ImageRequest(10, 128))
    screen.desk.request(11, ImageRequest(11, 128))
    screen.wait(2)
    while not {10, 11} <= set(screen.order()):
        screen.wait(len(screen.replies) + 1)

    assert len(screen.replies) <= 4  # at most one in each lane had begun


def test_a_picture_in_full_holds_no_preview_up(screen: Screen) -> None:
    screen.add(1, width=6000, height=4000)
    screen.add(2)
    screen.ask(2, 512)  # the worker for views stands
    screen.desk.request(10, ImageRequest(1, 0))
    screen.desk.request(11, ImageRequest(2, 300))
    screen.wait(3)

    assert [(reply.file, reply.edge) for reply in screen.replies[1:]] == [(2, 300), (1, 0)]


# ---------------------------------------------------------------------------------------------------- what comes


def test_pixels_lie_as_a_screen_takes_them(screen: Screen) -> None:
    path = screen.add(1, name="1.png")
    reply = screen.ask(1, 0)

    assert reply.pixels is not None
    assert (colours(reply) == np.asarray(Image.open(path))).all()
    assert (reply.pixels[..., 3] == 255).all()
    assert reply.pixels.dtype == np.uint8 and reply.pixels.flags.c_contiguous and not reply.pixels.flags.writeable
    assert (reply.full_size, reply.preview) == ((600, 400), False)


def test_the_second_time_no_file_and_no_worker_is_needed(screen: Screen, tmp_path: Path) -> None:
    path = screen.add(1)
    first = screen.ask(1, 256)
    screen.close()
    path.rename(tmp_path / "elsewhere.jpg")
    later = Screen(tmp_path, Limits(max_bytes=0))  # a worker would refuse
    later.files.update(screen.files)

    second = later.ask(1, 256)
    again = later.ask(1, 256)
    never_seen = later.ask(1, 512)
    later.close()

    assert np.abs(colours(second) - colours(first)).mean() < 3
    assert second.full_size == first.full_size == (600, 400)
    assert again.pixels is second.pixels
    assert never_seen.pixels is None


def test_a_small_picture_of_a_file_that_changed_since_the_scan_is_not_kept(screen: Screen, tmp_path: Path) -> None:
    path = screen.add(1)
    Image.fromarray(scene(2, 600, 400)).save(path, quality=90)

    screen.ask(1, 256)
    screen.close()

    kept = Thumbnails(tmp_path / "cache")
    assert kept.info()["pictures"] == 0
    kept.close()


@pytest.mark.parametrize("edge", [128, 0])
def test_a_file_that_gives_no_picture_is_said_in_a_sentence(screen: Screen, tmp_path: Path, edge: int) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff no picture")
    screen.know(1, broken)
    gone = screen.add(2)
    gone.unlink()

    assert "broken.jpg could not be read" in screen.ask(1, edge).error
    assert "2.jpg" in screen.ask(2, edge).error
    assert screen.ask(3, edge).error == "This photo is no longer in the library."


def test_a_picture_in_full_beyond_the_memory_is_said_in_a_sentence(tmp_path: Path) -> None:
    screen = Screen(tmp_path, Limits(max_pixels=200_000))
    screen.add(1)

    assert "larger than imgfp reads" in screen.ask(1, 0).error
    screen.close()


def test_what_was_shown_is_kept_within_its_room() -> None:
    shown = ShownImages(limit_bytes=10_000)
    stat = StatFacts(1, 2, 3, 4, 5)

    def reply(size: int) -> ImageReply:
        return ImageReply(1, 1, 0, np.zeros((1, size // 4, 4), np.uint8))

    for number in range(20):
        shown.put((b"%d" % number, stat, 0), reply(1000))
        assert shown.get((b"0", stat, 0)) is not None
    shown.put((b"huge", stat, 0), reply(20_000))
    shown.put((b"0", stat, 0), reply(2000))  # again, larger

    assert shown.nbytes <= 10_000
    assert shown.get((b"0", stat, 0)) is not None and shown.get((b"1", stat, 0)) is None
    assert shown.get((b"huge", stat, 0)) is None
