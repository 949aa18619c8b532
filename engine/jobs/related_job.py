"""Pictures that a model of the user's finds related. They are listed apart: nothing here is a match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import Limits, ScanOptions
from engine.embedding import ModelSpec, Provider, cosines, directions, one_model
from engine.errors import UsageError
from engine.jobs.beside_rows import BesideRows, read_beside
from engine.jobs.inference import ModelProcess
from engine.jobs.library import Library, LibraryFile
from engine.jobs.pair_job import identity_now, others_of, require_picture
from engine.jobs.pools import FileResult, Kind
from engine.jobs.scan_job import ScanJob, ScanListener
from engine.jobs.workspace import RELATED, Workspace
from engine.names import path_fields
from engine.store import FingerprintStore, PartSpec
from engine.volumes import Volumes

MOST = 20
"""Pictures that are listed where nobody says how many."""

ID_BYTES = 32
Vectors = NDArray[np.float32]


class RelatedJob:
    """One question. Used in the main lane."""

    def __init__(self, workspace: Workspace, limits: Limits, listener: ScanListener) -> None:
        self._workspace = workspace
        self._limits = limits
        self._listener = listener

    def find(self, picture: bytes, library: Library | None, spec: ModelSpec, most: int = MOST) -> dict[str, Any]:
        """``related``: `most` pictures, the nearest first, in a library, or without one among all of which vectors are kept; and
        ``model``, which it was. Raises UsageError, ScanError, Cancelled."""
        job = ScanJob(self._workspace.store(), ScanOptions(workers=1), self._listener, self._limits)
        asked = job.run_files([picture]).files[0]
        require_picture(asked)
        with ModelProcess(spec, self._listener.cancelled) as model:
            store = self._store(model)
            others = others_of(asked, library, store)
            files = [asked, *(file for file, _ in others)]
            vectors, known = self._vectors(files, model, store)
            told = {"id": model.model_id.hex(), "sha256": model.sha256, "edge": model.edge, "dimension": model.dimension}
        if not known[0]:
            raise UsageError("The model gives this picture no vector.", hint="Ask about another picture.")
        near = cosines(vectors[0], vectors[1:])
        order = sorted(np.flatnonzero(known[1:]).tolist(), key=lambda place: (-near[place], others[place][0].path))
        volumes, seen = Volumes(), {(asked.stat.device, asked.stat.inode)}
        related: list[dict[str, Any]] = []
        for place in order:
            if len(related) == most:
                break
            identity = identity_now(*others[place], volumes)
            if identity is not None and identity not in seen:
                seen.add(identity)
                path, exact = path_fields(others[place][0].path)
                related.append({"path": path, "path_b64": exact, "cosine": round(float(near[place]), 4)})
        return {"related": related, "model": told}

    def _store(self, model: ModelProcess) -> FingerprintStore:
        name = model.model_id.hex()[:16]
        parts = {
            "vector": PartSpec(np.dtype("<f4"), (model.dimension,), 1),
            "model": PartSpec(np.dtype("u1"), (ID_BYTES,), 1),
        }
        return self._workspace.beside(f"{RELATED}/{name}", f"related-{name}", parts)

    def _vectors(
        self, files: Sequence[LibraryFile], model: Provider, store: FingerprintStore
    ) -> tuple[Vectors, NDArray[np.bool_]]:
        """Unit vectors float32 (n, d) of these pictures, and bool (n,): which have one."""
        beside = BesideRows(store)
        rows = beside.known(files)
        place = {id(file): number for number, file in enumerate(files)}
        waiting: list[FileResult] = []

        def keep() -> None:
            done, data = _embedded(waiting, model)
            rows[[place[id(file)] for file in done]] = beside.keep(done, data)
            waiting.clear()

        lacking = [file for file, row in zip(files, rows.tolist(), strict=True) if row < 0]
        for result in read_beside(lacking, Kind.SQUARE, self._limits, self._listener, edge=model.edge):
            waiting.append(result)
            if len(waiting) == batch_of(model):
                keep()
        if waiting:
            keep()
        known = rows >= 0
        vectors = np.zeros((len(files), model.dimension), np.float32)
        kept = store.prints(rows[known])
        one_model(kept["model"].astype(np.uint8), model.model_id)
        vectors[known] = kept["vector"]
        return vectors, known


def batch_of(model: Provider) -> int:
    """Pictures that the model is given at a time."""
    return int(getattr(model, "batch", 1))


def _embedded(results: Sequence[FileResult], model: Provider) -> tuple[list[LibraryFile], list[bytes]]:
    """What is to be kept of these squares; pictures without a direction are left out, and asked for again another time."""
    squares = np.frombuffer(b"".join(result.prints for result in results), np.uint8)
    vectors, usable = directions(model.embed(squares.reshape(-1, model.edge, model.edge, 3)))
    good = np.flatnonzero(usable).tolist()
    return [results[n].token for n in good], [vectors[n].astype("<f4").tobytes() + model.model_id for n in good]
