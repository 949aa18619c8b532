"""Copies of ``userdata.sqlite`` set aside: one before each migration, one a day, ten kept.

Ordered by a running number, never by the clock: a clock that jumps must not make a good copy look old. The only files that
are ever removed here are such copies of ours.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from pathlib import Path

FOLDER = "backups"
KEPT = 10
_NAME = re.compile(r"userdata-(\d{6,12})-(\d{8})-v\d+\.sqlite\Z")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copies(folder: Path) -> list[Path]:
    """The copies beside the database in `folder`, oldest first."""
    try:
        found = [entry for entry in (folder / FOLDER).iterdir() if _NAME.match(entry.name) and entry.is_file()]
    except OSError:
        return []
    return sorted(found, key=_number)


def _number(copy: Path) -> int:
    match = _NAME.match(copy.name)
    return int(match[1]) if match else 0


def is_due(folder: Path) -> bool:
    """True when today has no copy yet."""
    today = time.strftime("%Y%m%d")
    return not any((match := _NAME.match(copy.name)) and match[2] == today for copy in copies(folder))


def copy_aside(connection: sqlite3.Connection, folder: Path, version: int) -> Path:
    """Copy the database of `connection` (at schema `version`) into ``folder/backups`` and let the oldest beyond ten go.

    Returns the copy's path. Durable when this returns. Raises OSError or sqlite3.Error; then nothing was removed.
    """
    home = folder / FOLDER
    if not home.is_dir():
        home.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder)
    known = copies(folder)
    number = _number(known[-1]) + 1 if known else 1
    final = home / f"userdata-{number:06d}-{time.strftime('%Y%m%d')}-v{version}.sqlite"
    part = home / f"{final.name}.part"
    _write_copy(connection, part)
    os.rename(part, final)
    sync_folder(home)
    for old in [*known, final][:-KEPT]:
        old.unlink(missing_ok=True)
    return final


def _write_copy(connection: sqlite3.Connection, part: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal"):  # of a run that was killed
        part.with_name(part.name + tail).unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    copy = sqlite3.connect(part)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # a copy is one file, readable on its own
    finally:
        copy.close()
    descriptor = os.open(part, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
