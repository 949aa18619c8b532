"""A folder of small generated photos and the program bound to a home of its own, for the tests of the contract."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tests.support.cli import Cli
from tests.support.scenes import scene


@dataclass(frozen=True, slots=True)
class Album:
    """photos: the folder that is scanned. place: beside it, for reports, plans and the quarantine."""

    place: Path
    photos: Path
    cli: Cli

    def picture(self, name: str, seed: int, size: tuple[int, int] = (360, 240), quality: int = 90) -> Path:
        """Write a picture of its own for each seed; the suffix says the format."""
        path = self.photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(scene(seed, *size)).save(path, quality=quality)
        return path

    def scan(self, *more: str | bytes | Path, code: int = 0) -> dict[str, Any]:
        """The report of the folder."""
        report: dict[str, Any] = self.cli("scan", self.photos, "--json", "-", *more, code=code).json
        return report

    def save(self, value: Any, name: str = "report.json") -> Path:
        """A report or plan as a file."""
        path = self.place / name
        path.write_text(json.dumps(value))
        return path

    def plan(self, report: dict[str, Any]) -> dict[str, Any]:
        """The plan that the rules make of a report."""
        plan: dict[str, Any] = self.cli("propose", self.save(report), "--json", "-", code=0).json
        return plan


def album(place: Path) -> Album:
    """An empty one below `place`."""
    photos = place / "photos"
    photos.mkdir(parents=True)
    return Album(place, photos, Cli(place / "home"))


def lasting(report: dict[str, Any]) -> dict[str, Any]:
    """The report without what may differ between runs."""
    files = [{key: value for key, value in file.items() if key != "from_cache"} for file in report["files"]]
    return {**report, "files": files, "stats": None}


def going(plan: dict[str, Any]) -> set[str]:
    """Paths of everything a plan would move."""
    return {file["path"] for item in plan["items"] for gone in item["remove"] for file in (gone, *gone["companions"])}


def state(folder: Path) -> dict[str, tuple[int, ...]]:
    """All that reading must not change of every name below a folder."""
    found: dict[str, tuple[int, ...]] = {}
    for path in [folder, *folder.rglob("*")]:
        facts = os.lstat(path)
        found[str(path)] = (
            facts.st_mode, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino, facts.st_nlink
        )  # fmt: skip
    return found
