"""Every decision about photos: marks, accepted proposals, clusters set aside or said to be different; each is one step back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from engine.records import Cluster, ClusterSnapshot, ClusterState, Suggest
from imgfp_gui.control.looking import Looking
from imgfp_gui.control.signals import ControllerSignals
from imgfp_gui.control.slices import Slices
from imgfp_gui.control.steps import AsideStep, Choice, MarksStep, RememberStep, Step, Steps
from imgfp_gui.control.telling import Telling
from imgfp_gui.control.told import Said
from imgfp_gui.control.totals import Message
from imgfp_gui.control.verdicts import Marks

if TYPE_CHECKING:
    from engine.session import Session

CHUNK = 512  # clusters between two looks at the clock


def tr(text: str) -> str:
    """A text of this part in the user's language."""
    return QCoreApplication.translate("deciding", text)


class Deciding:
    """Works on the selected cluster. say: shows a message."""

    def __init__(self, session: Session, signals: ControllerSignals, looking: Looking, steps: Steps, slices: Slices) -> None:
        self._session = session
        self._signals = signals
        self._looking = looking
        self._steps = steps
        self._slices = slices
        self._answers: dict[int, RememberStep] = {}

    # ------------------------------------------------------------------------------------------------ one photo, one cluster

    def mark(self, unit: int, suggest: Said) -> bool:
        """Say of a unit of the selected cluster what shall become of it; None takes the word back. False when refused."""
        cluster = self._decidable()
        if cluster is None or not 0 <= unit < len(cluster.units) or self._refused(cluster, unit, suggest):
            return False
        said = {
            Suggest.KEEP: tr("keep a photo"),
            Suggest.REMOVE: tr("mark a photo for trash"),
            Suggest.UNDECIDED: tr("leave a photo undecided"),
        }
        return self._mark(cluster, {unit: suggest}, said[suggest] if suggest is not None else tr("take a mark back"))

    def accept(self, *, go_on: bool) -> None:
        """What the rules propose for the selected cluster becomes the user's word."""
        cluster = self._decidable()
        if cluster is not None:
            self._mark(cluster, self._looking.book.proposed(cluster), tr("accept a proposal"))
            self._go_on(go_on)

    def keep_this(self, *, go_on: bool) -> None:
        """Keep the active photo and mark the others for trash; those in protected folders stay as they are."""
        cluster = self._decidable()
        if cluster is None:
            return
        photo = self._looking.photo
        marks: dict[int, Said] = {n: Suggest.REMOVE for n, _ in enumerate(cluster.units) if not self._protected(cluster, n)}
        marks[photo] = Suggest.KEEP
        if self._mark(cluster, marks, tr("keep one photo")):
            self._go_on(go_on)

    def set_aside(self) -> None:
        """Set the selected cluster aside and go on; once more takes it up again."""
        cluster = self._looking.cluster
        if cluster is None:
            return
        aside = not self._looking.book.is_aside(cluster)
        self._steps.push(AsideStep(tr("set a cluster aside") if aside else tr("take a cluster up again"), (cluster.key,), aside))
        self._looking.book.set_aside(cluster.key, aside)
        self._told((cluster.key,))
        self._go_on(aside)

    def remember(self, choice: Choice) -> None:
        """Say that the selected photos are ``different``, or that all are wanted (``keep-all``); the cluster leaves the list."""
        cluster = self._decidable()
        if cluster is None:
            return
        text = tr("say that photos are different") if choice == "different" else tr("keep all photos of a cluster")
        step = RememberStep(text, (cluster.key,), choice)
        self._steps.push(step)
        self._send(step)
        said = tr("Remembered: these photos are different") if choice == "different" else tr("Remembered: all of them are wanted")
        self._signals.message.emit(Message(said, "remembered", "actions.undo", tr("Undo")))

    def _decidable(self) -> Cluster | None:
        """The selected cluster, unless it is known by small pictures only; then that is said."""
        cluster = self._looking.cluster
        if cluster is not None and cluster.provisional:
            text = tr("These photos are still being read. You can decide as soon as they were.")
            self._signals.message.emit(Message(text, "caution"))
            return None
        return cluster

    def _refused(self, cluster: Cluster, unit: int, suggest: Said) -> bool:
        """A photo in a protected folder is never marked for trash, nor the last one that is left."""
        if suggest is not Suggest.REMOVE:
            return False
        if self._protected(cluster, unit):
            self._signals.message.emit(Message(tr("This photo is in a protected folder and stays."), "caution"))
            return True
        said = self._looking.book.judged(cluster).said
        if any(mark is not Suggest.REMOVE for n, mark in enumerate(said) if n != unit):
            return False
        self._signals.message.emit(Message(tr("One photo of a cluster always stays. Keep another one first."), "caution"))
        return True

    def _protected(self, cluster: Cluster, unit: int) -> bool:
        views = (self._looking.file(file) for file in cluster.units[unit])
        return any(view is not None and view.protected for view in views)

    def _mark(self, cluster: Cluster, units: Mapping[int, Said], text: str) -> bool:
        book = self._looking.book
        marks = book.marks_for(cluster, units) if units else Marks.none()
        if marks.before == marks.after:
            return bool(marks.paths)
        self._steps.push(MarksStep(text, (cluster.key,), book.library, *marks))
        book.say(marks.paths, marks.files, marks.after)
        book.refresh([book.row(cluster)])
        self._told((cluster.key,))
        return True

    def _go_on(self, wanted: bool) -> None:
        if wanted:
            self._looking.step(1)

    def _told(self, keys: Sequence[str]) -> None:
        """The views look again at these clusters, the sums and what can be taken back."""
        self._signals.verdicts_changed.emit(frozenset(keys))
        self._signals.totals_changed.emit(self._looking.book.totals)
        self._signals.undo_changed.emit()

    # ------------------------------------------------------------------------------------------------ all clusters

    def accept_all(self) -> None:
        """What the rules propose for every cluster of the list becomes the user's word: one step, in slices."""
        rows = self._looking.queue.rows
        rows = rows[self._looking.book.states[rows] == ClusterState.PROPOSED]
        if not len(rows):
            return
        snapshot = self._looking.snapshot
        step = MarksStep(tr("accept all proposals"), (snapshot.clusters[rows[0]].key,), self._looking.book.library)
        self._steps.push(step)
        self._slices.run(self._accept_rows(rows, snapshot, step), lambda: self._tell_accepted(len(rows)))

    def _tell_accepted(self, count: int) -> None:
        many = QCoreApplication.translate("deciding", "Proposals of %Ln clusters accepted", "", count)
        text = tr("Proposal of 1 cluster accepted") if count == 1 else many
        self._signals.message.emit(Message(text, "done", "actions.undo", tr("Undo")))

    def _accept_rows(self, wanted: NDArray[np.int64], asked_of: ClusterSnapshot, step: MarksStep) -> Iterator[None]:
        looking, told = self._looking, Telling(self._signals, self._looking)
        for start in range(0, len(wanted), CHUNK):
            rows, book = wanted[start : start + CHUNK], looking.book
            if looking.snapshot is not asked_of:  # another came meanwhile
                found = [book.row(asked_of.clusters[row].key) for row in rows.tolist()]
                rows = np.array([row for row in found if row >= 0], np.int64)
            rows = rows[book.states[rows] == ClusterState.PROPOSED]
            self._locate(step)
            step.add(book.accept(rows.tolist()))
            told.add(rows.tolist())
            yield
        told.end()

    # ------------------------------------------------------------------------------------------------ back and again

    def take_back(self, step: Step) -> None:
        """Undo a step that `Steps` has just given."""
        if isinstance(step, MarksStep):
            self._put(step, step.before)
        elif isinstance(step, AsideStep):
            self._looking.book.set_aside(step.keys[0], not step.aside)
            self._told(step.keys)
        elif isinstance(step, RememberStep):
            step.taken_back = True
            if step.decision is not None:
                self._session.take_back(step.decision)
            self._looking.book.leave(step.keys[0], gone=False)
            self._told(step.keys)
        self._looking.update_queue()
        self._looking.select(step.keys[0])

    def take_again(self, step: Step) -> None:
        """Do a step again that was taken back."""
        if isinstance(step, MarksStep):
            self._put(step, step.after)
        elif isinstance(step, AsideStep):
            self._looking.book.set_aside(step.keys[0], step.aside)
            self._told(step.keys)
        elif isinstance(step, RememberStep):
            self._looking.select(step.keys[0])
            if self._looking.key == step.keys[0]:
                self._send(step)

    def _put(self, step: MarksStep, said: list[Said]) -> None:
        self._slices.finish()
        self._locate(step)
        self._slices.run(self._put_in_slices(step, said))

    def _locate(self, step: MarksStep) -> None:
        step.move(self._looking.book.library, self._looking.snapshot.generation, self._looking.book.locate)

    def _put_in_slices(self, step: MarksStep, said: list[Said]) -> Iterator[None]:
        looking, told = self._looking, Telling(self._signals, self._looking)
        for start in range(0, len(said), 2 * CHUNK):
            part, book = slice(start, start + 2 * CHUNK), looking.book
            self._locate(step)
            book.say(step.paths[part], step.files[part], said[part])
            rows = book.rows_of(step.files[part])
            book.refresh(rows)
            told.add(rows)
            yield
        told.end()

    # ------------------------------------------------------------------------------------------------ remembered

    def _send(self, step: RememberStep) -> None:
        looking, key = self._looking, step.keys[0]
        step.decision, step.taken_back = None, False
        self._answers[self._session.remember(key, step.choice)] = step
        onward = looking.queue.after(key, 1)
        onward = onward if onward != key else looking.queue.after(key, -1)
        looking.book.leave(key)
        self._told((key,))
        if looking.key == key:
            looking.select(onward if onward != key else None)
        looking.update_queue()

    def answered(self, token: int, decision: object) -> bool:
        """True when the answer was to a remembered decision."""
        step = self._answers.pop(token, None)
        if step is not None:
            step.decision = str(decision)
            self._looking.book.settle(step.keys[0])
            if step.taken_back:  # sooner than it was stored
                self._session.take_back(step.decision)
        return step is not None

    def failed(self, token: int) -> bool:
        """True when it was a decision that could not be stored: the cluster comes back."""
        step = self._answers.pop(token, None)
        if step is not None:
            self._steps.drop(step)
            self._looking.book.leave(step.keys[0], gone=False)
            self._looking.update_queue()
            self._told(step.keys)
        return step is not None
