"""Which folders are protected and by whom: a folder by its own lock, or together with a folder above it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.records import FolderView
from imgfp_gui.controller import ReviewController
from imgfp_gui.models import names

translate = QCoreApplication.translate


class FolderLocks:
    """Looks at the controller whenever it is asked."""

    def __init__(self, controller: ReviewController) -> None:
        self._controller = controller

    def by(self, folder: FolderView) -> bytes | None:
        """Path of the folder whose lock protects this one: its own, or the nearest above it; None when none does."""
        path = folder.path_bytes
        locked = [p for p in self._controller.protected if path == p or path.startswith(p.rstrip(b"/") + b"/")]
        return max(locked, key=len, default=None)

    def is_free(self, folder: FolderView) -> bool:
        """Its lock can be pressed: no folder above it decides."""
        return self.by(folder) in (None, folder.path_bytes)

    def toggle(self, folder: FolderView) -> bool:
        """Protect a folder, or lift that again; False where a folder above it decides, then nothing happens."""
        if not self.is_free(folder):
            return False
        self._controller.protect(folder.path_bytes, self.by(folder) is None)
        return True

    def tip(self, folder: FolderView) -> str:
        """What the lock means and what pressing it would do, as a tooltip."""
        by = self.by(folder)
        if by is None:
            said = translate("locks", "Protect: nothing in this folder is proposed or moved")
        elif by == folder.path_bytes:
            said = translate("locks", "Protected: nothing in this folder is proposed or moved. Press to lift it.")
        else:
            said = translate("locks", "Protected together with “{0}”, the folder above it").format(names.base(by.rstrip(b"/")))
        return names.tip(said)
