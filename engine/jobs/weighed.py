"""An analysis with other weights: other scores of the same pairs and joins made anew, from the pair table alone.

What is stored, and what a decision is laid over, is always the analysis with the scores as they were found.
"""

from __future__ import annotations

from dataclasses import replace

from engine import match
from engine.jobs.analysis import Analysis, PairArray
from engine.match.verdict.rescore import PartColumns
from engine.records import AS_USUAL, Weights


def unweighed(analysis: Analysis) -> Analysis:
    """The same with the scores as they were found."""
    return analysis.unweighed or analysis


def weights_for(analysis: Analysis, weights: Weights) -> Weights:
    """The weights that count: another scheme's scores are made of other parts, and stay as they are."""
    return AS_USUAL if analysis.options.scheme else weights


def weighed(analysis: Analysis, weights: Weights, columns: PartColumns | None = None) -> Analysis:
    """The analysis, weighed before or not, with these weights. columns: `match.weighing_columns` of its pairs, unweighed."""
    found, weights = unweighed(analysis), weights_for(analysis, weights)
    if weights.usual:
        return found
    pairs = with_weights(found.pairs, weights, columns)
    pairs.setflags(write=False)
    merges = match.merge_list(found.table, pairs, found.removed, moments=found.options.moments)
    return replace(found, pairs=pairs, merges=merges, joins=None, weights=weights, unweighed=found)


def with_weights(pairs: PairArray, weights: Weights, columns: PartColumns | None = None) -> PairArray:
    """A copy of pairs (with the scores as they were found) that has the scores of these weights."""
    made = pairs.copy()
    made["score"] = match.weighed_scores(pairs, weights, columns)
    return made
