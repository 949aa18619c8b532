"""How much each part of the similarity counts, as the user has it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

MOST = 2.0
"""A part counts twice as much as usual at most."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One number from 0 to `MOST` for each part (see `PART_NAMES`) that can be weighed; 1 is as usual, and all at 1 leave every
    score as it was stored. Raises ValueError for anything else."""

    structure: float = 1.0
    detail: float = 1.0
    colour: float = 1.0
    hash: float = 1.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise ValueError(f"the weight of {field.name} must be a number")
            if not 0.0 <= value <= MOST:
                raise ValueError(f"the weight of {field.name} must lie between 0 and {MOST:g}")

    @property
    def usual(self) -> bool:
        """All parts count as usual."""
        return all(value == 1.0 for value in self.told().values())

    def told(self) -> dict[str, float]:
        """By the names of the parts."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


AS_USUAL = Weights()
