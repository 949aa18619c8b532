"""A whole folder of hostile files from a number and a seed, and the list of what is in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.hostile.bases import SUFFIXES, bases
from tests.hostile.bombs import bombs
from tests.hostile.mutations import MUTATIONS
from tests.hostile.places import make_places
from tests.hostile.sound import sound_pictures


@dataclass(frozen=True, slots=True)
class Hostile:
    """What was made. root: the folder. hostile, sound: raw absolute paths of files that a walk meets."""

    root: Path
    hostile: tuple[bytes, ...]
    sound: tuple[bytes, ...]


def make_hostile(root: Path, count: int, seed: int, *, heavy: bool = False) -> Hostile:
    """Write `count` hostile files or some more below `root` (created), with about a hundred sound pictures among them.

    The same seed makes the same files where the same samples are at hand. heavy: with everything that costs seconds or gigabytes,
    and at least as many damaged files as such by design.
    """
    root.mkdir(parents=True)
    root = root.absolute()
    random = Random(seed)
    hostile = make_places(root / "places", heavy)
    designed = list(bombs(heavy))
    if not heavy:
        designed = random.sample(designed, min(len(designed), max(0, count - len(hostile)) // 2))
    for number, (name, data) in enumerate(designed):
        hostile.append(_write(root / "designed" / f"{number % 7}" / name, data))
    damaged = max(count - len(hostile), len(designed) if heavy else 0)
    hostile += [_damaged(root / "damaged" / f"{number % 11}", number, random) for number in range(damaged)]
    sound = tuple(_write(root / "sound" / os.fsdecode(name), data) for name, data in sound_pictures(seed))
    return Hostile(root, tuple(hostile), sound)


def _damaged(folder: Path, number: int, random: Random) -> bytes:
    """Format and kind of damage go round, so that every pair comes before one comes twice."""
    names, kinds = list(bases()), list(MUTATIONS)
    kind = kinds[number % len(kinds)]
    base = names[(number + number // len(kinds)) % len(names)]
    format, data = bases()[base]
    other = bases()[random.choice(names)][1]
    content = MUTATIONS[kind](data, random, other)
    if random.random() < 0.1:
        content = random.choice(list(MUTATIONS.values()))(content or b"\0", random, other)
    return _write(folder / f"{number:05}-{base.replace(' ', '-')}-{kind}{SUFFIXES[format]}", content)


def _write(path: Path, data: bytes) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return os.fsencode(path)
