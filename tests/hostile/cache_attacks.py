"""What somebody or some disk may do to the cache between two scans, one thing at a time."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random

Attack = Callable[[Path, Random, Path], str]
"""(cache, chance, a folder outside with a file ``canary``) → what was done. Raises LookupError where that is impossible."""


def files_of(cache: Path) -> list[Path]:
    """Every file of the cache that holds something, locks aside."""
    return sorted(p for p in cache.rglob("*") if p.is_file() and not p.is_symlink() and p.stat().st_size and p.suffix != ".lock")


def _one(cache: Path, random: Random) -> Path:
    """Any kind of file as often as any other, however many there are of it."""
    groups: dict[str, list[Path]] = {}
    for path in files_of(cache):
        groups.setdefault(f"{path.parent.relative_to(cache).parts[:1]}{path.suffix}", []).append(path)
    return random.choice(groups[random.choice(sorted(groups))])


def cut(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    os.truncate(path, random.choice((0, 1, random.randrange(path.stat().st_size), path.stat().st_size - 1)))
    return f"cut {path.relative_to(cache)}"


def lengthen(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    with path.open("ab") as file:
        file.write(random.randbytes(random.choice((1, 512, 70_000))))
    return f"lengthened {path.relative_to(cache)}"


def flip(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    data = bytearray(path.read_bytes())
    for _ in range(random.choice((1, 4, 60))):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    path.write_bytes(data)
    return f"flipped {path.relative_to(cache)}"


def zero(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    data = bytearray(path.read_bytes())
    start = random.randrange(len(data)) & ~511
    data[start : start + 4096] = bytes(len(data[start : start + 4096]))
    path.write_bytes(data)
    return f"zeroed part of {path.relative_to(cache)}"


def garbage(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    path.write_bytes(random.randbytes(random.choice((3, 100, 9000))))
    return f"garbage in place of {path.relative_to(cache)}"


def remove(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    path.unlink()
    return f"removed {path.relative_to(cache)}"


def swap(cache: Path, random: Random, outside: Path) -> str:
    """Two files of one kind change places: rows of other files, pairs of other libraries."""
    path = _one(cache, random)
    others = [p for p in files_of(cache) if p.suffix == path.suffix and p != path]
    if not others:
        raise LookupError
    other = random.choice(others)
    first, second = path.read_bytes(), other.read_bytes()
    path.write_bytes(second)
    other.write_bytes(first)
    return f"swapped {path.relative_to(cache)} and {other.relative_to(cache)}"


def foreign(cache: Path, random: Random, outside: Path) -> str:
    """A file of the cache of another library comes in its place."""
    path = _one(cache, random)
    other = outside / "other" / path.relative_to(cache)
    if not other.is_file():
        raise LookupError
    shutil.copyfile(other, path)
    return f"{path.relative_to(cache)} of another library"


def _replace(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink()


def link(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    _replace(path)
    path.symlink_to(outside / "canary")
    return f"link in place of {path.relative_to(cache)}"


def hard_link(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    _replace(path)
    os.link(outside / "canary", path)
    return f"second name of a photo in place of {path.relative_to(cache)}"


def link_folder(cache: Path, random: Random, outside: Path) -> str:
    places = sorted(p for p in cache.rglob("*") if p.is_dir() and not p.is_symlink())
    if not places:
        raise LookupError
    path = random.choice(places)
    _replace(path)
    path.symlink_to(outside)
    return f"link in place of the folder {path.relative_to(cache)}"


def folder(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    _replace(path)
    path.mkdir()
    (path / "inside").write_bytes(b"not ours")
    return f"folder in place of {path.relative_to(cache)}"


def pipe(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    _replace(path)
    os.mkfifo(path)
    return f"pipe in place of {path.relative_to(cache)}"


def unix_socket(cache: Path, random: Random, outside: Path) -> str:
    path = _one(cache, random)
    _replace(path)
    here = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)
    return f"socket in place of {path.relative_to(cache)}"


def newer(cache: Path, random: Random, outside: Path) -> str:
    """A later version of imgfp was here."""
    path = random.choice(sorted(cache.rglob("catalog.sqlite")))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA user_version = 99")
    connection.execute("INSERT INTO schema_version VALUES (99, 'then')")
    connection.close()
    return f"newer {path.relative_to(cache)}"


def rows(cache: Path, random: Random, outside: Path) -> str:
    """Records are given the rows, sizes or digests of other files."""
    path = random.choice(sorted(cache.rglob("catalog.sqlite")))
    change = random.choice(
        ("column_row = (column_row + 1) % 7", "blake3 = zeroblob(32)", "size = size + 1", "mtime_ns = mtime_ns + 1", "width = 7",
         "column_row = 1 << 40", "path = x'2f6574632f706173737764'", "status = 'fine'")
    )  # fmt: skip
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"UPDATE OR IGNORE file SET {change} WHERE id % 3 = {random.randrange(3)}")
    connection.close()
    return f"{change.split()[0]} changed in {path.relative_to(cache)}"


def tables(cache: Path, random: Random, outside: Path) -> str:
    """The catalog gets statements that run by themselves, or loses what it needs."""
    path = random.choice(sorted(cache.rglob("*.sqlite")))
    connection = sqlite3.connect(path, isolation_level=None)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    name = random.choice([n for n in names if not n.startswith("sqlite_")])
    statement = random.choice(
        (f'DROP TABLE "{name}"', f'DELETE FROM "{name}"', f'ALTER TABLE "{name}" ADD COLUMN spy TEXT',
         f'CREATE TRIGGER spy AFTER INSERT ON "{name}" BEGIN DELETE FROM "{name}"; END',
         f'CREATE VIEW spy AS SELECT * FROM "{name}"')
    )  # fmt: skip
    connection.execute(statement)
    connection.close()
    return f"{statement.split()[0]} {name} in {path.relative_to(cache)}"


ATTACKS: tuple[Attack, ...] = (
    cut, flip, zero, lengthen, garbage, remove, swap, foreign, link, hard_link, link_folder, folder, pipe, unix_socket, rows,
    tables, newer, cut, flip, foreign,
)  # fmt: skip
"""One after the other; the commoner ones twice."""
