"""What the user chose about the window itself, kept between starts: only what differs from the default is written.

Nothing here is about photos; marks and decisions are the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

FILE = "window.ini"


@dataclass(frozen=True, slots=True)
class Values:
    """Every preference with its default. A dotted name stands for a field: ``facts.folded`` for `facts_folded`."""

    theme: str = "system"  # "system" "dark" "light"
    destination: str = ""  # folder for what is moved away; empty: the system's trash
    clusters_moments: bool = False  # bursts and brackets are clusters, too
    confirm_close: bool = True  # ask before a running scan is ended
    reading_whole_cpu: bool = False  # reading does not stand back for other programs
    reading_pause_on_battery: bool = False
    reading_watch: bool = False  # what changes in the folders of the open library is read again
    photos_surround: str = "well"  # "well": as the theme has it, else a name of theme.SURROUNDS
    photos_keep_zoom: bool = False  # the next cluster is seen as near as this one
    photos_information: bool = False
    photos_linked: bool = True  # all panes move together
    photos_aligned: bool = True  # a crop lies where it was cut out
    facts_only_differences: bool = True
    facts_folded: bool = False
    why_folded: bool = False
    tuning_folded: bool = False
    weights_folded: bool = True
    folders_folded: bool = False
    clusters_folded: bool = False
    review_mode: str = "side"
    review_sort: str = "space"
    review_panes: int = 2
    review_states: tuple[str, ...] = ()
    review_tiers: tuple[str, ...] = ()
    window_geometry: bytes = b""
    window_left: int = 0  # width in logical pixels, 0: as usual
    window_right: int = 0
    window_panels: bool = True


NAMES = {field.name: type(field.default) for field in fields(Values)}


class Preferences(QObject):
    """The values in force. A file that is damaged, or holds something impossible, counts as far as it can be read.

    Signals
    -------
    changed(str): the dotted or plain name under which a value was set to another one.
    """

    changed = Signal(str)

    def __init__(self, folder: object = None, parent: QObject | None = None) -> None:
        """folder: private folder to keep the file in, a text or a path; None keeps nothing."""
        super().__init__(parent)
        self._file = QSettings(f"{folder}/{FILE}", QSettings.Format.IniFormat, self) if folder is not None else None
        self._values = self._read()

    @property
    def values(self) -> Values:
        """All of them."""
        return self._values

    def get(self, name: str) -> Any:
        """One value. Raises KeyError for an unknown name."""
        return getattr(self._values, _field(name))

    def set(self, name: str, value: object) -> None:
        """Choose, and keep it. Raises KeyError for an unknown name and TypeError for a value of another kind."""
        field = _field(name)
        if not isinstance(value, NAMES[field]):
            raise TypeError(f"{name} must be {NAMES[field].__name__}")
        if value == getattr(self._values, field):
            return
        self._values = replace(self._values, **{field: value})
        if self._file is not None:
            if value == getattr(Values(), field):
                self._file.remove(field)
            else:
                self._file.setValue(field, _written(value))
        self.changed.emit(name)

    def _read(self) -> Values:
        found: dict[str, Any] = {}
        for name, kind in NAMES.items() if self._file is not None else ():
            if self._file is not None and self._file.contains(name):
                value = _understood(self._file.value(name), kind)
                if value is not None:
                    found[name] = value
        return Values(**found)


def _field(name: str) -> str:
    field = name.replace(".", "_")
    if field not in NAMES:
        raise KeyError(name)
    return field


def _written(value: object) -> object:
    if isinstance(value, bytes):
        return QByteArray(value)
    return list(value) if isinstance(value, tuple) else value


def _understood(raw: object, kind: type) -> object:
    """A value as its kind, or None. An ini file knows only texts, and a list of one is a text."""
    if kind is bool:
        return {"true": True, "false": False}.get(str(raw).lower())
    if kind is int:
        try:
            return int(str(raw))
        except ValueError:
            return None
    if kind is bytes:
        return bytes(raw.data()) if isinstance(raw, QByteArray) else None
    if kind is tuple:
        return tuple(str(part) for part in raw) if isinstance(raw, list) else (str(raw),) if raw else ()
    return raw if isinstance(raw, str) else None
