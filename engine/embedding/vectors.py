"""Vectors of pictures: unit length, of one model, compared by their cosine. What is no direction is refused."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError

MOST_DIMENSIONS = 65_536
Vectors = NDArray[np.float32]


class Provider(Protocol):
    """Makes vectors of pictures. model_id: 32 bytes, equal only where vectors may be compared. edge: px a side that it wants."""

    model_id: bytes
    edge: int
    dimension: int

    def embed(self, squares: NDArray[np.uint8]) -> Vectors:
        """uint8 (n, edge, edge, 3), red green blue, to float32 (n, dimension), as the model gives them."""


def directions(raw: Vectors) -> tuple[Vectors, NDArray[np.bool_]]:
    """float32 (n, d) to unit vectors, and bool (n,): which are any. A vector that is zero or not finite has no direction."""
    wide = raw.astype(np.float64)
    finite = np.isfinite(wide).all(axis=1)
    wide[~finite] = 0.0
    # by the largest number first: squares of huge or tiny ones would leave the range
    largest = np.abs(wide).max(axis=1, keepdims=True, initial=0.0)
    usable: NDArray[np.bool_] = largest[:, 0] > 0
    wide[usable] /= largest[usable]
    wide[usable] /= np.sqrt((wide[usable] ** 2).sum(axis=1, keepdims=True))
    return wide.astype(np.float32), usable


def one_model(models: NDArray[np.uint8], model: bytes) -> None:
    """uint8 (n, 32), the id on every row. Raises EngineError where one is of another model."""
    if not (models == np.frombuffer(model, np.uint8)).all():
        raise EngineError(
            "Vectors of different models cannot be compared.", hint="imgfp store clear forgets them; then ask again."
        )


def cosines(one: Vectors, others: Vectors) -> NDArray[np.float64]:
    """Unit vectors float32 (d,) and (n, d) to float64 (n,), -1..1. Raises ValueError for another length."""
    if others.shape[1] != len(one):
        raise ValueError("vectors of different lengths")
    near: NDArray[np.float64] = np.einsum("nd,d->n", others, one, dtype=np.float64)
    return np.clip(near, -1.0, 1.0)
