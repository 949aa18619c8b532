"""All clusters at one line as the window takes them: the tuple, its totals, and the same as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.jobs.library import Library
from engine.jobs.shown import going
from engine.records import Cluster, ClusterColumns, ClusterSnapshot

_Number = TypeVar("_Number", bound=np.generic)


def make_snapshot(
    library: Library,
    clusters: Sequence[Cluster],
    line: float,
    *,
    final: bool,
    generation: int = 0,
    number: int = 0,
    marks: int = 0,
) -> ClusterSnapshot:
    """A snapshot of clusters that are ready to be shown; `photos` counts shots. generation, number (of the library), marks: see
    `ClusterSnapshot`."""
    columns = columns_of(library, clusters)
    return ClusterSnapshot(
        generation=generation,
        line=line,
        clusters=tuple(clusters),
        photos=int(columns.units.sum(dtype=np.int64)),
        reclaimable_bytes=int(columns.reclaimable.sum(dtype=np.int64)),
        final=final,
        columns=columns,
        library=number,
        marks=marks,
    )


def columns_of(library: Library, clusters: Sequence[Cluster]) -> ClusterColumns:
    """The clusters as arrays."""
    sizes = np.array([len(cluster.members) for cluster in clusters], np.int64)
    files = np.array([member for cluster in clusters for member in cluster.members], np.int64)
    row_of_file = np.full(int(files.max()) + 1 if len(files) else 0, -1, np.int32)
    row_of_file[files] = np.repeat(np.arange(len(clusters)), sizes)
    marked = [going(library, cluster) for cluster in clusters]
    return ClusterColumns(
        tier=_column([c.tier for c in clusters], np.uint8),
        state=_column([c.state for c in clusters], np.uint8),
        units=_column([len(c.units) for c in clusters], np.int32),
        weakest=_column([c.weakest for c in clusters], np.float32),
        strongest=_column([c.strongest for c in clusters], np.float32),
        reclaimable=_column([c.reclaimable_bytes for c in clusters], np.int64),
        row_of_file=_frozen(row_of_file),
        row_of_key={cluster.key: row for row, cluster in enumerate(clusters)},
        going=_column([photos for photos, _ in marked], np.int32),
        going_bytes=_column([size for _, size in marked], np.int64),
    )


def _column(values: Sequence[object], dtype: type[_Number]) -> NDArray[_Number]:
    return _frozen(np.array(values, dtype))


def _frozen(array: NDArray[_Number]) -> NDArray[_Number]:
    array.setflags(write=False)
    return array
