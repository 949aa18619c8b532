"""The settings file of `imgfp scan --settings`: TOML, every key known and every value in range, or it is refused whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config import PRESETS
from engine.errors import UsageError
from engine.input_files import read_toml
from engine.names import display_text

_TABLES = ("imgfprint", "related")
_KEYS = ("preset", "threshold", "protected", "workers", "whole_cpu", "pause_on_battery", "moments", *_TABLES)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says; None (or empty) where it is silent. protected: raw absolute paths of folders.

    whole_cpu: reading does not stand back for other programs. pause_on_battery: files are read with mains power only.
    moments: photographs of one moment make clusters too. imgfprint, related: tables as they are, for who knows their keys.
    """

    preset: str | None = None
    threshold: float | None = None
    auto_threshold: bool = False
    protected: tuple[bytes, ...] = ()
    workers: int | None = None
    whole_cpu: bool | None = None
    pause_on_battery: bool | None = None
    moments: bool | None = None
    imgfprint: Mapping[str, Any] | None = None
    related: Mapping[str, Any] | None = None


def read_settings(path: str | bytes | Path) -> Settings:
    """Settings from a TOML file of at most 1 MiB.

    Keys: ``preset`` (a name of `config.PRESETS`), ``threshold`` (0..1 or "auto"), ``protected`` (folders; ``~`` is the home
    folder, a relative one counts from the settings file), ``workers`` (0..64), ``whole_cpu``, ``pause_on_battery`` and
    ``moments`` (true or false), and the tables ``imgfprint`` and ``related``. Raises UsageError for anything else.
    """
    table = read_toml(path, "settings file")
    shown = display_text(os.fsencode(path))
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise _refused(shown, f'it has the unknown key "{display_text(unknown[0])}"', f"Known keys: {', '.join(_KEYS)}.")
    threshold, auto = _threshold(table.get("threshold"), shown)
    return Settings(
        preset=_preset(table.get("preset"), shown),
        threshold=threshold,
        auto_threshold=auto,
        protected=_protected(table.get("protected"), shown, os.path.dirname(os.path.abspath(os.fsencode(path)))),
        workers=_workers(table.get("workers"), shown),
        whole_cpu=_switch(table.get("whole_cpu"), "whole_cpu", shown),
        pause_on_battery=_switch(table.get("pause_on_battery"), "pause_on_battery", shown),
        moments=_switch(table.get("moments"), "moments", shown),
        imgfprint=_table(table.get("imgfprint"), "imgfprint", shown),
        related=_table(table.get("related"), "related", shown),
    )


def _refused(shown: str, why: str, hint: str) -> UsageError:
    return UsageError(f"The settings file {shown} cannot be used: {why}.", hint=hint)


def _preset(value: Any, shown: str) -> str | None:
    if value is None or (isinstance(value, str) and value in PRESETS):
        return value
    raise _refused(shown, "its preset is not known", f"Known presets: {', '.join(PRESETS)}.")


def _threshold(value: Any, shown: str) -> tuple[float | None, bool]:
    if value is None or value == "auto":
        return None, value == "auto"
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0.0 <= value <= 1.0:
        return float(value), False
    raise _refused(shown, "its threshold is out of range", 'Use a number from 0 to 1, or "auto".')


def _workers(value: Any, shown: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 64):
        return value
    raise _refused(shown, "its number of workers is out of range", "Use a whole number from 0 (automatic) to 64.")


def _switch(value: Any, name: str, shown: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise _refused(shown, f"{name} is neither on nor off", f"Write {name} = true, or false.")


def _table(value: Any, name: str, shown: str) -> Mapping[str, Any] | None:
    if value is None or isinstance(value, dict):
        return value
    raise _refused(shown, f"{name} is no table", f"Write [{name}] and its keys below.")


def _protected(value: Any, shown: str, base: bytes) -> tuple[bytes, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) and one and "\0" not in one for one in value):
        raise _refused(shown, "protected is not a list of folders", 'Write it like protected = ["/photos/archive"].')
    return tuple(os.path.normpath(os.path.join(base, os.path.expanduser(os.fsencode(one)))) for one in value)
