"""What can be told of a RAW file without LibRaw: the size of its picture, embedded JPEGs, and whether sensor data is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from engine.config import Limits
from engine.decode.isobmff import read_items, track_ranges
from engine.decode.tiff_dirs import Directory, read_directories

_SENSOR = (32803, 34892)  # photometric interpretation: colour filter array, linear raw
_LOSSY = (34892, 52546)  # compression of DNG that leaves next to nothing of a flat picture


@dataclass(frozen=True, slots=True)
class RawFile:
    """size: (width, height) in px as stored, (0, 0) unknown. previews: (offset, length). cut: data lies beyond the file's end."""

    size: tuple[int, int]
    previews: tuple[tuple[int, int], ...]
    cut: bool


def read_raw_file(file: BinaryIO, size: int, limits: Limits) -> RawFile:
    """Look at the file's own tables. Never raises for a bad file; OSError passes through."""
    file.seek(0)
    head = file.read(16)
    if head.startswith(b"FUJIFILMCCD-RAW"):
        return _fuji(file, size)
    if head[4:8] == b"ftyp":
        return _canon_cr3(file, size)
    directories = read_directories(file, size, limits)
    extents = [extent for directory in directories for extent in directory.extents]
    previews = [preview for directory in directories for preview in directory.previews()]
    cut = any(offset + length > size for offset, length in extents + previews)
    if head.startswith(b"IIU\0"):
        cut = cut or _panasonic_cut(directories, size)
    cut = cut or any(_hollow(directory) for directory in directories)
    return RawFile(_tiff_size(directories), tuple(previews), cut)


def _tiff_size(directories: list[Directory]) -> tuple[int, int]:
    """The largest full-resolution page; sensor data before renderings."""
    full = [d for d in directories if not d.reduced_or_mask and all(d.size)]
    sensor = [d for d in full if d.value(262) in _SENSOR]
    panasonic = [d for d in directories if d.value(4) < d.value(6) and d.value(5) < d.value(7)]
    if not (sensor or full) and panasonic:
        return panasonic[0].value(7) - panasonic[0].value(5), panasonic[0].value(6) - panasonic[0].value(4)
    if not (sensor or full):
        return 0, 0
    return max((d.size for d in sensor or full), key=lambda size: size[0] * size[1])


def _hollow(directory: Directory) -> bool:
    """Whether the sensor data was taken out: LibRaw would develop noise from what is left."""
    if directory.value(259) in _LOSSY:
        return False
    sensor = directory.value(262) in _SENSOR and not directory.reduced_or_mask
    width, height = directory.size
    return sensor and bool(directory.extents) and sum(length for _, length in directory.extents) < width * height // 100


def _panasonic_cut(directories: list[Directory], size: int) -> bool:
    """RW2 names only the beginning of its sensor data, which takes at least one byte a pixel."""
    for directory in directories:
        width, height, start = directory.value(2), directory.value(3), directory.value(273)
        if width and height and start:
            return start >= size or size - start < width * height // 2
    return False


def _fuji(file: BinaryIO, size: int) -> RawFile:
    file.seek(84)
    body = file.read(24)
    values = [int.from_bytes(body[i : i + 4], "big") for i in range(0, 24, 4)]
    jpeg, cfa = (values[0], values[1]), (values[4], values[5])
    cut = any(offset + length > size for offset, length in (jpeg, cfa)) or not all(cfa)
    return RawFile((0, 0), (jpeg,) if all(jpeg) else (), cut)


def _canon_cr3(file: BinaryIO, size: int) -> RawFile:
    items = read_items(file, size)
    file.seek(0)
    head = file.read(min(size, 1 << 18))
    sizes, at = [(0, 0)], head.find(b"CRAW")
    while at >= 0:
        entry = head[at + 28 : at + 32]
        sizes.append((int.from_bytes(entry[:2], "big"), int.from_bytes(entry[2:], "big")))
        at = head.find(b"CRAW", at + 4)
    cut = items.cut or any(offset + length > size for offset, length in track_ranges(file, size))
    return RawFile(max(sizes, key=lambda pair: pair[0] * pair[1]), (), cut)
