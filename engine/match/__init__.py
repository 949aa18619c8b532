"""Fingerprints to scored pairs, and pairs to clusters. Pure: no files, no threads, no store.

The search runs once at a wide radius and leaves a pair table; a moved line only cuts the list of joins made from it.
"""

from __future__ import annotations

from engine.match.clusters.cluster import clusters_at, components, groups_of, merge_list
from engine.match.clusters.curve import BytesCurve, LineCurve
from engine.match.clusters.tree import Tree, meeting, tree_of
from engine.match.local.join import STRONGEST
from engine.match.poses import POSES, inverse, inverse_box, turn_and_mirror
from engine.match.query import pairs_of_first, resembling
from engine.match.search import Found, compare_rows, find_pairs, how, looked_at, nobody, search, strongest
from engine.match.verdict.weighing import weighed_scores, weighing_columns

VERSION = 5
"""Rises when the same fingerprints would give other pairs: cached pair tables of an older one are not used."""

__all__ = [
    "POSES",
    "STRONGEST",
    "BytesCurve",
    "Found",
    "LineCurve",
    "Tree",
    "clusters_at",
    "compare_rows",
    "components",
    "find_pairs",
    "groups_of",
    "how",
    "inverse",
    "inverse_box",
    "looked_at",
    "meeting",
    "merge_list",
    "nobody",
    "pairs_of_first",
    "resembling",
    "search",
    "strongest",
    "tree_of",
    "turn_and_mirror",
    "weighed_scores",
    "weighing_columns",
]
