"""Scans that are killed at random moments, and what each kill cost.

By hand: ``python -m tests.journeys.killing N SEED`` kills N scans of 300 photos, half of them with all their processes, half the
parent alone, and prints one JSON line. Exit 0 when every rule held.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.journeys.test_library import plain
from tests.support.cli import Cli
from tests.support.library import make_library
from tests.support.processes import descendants, gone

GONE_S = 3.0
BATCH = 256


@dataclass(slots=True)
class Toll:
    """kills: how many scans were killed while they ran. most_repeated: files that one kill made be read again, at most."""

    kills: int = 0
    finished_first: int = 0
    clean_slates: int = 0
    most_repeated: int = 0
    wrong: list[str] = field(default_factory=list)


def kill_scans(cli: Cli, root: Path, cache: Path, kills: int, seed: int, calm: dict[str, Any], seconds: float) -> Toll:
    """Kill scans that go on where the one before was ended, from an empty cache whenever all is known.

    calm: the report of an undisturbed scan, which took so many `seconds`.
    """
    toll, moments, env = Toll(), random.Random(seed), {"IMGFP_CACHE_DIR": str(cache)}
    while toll.kills < kills:
        if _known(cli, env) >= len(calm["files"]):
            shutil.rmtree(cache)
            toll.clean_slates += 1
        known = _known(cli, env)
        process = cli.start("scan", root, "--json", "-", "--progress", "json", env=env)
        try:
            _, errors = process.communicate(timeout=moments.uniform(0.1, 1.1 * seconds))  # the moment is the point here
            toll.finished_first += 1
            if process.returncode != 0:
                toll.wrong.append(f"exit {process.returncode}: {errors[-500:].decode(errors='replace')}")
            continue
        except subprocess.TimeoutExpired:
            children = descendants(process.pid)
            if toll.kills % 2:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            _, errors = process.communicate()
        toll.kills += 1
        _look(cli, env, toll, children, known, errors)
    last = cli("scan", root, "--json", "-", env=env)
    if last.code != 0 or plain(last.json) != plain(calm):
        toll.wrong.append("the report after all kills is not that of an undisturbed scan")
    return toll


def _look(cli: Cli, env: dict[str, str], toll: Toll, children: set[int], known: int, errors: bytes) -> None:
    if not gone(children, GONE_S):
        toll.wrong.append(f"kill {toll.kills}: a child lives on")
    verified = cli("store", "verify", env=env)
    if verified.code != 0:
        toll.wrong.append(f"kill {toll.kills}: {verified.text}")
    told = [json.loads(line) for line in errors.split(b"\n") if line.startswith(b"{") and line.endswith(b"}")]
    read = [one for one in told if one["stage"] == "read"]
    now = _known(cli, env)
    if now < max([known, *(one["stored"] for one in read)]):
        toll.wrong.append(f"kill {toll.kills}: {now} files known, {known} were before and {read[-1:]} was said")
    toll.most_repeated = max([toll.most_repeated, *(one["done"] - now for one in read[-1:])])
    if toll.most_repeated > BATCH:
        toll.wrong.append(f"kill {toll.kills}: {toll.most_repeated} files are read again")


def _known(cli: Cli, env: dict[str, str]) -> int:
    answer = cli("store", "info", "--json", "-", env=env)
    return int(answer.json["files"]) if answer.code == 0 else 0


def main(argv: Sequence[str]) -> int:
    """Entry."""
    kills, seed = int(argv[0]), int(argv[1])
    with tempfile.TemporaryDirectory(prefix="imgfp-kills-") as name:
        folder = Path(name)
        library = make_library(folder / "photos", originals=20, megapixels=0.3, alone=56, flat=4, seed=seed)
        cli = Cli(folder / "home")
        begun = time.monotonic()
        calm = cli("scan", library.root, "--json", "-", env={"IMGFP_CACHE_DIR": str(folder / "calm")}, code=0).json
        seconds = time.monotonic() - begun
        toll = kill_scans(cli, library.root, folder / "cache", kills, seed, calm, seconds)
    for sentence in toll.wrong:
        print(json.dumps({"wrong": sentence}))
    figures = {"kills": toll.kills, "finished_first": toll.finished_first, "clean_slates": toll.clean_slates}
    figures |= {"files": len(calm["files"]), "most_repeated": toll.most_repeated, "wrong": len(toll.wrong)}
    print(json.dumps({"bench": "kill-scan", "seed": seed, **figures}))
    return 1 if toll.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
