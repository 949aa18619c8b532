"""Moving what was decided, and the way back: checked first, confirmed by the user, carried out by the session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from engine.records import ApplyCheck, Suggest
from imgfp_gui.control import move_words
from imgfp_gui.control.looking import Looking
from imgfp_gui.control.signals import ControllerSignals
from imgfp_gui.control.slices import Slices
from imgfp_gui.control.steps import RunStep, Step, Steps
from imgfp_gui.control.totals import Message

if TYPE_CHECKING:
    from engine.session import Session

CHUNK = 512


def tr(text: str) -> str:
    """A text of this part in the user's language."""
    return QCoreApplication.translate("acting", text)


class Acting:
    """One thing at a time: `busy` while the session moves files or puts them back."""

    def __init__(self, session: Session, signals: ControllerSignals, looking: Looking, steps: Steps, slices: Slices) -> None:
        self._session = session
        self._signals = signals
        self._looking = looking
        self._steps = steps
        self._slices = slices
        self.history: tuple[dict[str, Any], ...] = ()
        self._check: ApplyCheck | None = None
        self._going = 0  # photos that go, if all goes well
        self._to_folder = False
        self._restored: RunStep | None = None
        self._tokens: dict[int, tuple[str, Step | None]] = {}

    @property
    def busy(self) -> bool:
        """Files are being moved or put back."""
        return any(what in ("apply", "undo", "redo") for what, _ in self._tokens.values())

    # ------------------------------------------------------------------------------------------------ moving

    def check(self, destination: str | None) -> None:
        """Ask what moving all decided photos would do; `apply_checked` answers. destination: None is the system trash."""
        faces: list[int] = []
        self._slices.run(self._collect(faces), lambda: self._ask_check(faces, destination))

    def _collect(self, faces: list[int]) -> Iterator[None]:
        book, snapshot = self._looking.book, self._looking.snapshot
        rows = book.rows_going()
        for start in range(0, len(rows), CHUNK):
            for row in rows[start : start + CHUNK]:
                cluster = snapshot.clusters[row]
                said = book.judged(cluster).said
                faces.extend(unit[0] for unit, mark in zip(cluster.units, said, strict=True) if mark is Suggest.REMOVE)
            yield

    def _ask_check(self, faces: list[int], destination: str | None) -> None:
        paths = [path for path in self._session.paths(faces, self._looking.snapshot.library) if path]
        where = destination.encode("utf-8", "surrogateescape") if destination is not None else None
        self._to_folder = where is not None
        self._tokens[self._session.check_apply(paths, where)] = ("check", None)

    def apply(self, *, confirmed: bool) -> None:
        """Carry out what was checked last."""
        if self._check is not None and not self.busy:
            self._tokens[self._session.apply_checked(self._check.id, confirmed=confirmed)] = ("apply", None)
            self._going = self._check.photos
            self._check = None

    def stop(self) -> bool:
        """Whether something runs that can be stopped; a check that was asked for is not answered any more."""
        runs = any(what in ("check", "apply", "undo", "redo") for what, _ in self._tokens.values())
        self._tokens = {token: entry for token, entry in self._tokens.items() if entry[0] != "check"}
        return runs

    # ------------------------------------------------------------------------------------------------ the way back

    def undo(self, run: str | None, step: RunStep | None = None, what: str = "undo") -> None:
        """Put a run back; None: the newest of the history. what: ``redo`` carries it out again."""
        if not self.busy:
            own = (known for known in self._steps.all() if isinstance(known, RunStep) and known.run == run)
            self._restored = next(own, None) if step is None else None
            self._tokens[self._session.undo(run)] = (what, step)

    def ask_history(self) -> None:
        """Ask what was done; `history_changed` answers."""
        self._tokens[self._session.history()] = ("history", None)

    def look_at_run(self, run: str) -> None:
        """Ask which files of a move could not come back now; `run_looked_at` answers."""
        self._tokens[self._session.lost_copies(run)] = (f"look {run}", None)

    def forget(self, decision: str) -> None:
        """Take a remembered decision back."""
        self._tokens[self._session.take_back(decision)] = ("forget", None)

    def retry(self, paths: list[bytes]) -> None:
        """Read these files again with the next scan; it follows."""
        self._tokens[self._session.retry(paths)] = ("retry", None)

    @property
    def newest_run(self) -> dict[str, Any] | None:
        """The newest move of the history of which files are still away."""
        moves = (e for e in self.history if e.get("kind") == "apply" and e.get("files"))
        return next((e for e in moves if e.get("state") != "undone"), None)

    @property
    def newest_text(self) -> str:
        """The newest move in a few words, "" for none."""
        run = self.newest_run
        if run is None:
            return ""
        return move_words.moving(int(run.get("photos", run.get("files", 0))), to_folder=run.get("to") != "trash")

    # ------------------------------------------------------------------------------------------------ answers

    def answered(self, token: int, value: Any) -> str:
        """What was answered: ``check`` ``apply`` ``undo`` ``redo`` ``history`` ``forget`` ``retry``, "" for another's."""
        what, step = self._tokens.pop(token, ("", None))
        if what == "check":
            self._check = value
            self._signals.apply_checked.emit(value)
        elif what in ("apply", "undo", "redo"):
            self._moved(what, step, value)
        elif what.startswith("look "):
            self._signals.run_looked_at.emit(what.removeprefix("look "), frozenset(value))
        elif what == "history":
            self.history = tuple(value)
            self._signals.history_changed.emit(self.history)
            self._signals.undo_changed.emit()
        return what

    def failed(self, token: int) -> str:
        """What failed, or "" for somebody else's. A step whose way back failed stays where it was."""
        what, step = self._tokens.pop(token, ("", None))
        if step is not None:
            (self._steps.take_again if what == "undo" else self._steps.take_back)()
            self._signals.undo_changed.emit()
        return what

    def _moved(self, what: str, step: Step | None, answer: dict[str, Any]) -> None:
        results = answer.get("results", [])
        done = [result for result in results if result.get("outcome") in move_words.GOOD]
        whole = self._going if what == "apply" and len(done) == len(results) and not answer.get("cancelled") else 0
        text = move_words.told(what, results, whole, to_folder=self._to_folder)
        run = answer.get("run")
        if what == "apply" and run and done:
            self._steps.push(RunStep(move_words.moving(whole or len(done), to_folder=self._to_folder), run))
        elif isinstance(step, RunStep) and run:
            step.run = run
        elif self._restored is not None and done:  # put back from the history: no step of this window any more
            self._steps.drop(self._restored)
            self._restored = None
        sign = "done" if len(done) == len(results) else "caution"
        button = ("actions.undo", tr("Undo")) if done and what != "undo" else (None, "")
        self._signals.message.emit(Message(text, sign, *button))
        self._signals.applied.emit(answer)
        self._signals.undo_changed.emit()
