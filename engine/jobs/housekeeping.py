"""What is asked about the program itself: the cache and the surroundings."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from engine import __version__, locations
from engine.config import Limits
from engine.jobs import cache_size
from engine.jobs.child import Child, ChildError, worker_command
from engine.jobs.trash_place import trash_of
from engine.jobs.workspace import Workspace
from engine.log import log_path
from engine.store import FingerprintStore
from engine.volumes import Volumes

PACKAGES = ("PySide6-Essentials", "numpy", "pillow", "pillow-heif", "rawpy", "numba", "platformdirs", "blake3")


def store(workspace: Workspace, what: str) -> dict[str, Any]:
    """``info`` ``verify`` ``compact`` ``clear``. Raises StoreLocked where another imgfp writes."""
    if what == "clear":
        workspace.close_store()
        workspace.clear_quick()
        workspace.clear_beside()
        return FingerprintStore.clear(locations.cache_dir())
    opened, small = workspace.store(), workspace.thumbnails()
    if what == "info":
        return {**cache_size.told(opened.info()), "thumbnails": small.info()}
    if what == "verify":
        return {"complaints": [*opened.verify(), *small.verify()]}
    return cache_size.made_smaller(opened, small)


def doctor(limits: Limits, display: str) -> dict[str, Any]:
    """The contract's ``doctor`` answer; `display` is what the caller knows of the screen."""
    told = _worker_says(limits)
    return {
        "versions": {"imgfp": __version__, "python": platform.python_version(), "system": platform.platform(), **_versions()},
        "codecs": told.get("versions", {}),
        "walls": told.get("walls", {}),
        "cache": _folder(locations.cache_dir()),
        "data": _folder(locations.data_dir()),
        "log": str(log_path() or "") or None,
        "trash": _trash(),
        "display": display,
    }


def _worker_says(limits: Limits) -> dict[str, Any]:
    """Versions of the codecs and which walls stand, as a worker finds them."""
    child = Child(worker_command(), limits, lambda: False)
    try:
        child.greet()
        return dict(child.hello)
    except ChildError as error:
        return {"versions": {"error": error.detail}}
    finally:
        child.close()


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def _folder(folder: Path) -> dict[str, Any]:
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    room = os.statvfs(there)
    return {
        "path": os.fsencode(folder).decode("utf-8", "backslashreplace"),
        "writable": there.is_dir() and os.access(there, os.W_OK | os.X_OK),
        "free_bytes": room.f_bavail * room.f_frsize,
    }


def _trash() -> list[dict[str, Any]]:
    """Where removed files of each real volume would go."""
    answers = []
    for mount in Volumes().real_mounts():
        place, usable = trash_of(Path(mount.point), mount.device)
        answers.append({"volume": mount.name, "trash": str(place), "usable": usable})
    return answers
