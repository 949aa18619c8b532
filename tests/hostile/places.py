"""What lies in a folder and is no ordinary file, or is one that no disk could hold: devices, pipes, sockets, links, holes."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from pathlib import Path

from tests.unit.decode.files import saved, scene

GIB = 1 << 30
DEVICES = (("null.jpg", stat.S_IFCHR, (1, 3)), ("zero.png", stat.S_IFCHR, (1, 5)), ("disk.jpg", stat.S_IFBLK, (7, 0)))
LINKS = {
    "loop-a.jpg": "loop-b.jpg", "loop-b.jpg": "loop-a.jpg", "itself.jpg": "itself.jpg", "nowhere.jpg": "none", "root.jpg": "/",
    "proc.jpg": "/proc/self/mem", "endless.jpg": "/dev/zero", "above": "..",
}  # fmt: skip


def make_places(folder: Path, heavy: bool) -> list[bytes]:
    """Raw paths of what was made in `folder` (created) that a walk meets; folders are made, too, but have no record.

    heavy: with a file of gigabytes of holes that is not too large to be read.
    """
    folder.mkdir()
    made = [folder / "pipe.jpg", folder / "socket.jpg"]
    os.mkfifo(made[0])
    with socket.socket(socket.AF_UNIX) as one:
        here = os.open(folder, os.O_RDONLY)
        one.bind(f"/proc/self/fd/{here}/socket.jpg")
        os.close(here)
    for name, kind, number in DEVICES:
        with contextlib.suppress(PermissionError):
            os.mknod(folder / name, kind | 0o600, os.makedev(*number))
            made.append(folder / name)
    for name, target in LINKS.items():
        os.symlink(target, folder / name)
        made.append(folder / name)
    (folder / "folder.jpg").mkdir()
    (folder / "folder.jpg" / "folder.png").mkdir()
    made += _holes(folder, heavy) + _names(folder)
    return [os.fsencode(path) for path in made]


def _holes(folder: Path, heavy: bool) -> list[Path]:
    """Sparse files: too large, and large with a sound beginning."""
    sizes = {"huge.jpg": 1 << 42, "five.png": 5 * GIB, "some.jpg": 64 << 20, "some.tif": 64 << 20, "none.cr2": 64 << 20}
    if heavy:
        sizes |= {"three.jpg": 3 * GIB, "one.nef": GIB}
    heads = {".jpg": saved(scene(), "JPEG"), ".png": saved(scene(), "PNG"), ".tif": saved(scene(), "TIFF")}
    for name, size in sizes.items():
        path = folder / name
        path.write_bytes(heads.get(path.suffix, b"")[:1000])
        os.truncate(path, size)
    return [folder / name for name in sizes]


def _names(folder: Path) -> list[Path]:
    """A hidden file, a second name of one file, a file nobody may read, one below many folders."""
    hidden, deep = folder / ".hidden.jpg", folder
    hidden.write_bytes(saved(scene(7), "JPEG"))
    first, second = folder / "one-name.jpg", folder / "two-names.jpg"
    first.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    os.link(first, second)
    closed = folder / "closed.jpg"
    closed.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    closed.chmod(0)
    for _ in range(60):
        deep /= "d" * 40
    deep.mkdir(parents=True)
    (deep / "deep.jpg").write_bytes(b"\xff\xd8 no picture")
    return [hidden, first, second, closed, deep / "deep.jpg"]
