"""What is known of the scan that runs or ran last: how far each stage is, how fast, how long still, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from engine.records import ClusterSnapshot, Progress, VolumeProgress
from imgfp_gui.controller import ReviewController
from imgfp_gui.models.time_left import TimeLeft

RATE_S = 1.0  # the number of files a second changes once in this time, or nobody can read it


@dataclass(frozen=True, slots=True)
class Story:
    """One moment of a scan. found: files met so far. read, total: files read, and how many there are, None while unknown.

    compared: files read when clusters were looked for last. stage: ``walk`` ``quick`` ``read`` ``match``, "" before and after a
    scan. per_second: files read, 0 while unknown. bytes_per_second: likewise. seconds_left: None while unknown. stopped: it ended
    before everything was read. volumes: one for each disk that is read. waits: why nothing is read now, "" when something is.
    looked, to_look: files of which the small picture inside was asked for, and how many there are, None where nobody asks.
    """

    stage: str = ""
    found: int = 0
    read: int = 0
    total: int | None = None
    compared: int = 0
    per_second: float = 0.0
    seconds_left: float | None = None
    running: bool = False
    paused: bool = False
    stopped: bool = False
    bytes_per_second: float = 0.0
    volumes: tuple[VolumeProgress, ...] = ()
    waits: str = ""
    looked: int = 0
    to_look: int | None = None


class ScanStory(QObject):
    """Listens to the controller.

    Signals
    -------
    changed(Story). stopped(Story): a scan ended before everything was read, because the user said so or because it failed.
    """

    changed = Signal(object)
    stopped = Signal(object)

    def __init__(
        self, controller: ReviewController, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._clock = clock
        self._left = TimeLeft()
        self._rate_at = 0.0
        self._bytes = 0.0
        self.now = Story()
        controller.scan_started.connect(self._begin)
        controller.progress_changed.connect(self._progress)
        controller.clusters_changed.connect(self._compared)
        controller.scan_finished.connect(self._end)
        controller.working_changed.connect(lambda _: self._pause())

    def _begin(self) -> None:
        self._left = TimeLeft()
        self._rate_at = self._clock()
        self._bytes = 0.0
        self._tell(Story(stage="walk", running=True))

    def _progress(self, progress: Progress) -> None:
        if not self._controller.scanning:
            return  # a move or a way back runs
        if progress.stage == "walk":
            self._tell(replace(self.now, stage="walk", found=progress.done))
        elif progress.stage == "quick":
            self._tell(
                replace(
                    self.now,
                    stage="quick",
                    looked=progress.done,
                    to_look=progress.total,
                    found=max(self.now.found, progress.total or 0),
                )
            )
        elif progress.stage == "read":
            if self.now.stage != "read":  # the first look went faster than reading can
                self._left = TimeLeft()
            self._read(progress)
        elif progress.stage == "match":
            self._tell(replace(self.now, stage="match", seconds_left=None))

    def _read(self, progress: Progress) -> None:
        now, story = self._clock(), self.now
        left = story.seconds_left if self._controller.paused else self._left.feed(now, progress.done, progress.total)
        rate = story.per_second
        if now - self._rate_at >= RATE_S and self._left.per_second:
            rate, self._rate_at = self._left.per_second, now
            self._bytes = sum(volume.bytes_per_second for volume in progress.volumes)
        found = max(story.found, progress.total or 0)
        self._tell(
            replace(
                story,
                stage="read",
                found=found,
                read=progress.done,
                total=progress.total,
                per_second=rate,
                seconds_left=left,
                bytes_per_second=self._bytes,
                volumes=progress.volumes,
                waits=progress.waits,
            )
        )

    def _compared(self, snapshot: ClusterSnapshot) -> None:
        if self.now.running and snapshot.clusters:
            self._tell(replace(self.now, compared=self.now.read))

    def _pause(self) -> None:
        paused = self._controller.paused
        if paused:
            self._left.pause()
        if paused != self.now.paused:
            self._tell(replace(self.now, paused=paused))

    def _end(self, stats: object) -> None:
        story = self.now
        unread = not story.total or story.read < story.total
        stopped = story.running and (not stats or (self._controller.stopped and unread))
        done = story if stopped else replace(story, compared=story.total or 0)
        self._tell(replace(done, stage="", running=False, paused=False, seconds_left=None, stopped=stopped, volumes=(), waits=""))
        if stopped:
            self.stopped.emit(self.now)

    def _tell(self, story: Story) -> None:
        if story != self.now:
            self.now = story
            self.changed.emit(story)
