"""A library that was read before is shown as it was left, before its folders are walked again."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from engine.config import ScanOptions
from engine.errors import StoreError
from engine.jobs.analysis import NotMatched, analyse
from engine.jobs.looking import Looking
from engine.jobs.saved_library import load_library
from engine.scan.roots import absolute
from engine.store import FingerprintStore
from engine.userdata import Decisions

log = logging.getLogger(__name__)

FIRST = 200
"""Clusters that are judged and shown before all others: more than a screen holds."""


def show_saved(
    store: FingerprintStore, roots: Sequence[bytes], options: ScanOptions, decisions: Decisions, looking: Looking, number: int
) -> bool:
    """Show the clusters of these folders as they were, not final, if they were matched in the same way; else False.

    number: see `ClusterSnapshot.library`; used up when this answers True.
    """
    saved = load_library(store, dict.fromkeys(absolute(root) for root in roots if root))
    if saved is None:
        return False
    library = saved.library()
    try:
        analysis = analyse(library, store, decisions, options.match, automatic=options.auto_line, known_only=True)
        looking.show(analysis, options, number, final=False, first=FIRST)
    except (NotMatched, StoreError) as error:
        log.info("event=saved_library_not_shown reason=%r", error)
        return False
    return True
