"""Where the trash of a volume lies, and whether it can be used: at home on its own volume, else at the volume's top."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from engine.names import display_text


def trash_of(point: Path, device: int) -> tuple[Path, bool]:
    """Trash folder of the volume mounted at `point` (st_dev `device`), and whether files can go there. Nothing is made."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    if device == _device(home):
        return home / "Trash", True
    place = point / f".Trash-{os.getuid()}"
    return place, os.access(place if place.exists() else point, os.W_OK | os.X_OK)


def volumes_without_trash(files: Iterable[tuple[bytes, int]]) -> tuple[str, ...]:
    """Readable mount points of the volumes of these files (raw path, st_dev) that have no trash which can be used."""
    some = {device: path for path, device in files}
    points = {device: _mount_point(os.path.dirname(path)) for device, path in some.items()}
    without = {point for device, point in points.items() if not trash_of(Path(os.fsdecode(point)), device)[1]}
    return tuple(display_text(point) for point in sorted(without))


def _mount_point(folder: bytes) -> bytes:
    place = os.path.realpath(folder)
    while not os.path.ismount(place):
        place = os.path.dirname(place)
    return place


def _device(path: Path) -> int:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path.stat().st_dev
