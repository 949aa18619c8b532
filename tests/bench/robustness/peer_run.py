"""Recall of the peers' schemes on a corpus, at one false pair per million and at their own limits."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from tests.bench.robustness import peers
from tests.bench.robustness.corpus import Family
from tests.bench.robustness.statistics import limit_at_rate

RATE = 1e-6
ASKED = 6000
"""Files of which all pairs are counted: 18 million, some 18 of which are false at `RATE`."""

Array = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class PeerResult:
    """One scheme. limit: widest with at most `RATE` false pairs, -1 if none is. hits, usual_hits bool (families, edits): recall
    at that limit and at the program's own. usual_false: false pairs per million at its own limit."""

    scheme: peers.Scheme
    limit: int
    hits: NDArray[np.bool_]
    usual_hits: NDArray[np.bool_]
    usual_false: float


def compared(out: Path, families: Sequence[Family], jobs: int) -> list[PeerResult]:
    """All schemes over the corpus."""
    if jobs <= 1:
        rows = [_described(out, family) for family in families]
    else:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
            rows = list(pool.map(_described, [out] * len(families), families))
    return [_result(scheme, [each[scheme.of.__name__] for each in rows]) for scheme in peers.SCHEMES]


def _described(out: Path, family: Family) -> dict[str, Array]:
    """Rows of all schemes for the files of one family; what was described before is not described again."""
    path = out / "peers" / f"{family.digest}.npz"
    known: dict[str, dict[str, Array]] = {}
    if path.exists():
        with np.load(path) as file:
            columns = {name: file[name] for name in file.files if name != "names"}
            known = {name: {key: rows[k] for key, rows in columns.items()} for k, name in enumerate(file["names"].tolist())}
    for name, each in zip(family.names, family.paths, strict=True):
        if name not in known:
            known[name] = peers.described(_upright(each))
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, names=np.array(list(known)), **_stacked(list(known.values())))  # type: ignore[arg-type]
    return _stacked([known[name] for name in family.names])


def _stacked(rows: list[dict[str, Array]]) -> dict[str, Array]:
    return {key: np.stack([each[key] for each in rows]) for key in rows[0]}


def _upright(path: Path) -> Image.Image:
    import pillow_heif

    pillow_heif.register_heif_opener()
    with Image.open(path) as file:
        file.draft("RGB", (peers.SIDE, peers.SIDE))
        return ImageOps.exif_transpose(file).convert("RGB")


def _result(scheme: peers.Scheme, rows: list[Array]) -> PeerResult:
    true = np.stack([scheme.apart(each, each[0])[1:] for each in rows])
    counts, pairs = _unrelated(scheme, rows)
    limit = limit_at_rate(counts, pairs, RATE)
    usual = -1 if scheme.usual is None else scheme.usual
    return PeerResult(scheme, limit, true <= limit, true <= usual, 1e6 * float(counts[: usual + 1].sum()) / pairs)


def _unrelated(scheme: peers.Scheme, rows: list[Array]) -> tuple[NDArray[np.int64], int]:
    """Distances of all pairs of some files of different families, counted: int64 (BINS,), and how many they are."""
    family = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
    chosen = np.sort(np.random.default_rng(5).permutation(len(family))[:ASKED])
    every, family = np.concatenate(rows)[chosen], family[chosen]
    counts, pairs = np.zeros(peers.BINS, np.int64), 0
    for place in range(len(every)):
        others = np.flatnonzero(family[:place] != family[place])
        counts += np.bincount(scheme.apart(every[others], every[place]), minlength=peers.BINS)
        pairs += len(others)
    return counts, pairs
