"""Fingerprints to scored pairs, and pairs to clusters. Pure: no files, no threads, no store.

The search runs once at a wide radius and leaves a pair table; a moved line only cuts the list of joins made from it.
"""

from __future__ import annotations

from engine.match.cluster import clusters_at, merge_list, nests
from engine.match.poses import turn_and_mirror
from engine.match.search import Found, compare_rows, find_pairs, search

__all__ = ["Found", "clusters_at", "compare_rows", "find_pairs", "merge_list", "nests", "search", "turn_and_mirror"]
