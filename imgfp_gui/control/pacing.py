"""How politely photos are read, and whether changes are noticed: the session is told whenever such a preference changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imgfp_gui.preferences import Preferences

if TYPE_CHECKING:
    from engine.session import Session

NAMES = ("reading.whole_cpu", "reading.pause_on_battery", "reading.watch")


class Pacing:
    """Follows the preferences. `tell` once at the beginning of each scan costs nothing and survives a new session."""

    def __init__(self, session: Session, preferences: Preferences) -> None:
        self._session, self._preferences = session, preferences
        preferences.changed.connect(self._heed)

    def tell(self) -> None:
        """Tell the session what was chosen."""
        chosen = self._preferences.values
        self._session.set_pace(whole_cpu=chosen.reading_whole_cpu, pause_on_battery=chosen.reading_pause_on_battery)
        self._session.watch(chosen.reading_watch)

    def _heed(self, name: str) -> None:
        if name in NAMES:
            self.tell()
