"""The picture of a JPEG at an eighth of its size without decoding it: DC values only, bit for bit what libjpeg-turbo gives.

libjpeg's picture at scale 1/8 is made of the DC value of each 8×8 block; the AC codes need only be stepped over. A progressive
file is cheaper still: its first scan holds the DC values alone. The route takes a file only if it can follow it to the last bit
and nothing on the way is odd; at any doubt it raises RefusedError, and libjpeg decides what the file is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.config import Limits
from engine.decode.jpeg_header import Header, RefusedError, ScanHeader, Table
from engine.decode.jpeg_kernels import loaded
from engine.decode.jpeg_numbers import DC_FIRST, DC_REFINE, DONE, RAW_BYTES, RESTARTS, SEQUENTIAL, SKIP, SLACK, STATE, USED
from engine.decode.jpeg_tables import TableSet, table_set
from engine.decode.picture import Pixels, check_memory, check_size
from engine.decode.progression import Progression

ROUTE_SEQUENTIAL, ROUTE_PROGRESSIVE = "jpeg-dc", "jpeg-first-scan"

MOST_SCANS = 200

_RESTARTS = "restart markers"
REASONS = {-1: "bad code", -2: "bad code", -3: "ends early", -4: "bytes left over", -5: _RESTARTS, -6: "zeros", -7: _RESTARTS}
"""Words for the refusals of the kernels."""


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """pixels: uint8 (ceil(H / 8), ceil(W / 8), 1 or 3), grey or RGB as coded. size: (width, height) of the file's picture in px.
    profile: its ICC profile. route: which of the two ways it came."""

    pixels: Pixels
    size: tuple[int, int]
    profile: bytes | None
    route: str


def small_picture(
    file: BinaryIO, limits: Limits, edge: int = 0, *, grey: bool = False, kernels: Any = None
) -> SmallPicture | None:
    """The picture at 1/8 of the JPEG at the beginning of `file`, whose position is moved; None if its long side is below `edge`.

    grey: luma only. kernels: other loops than the ones of this process (tests).
    Raises RefusedError for anything unusual, DecodeError for a picture that is too large, KernelsWantedError, MemoryError,
    OSError.
    """
    header = Header()
    scan = header.next_scan(file)
    if scan is None:
        raise RefusedError("no picture")
    if -(-max(header.width, header.height) // 8) < edge:
        return None
    reader = _Reader(file, header, limits, kernels or loaded())
    reader.read(scan)
    return reader.picture(grey=grey)


class _Reader:
    """One file on its way through the kernels."""

    def __init__(self, file: BinaryIO, header: Header, limits: Limits, kernels: Any) -> None:
        self._file = file
        self._limits = limits
        self._kernels = kernels
        self._work = _work(kernels)
        self._header = header
        self._planes: NDArray[np.int16] = np.empty(0, np.int16)
        self._places: list[_Place] = []

    def read(self, scan: ScanHeader) -> None:
        """Follow all scans from the first on. Raises RefusedError, DecodeError, MemoryError, OSError."""
        self._make_planes()
        if not self._header.progressive:
            if len(scan.components) < len(self._header.components):
                raise RefusedError("several scans")
            if (scan.first, scan.last, scan.high, scan.low) != (0, 63, 0, 0):
                raise RefusedError("odd header")
            self._run(scan, SEQUENTIAL)
            if self._header.next_scan(self._file) is not None:
                raise RefusedError("several scans")
            return
        self._read_progressive(scan)

    def _read_progressive(self, scan: ScanHeader | None) -> None:
        progression = Progression(len(self._header.components))
        for _ in range(MOST_SCANS):
            if scan is None:
                progression.check_whole()
                return
            progression.take(scan)
            if scan.first:
                self._run(scan, SKIP)
            else:
                self._run(scan, DC_REFINE if scan.high else DC_FIRST)
            scan = self._header.next_scan(self._file)
        raise RefusedError("too many scans")

    def picture(self, *, grey: bool) -> SmallPicture:
        """Pixels from the DC values."""
        header = self._header
        width, height = -(-header.width // 8), -(-header.height // 8)
        channels = 1 if grey else len(header.components)
        shape = [height, width, channels]
        for number in range(channels):
            place = self._places[number]
            shape += [place.offset, place.stride, header.components[number].divisor, *header.repeats(number)]
        out = np.empty(height * width * channels, np.uint8)
        shades = np.empty(3 * width, np.int32)
        if not self._kernels.finish(self._planes, np.array(shape, np.int64), shades, out):
            raise RefusedError("bad code")
        route = ROUTE_PROGRESSIVE if header.progressive else ROUTE_SEQUENTIAL
        return SmallPicture(out.reshape(height, width, channels), (header.width, header.height), header.profile, route)

    def _make_planes(self) -> None:
        """Room for the DC values of all blocks, those beyond the picture's edges included."""
        header = self._header
        pixels = header.width * header.height
        check_size(header.width, header.height, self._limits)
        check_memory(pixels // 8, pixels, self._limits)
        columns, rows = -(-header.width // (8 * header.h)), -(-header.height // (8 * header.v))
        offset = 0
        for component in header.components:
            self._places.append(_Place(offset, columns * component.h))
            offset += columns * component.h * rows * component.v
        self._planes = np.empty(offset, np.int16)

    # ------------------------------------------------------------------------------------------------ one scan

    def _run(self, scan: ScanHeader, kind: int) -> None:
        """Take one scan through the kernel piece by piece; the header's position is behind it then."""
        kernels, work = self._kernels, self._work
        skipped = kind == SKIP
        tables = table_set(kernels, [(None, None) if skipped else (dc, ac) for _, dc, ac in scan.components])
        plan = self._plan(scan, kind, tables)
        state = np.zeros(STATE, np.int64)
        at, kept = self._header.at, 0
        self._file.seek(at)
        while True:
            if kept:
                work.raw[0] = 0xFF  # all that a piece leaves behind
            filled = kept + (self._file.readinto(work.view[kept:]) or 0)  # type: ignore[attr-defined]
            if filled == kept:
                raise RefusedError("cut")
            status = kernels.feed(work.raw, filled, state, work.buf, work.marks, plan, *tables.arrays, self._planes)
            if status < 0:
                raise RefusedError(REASONS[status])
            used = int(state[USED])
            at += used
            kept = filled - used
            if status == DONE:
                break
        if skipped:
            self._check_restarts(scan, int(state[RESTARTS]))
        self._header.at = at

    def _check_restarts(self, scan: ScanHeader, seen: int) -> None:
        columns, rows = self._extent(scan)
        if seen != (-(-columns * rows // scan.interval) - 1 if scan.interval else 0):
            raise RefusedError(_RESTARTS)

    def _extent(self, scan: ScanHeader) -> tuple[int, int]:
        """Columns and rows of MCUs: of a component alone, only blocks that show something are coded."""
        header = self._header
        if len(scan.components) > 1:
            return -(-header.width // (8 * header.h)), -(-header.height // (8 * header.v))
        component = header.components[scan.components[0][0]]
        return -(-header.width * component.h // (8 * header.h)), -(-header.height * component.v // (8 * header.v))

    def _plan(self, scan: ScanHeader, kind: int, tables: TableSet) -> NDArray[np.int64]:
        """The scan in numbers, as the kernel wants it."""
        header = self._header
        blocks: list[int] = []
        count = 0
        for place_in_scan, (number, _, _) in enumerate(scan.components):
            component, place = header.components[number], self._places[number]
            h, v = (component.h, component.v) if len(scan.components) > 1 else (1, 1)
            for y in range(v):
                for x in range(h):
                    offset = place.offset + y * place.stride + x
                    blocks += [number, offset, h, v * place.stride, tables.dc[place_in_scan], tables.ac[place_in_scan]]
                    count += 1
        columns, rows = self._extent(scan)
        zeros = kind == DC_REFINE or (kind != SKIP and _zeros_mean_nothing(scan))
        return np.array([kind, columns, rows, scan.interval, scan.low, count, zeros, *blocks], np.int64)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the DC values of a component lie. offset: of the first. stride: values a row of blocks."""

    offset: int
    stride: int


def _zeros_mean_nothing(scan: ScanHeader) -> bool:
    """Whether a long run of zero bits can be a flat part of a sound picture."""
    found: Sequence[Table | None] = [table for _, dc, ac in scan.components for table in (dc, ac)]
    return all(table is None or table.zeros == 0 for table in found)


@dataclass(frozen=True, slots=True)
class _Work:
    """Memory that every file uses anew. view: of `raw`, to read into."""

    raw: NDArray[np.uint8]
    view: memoryview
    buf: NDArray[np.uint8]
    marks: NDArray[np.int32]


_works: dict[str, _Work] = {}


def _work(kernels: Any) -> _Work:
    if kernels.__name__ not in _works:
        raw = np.zeros(RAW_BYTES, np.uint8)
        buf = np.zeros(RAW_BYTES + 3 * SLACK, np.uint8)
        _works[kernels.__name__] = _Work(raw, raw.data, buf, np.zeros(RAW_BYTES // 2, np.int32))
    return _works[kernels.__name__]
