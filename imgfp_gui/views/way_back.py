"""The way back from a page that was looked at in between: to the page one came from, or what has become of it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from imgfp_gui.controller import ReviewController

ASIDE = frozenset(("history", "problems"))
"""Pages that one looks at and leaves again."""


def way_back(controller: ReviewController) -> WayBack:
    """The one of this controller; to be asked for before any page is left."""
    return controller.findChild(WayBack) or WayBack(controller)


class WayBack(QObject):
    """Remembers where the user was."""

    def __init__(self, controller: ReviewController) -> None:
        super().__init__(controller)
        self._controller = controller
        self._before = controller.page if controller.page not in ASIDE else "start"
        controller.page_changed.connect(self._note)

    def _note(self, page: str) -> None:
        if page not in ASIDE:
            self._before = page

    def go(self) -> None:
        """Show that page again."""
        page = self._before
        if page == "scanning" and not self._controller.scanning:
            page = "review" if self._controller.snapshot.clusters else "empty"
        self._controller.set_page(page)
