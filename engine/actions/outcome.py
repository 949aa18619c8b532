"""What came of each file, and of a whole run, in the words and the shape of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from engine.names import path_fields

Outcome = Literal["moved", "restored", "refused", "failed"]

_GOOD = ("moved", "restored")
_EXIT_REFUSED = 5
_EXIT_CANCELLED = 130


@dataclass(frozen=True, slots=True)
class Result:
    """The one outcome of one file, companions included. Paths are raw bytes.

    path: its place in the library. to: where it lies now, if it moved (or could not be brought back). code: ``action.*``.
    message: a sentence why it did not; hint: what to do.
    """

    path: bytes
    outcome: Outcome
    code: str | None = None
    message: str = ""
    to: bytes | None = None
    hint: str = ""

    def to_json(self) -> dict[str, Any]:
        """The contract's object."""
        path, exact = path_fields(self.path)
        to, to_exact = (None, None) if self.to is None else path_fields(self.to)
        return {
            "path": path,
            "path_b64": exact,
            "outcome": self.outcome,
            "code": self.code,
            "message": f"{self.message} {self.hint}".strip(),
            "to": to,
            "to_b64": to_exact,
        }


@dataclass(frozen=True, slots=True)
class ApplyOutcome:
    """How an apply, undo or redo ended.

    run: id in the history, None when nothing was journalled (dry run, empty plan, nothing to undo). cancelled: the files that
    are not in results were not looked at. note: a sentence when there was nothing to do. recovered: sentences about unfinished
    runs that were put in order first.
    """

    run: str | None
    results: tuple[Result, ...] = ()
    cancelled: bool = False
    note: str = ""
    recovered: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[Result, ...]:
        """The files that did not go where they were to go."""
        return tuple(result for result in self.results if result.outcome not in _GOOD)

    @property
    def exit_code(self) -> int:
        """0, 5 when anything was refused or failed, 130 when cancelled."""
        if self.cancelled:
            return _EXIT_CANCELLED
        return _EXIT_REFUSED if self.refused else 0

    def to_json(self) -> dict[str, Any]:
        """The contract's answer of ``apply`` and ``undo``."""
        return {"run": self.run, "results": [result.to_json() for result in self.results]}
