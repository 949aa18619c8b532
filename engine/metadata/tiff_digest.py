"""The picture digest of a TIFF: of every directory the tags that say how its data is read, and the data of its strips or tiles,
wherever they lie. Texts, times, EXIF, XMP, IPTC and the profile are left out."""

from __future__ import annotations

from typing import BinaryIO

from engine.config import Limits
from engine.metadata.data_hash import DataHash
from engine.metadata.ranges import FileRanges
from engine.metadata.stream import CutError
from engine.metadata.tiff import Ifd, TiffTree

MAX_STRETCHES = 1 << 20
"""Strips and tiles of one directory."""

_NUMBERS = (
    *(0x00FE, 0x00FF, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0107, 0x010A, 0x0115, 0x0116, 0x011C, 0x0122, 0x0123),
    *(0x0124, 0x0125, 0x012D, 0x013D, 0x013E, 0x013F, 0x0140, 0x0141, 0x0142, 0x0143, 0x014C, 0x014D, 0x0152, 0x0153),
    *(0x0154, 0x0155, 0x0200, 0x0203, 0x0205, 0x0206, 0x0211, 0x0212, 0x0213, 0x0214, 0x828D, 0x828E),
)
"""Size, compression, photometric, bits, samples, planes, predictor, colour map, tiles, extra samples, sub-sampling …"""

_BYTES = (0x015B, 0x935C)  # JPEG tables; Photoshop's layers, which a flat copy lacks
_STRETCHES = ((0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202))  # strips, tiles, a JPEG as old TIFFs have it
_OLD_TABLES = (0x0207, 0x0208, 0x0209)  # of old JPEG compression: offsets into the file
_SUB_IFDS = 0x014A


def tiff_digest(file: BinaryIO, size: int) -> bytes | None:
    """32 bytes, or None for a file that is cut, broken or has no data. OSError passes through."""
    limits = Limits()
    tree = TiffTree(FileRanges(file, size, limits.metadata_total), limits)
    hashed = DataHash(file, size, b"tiff 1")
    hashed.part(b"order", tree.order.encode())
    try:
        found = [_directory(tree, ifd, hashed) for ifd in tree.chain()]
    except CutError:
        return None
    return hashed.digest() if any(found) else None


def _directory(tree: TiffTree, ifd: Ifd, hashed: DataHash, depth: int = 0) -> bool:
    """Add a directory and those below it; True when it holds data. Raises CutError."""
    if any(tag in ifd.rows for tag in _OLD_TABLES):
        raise CutError  # tables at offsets without lengths: cannot be followed safely
    for tag in _NUMBERS:
        if tag in ifd.rows:
            hashed.part(b"%d" % tag, repr(tree.reals(ifd, tag, 1 << 17)).encode())
    for tag in _BYTES:
        if (entry := ifd.entry(tag)) is not None:
            hashed.part(b"%d" % tag, b"")
            hashed.stretch(entry.at, entry.length)
    found = False
    for tags in _STRETCHES:
        found |= _data(tree, ifd, tags, hashed)
    for child in tree.children(ifd, _SUB_IFDS) if depth < 2 else ():
        hashed.part(b"child", b"")
        found |= _directory(tree, child, hashed, depth + 1)
    hashed.part(b"end", b"")
    return found


def _data(tree: TiffTree, ifd: Ifd, tags: tuple[int, int], hashed: DataHash) -> bool:
    if tags[0] not in ifd.rows:
        return False
    offsets, lengths = tree.ints(ifd, tags[0], MAX_STRETCHES), tree.ints(ifd, tags[1], MAX_STRETCHES)
    declared = ifd.rows[tags[0]][1]
    if not len(offsets) == len(lengths) == declared:
        raise CutError
    hashed.part(b"%d" % tags[0], b"%d" % declared)
    for offset, length in zip(offsets, lengths, strict=True):
        hashed.stretch(offset, length)
    return declared > 0
