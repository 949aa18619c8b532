"""A rotating log file beside the user data. Lines are ``key=value``; no pixels, no metadata values, paths at DEBUG only."""

from __future__ import annotations

import logging
import logging.handlers

from engine import __version__, locations

FILE = "imgfp.log"
BYTES = 1 << 20
KEPT = 3


def start_log(level: int = logging.INFO) -> None:
    """Write the log from now on; where the folder cannot be written there is no log. Calling twice changes nothing."""
    root = logging.getLogger("engine")
    if any(isinstance(handler, logging.handlers.RotatingFileHandler) for handler in root.handlers):
        return
    try:
        folder = locations.make_private(locations.log_dir())
        handler = logging.handlers.RotatingFileHandler(folder / FILE, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")
    except OSError:
        root.addHandler(logging.NullHandler())
        return
    handler.setFormatter(logging.Formatter("%(asctime)s level=%(levelname)s room=%(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(level)
    root.propagate = False
    root.info("event=start version=%s", __version__)
