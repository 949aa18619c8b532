"""What a search is told: which rows of which column files, what the facts say, and how to compare."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.config import MatchOptions
from engine.store.place import ColumnPlace

IN_MEMORY = 255
"""In place of the number of a column folder: the row came along with the task."""


@dataclass(frozen=True, slots=True)
class Task:
    """A library to search, first axis n everywhere.

    places: column folders. source uint8 (n,): which of them holds a picture's row, `IN_MEMORY` for none. row int64 (n,): its
    number there, or its place in `carried`. carried: fingerprint parts (m, *shape) of rows that lie in no file.
    columns: what the facts say, by the names of `PictureTable`. films: as there. fresh: bool (n,), pictures of which pairs are
    wanted; None: of all. threads: that may work at once.
    """

    options: MatchOptions
    places: tuple[ColumnPlace, ...]
    source: NDArray[np.uint8]
    row: NDArray[np.int64]
    carried: Mapping[str, NDArray[Any]]
    columns: Mapping[str, NDArray[Any]]
    films: tuple[bytes, ...] = ()
    fresh: NDArray[np.bool_] | None = None
    threads: int = 2

    def __len__(self) -> int:
        return len(self.row)

    def write(self, file: BinaryIO) -> None:
        """Inverse of `read`."""
        arrays: dict[str, NDArray[Any]] = {
            "source": self.source,
            "row": self.row,
            "films": np.frombuffer(b"".join(self.films), np.uint8),
            "film_sizes": np.array([len(film) for film in self.films], np.int64),
            **({"fresh": self.fresh} if self.fresh is not None else {}),
            **{f"column.{name}": values for name, values in self.columns.items()},
            **{f"part.{name}": values for name, values in self.carried.items()},
        }
        about = {
            "options": asdict(self.options),
            "places": [asdict(place) for place in self.places],
            "threads": self.threads,
            "arrays": list(arrays),
        }
        file.write(json.dumps(about).encode() + b"\n")
        for values in arrays.values():
            np.save(file, values, allow_pickle=False)

    @staticmethod
    def read(file: BinaryIO) -> Task:
        """A task from where `write` put it. Raises ValueError, KeyError for anything else."""
        about = json.loads(file.readline())
        arrays = {name: np.load(file, allow_pickle=False) for name in about["arrays"]}
        films, cut, at = arrays["films"].tobytes(), [], 0
        for size in arrays["film_sizes"].tolist():
            cut.append(films[at : at + size])
            at += size
        return Task(
            options=MatchOptions(**about["options"]),
            places=tuple(ColumnPlace(**place) for place in about["places"]),
            source=arrays["source"],
            row=arrays["row"],
            carried=_named(arrays, "part."),
            columns=_named(arrays, "column."),
            films=tuple(cut),
            fresh=arrays.get("fresh"),
            threads=about["threads"],
        )


def _named(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}
