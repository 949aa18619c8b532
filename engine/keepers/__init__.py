"""Keeper rules: which picture to keep, proposed with a reason, never done. A new rule is a file and a line in order.py."""

from engine.keepers.candidate import METADATA_KINDS, Candidate, UnitFile, make_candidate, metadata_kinds
from engine.keepers.nest import Choice, TierTo, propose_nest
from engine.keepers.order import DEFAULT_ORDER, DEFAULT_REMOVE, RULES, RuleOrder, read_rules
from engine.keepers.rule import Rule

__all__ = [
    "DEFAULT_ORDER",
    "DEFAULT_REMOVE",
    "METADATA_KINDS",
    "RULES",
    "Candidate",
    "Choice",
    "Rule",
    "RuleOrder",
    "TierTo",
    "UnitFile",
    "make_candidate",
    "metadata_kinds",
    "propose_nest",
    "read_rules",
]
