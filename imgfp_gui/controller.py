"""The only caller of the session: knows folders, clusters, the selection, what the user said, and the line; no widget, no file.

Views call its methods and listen to its signals. Everything heavy happens behind the session, so every method returns at once.
The work is done by the parts in `control`; here the user's commands are handed to them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from engine.records import Suggest
from imgfp_gui.control.listening import ControllerListening
from imgfp_gui.control.looking import empty_snapshot
from imgfp_gui.control.queue import ClusterFilter, Queue
from imgfp_gui.control.steps import RunStep
from imgfp_gui.control.totals import Message, Totals
from imgfp_gui.control.verdicts import VerdictBook

__all__ = ["ClusterFilter", "Message", "Queue", "ReviewController", "Totals", "VerdictBook"]


class ReviewController(ControllerListening):
    """What the window shows and may do. Signals: see `ControllerSignals`; properties and questions: see `ControllerState`."""

    # ------------------------------------------------------------------------------------------------ folders, scanning

    def add_folders(self, folders: Sequence[str]) -> None:
        """Add folders to the library and scan it."""
        if self._scan.add(folders):
            self.rescan()

    def remove_folder(self, folder: str) -> None:
        """Take a folder out of the library; nothing happens to its files."""
        if self._scan.remove(folder):
            if self.folders:
                self.rescan()
            else:
                self.close_library()

    def close_library(self) -> None:
        """Forget the folders and show the start page; what was read and decided stays stored."""
        self._scan.leave()
        self._take(empty_snapshot(self.line))
        self.working_changed.emit(self.working)

    def open_sample(self, folder: str) -> None:
        """Have the sample photos copied into an empty folder, and open it when they are there."""
        self._scan.open_sample(folder)

    def pause(self, *, paused: bool) -> None:
        """Let the scan wait, or go on."""
        self._scan.pause(paused=paused)
        self.working_changed.emit(self.working)

    def stop(self) -> None:
        """End the running scan; what was read stays stored."""
        self._scan.stop()

    def protect(self, path: bytes, protected: bool) -> None:
        """Protect a folder: nothing in it or below is ever moved."""
        self._looking.forget_facts()
        self._scan.protect(path, protected)

    def set_page(self, page: str) -> None:
        """Show another page."""
        self._scan.set_page(page)

    def start_reviewing(self) -> None:
        """Show the clusters there are, from the first."""
        self._scan.set_page("review")
        if self.cluster is None:
            self.select_cluster(self.queue.key_at(0))

    # ------------------------------------------------------------------------------------------------ looking

    def select_cluster(self, key: str | None) -> None:
        """Make the cluster with this key the current one."""
        self._looking.select(key)

    def step_cluster(self, by: int) -> None:
        """Go some clusters on or back in the list; stays at the ends."""
        self._looking.step(by)

    def select_photo(self, index: int) -> None:
        """Make a unit the active one."""
        self._looking.select_photo(index)

    def step_photo(self, by: int) -> None:
        """Go some photos on or back within the cluster."""
        self._looking.step_photo(by)

    def set_mode(self, mode: str) -> None:
        """``grid`` or ``side``."""
        self._looking.set_mode(mode)
        self.preferences.set("review.mode", self.mode)

    def set_panes(self, count: int) -> None:
        """So many photos side by side, two to four."""
        self._looking.set_panes(count)
        self.preferences.set("review.panes", count)

    def swap_panes(self) -> None:
        """The first two panes change places."""
        self._looking.swap_panes()

    def set_filter(self, wanted: ClusterFilter) -> None:
        """Show only these clusters."""
        self._looking.set_filter(wanted)

    def set_sort(self, sort: str) -> None:
        """``space`` ``certain`` ``line``."""
        self._looking.set_sort(sort)
        self.preferences.set("review.sort", self.queue.sort)

    def set_line(self, line: float) -> None:
        """Move the line: counts follow at once, the clusters within a frame or two. No file is touched."""
        self._line.set(line)

    def step_line(self, steps: int) -> None:
        """Move the line by half percents."""
        self._line.step(steps)

    def set_preset(self, name: str) -> None:
        """Put the line where a preset has it."""
        self._line.preset(name)

    def set_weight(self, part: str, weight: float) -> None:
        """Let a part of the similarity count so much, 0 to 2; the clusters follow. No file is touched."""
        self._weighing.set(part, weight)

    def reset_weights(self) -> None:
        """Let every part count as usual."""
        self._weighing.reset()

    # ------------------------------------------------------------------------------------------------ deciding

    def mark(self, unit: int, suggest: Suggest | None) -> bool:
        """Say of a unit what shall become of it, None takes the word back. False when it may not be, which is said."""
        return self._deciding.mark(unit, suggest)

    def mark_photo(self, suggest: Suggest | None) -> bool:
        """`mark` for the active unit."""
        return self.mark(self.photo, suggest)

    def accept(self, next: bool = True) -> None:
        """Take over what the rules propose for the selected cluster, and go on."""
        self._deciding.accept(go_on=next)

    def accept_all(self) -> None:
        """Take over what the rules propose for every cluster of the list, as one step."""
        self._deciding.accept_all()

    def keep_this(self, next: bool = True) -> None:
        """Keep the active photo, mark the others for trash, go on."""
        self._deciding.keep_this(go_on=next)

    def different(self) -> None:
        """Remember that the selected photos are different; they never come together again."""
        self._deciding.remember("different")

    def keep_all(self) -> None:
        """Remember that all photos of the selected cluster are wanted."""
        self._deciding.remember("keep-all")

    def set_aside(self) -> None:
        """Set the selected cluster aside for later, or take it up again."""
        self._deciding.set_aside()

    def back(self) -> None:
        """Take the latest decision back and go to its cluster. Files that were moved are a matter of `undo`."""
        if not isinstance(self._steps.latest, RunStep):
            self._take_back()

    def undo(self) -> None:
        """Take the latest step back: a decision, or a move; without any, the newest move of the history."""
        if self._steps.latest is not None:
            self._take_back()
        else:
            self._acting.undo(None)
            self.working_changed.emit(self.working)

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._acting.busy and isinstance(self._steps.latest_undone, RunStep):
            return
        step = self._steps.take_again()
        if isinstance(step, RunStep):
            self._acting.undo(step.run, step, "redo")
            self.working_changed.emit(self.working)
        elif step is not None:
            self._deciding.take_again(step)
        self.undo_changed.emit()

    def _take_back(self) -> None:
        if self._acting.busy and isinstance(self._steps.latest, RunStep):
            return
        step = self._steps.take_back()
        if isinstance(step, RunStep):
            self._acting.undo(step.run, step)
            self.working_changed.emit(self.working)
        elif step is not None:
            self._deciding.take_back(step)
        self.undo_changed.emit()

    # ------------------------------------------------------------------------------------------------ acting

    def check_apply(self, destination: str | None = None) -> None:
        """Look what moving all decided photos would do; `apply_checked` tells. None: the system trash."""
        self._acting.check(destination)

    def apply(self, confirmed: bool = False) -> None:
        """Move what was checked last."""
        self._acting.apply(confirmed=confirmed)
        self.working_changed.emit(self.working)

    def stop_acting(self) -> None:
        """End a check, a move or a way back between two photos; the answer says how far it came. A scan goes on."""
        if self._acting.stop() and not self.scanning:
            self._session.cancel()

    def look_at_run(self, run: str) -> None:
        """Ask which files of a move could not be put back now; `run_looked_at` tells."""
        if not self._scan.closed:
            self._acting.look_at_run(run)

    def restore(self, run: str) -> None:
        """Put a run of the history back."""
        self._acting.undo(run)
        self.working_changed.emit(self.working)

    def forget_decision(self, decision: str) -> None:
        """Take a remembered decision of the history back."""
        self._acting.forget(decision)

    def retry_problems(self, paths: Sequence[bytes]) -> None:
        """Read these files again."""
        self._acting.retry(list(paths))

    def show_in_file_manager(self, path: bytes) -> None:
        """Open the folder of a file in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile((path.rpartition(b"/")[0] or b"/").decode("utf-8", "surrogateescape")))

    def close(self) -> None:
        """End everything; safe to call twice. Afterwards nothing more is asked or told."""
        if not self._scan.closed:
            self._slices.finish()
            self._scan.closed = True
            self._line.rest()
            self._weighing.rest()
            self._session.close()
