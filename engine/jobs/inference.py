"""The process that runs a model of the user's, as whoever asks it sees it. Nothing it says is believed before it was checked."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from engine.config import GIB, Limits
from engine.embedding import MOST_DIMENSIONS, RUNTIME, ModelSpec, model_id
from engine.errors import DecodeError, EngineError, UsageError
from engine.jobs.child import MEMORY_MARGIN, Child, ChildError, Deadline
from engine.jobs.opening import open_for_reading
from engine.names import display_text
from engine.problems import problem_words
from engine.wire import SQUARE_MOST, Kind, Message

MODEL_BYTES = 2 * GIB
"""The most that an ONNX file of one piece can have; models of several files are not read."""

LIMITS = Limits(
    memory_base=8 * GIB, memory_per_pixel=0, memory_cap=8 * GIB, cpu_base_s=900.0, stall_s=120.0, wall_s=900.0, max_pixels=1
)
"""A model takes more memory than a picture, and a batch of large ones some seconds."""

DEADLINE = Deadline(LIMITS.cpu_base_s, LIMITS.stall_s, LIMITS.wall_s, LIMITS.memory_cap + MEMORY_MARGIN)
_HASHED_AT_ONCE = 1 << 20


def inference_command() -> list[str]:
    """How the process is started: like a worker's, isolated from the user's environment and from the current folder."""
    bytecode = ["-B"] if sys.dont_write_bytecode else []
    return [sys.executable, "-I", *bytecode, "-m", "engine.embedding"]


class ModelProcess:
    """An `embedding.Provider` in a process of its own. Use it as a context manager.

    sha256: of the model file, in hex. model_id, edge, dimension: see `Provider`. batch: most pictures of one call.
    """

    def __init__(self, spec: ModelSpec, cancelled: Callable[[], bool], command: Sequence[str] | None = None) -> None:
        """Raises UsageError where the model cannot be used, or is another one than was pinned; Cancelled."""
        require_runtime()
        self._child: Child | None = None
        try:
            descriptor, facts = open_for_reading(spec.path)
        except DecodeError as error:
            raise UsageError(problem_words(error.code, spec.path)[0], hint="Name an ONNX file after --related.") from error
        try:
            self.sha256 = _pinned(spec, descriptor, facts.size)
            self._child = Child(command or inference_command(), LIMITS, cancelled)
            self._child.greet()
            fields: dict[str, object] = {"sha256": self.sha256, "mean": list(spec.mean), "std": list(spec.std)}
            told = self._asked(Kind.MODEL, fields, descriptor, spec.edge).fields
            self.edge, self.dimension, self.batch = (_whole(told.get(name)) for name in ("edge", "dimension", "batch"))
            if self.edge > SQUARE_MOST or self.dimension > MOST_DIMENSIONS or (spec.edge and spec.edge != self.edge):
                raise _unusable("it answered what cannot be")
        except ChildError as error:
            self.close()
            raise _unusable(error.detail or error.code) from error
        except BaseException:
            self.close()
            raise
        finally:
            os.close(descriptor)
        self.model_id = model_id(self.sha256, self.edge, spec.mean, spec.std)

    def __enter__(self) -> ModelProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None:
            child.close()

    def embed(self, squares: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Provider.embed`; at most `batch` at a time. Raises EngineError where the process fails, Cancelled."""
        with tempfile.TemporaryFile() as given:
            given.write(np.ascontiguousarray(squares).tobytes())
            given.flush()
            try:
                answer = self._asked(Kind.EMBED, {}, given.fileno(), 0)
            except ChildError as error:
                self.close()
                raise _unusable(error.detail or error.code) from error
        if len(answer.blob) != 4 * len(squares) * self.dimension:
            raise _unusable("it answered what cannot be")
        return np.frombuffer(answer.blob, "<f4").astype(np.float32).reshape(len(squares), self.dimension)

    def _asked(self, kind: Kind, fields: dict[str, object], descriptor: int, edge: int) -> Message:
        if self._child is None:
            raise _unusable("its process ended")
        answer = self._child.ask(kind, {**fields, "name": "", "edge": edge, "alone": True}, (descriptor,), DEADLINE)
        if "failed" in answer.fields:
            raise _unusable(str(answer.fields.get("detail", "")))
        return answer


def require_runtime() -> None:
    """Raise UsageError where the package that runs models is not installed."""
    if importlib.util.find_spec(RUNTIME) is None:
        raise UsageError(
            f"Visually related pictures need the package {RUNTIME}, which is not installed.",
            hint="Install imgfp with its extra: pip install 'imgfp[related]'.",
        )


def _pinned(spec: ModelSpec, descriptor: int, size: int) -> str:
    """SHA-256 of the model file in hex, if it is the one that was pinned."""
    if size > MODEL_BYTES:
        raise _unusable("it has more than 2 GiB")
    digest = hashlib.sha256()
    with os.fdopen(os.dup(descriptor), "rb") as file:
        while chunk := file.read(_HASHED_AT_ONCE):
            digest.update(chunk)
    found = digest.hexdigest()
    if spec.sha256 is not None and found != spec.sha256:
        raise UsageError(
            f"The model {display_text(spec.path)} is not the one that was chosen: its SHA-256 is {found}, not {spec.sha256}.",
            hint="If you replaced it yourself, write the new SHA-256 into the settings file.",
        )
    return found


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _unusable("it answered what cannot be")
    return value


def _unusable(why: str) -> EngineError:
    return UsageError(f"The model cannot be used: {display_text(why)}.", hint="Choose another ONNX file.")
