"""A rotating log file beside the user data. Lines are ``key=value``; no pixels, no metadata values, paths at DEBUG only.

`IMGFP_LOG=debug` in the environment makes it tell everything. A log that cannot be written is done without: no line is ever
worth an error."""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import time
from pathlib import Path
from typing import Any

from engine import __version__, locations
from engine.names import display_text

FILE = "imgfp.log"
BYTES = 1 << 20
KEPT = 3
LINE_CHARS = 2000
VALUE_CHARS = 300


def start_log(level: int | None = None) -> None:
    """Write the log from now on; where the folder cannot be written there is no log. Calling twice changes nothing."""
    root = logging.getLogger("engine")
    if any(isinstance(handler, _File | logging.NullHandler) for handler in root.handlers):
        return
    level = level or (logging.DEBUG if os.environ.get("IMGFP_LOG", "").lower() == "debug" else logging.INFO)
    root.setLevel(level)
    root.propagate = False
    try:
        folder = locations.make_private(locations.log_dir())
        handler = _File(folder / FILE, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8", errors="backslashreplace")
    except OSError:
        root.addHandler(logging.NullHandler())
        return
    handler.setFormatter(_Line())
    root.addHandler(handler)
    tell(root, logging.INFO, "start", version=__version__, pid=os.getpid())


def log_path() -> Path | None:
    """The file that is written, None where there is no log."""
    for handler in logging.getLogger("engine").handlers:
        if isinstance(handler, _File):
            return Path(handler.baseFilename)
    return None


def tell(log: logging.Logger, level: int, event: str, *, private: dict[str, Any] | None = None, **fields: Any) -> None:
    """One line ``event=… key=value``. private: what may name a file or quote one; it is left out unless all is told."""
    if not log.isEnabledFor(level):
        return
    if private and log.isEnabledFor(logging.DEBUG):
        fields |= private
    log.log(level, "%s", " ".join([f"event={event}", *(f"{key}={_value(value)}" for key, value in fields.items())]))


def _value(value: object) -> str:
    text = display_text(value if isinstance(value, bytes) else str(value))[:VALUE_CHARS]
    return json.dumps(text, ensure_ascii=False) if not text or any(c in text for c in ' ="\\') else text


class _File(logging.handlers.RotatingFileHandler):
    """Says nothing where a line cannot be written: the disk is full, or the folder is gone."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


class _Line(logging.Formatter):
    """One event on one line; of an exception its type and where it was raised, its words only when all is told."""

    def format(self, record: logging.LogRecord) -> str:
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(record.created))
        head = f"time={when}.{int(record.msecs):03} level={record.levelname} room={record.name}"
        line = f"{head} {display_text(record.getMessage())}"
        if record.exc_info and record.exc_info[1] is not None:
            line += " " + _raised(record.exc_info[1])
        return line[:LINE_CHARS]


def _raised(error: BaseException) -> str:
    """``error=Type at="file:line …"`` and the words of the exception at DEBUG."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{os.path.basename(code.co_filename)}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    said = f" said={_value(error)}" if logging.getLogger("engine").isEnabledFor(logging.DEBUG) else ""
    return f"error={type(error).__name__} at={_value(' '.join(places[-8:]))}{said}"
