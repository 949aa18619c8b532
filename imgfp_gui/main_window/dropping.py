"""Adds folders that were dropped, and says so when it was single files. The engine looks, for a disk may be slow to answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QObject

from imgfp_gui.controller import ReviewController

LIKE_A_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")


class Dropping(QObject):
    """`take` is for every part of the window that folders can be dropped on."""

    def __init__(self, controller: ReviewController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._asked: dict[int, tuple[str, ...]] = {}
        controller.session.answered.connect(self._look)

    def take(self, places: Sequence[str]) -> None:
        """Add what is a folder by its name at once, and what looks like a file only when it turns out to be a folder."""
        doubtful = tuple(place for place in places if LIKE_A_FILE.search(place))
        self._controller.add_folders([place for place in places if place not in doubtful])
        if doubtful:
            self._asked[self._controller.session.present(doubtful)] = doubtful

    def _look(self, token: int, none: object) -> None:
        places = self._asked.pop(token, ())
        files = none if isinstance(none, frozenset) else frozenset()
        if places:
            self._controller.add_folders([place for place in places if place not in files])
            if files:
                self._controller.noted.emit(self.tr("Drop whole folders: single files cannot be added."))
