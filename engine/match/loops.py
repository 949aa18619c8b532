"""All loops of matching, for who compiles them ahead."""

from __future__ import annotations

from engine.match.loops_hamming import HAMMING
from engine.match.loops_joins import JOINS
from engine.match.loops_local import CONSENSUS, INDEX, LOCAL, SUPPORT
from engine.match.loops_verify import VERIFY

LOOPS = (HAMMING, JOINS, LOCAL, CONSENSUS, SUPPORT, INDEX, VERIFY)
