"""The store and the user data of one session, opened when first needed, and what there is to say about them."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine import fingerprint, locations
from engine.actions import recover
from engine.errors import StoreError, StoreLocked
from engine.jobs import kernel_start
from engine.jobs.protected_folders import ProtectedFolders
from engine.jobs.quick_pass import PROFILE as QUICK_PROFILE
from engine.store import FingerprintStore, PartSpec
from engine.store.files import own_folder
from engine.store.thumbnails import Thumbnails
from engine.userdata import UserData

log = logging.getLogger(__name__)

IMGFPRINT, RELATED = "imgfprint", "related"
"""Folders of the cache: hashes of that scheme; vectors, in a folder for each model."""


class Workspace:
    """Opened and closed by the session. The store belongs to the main lane; user data and small pictures may be had in any."""

    def __init__(self) -> None:
        self._store: FingerprintStore | None = None
        self._quick: FingerprintStore | None = None
        self._beside: dict[str, FingerprintStore] = {}
        self._user: UserData | None = None
        self._opening = threading.Lock()
        self._thumbnails: Thumbnails | None = None
        self._told = self._told_small = 0
        self.notes: list[str] = []
        self.protected = ProtectedFolders(self.reading, self.user, self.tell)

    def store(self) -> FingerprintStore:
        """The fingerprint store: for writing where possible, else for reading, else in memory. Raises StoreNewer."""
        if self._store is None:
            os.environ[kernel_start.FOLDER_VARIABLE] = kernel_start.kernel_folder()
            self._store = self._open_store(locations.cache_dir(), fingerprint.PROFILE)
            self._told = 0
            self.collect_notes()
        return self._store

    def quick_store(self) -> FingerprintStore:
        """The store of small pictures, apart from the other and as disposable; opened like it. Raises StoreNewer."""
        if self._quick is None:
            self._quick = self._open_store(quick_folder(), QUICK_PROFILE, write=self._quick_is_ours())
            self.notes.extend(self._quick.notes)
        return self._quick

    def clear_quick(self) -> None:
        """Forget all small pictures: whatever they told of is known in full. Leaves them where another imgfp uses them."""
        self._close_quick()
        if quick_folder().exists() and self._quick_is_ours():
            with contextlib.suppress(StoreError):
                FingerprintStore.clear(quick_folder())

    def _quick_is_ours(self) -> bool:
        return self._is_ours(quick_folder())

    def _is_ours(self, folder: Path) -> bool:
        """Set aside what stands in place of the folder: a link would lead out of the cache. False where that is impossible."""
        try:
            aside = own_folder(folder) if os.path.lexists(folder) else None
        except OSError:
            return False
        if aside is not None:
            self.notes.append(f"In the cache {folder.name} is no folder; it was set aside as {aside.name}.")
        return True

    def beside(self, name: str, profile: str, parts: Mapping[str, PartSpec]) -> FingerprintStore:
        """A store of what is kept of pictures beside their fingerprints, as disposable, opened like the other.

        name: of a folder in the cache, one or two levels. Raises StoreNewer.
        """
        if name not in self._beside:
            folder = locations.cache_dir() / name
            ours = all(self._is_ours(place) for place in (folder.parent, folder) if place != locations.cache_dir())
            self._beside[name] = self._open_store(folder, profile, write=ours, parts=parts)
            self.notes.extend(self._beside[name].notes)
        return self._beside[name]

    def clear_beside(self) -> None:
        """Forget all of that. Leaves what another imgfp uses."""
        self._close_beside()
        related = locations.cache_dir() / RELATED
        inside = sorted(related.iterdir()) if related.is_dir() and self._is_ours(related) else []
        for folder in (locations.cache_dir() / IMGFPRINT, *inside):
            if folder.is_dir() and self._is_ours(folder):
                with contextlib.suppress(StoreError):
                    FingerprintStore.clear(folder)

    def _close_beside(self) -> None:
        for store in self._beside.values():
            store.close()
        self._beside.clear()

    def _close_quick(self) -> None:
        if self._quick is not None:
            self._quick.close()
        self._quick = None

    def thumbnails(self) -> Thumbnails:
        """Small pictures on the disk, as far as the cache folder allows; may be asked for from any lane."""
        with self._opening:
            if self._thumbnails is None:
                self._thumbnails, self._told_small = Thumbnails(locations.cache_dir()), 0
            self.notes.extend(self._thumbnails.notes[self._told_small :])
            self._told_small = len(self._thumbnails.notes)
            return self._thumbnails

    def user(self) -> UserData:
        """Decisions and journal, for writing. Raises StoreNewer or StoreError."""
        with self._opening:
            if self._user is None:
                self._user = UserData.open(locations.data_dir())
                self.notes.extend(self._user.warnings)
            return self._user

    @contextlib.contextmanager
    def reading(self) -> Iterator[UserData]:
        """Decisions, marks and journal as they are now, for the length of the block; nothing is made or written."""
        user = self._user
        if user is not None:
            yield user
            return
        with UserData.open_reading(locations.data_dir()) as user:
            yield user

    def recover(self) -> None:
        """Put in order what a killed run left half done, before anything else. Never in the way of what the user asked."""
        try:
            if self.user_for_reading().journal.unfinished():
                self.notes.extend(recover(self.user(), lock_wait_s=0))
        except StoreError as error:  # another imgfp is at work, or the data cannot be used: whoever needs it will say so
            log.info("event=not_recovered code=%s", error.code)

    def user_for_reading(self) -> UserData:
        """Decisions and journal where a data folder that cannot be written is no obstacle."""
        return self._user or UserData.open_reading(locations.data_dir())

    def tell(self, note: str) -> None:
        """Keep a line for the user."""
        self.notes.append(note)

    def take_notes(self) -> list[str]:
        """The lines kept since this was asked last; each is given to one caller only."""
        with self._opening:
            notes, self.notes = self.notes, []
        return notes

    def collect_notes(self) -> None:
        """Take over what the store has had to say since it was opened (a disk that filled up, say)."""
        if self._store is not None:
            self.notes.extend(self._store.notes[self._told :])
            self._told = len(self._store.notes)

    def close_store(self) -> None:
        """Release the cache's locks and files; it is opened again when it is needed."""
        self._close_quick()
        self._close_beside()
        if self._store is not None:
            self._store.close()
        self._store = None
        with self._opening:
            thumbnails, self._thumbnails = self._thumbnails, None
        if thumbnails is not None:
            thumbnails.close()

    def close(self) -> None:
        """Release locks and files."""
        self.close_store()
        if self._user is not None:
            self._user.close()
        self._user = None

    def _open_store(
        self, folder: Path, profile: str, *, write: bool = True, parts: Mapping[str, PartSpec] | None = None
    ) -> FingerprintStore:
        parts = parts or part_specs()
        try:
            return FingerprintStore.open(folder, profile, parts, write=write)
        except StoreLocked:
            self.notes.append(
                "Another imgfp is using the cache. What it has stored is read; what this run computes is not stored."
            )
            return FingerprintStore.open(folder, profile, parts, write=False)


def quick_folder() -> Path:
    """Where the store of small pictures lies."""
    return locations.cache_dir() / "quick"


def part_specs() -> dict[str, PartSpec]:
    """What the store keeps of each fingerprint part."""
    return {name: PartSpec(part.dtype, part.shape, part.version) for name, part in fingerprint.PARTS.items()}
