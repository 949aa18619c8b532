"""Which rules are asked, in which order, and which tiers may be removed; from the defaults or from a rules file (TOML)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import UsageError
from engine.input_files import read_toml
from engine.keepers import capture_date, compression, file_date, metadata, name, pixels, protected, raw, same_bytes
from engine.keepers.rule import Rule
from engine.names import display_text
from engine.records import Tier

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        protected.RULE,
        raw.RULE,
        pixels.RULE,
        metadata.RULE,
        compression.RULE,
        capture_date.RULE,
        file_date.RULE,
        name.RULE,
        same_bytes.RULE,
    )
}
"""Every rule by name, in the order in which they are asked by default."""

DEFAULT_REMOVE = frozenset((Tier.IDENTICAL, Tier.SAME_DATA, Tier.SAME_PICTURE))


@dataclass(frozen=True, slots=True)
class RuleOrder:
    """rules: names of `RULES`, "protected" always first. remove: the tiers against the keeper at which removal is proposed."""

    rules: tuple[str, ...] = tuple(RULES)
    remove: frozenset[Tier] = DEFAULT_REMOVE

    def __post_init__(self) -> None:
        if self.rules[:1] != ("protected",) or len(set(self.rules)) != len(self.rules) or not set(self.rules) <= set(RULES):
            raise ValueError("rules must be known, named once, and begin with protected")


DEFAULT_ORDER = RuleOrder()


def read_rules(path: str | bytes | Path) -> RuleOrder:
    """The order in a rules file of at most 1 MiB.

    Keys, both optional: ``order``, a list of rule names ("protected" comes first, named or not; rules left out are not asked),
    and ``remove``, a list of tiers. Raises UsageError for any other key, type or value.
    """
    table = read_toml(path, "rules file")
    shown = display_text(os.fsencode(path))
    unknown = sorted(set(table) - {"order", "remove"})
    if unknown:
        raise _refused(shown, f'it has the unknown key "{display_text(unknown[0])}"', "Known keys: order, remove.")
    return RuleOrder(_rules(table.get("order"), shown), _tiers(table.get("remove"), shown))


def _refused(shown: str, why: str, hint: str) -> UsageError:
    return UsageError(f"The rules file {shown} cannot be used: {why}.", hint=hint)


def _names(value: Any, shown: str, key: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _refused(shown, f"{key} is not a list of names", f'Write it like {key} = ["…", "…"].')
    if len(set(value)) != len(value):
        raise _refused(shown, f"{key} names something twice", "Name each once.")
    return value


def _rules(value: Any, shown: str) -> tuple[str, ...]:
    if value is None:
        return DEFAULT_ORDER.rules
    names = _names(value, shown, "order")
    for one in names:
        if one not in RULES:
            raise _refused(shown, f'there is no rule "{display_text(one)}"', f"Known rules: {', '.join(RULES)}.")
    if "protected" in names[1:]:
        raise _refused(
            shown, "protected must be the first rule", "Move it to the front, or leave it out: it is always asked first."
        )
    return ("protected", *(one for one in names if one != "protected"))


def _tiers(value: Any, shown: str) -> frozenset[Tier]:
    if value is None:
        return DEFAULT_REMOVE
    try:
        return frozenset(Tier.from_label(one) for one in _names(value, shown, "remove"))
    except ValueError as error:
        raise _refused(shown, "remove names an unknown tier", f"Known tiers: {', '.join(t.label for t in Tier)}.") from error
