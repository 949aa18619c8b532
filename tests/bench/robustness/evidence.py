"""Evidence of the pairs of a corpus, right and wrong, for learning what it is worth (`tests/learning/learn_score.py`).

A dump is a .npy file of `engine.match.verdict.judge.EVIDENCE_DTYPE` rows with `EXTRA`, and beside it a .json file with the names
of edits and originals. All candidates of files of different originals are in it, and of one original those with the unedited
file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.match.frames.candidates import whole_frame_candidates
from engine.match.limits import limits_for
from engine.match.local.candidates import local_candidates
from engine.match.local.features import Features
from engine.match.rank import ranks
from engine.match.verdict.judge import EVIDENCE_DTYPE, evidence_of
from tests.bench.robustness.corpus import Family
from tests.bench.robustness.edits import EDITS
from tests.bench.robustness.product import Library, library_of

EXTRA = [
    ("same", "?"),
    ("family_first", "<i4"),
    ("family_second", "<i4"),
    ("edit_first", "<i2"),
    ("edit_second", "<i2"),
    ("generated", "?"),
]
"""same: one original. family: number of the original. edit: number of the edit, 0 for the original as it is. generated: whether
either is of a generated picture."""


def dump(families: Sequence[Family], path: Path) -> None:
    """Write the evidence of these families, and say how much it is."""
    library = library_of(families)
    evidence = of_library(library)
    first, second = evidence["first"], evidence["second"]
    rows = np.empty(len(evidence), np.dtype([*EVIDENCE_DTYPE.descr, *EXTRA]))
    for name in EVIDENCE_DTYPE.names or ():
        rows[name] = evidence[name]
    rows["family_first"], rows["family_second"] = library.family[first], library.family[second]
    rows["edit_first"], rows["edit_second"] = library.member[first], library.member[second]
    rows["same"] = rows["family_first"] == rows["family_second"]
    artificial = np.array([family.original.generated for family in families])
    rows["generated"] = artificial[rows["family_first"]] | artificial[rows["family_second"]]
    np.save(path, rows)
    names = {"edits": list(families[0].names), "groups": [-1, *(EDITS[name].group for name in families[0].names[1:])],
             "originals": [[family.digest, family.original.source, str(family.original.path)] for family in families],
             "files": len(library.member), "unrelated": library.unrelated}  # fmt: skip
    path.with_suffix(".json").write_text(json.dumps(names))
    print(f"{path}: {int(rows['same'].sum()):,} candidates of one original, {int((~rows['same']).sum()):,} of two, "
          f"among {library.unrelated:,} unrelated pairs")  # fmt: skip


def of_library(library: Library) -> NDArray[np.void]:
    """Evidence of all wanted candidates, by rows of the library's table: `EVIDENCE_DTYPE`."""
    table, count = library.table, len(library.member)
    usable, rank, limits = ~table.flat, ranks(table), limits_for(count)
    features = Features.from_table(table)
    whole = whole_frame_candidates(table, rank, usable, limits, lambda: False).candidates
    local = local_candidates(features, rank, usable, limits, lambda: False, settled=_between_edits(library)).candidates
    candidates = np.concatenate([whole, local])
    first, second = candidates["first"].astype(np.int64), candidates["second"].astype(np.int64)
    related = library.family[first] == library.family[second]
    return evidence_of(table, features, candidates[~related | (library.member[first] == 0) | (library.member[second] == 0)])


def _between_edits(library: Library) -> NDArray[np.uint64]:
    """Pairs of two edited files of one original, as `local_candidates` wants them."""
    order = np.argsort(library.family, kind="stable")
    found = []
    for rows in np.split(order, np.flatnonzero(np.diff(library.family[order])) + 1):
        edited = np.sort(rows[library.member[rows] != 0])
        one, other = np.triu_indices(len(edited), 1)
        found.append(edited[one].astype(np.uint64) * np.uint64(len(order)) + edited[other].astype(np.uint64))
    return np.sort(np.concatenate(found))
