"""The brake: how much of each folder a plan would take, so that a person sees it before saying yes. Counts only."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from engine.actions.plan import Plan
from engine.formats import suffix_kind
from engine.names import display_text

MANY_PHOTOS = 1_000
FOLDER_PHOTOS = 10
_PHOTO_KINDS = ("picture", "raw")


@dataclass(frozen=True, slots=True)
class FolderShare:
    """A folder of which a plan takes more than half. photos: how many lie in it now, removed: how many of them would go."""

    folder: bytes
    photos: int
    removed: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The numbers of a plan. photos, files (companions too), bytes: what would go. folders: those that lose more than half."""

    photos: int
    files: int
    bytes: int
    folders: tuple[FolderShare, ...]

    @property
    def needs_confirmation(self) -> bool:
        """More than half of a folder of ten or more photos, or more than 1,000 photos."""
        return self.photos > MANY_PHOTOS or bool(self.folders)

    def sentences(self) -> tuple[str, ...]:
        """What the command line prints; empty where the brake does not hold."""
        said = []
        if self.photos > MANY_PHOTOS:
            said.append(f"This plan removes {self.photos:,} photos.")
        for share in self.folders:
            said.append(f"This plan removes {share.removed:,} of {share.photos:,} photos in {display_text(share.folder)}.")
        return tuple(said)


def plan_scope(plan: Plan, photos_by_folder: Mapping[bytes, int] | None = None) -> Scope:
    """Count what a plan would take. photos_by_folder: photos directly in each folder, where known."""
    gone = {file.path: file for item in plan.items for picture in item.remove for file in picture.whole()}
    pictures = {picture.path for item in plan.items for picture in item.remove}
    photos = {path for path in gone if path in pictures or suffix_kind(path) in _PHOTO_KINDS}
    removed = Counter(os.path.dirname(path) for path in photos)
    shares = []
    for folder, count in sorted(removed.items()):
        total = _photos_in(folder) if photos_by_folder is None else photos_by_folder.get(folder, count)
        if total >= FOLDER_PHOTOS and 2 * count > total:
            shares.append(FolderShare(folder, total, count))
    return Scope(len(photos), len(gone), sum(file.size for file in gone.values()), tuple(shares))


def _photos_in(folder: bytes) -> int:
    try:
        with os.scandir(folder) as entries:
            return sum(suffix_kind(entry.name) in _PHOTO_KINDS and entry.is_file(follow_symlinks=False) for entry in entries)
    except (OSError, ValueError):
        return 0
