"""The pairs of a library, from wherever they cost least: the cache, what was compared before with a search of the rest, a search.

The answer is the same to the last byte, except where a look in the middle of a scan asks for it: that may take over pairs whose
company has changed since, and only until the reading is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from engine import match
from engine.config import MatchOptions
from engine.jobs.kept_pairs import KeptPairs, joined, reusable
from engine.jobs.library import Files
from engine.jobs.picture_keys import picture_keys
from engine.jobs.saved_matching import Matching
from engine.jobs.search_apart import search_library
from engine.records import PictureTable
from engine.store import FingerprintStore

_NAME = b"pairs"
_COUNTS = ("crowded", "skipped")


@dataclass(frozen=True, slots=True)
class Question:
    """Which pairs are wanted. table: of these pictures, lazily read. looking: in the middle of a scan, see the module."""

    pictures: Files
    matching: Matching
    table: PictureTable
    store: FingerprintStore
    quick_store: FingerprintStore | None
    options: MatchOptions
    cancelled: Callable[[], bool]
    told: Callable[[int, int], None] = match.nobody
    looking: bool = False

    @property
    def key(self) -> bytes:
        """Digest of all that can change the pairs: the pictures, and how they are compared."""
        return table_key(self.matching, self.options)


class PairSource:
    """Remembers the last search of one session; what the store keeps serves the next ones."""

    def __init__(self) -> None:
        self._last: KeptPairs | None = None

    def known(self, question: Question) -> match.Found | None:
        """The pairs as they were found before, None where these very pictures were not compared in this way."""
        pairs = question.store.load_pairs(question.key)
        if pairs is None:
            return None
        about, _ = _saved(question.store)
        ours = about.get("table") == question.key.hex()
        crowded, skipped = (int(about.get(name, 0)) if ours else 0 for name in _COUNTS)
        return match.Found(pairs, crowded, skipped, independent=False)

    def searched(self, question: Question) -> match.Found:
        """The pairs, searched for as far as that is needed. Raises Cancelled, StoreError, EngineError."""
        if question.options.preset == "identical":
            return self._search(question, None)
        how, keys = _how(question), picture_keys(question.pictures, question.matching)
        found = self._with_kept(question, how, keys) or self._search(question, None)
        compared = np.zeros(len(keys), np.bool_)
        compared[match.looked_at(question.table)] = True
        self._last = KeptPairs(how, keys, compared, found)
        return found

    def keep(self, question: Question, found: match.Found) -> None:
        """Keep the pairs of a library that was read to its end for the next scan."""
        question.store.put_pairs(question.key, found.pairs)
        last, folder = self._last, question.store.libraries()
        if folder is not None and last is not None and last.found is found:
            about = {
                "table": question.key.hex(),
                "how": last.how.hex(),
                "independent": found.independent,
                "busiest": found.busiest,
            }
            counts = {name: getattr(found, name) for name in _COUNTS}
            folder.write(place_of_kept(folder.profile), about | counts, {"keys": last.keys, "compared": last.compared})

    def _with_kept(self, question: Question, how: bytes, keys: NDArray[np.uint64]) -> match.Found | None:
        kept = self._last or _from_store(question.store)
        reuse = reusable(kept, how, keys, question.table, whatever=question.looking)
        if reuse is None:
            return None
        found = self._search(question, reuse.fresh)
        return joined(found, reuse, len(keys), whatever=question.looking)

    def _search(self, question: Question, fresh: NDArray[np.bool_] | None) -> match.Found:
        q = question
        return search_library(q.pictures, q.matching, q.store, q.quick_store, q.options, q.cancelled, fresh=fresh, told=q.told)


def table_key(matching: Matching, options: MatchOptions) -> bytes:
    """See `Question.key`."""
    return blake3(_options(options) + matching.content).digest()


def _options(options: MatchOptions) -> bytes:
    which = "identical" if options.preset == "identical" else ""
    scheme = f"{options.scheme} {options.scheme_config}" if options.scheme else ""
    return f"{match.VERSION} {options.radius64} {options.radius256} {options.floor} {which}{scheme}".encode()


def _how(question: Question) -> bytes:
    """Digest of how two pictures are compared in a library as large as this one."""
    return blake3(_options(question.options) + repr(match.how(question.table)).encode()).digest()


def place_of_kept(profile: str) -> bytes:
    """Under which key the libraries' folder holds what the last search found."""
    return blake3(_NAME + profile.encode()).digest()[:16]


def _saved(store: FingerprintStore) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    folder = store.libraries()
    return (folder.read(place_of_kept(folder.profile)) if folder is not None else None) or ({}, {})


def _from_store(store: FingerprintStore) -> KeptPairs | None:
    about, arrays = _saved(store)
    try:
        pairs = store.load_pairs(bytes.fromhex(about["table"]))
        keys, compared = arrays["keys"], arrays["compared"]
        sound = keys.dtype == np.uint64 and keys.ndim == 2 and keys.shape[1] == 2
        sound &= compared.dtype == np.bool_ and compared.shape == keys.shape[:1]
        if pairs is None or not sound or (len(pairs) and int(pairs["b"].max()) >= len(keys)):
            return None
        crowded, skipped = (int(about[name]) for name in _COUNTS)
        found = match.Found(pairs, crowded, skipped, about["independent"] is True, int(about["busiest"]))
        return KeptPairs(bytes.fromhex(about["how"]), keys, compared, found)
    except (KeyError, TypeError, ValueError):
        return None
