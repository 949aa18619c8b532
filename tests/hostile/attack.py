"""By hand: ``python -m tests.hostile.attack N SEED`` attacks the cache N times and prints JSON lines; exit 0: nothing was wrong.

After each attack a scan must give the report of an undisturbed one, or refuse a newer cache with exit 4; nothing outside may have
changed; and after that scan the cache must verify, at the latest when it was tidied up.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.hostile.cache_attacks import ATTACKS
from tests.hostile.outcome import differences
from tests.support.cli import Cli
from tests.support.library import make_library

REFUSED = 4


@dataclass(slots=True)
class Siege:
    """A library, its cache, what it answers when nobody disturbs it; and how the attacks went."""

    cli: Cli
    folder: Path
    calm: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    before: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def prepare(self) -> None:
        """A cache that holds all there can be: two scans in full, one quick, and one of another library beside."""
        make_library(self.folder / "photos", originals=2, megapixels=0.2, alone=6, flat=1, seed=3)
        make_library(self.folder / "others", originals=1, megapixels=0.2, alone=20, flat=1, seed=4)
        outside = self.folder / "outside"
        outside.mkdir()
        (outside / "canary").write_bytes(b"a photo of the user" * 300)
        for root, cache in (("others", outside / "other"), ("photos", self.folder / "pristine")):
            for more in ((), (), ("--quick",)):
                report = self._scan(cache, self.folder / root, *more)
                assert report.code == 0, report.text
                self.calm["quick" if more else "full"] = report.json
        self.before = self._outside()

    def attack(self, number: int, seed: int) -> None:
        """One attack and what followed."""
        cache, random = self.folder / "cache", Random(f"{seed} {number}")
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(self.folder / "pristine", cache)
        try:
            said = ATTACKS[number % len(ATTACKS)](cache, random, self.folder / "outside")
        except LookupError:
            said = ATTACKS[0](cache, random, self.folder / "outside")
        ways = [*(["--quick"] if "quick" in said else []), "", *([""] if number % 5 == 0 else [])]
        found = self._problems(cache, ways, newer="newer" in said or "flipped" in said)
        now = self._outside()
        if now != self.before:
            changed = sorted(path for path in {*now, *self.before} if now.get(path) != self.before.get(path))
            found.append(f"changed outside: {', '.join(changed)[:500]}")
            self.before = now
        self.wrong += [f"{number}: {said}: {one}" for one in found]
        self.done[said.split()[0]] += 1

    def _problems(self, cache: Path, ways: Sequence[str], *, newer: bool) -> list[str]:
        """ways: the scans to make, one after the other."""
        wrong: list[str] = []
        for way in ways:
            answer = self._scan(cache, self.folder / "photos", *([way] if way else []))
            if answer.code == REFUSED and newer:
                return wrong
            if answer.code != 0:
                return [*wrong, answer.text]
            wrong += differences(self.calm["quick" if way else "full"], answer.json)[:2]
            if b"Traceback" in answer.err:
                wrong.append(answer.text)
        env = {"IMGFP_CACHE_DIR": str(cache)}
        if self.cli("store", "verify", env=env).code != 0:
            self.cli("store", "compact", env=env)
            after = self.cli("store", "verify", env=env)
            wrong += [] if after.code == 0 else [after.text]
        return wrong

    def _scan(self, cache: Path, root: Path, *more: str) -> Any:
        return self.cli("scan", root, "--json", "-", *more, env={"IMGFP_CACHE_DIR": str(cache)}, timeout=180)

    def _outside(self) -> dict[str, tuple[object, ...]]:
        """Everything that is not the cache: outside, the photos, another cache."""
        found: dict[str, tuple[object, ...]] = {}
        for name in ("outside", "photos", "pristine"):
            for path in sorted((self.folder / name).rglob("*")):
                facts = path.lstat()
                content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
                found[str(path)] = (facts.st_mode, facts.st_size, facts.st_mtime_ns, content)
        return found


def main(argv: Sequence[str]) -> int:
    """Entry."""
    with tempfile.TemporaryDirectory(prefix="imgfp-siege-") as name:
        folder = Path(name)
        siege = Siege(Cli(folder / "home"), folder)
        siege.prepare()
        for number in range(int(argv[0])):
            siege.attack(number, int(argv[1]))
            if len(siege.wrong) and "-v" in argv:
                print(siege.wrong[-1], file=sys.stderr, flush=True)
    for sentence in siege.wrong:
        print(json.dumps({"wrong": sentence}))
    figures = {"attacks": sum(siege.done.values()), "kinds": dict(sorted(siege.done.items())), "wrong": len(siege.wrong)}
    print(json.dumps({"bench": "cache-attacks", "seed": int(argv[1]), **figures}))
    return 1 if siege.wrong else 0


if __name__ == "__main__":
    os.umask(0o077)
    raise SystemExit(main(sys.argv[1:]))
