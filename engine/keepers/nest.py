"""Proposes what to keep and what to remove inside one nest. Pure; every answer has a reason; doubt means undecided.

Two units are compared by the rules in order; the first that prefers one decides. The keeper is the one unit that is preferred to
every other whole one. If there is none, only equal bytes are settled (first by path), the rest is undecided. Damaged units are
never keepers. Protected units always stay; each removes others only where no later rule at all prefers those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.keepers.candidate import Candidate
from engine.keepers.order import DEFAULT_ORDER, RULES, RuleOrder
from engine.keepers.rule import Rule
from engine.records import Suggest, Tier

TierTo = Callable[[int, int], Tier | None]
"""Asked with (index of the keeping unit, index of the other); None where they do not match."""

_LOOK_FIRST = {
    Tier.EDITED: "an edit: look first",
    Tier.SAME_MOMENT: "the same moment: look first",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is proposed for one unit. keeper: index of the unit that stays in its place (itself for a keeper), None if undecided
    as a whole. tier: that against the keeper (of the keeper itself: identical), None where there is no keeper or no match."""

    suggest: Suggest
    reason: str
    tier: Tier | None
    keeper: int | None


def propose_nest(units: Sequence[Candidate], tier_to: TierTo, order: RuleOrder = DEFAULT_ORDER) -> list[Choice]:
    """One choice for each unit, in the order given; which order that is changes nothing else.

    At least one unit is kept, or all are undecided. A protected or held unit is never removed.
    """
    return _Nest(units, tier_to, order).settle()


