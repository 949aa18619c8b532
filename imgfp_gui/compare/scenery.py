"""How photos are shown, whatever the mode: the grey round them, facts over them, panes linked, crops where they belong."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from imgfp_gui import theme
from imgfp_gui.preferences import Preferences

OWN = "well"
CYCLE = (OWN, "black", "middle", "white")
"""Surrounds in the order of the key; the first is the theme's own."""


class Scenery(QObject):
    """The preferences that every mode heeds; a change by key is kept like one in the dialog.

    Signals
    -------
    changed(): one of them is another. crops_changed(): a crop of the first photo is shown, or none any more.
    """

    changed = Signal()
    crops_changed = Signal()

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._crops = False
        preferences.changed.connect(self._tell)

    @property
    def grey(self) -> str:
        """The surround as sRGB hex; "" for the theme's own."""
        return theme.SURROUNDS.get(self._preferences.values.photos_surround, "")

    @property
    def lined(self) -> bool:
        """A thin white line round photos: on middle grey, where the eye wants a white to measure by."""
        return self._preferences.values.photos_surround == "middle"

    @property
    def facts(self) -> bool:
        """Camera, exposure and place stand over the photos."""
        return self._preferences.values.photos_information

    @property
    def linked(self) -> bool:
        """All panes move together."""
        return self._preferences.values.photos_linked

    @property
    def aligned(self) -> bool:
        """A crop lies where it was cut out."""
        return self._preferences.values.photos_aligned

    @property
    def crops(self) -> bool:
        """A crop of the first photo is shown, so that there is something to align."""
        return self._crops

    def tell_crops(self, crops: bool) -> None:
        """Say whether a crop is shown."""
        if crops != self._crops:
            self._crops = crops
            self.crops_changed.emit()

    @property
    def keep_zoom(self) -> bool:
        """The next cluster is seen as near as this one."""
        return self._preferences.values.photos_keep_zoom

    def next_surround(self) -> None:
        """The next grey behind the photos."""
        now = self._preferences.values.photos_surround
        place = CYCLE.index(now) if now in CYCLE else 0
        self._preferences.set("photos.surround", CYCLE[(place + 1) % len(CYCLE)])

    def show_facts(self, shown: bool) -> None:
        """Lay facts over the photos, or show the photos alone."""
        self._preferences.set("photos.information", shown)

    def link(self, linked: bool) -> None:
        """Move all panes together, or each on its own."""
        self._preferences.set("photos.linked", linked)

    def align(self, aligned: bool) -> None:
        """Lay crops where they were cut out, or in the middle."""
        self._preferences.set("photos.aligned", aligned)

    def _tell(self, name: str) -> None:
        if name.startswith("photos"):
            self.changed.emit()
