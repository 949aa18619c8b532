"""Says in the activity bar what the controller is doing: the scan, its problems, what could be freed, what can be taken back."""

from __future__ import annotations

from PySide6.QtCore import QObject

from engine.records import Progress
from imgfp_gui.control.totals import Totals
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import scan_words, words
from imgfp_gui.models.scan_story import ScanStory, Story
from imgfp_gui.views.activity_bar import ActivityBar


class Activity(QObject):
    """Joins the controller and its bar."""

    def __init__(self, controller: ReviewController, bar: ActivityBar, story: ScanStory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._bar, self._story = controller, bar, story
        self._moving: Progress | None = None
        story.changed.connect(self._show_story)
        controller.progress_changed.connect(self._show_move)
        controller.working_changed.connect(self._on_working)
        controller.folders_changed.connect(lambda _: self.refresh())
        controller.problem_found.connect(lambda _: self._show_problems())
        controller.scan_started.connect(self._show_problems)
        controller.totals_changed.connect(self._show_totals)
        controller.undo_changed.connect(self._show_undo)
        self.refresh()

    def refresh(self) -> None:
        """Say everything anew."""
        if self._controller.folders:
            self._show_story(self._story.now)
            self._show_problems()
            self._show_totals(self._controller.totals)
            self._show_undo()
        else:
            self._bar.show_start(self.tr("No folders yet"))

    def _show_story(self, story: Story) -> None:
        if self._moving is not None or not self._controller.folders:
            return
        if not story.running:
            count = self.tr("up to date")
            if story.stopped:
                count = self.tr("stopped, {0} not read").format(words.number(max(0, (story.total or story.found) - story.read)))
            self._bar.show_work(words.photos(story.total or story.found), "", count, None, running=False)
            return
        stage = self.tr("Paused") if story.paused else words.stage(story.stage)
        share = story.read / story.total if story.stage == "read" and story.total else None
        if story.stage == "quick" and story.to_look:
            share = story.looked / story.to_look
        self._bar.show_work(stage, self._count(story), self._rate(story), share, running=True)

    def _count(self, story: Story) -> str:
        if story.stage == "quick":
            return scan_words.looked(story)
        if story.stage == "read" and story.total:
            return self.tr("{0} of {1}").format(words.number(story.read), words.number(story.total))
        return words.number(story.found) if story.found else ""

    def _rate(self, story: Story) -> str:
        parts = []
        if story.per_second >= 1 and not story.paused:
            parts.append(self.tr("{0} per second").format(words.number(round(story.per_second))))
        if story.seconds_left is not None and not story.paused:
            parts.append(scan_words.time_left(story.seconds_left))
        return " · ".join(parts)

    def _show_move(self, progress: Progress) -> None:
        """A move or a way back runs: the scan is over then, or waits."""
        if progress.stage not in ("apply", "undo") or not self._controller.working:
            return
        self._moving = progress
        count = self.tr("{0} of {1}").format(words.number(progress.done), words.number(progress.total or progress.done))
        share = progress.done / progress.total if progress.total else None
        self._bar.show_work(words.stage(progress.stage), count, "", share, running=True)

    def _on_working(self, working: bool) -> None:
        if self._moving is not None and not working:
            self._moving = None
            self._show_story(self._story.now)
        self._show_totals(self._controller.totals)

    def _show_problems(self) -> None:
        if self._controller.folders:
            self._bar.show_problems(words.problems(len(self._controller.problems)))

    def _show_totals(self, totals: Totals) -> None:
        if not self._controller.folders:
            return
        if not totals.proposed_bytes:
            self._bar.show_savings("" if self._controller.scanning else self.tr("Nothing to free"), "")
            return
        much = f"<b>{words.size(totals.proposed_bytes)}</b>"
        said = self.tr("Would free {0} so far") if self._controller.scanning else self.tr("Would free {0}")
        decided = self.tr("{0} decided").format(words.size(totals.decided_bytes)) if totals.decided_bytes else ""
        self._bar.show_savings(said.format(much), decided)

    def _show_undo(self) -> None:
        if self._controller.folders:
            text = self._controller.undo_text
            self._bar.show_undo(self.tr("Undo: {0}").format(text) if text else self.tr("Nothing to undo"))