class _Nest:
    """One nest being settled."""

    def __init__(self, units: Sequence[Candidate], tier_to: TierTo, order: RuleOrder) -> None:
        self._units = units
        self._tier_to = tier_to
        self._order = order
        self._rules = [RULES[name] for name in order.rules if name != "protected"]
        self._whole = [i for i, unit in enumerate(units) if not unit.partial]
        self._known: dict[tuple[int, int], tuple[int, Rule | None]] = {}

    def settle(self) -> list[Choice]:
        guards = sorted((i for i in self._whole if self._units[i].protected), key=self._by_path)
        keeper = self._preferred_of(guards) if guards else self._preferred_of(self._whole)
        if guards:
            return self._around_guards(guards, guards[0] if keeper is None else keeper)
        if keeper is not None:
            return [self._against(keeper, i) for i in range(len(self._units))]
        return self._equal_bytes_only()

    # ------------------------------------------------------------------------------------- comparing

    def _deciding(self, a: int, b: int) -> tuple[int, Rule | None]:
        """1, -1 or 0 for a against b by the rules without "protected", and the rule that decided."""
        known = self._known.get((a, b))
        if known is None:
            known = self._ask(a, b)
            self._known[a, b], self._known[b, a] = known, (-known[0], known[1])
        return known

    def _ask(self, a: int, b: int) -> tuple[int, Rule | None]:
        one, other = self._units[a], self._units[b]
        for rule in self._rules:
            answer = rule.prefer(one, other)
            if answer:
                return answer, rule
        return 0, None

    def _preferred_of(self, among: list[int]) -> int | None:
        """The unit that is preferred to each of the others; None if there is no such unit."""
        best: int | None = None
        for i in among:  # whoever is preferred to all survives this, whatever the order
            if best is None or self._deciding(i, best)[0] > 0:
                best = i
        if best is None or any(self._deciding(best, i)[0] <= 0 for i in among if i != best):
            return None
        return best

    def _by_path(self, i: int) -> tuple[bytes, ...]:
        return self._units[i].paths

    # ------------------------------------------------------------------------------------- choosing

    def _against(self, keeper: int, i: int) -> Choice:
        """The choice for a unit in a nest with one keeper by rule."""
        if i == keeper:
            return Choice(Suggest.KEEP, self._keep_reason(keeper), Tier.IDENTICAL, keeper)
        unit = self._units[i]
        tier = self._tier_to(keeper, i)
        if unit.protected:
            return Choice(Suggest.KEEP, "in a protected folder", tier, keeper)
        answer, rule = self._deciding(keeper, i)
        doubt = self._doubt(i, tier)
        if unit.partial and not doubt and answer < 0:
            doubt = "damaged, but it may hold more than the kept one: look first"
        if doubt:
            return Choice(Suggest.UNDECIDED, doubt, tier, keeper)
        if unit.partial:
            return Choice(Suggest.REMOVE, "damaged, the kept one is whole", tier, keeper)
        assert rule is not None
        return Choice(Suggest.REMOVE, rule.worse(unit, self._units[keeper]), tier, keeper)

    def _doubt(self, i: int, tier: Tier | None) -> str:
        """Why a unit may not be removed whatever the rules say, "" if it may."""
        if self._units[i].held:
            return self._units[i].held
        if tier is None:
            return "not alike enough to the kept one"
        if tier not in self._order.remove:
            return _LOOK_FIRST.get(tier, "left for you to decide")
        return ""

    def _keep_reason(self, keeper: int) -> str:
        """Names the rule that told it from its closest rival: the one decided latest."""
        best = self._units[keeper]
        rivals = [(self._deciding(keeper, i)[1], i) for i in self._whole if i != keeper]
        places = [(self._rules.index(rule), self._by_path(i), rule, i) for rule, i in rivals if rule is not None]
        if not places:
            return "the only one that is whole"
        unlike = [place for place in places if place[2].name != "same-bytes"] or places
        _, _, rule, rival = max(unlike, key=lambda place: (place[0], place[1]))
        return rule.better(best, self._units[rival])

    def _around_guards(self, guards: list[int], keeper: int) -> list[Choice]:
        """The nest when protected whole units are in it: they stay, and may remove the others."""
        choices: list[Choice] = []
        for i, unit in enumerate(self._units):
            if unit.protected:
                tier = Tier.IDENTICAL if i == keeper else self._tier_to(keeper, i)
                choices.append(Choice(Suggest.KEEP, "in a protected folder", tier, keeper))
            else:
                answers = [self._under_guard(guard, i) for guard in [keeper, *(g for g in guards if g != keeper)]]
                choices.append(next((one for one in answers if one.suggest is Suggest.REMOVE), answers[0]))
        return choices

    def _under_guard(self, guard: int, i: int) -> Choice:
        unit, kept = self._units[i], self._units[guard]
        tier = self._tier_to(guard, i)
        # Of equal bytes nothing is lost, so a name that sorts earlier is no objection.
        objection = next((rule for rule in self._rules if rule.name != "same-bytes" and rule.prefer(unit, kept) > 0), None)
        if doubt := self._doubt(i, tier):
            return Choice(Suggest.UNDECIDED, doubt, tier, guard)
        if objection is not None:
            reason = f"the protected one stays, but this one has: {objection.better(unit, kept)}"
            return Choice(Suggest.UNDECIDED, reason, tier, guard)
        if unit.partial:
            return Choice(Suggest.REMOVE, "damaged, the protected one is whole", tier, guard)
        return Choice(Suggest.REMOVE, RULES["protected"].worse(unit, kept), tier, guard)

    # ------------------------------------------------------------------------------------- no keeper

    def _equal_bytes_only(self) -> list[Choice]:
        """No unit is preferred to all others: only copies of equal bytes are settled, each group for itself."""
        reason = "no rule tells them apart" if self._whole else "damaged, and no whole one to keep"
        choices = [Choice(Suggest.UNDECIDED, unit.held or reason, None, None) for unit in self._units]
        if "same-bytes" not in self._order.rules or Tier.IDENTICAL not in self._order.remove:
            return choices
        groups: dict[bytes, list[int]] = {}
        for i in self._whole:
            digest = self._units[i].blake3
            if digest is not None:
                groups.setdefault(digest, []).append(i)
        for group in groups.values():
            keeper = self._preferred_of(group)
            if keeper is None:  # dates known for some only can contradict each other all round
                keeper = min(group, key=self._by_path)
            removed = [i for i in group if i != keeper and not self._doubt(i, self._tier_to(keeper, i))]
            for i in removed:
                choices[i] = Choice(Suggest.REMOVE, "same bytes", Tier.IDENTICAL, keeper)
            if removed:
                choices[keeper] = Choice(Suggest.KEEP, "same bytes", Tier.IDENTICAL, keeper)
        return choices
