"""All loops of matching, for who compiles them ahead."""

from __future__ import annotations

from engine.match.clusters.loops import JOINS
from engine.match.frames.loops import HAMMING
from engine.match.local.loops import CONSENSUS, INDEX, LOCAL, SUPPORT
from engine.match.pixels.loops import VERIFY

LOOPS = (HAMMING, JOINS, LOCAL, CONSENSUS, SUPPORT, INDEX, VERIFY)
