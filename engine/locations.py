"""Where cache, user data and logs live. `IMGFP_CACHE_DIR` and `IMGFP_DATA_DIR` override (portable use, tests)."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import platformdirs


def cache_dir() -> Path:
    """Disposable: catalog, columns, pair tables, kernel cache. Created 0700 by whoever writes there first."""
    override = os.environ.get("IMGFP_CACHE_DIR")
    return Path(override).absolute() if override else Path(platformdirs.user_cache_dir("imgfp", appauthor=False))


def data_dir() -> Path:
    """Never disposable: decisions and the undo journal (`userdata.sqlite`), backups."""
    override = os.environ.get("IMGFP_DATA_DIR")
    return Path(override).absolute() if override else Path(platformdirs.user_data_dir("imgfp", appauthor=False))


def log_dir() -> Path:
    """Rotating log files, beside the user data so that clearing the cache keeps them."""
    return data_dir() / "logs"


def kernel_cache_dir() -> Path:
    """numba's own cache: code, so a folder of its own with mode 0700, never exported."""
    return cache_dir() / "kernels"


def installed_kernels_dir() -> Path:
    """Compiled code that came with the program or was made when it was set up; only read, and often not there."""
    return Path(sys.prefix) / "share" / "imgfp" / "kernels"


def resources_dir() -> Path:
    """What comes with the program and is no code: inside the installed window, or beside the packages in a source checkout."""
    top = Path(__file__).resolve().parents[1]
    installed = top / "imgfp_gui" / "resources"
    return installed if installed.is_dir() else top / "resources"


def make_private(folder: Path) -> Path:
    """Create `folder` and what is missing above it, all with mode 0700, and return it. Raises OSError."""
    for place in reversed([folder, *folder.parents]):
        if not place.exists():
            place.mkdir(mode=0o700, exist_ok=True)
    return folder


def make_inner(folder: Path) -> Path:
    """As `make_private`, for a folder of code inside the cache. Raises OSError also where something else stands in its place: a
    link may lead anywhere."""
    make_private(folder)
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        raise NotADirectoryError(errno.ENOTDIR, "is no folder of ours", str(folder))
    return folder
