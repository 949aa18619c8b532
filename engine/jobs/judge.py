"""What the keeper rules say of one cluster: each nest of the same picture for itself, whole shots against each other.

A judge serves one analysis: what it learns of a shot, or of a pair that the table lacks, it remembers for every line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine import keepers, match
from engine.errors import StoreError
from engine.jobs.analysis import Analysis
from engine.jobs.forest import Case, Pair
from engine.jobs.library import LibraryFile
from engine.jobs.protection import Protection
from engine.jobs.provisional import WAIT, in_doubt
from engine.jobs.weighed import with_weights
from engine.records import PictureFacts, Role, Suggest, Tier, Verdict

NOT_ALIKE = (-1.0, Tier.SAME_MOMENT)
"""Of a pair that is none: no line lies that low."""


class Judge:
    """Runs the keeper rules over the clusters of one analysis."""

    def __init__(self, analysis: Analysis, protection: Protection, rules: keepers.RuleOrder) -> None:
        self._library = analysis.library
        self._pictures = analysis.pictures
        self._table = analysis.table
        self._options = analysis.options
        self._weights = analysis.weights
        self._protection = protection
        self._rules = rules
        self._bytes_id = np.ascontiguousarray(analysis.table.bytes_id).data  # read like a list, without making one
        doubt = in_doubt(analysis.library)[analysis.pictures.ids]
        self._doubt = frozenset(np.flatnonzero(doubt).tolist())
        self._shot = np.ascontiguousarray(analysis.table.shot).data
        self._candidates: dict[int, keepers.Candidate] = {}
        self._compared: dict[Pair, tuple[float, Tier]] = {}

    def is_provisional(self, case: Case) -> bool:
        """A member, or a file of its shot, is known by its small picture only."""
        return bool(self._doubt) and not self._doubt.isdisjoint(case.members)

    def verdicts(self, case: Case) -> tuple[Verdict, ...]:
        """One verdict a member, in their order."""
        self._prepare(case)
        if self.is_provisional(case):
            return tuple([self._verdict(m, Suggest.UNDECIDED, WAIT, self._strongest(case, m)) for m in case.members])
        found: dict[int, Verdict] = {}
        for nest in case.nests:
            self._nest(case, nest, found)
        for member in case.members:
            if member not in found:
                tier = self._strongest(case, member)
                found[member] = self._verdict(member, Suggest.UNDECIDED, _look_first(tier), tier)
        return tuple([found[member] for member in case.members])

    def _prepare(self, case: Case) -> None:
        """Of files of equal bytes the first stands for all; and the strongest link at each end."""
        seen: dict[int, int] = {}
        for member in case.members:
            identity = self._bytes_id[member]
            case.first[member] = seen.setdefault(identity, member) if identity >= 0 else member
        for pair, (score, tier) in case.links.items():
            for end in pair:
                best = case.strong.get(end)
                if best is None or (-score, tier) < (-best[0], best[1]):
                    case.strong[end] = (score, tier)

    # ------------------------------------------------------------------------------------------------ one nest

    def _nest(self, case: Case, nest: Sequence[int], found: dict[int, Verdict]) -> None:
        units = self._units(nest)
        candidates = [self._candidate(unit[0]) for unit in units]
        choices = keepers.propose_nest(candidates, lambda k, o: self._unit_tier(case, units[k], units[o]), self._rules)
        for unit, choice in zip(units, choices, strict=True):
            kept = units[choice.keeper] if choice.keeper is not None else None
            suggest, reason = choice.suggest, choice.reason
            if suggest is Suggest.REMOVE and kept is not None and self._would_lose_film(unit[0], kept[0]):
                suggest, reason = Suggest.UNDECIDED, "its film would go too, and the kept one has none like it: look first"
            for member in unit:
                found[member] = self._verdict(member, suggest, reason, self._member_tier(case, member, unit, kept))

    def _units(self, nest: Sequence[int]) -> list[tuple[int, ...]]:
        shots: dict[int, list[int]] = {}
        for member in nest:
            shots.setdefault(self._shot[member], []).append(member)
        return [tuple(unit) for unit in shots.values()]

    def _candidate(self, leader: int) -> keepers.Candidate:
        """The shot that a picture leads; the same at every line."""
        known = self._candidates.get(leader)
        if known is None:
            known = self._candidates[leader] = self._make_candidate(self._pictures[leader])
        return known

    def _make_candidate(self, first: LibraryFile) -> keepers.Candidate:
        library = self._library
        whole = [first, *library.companions(first)]
        pictures = [file for file in whole if file.role not in (Role.SIDECAR, Role.MOVIE)]
        companions = [file for file in whole if file.role in (Role.SIDECAR, Role.MOVIE)]
        shared = any(file.id in library.shared_companions for file in companions)
        return keepers.make_candidate(
            [keepers.UnitFile(f.id, f.path, f.facts or PictureFacts("error"), f.stat.mtime_ns) for f in pictures],
            protected=any(self._protection.covers(file.path) for file in whole),
            companion_digests=[file.digest for file in companions],
            held="a file beside it may belong to another photo: look first" if shared else "",
        )

    def _would_lose_film(self, leader: int, keeper: int) -> bool:
        """The film of a Live Photo is no metadata: it may go only where the kept shot has one of equal bytes."""
        films = self._films(leader)
        if not films:
            return False
        kept = {film.digest for film in self._films(keeper)}
        return any(film.digest is None or film.digest not in kept for film in films)

    def _films(self, leader: int) -> list[LibraryFile]:
        return [file for file in self._library.companions(self._pictures[leader]) if file.role is Role.MOVIE]

    # ------------------------------------------------------------------------------------------------ tiers

    def _member_tier(self, case: Case, member: int, unit: Sequence[int], keeper: Sequence[int] | None) -> Tier:
        """Against the nest's keeper; of the strongest link where there is none."""
        if keeper is None:
            return self._strongest(case, member)
        if keeper == unit:
            return Tier.IDENTICAL
        closest = self._closest(case, keeper, member)
        return self._strongest(case, member) if closest is None else closest

    def _unit_tier(self, case: Case, keeper: Sequence[int], other: Sequence[int]) -> Tier | None:
        """The loosest tier at which every picture of the other unit is covered by one of the keeper's; None if one is not."""
        loosest = Tier.IDENTICAL
        for member in other:
            tier = self._closest(case, keeper, member)
            if tier is None:
                return None
            loosest = max(loosest, tier)
        return loosest

    def _closest(self, case: Case, keeper: Sequence[int], member: int) -> Tier | None:
        """The strictest tier between one picture and a unit; camera RAW is covered by camera RAW only, where the unit has one."""
        if len(keeper) == 1:
            return self._tier(case, keeper[0], member)
        raw = self._table.raw
        if raw[member] and any(raw[k] for k in keeper):
            keeper = [k for k in keeper if raw[k]]
        tiers = [tier for tier in (self._tier(case, k, member) for k in keeper) if tier is not None]
        return min(tiers) if tiers else None

    def _tier(self, case: Case, i: int, j: int) -> Tier | None:
        if self._bytes_id[i] >= 0 and self._bytes_id[i] == self._bytes_id[j]:
            return Tier.IDENTICAL
        one, other = case.first[i], case.first[j]
        pair = (one, other) if one < other else (other, one)
        linked = case.links.get(pair)
        if linked is not None:
            return linked[1]
        score, tier = case.other.get(pair) or self._compare(pair)
        if score >= case.line:
            case.high = min(case.high, score)
            return tier
        case.low = max(case.low, score)
        return None

    def _compare(self, pair: Pair) -> tuple[float, Tier]:
        """A pair that the table lacks."""
        known = self._compared.get(pair)
        if known is None:
            found = self._looked_at(pair)
            known = NOT_ALIKE if found is None else (self._score(found), Tier(int(found["tier"])))
            self._compared[pair] = known
        return known

    def _score(self, found: np.void) -> float:
        return float(with_weights(np.array([found]), self._weights)["score"][0])

    def _looked_at(self, pair: Pair) -> np.void | None:
        try:
            return match.compare_rows(self._table, *pair, self._options)
        except StoreError:  # the cache was cleared, or its disk is gone, while the library is open: nothing is proven alike
            return None

    def _strongest(self, case: Case, member: int) -> Tier:
        """Tier of the member's strongest link; of its shot's where it has none of its own."""
        best = self._best(case, (case.first[member], member))
        if best is None:
            best = self._best(case, [m for m in case.members if self._shot[m] == self._shot[member]])
        return best[1] if best is not None else Tier.SAME_PICTURE

    def _best(self, case: Case, ends: Sequence[int]) -> tuple[float, Tier] | None:
        known = [best for end in ends if (best := case.strong.get(end)) is not None]
        return min(known, key=lambda best: (-best[0], best[1])) if known else None

    def _verdict(self, member: int, suggest: Suggest, reason: str, tier: Tier) -> Verdict:
        return Verdict(self._pictures.ids.item(member), suggest, reason, tier)


def _look_first(tier: Tier) -> str:
    return "an edit: look first" if tier >= Tier.EDITED else "nothing to compare it with: look first"
