"""How a JPEG is built: its scans, and the place from which on its data cannot be trusted.

libjpeg paints missing data grey and says nothing, so a cut or overwritten file has to be noticed here: scans without an end,
restart markers out of order, and sectors of zeros where the Huffman tables make them impossible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

ZERO_RUN = b"\0" * 256
"""Half a disk sector: what is left of an overwritten one whatever its alignment."""

_CHUNK = 1 << 20
_SOF = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_MAX_SEGMENTS = 20_000


@dataclass(slots=True)
class Scan:
    """One scan. begin: of its SOS marker. start, end: of its entropy-coded bytes. components: (id, DC table, AC table)."""

    begin: int
    start: int
    end: int
    components: tuple[tuple[int, int, int], ...]
    first: int  # spectral selection
    last: int
    high: int  # successive approximation
    low: int
    interval: int  # MCUs between restart markers, 0 none
    zeros_allowed: bool
    restarts: int = 0
    damage: int | None = None


@dataclass(slots=True)
class Stream:
    """One JPEG picture. sof: second byte of the frame marker, 0 if none was found. components: id → (h, v).

    complete: the end marker is where it belongs. end: offset behind it, else of the last usable byte.
    damage: offset of the first byte that is certainly wrong, None if nothing was noticed.
    """

    sof: int = 0
    precision: int = 0
    width: int = 0
    height: int = 0
    components: dict[int, tuple[int, int]] = field(default_factory=dict)
    scans: list[Scan] = field(default_factory=list)
    complete: bool = False
    end: int = 0
    damage: int | None = None

    @property
    def progressive(self) -> bool:
        return self.sof in (0xC2, 0xC6, 0xCA, 0xCE)

    @property
    def huffman(self) -> bool:
        """Coded by Huffman tables in 8×8 blocks (neither arithmetic nor lossless)."""
        return self.sof in (0xC0, 0xC1, 0xC2)

    @property
    def single_scan(self) -> bool:
        """All data in one scan, so that rows come as bytes come."""
        return self.sof in (0xC0, 0xC1) and len(self.scans) == 1 and len(self.scans[0].components) == len(self.components)


def read_stream(file: BinaryIO, size: int) -> Stream:
    """Walk the markers of the JPEG at the beginning of `file`. Never raises for a bad file; OSError passes through."""
    stream = Stream()
    tables: dict[int, int] = {}
    interval = 0
    at = 2
    for _ in range(_MAX_SEGMENTS):
        marker, at = _next_marker(file, at)
        if marker is None:
            stream.end = min(at, size)
            return stream
        if marker == 0xD9:
            stream.complete, stream.end = True, at
            return stream
        if 0xD0 <= marker <= 0xD8 or marker == 0x01:
            continue
        file.seek(at)
        head = file.read(2)
        length = int.from_bytes(head, "big")
        if len(head) < 2 or length < 2 or at + length > size:
            if stream.scans and stream.damage is None and at + length <= size:
                stream.damage = at - 2
            stream.end = min(at - 2, size)
            return stream
        body = file.read(length - 2) if marker in _SOF or marker in (0xC4, 0xDD, 0xDA) else b""
        if marker in _SOF:
            _read_frame(stream, marker, body)
        elif marker == 0xC4:
            _read_tables(tables, body)
        elif marker == 0xDD and len(body) >= 2:
            interval = int.from_bytes(body[:2], "big")
        at += length
        if marker == 0xDA:
            scan = _read_scan(stream, tables, body, at, interval)
            scan.begin = at - length - 2
            _walk_entropy(file, size, scan)
            stream.scans.append(scan)
            if scan.damage is not None and stream.damage is None:
                stream.damage = scan.damage
            at = scan.end
    stream.end = min(at, size)
    return stream


def mcu_count(stream: Stream, scan: Scan) -> int:
    """Number of MCUs of a scan, 0 if the header does not tell."""
    if not stream.components or not stream.width or not stream.height:
        return 0
    widest = max(h for h, _ in stream.components.values())
    tallest = max(v for _, v in stream.components.values())
    if len(scan.components) > 1:
        return -(-stream.width // (8 * widest)) * -(-stream.height // (8 * tallest))
    h, v = stream.components.get(scan.components[0][0], (1, 1)) if scan.components else (1, 1)
    return -(-stream.width * h // (8 * widest)) * -(-stream.height * v // (8 * tallest))


def covered(stream: Stream, scans: list[Scan]) -> tuple[bool, bool]:
    """(every component has its DC values, every component has all its coefficients to the last bit) after these scans."""
    low: dict[int, list[int]] = {name: [99] * 64 for name in stream.components}
    for scan in scans:
        for name, _, _ in scan.components:
            if name in low:
                for k in range(scan.first, min(scan.last, 63) + 1):
                    low[name][k] = min(low[name][k], scan.low)
    if not low:
        return False, False
    return all(bits[0] < 99 for bits in low.values()), all(max(bits) == 0 for bits in low.values())


def _next_marker(file: BinaryIO, at: int) -> tuple[int | None, int]:
    """The next marker code at or behind `at` and the offset behind it. Fill bytes and a few stray bytes are stepped over."""
    file.seek(at)
    data = file.read(4096)
    i = data.find(b"\xff")
    while 0 <= i < len(data) - 1:
        if data[i + 1] not in (0x00, 0xFF):
            return data[i + 1], at + i + 2
        i = data.find(b"\xff", i + 1)
    return None, at + len(data)


def _read_frame(stream: Stream, marker: int, body: bytes) -> None:
    if stream.sof or len(body) < 6:
        return
    stream.sof = marker
    stream.precision = body[0]
    stream.height = int.from_bytes(body[1:3], "big")
    stream.width = int.from_bytes(body[3:5], "big")
    for i in range(6, min(len(body) - 2, 6 + 3 * body[5]), 3):
        stream.components[body[i]] = (max(1, body[i + 1] >> 4), max(1, body[i + 1] & 15))


def _read_tables(tables: dict[int, int], body: bytes) -> None:
    """Note which symbol the shortest, all-zero code of each table stands for."""
    at = 0
    while at + 17 <= len(body):
        count = sum(body[at + 1 : at + 17])
        if count and at + 17 < len(body):
            tables[body[at]] = body[at + 17]
        at += 17 + count


def _read_scan(stream: Stream, tables: dict[int, int], body: bytes, start: int, interval: int) -> Scan:
    count = body[0] if body else 0
    names = body[1 : 1 + 2 * count]
    rest = body[1 + 2 * count : 4 + 2 * count]
    components = tuple((names[i], names[i + 1] >> 4, names[i + 1] & 15) for i in range(0, len(names) - 1, 2))
    first, last, bits = rest if len(rest) == 3 else (0, 63, 0)
    if not stream.progressive:
        first, last, bits = 0, 63, 0
    scan = Scan(start, start, start, components, first, last, bits >> 4, bits & 15, interval, zeros_allowed=False)
    scan.zeros_allowed = not stream.huffman or _zeros_mean_nothing(tables, scan, progressive=stream.progressive)
    return scan


def _zeros_mean_nothing(tables: dict[int, int], scan: Scan, *, progressive: bool) -> bool:
    """Whether a long run of zero bits can be a flat part of a sound picture."""
    if progressive and scan.first > 0:
        return False  # flat blocks are counted in runs, not spelt out
    if progressive and scan.high > 0:
        return True  # one plain bit a block
    flat_dc = all(tables.get(dc, 0) == 0 for _, dc, _ in scan.components)
    return flat_dc and (progressive or all(tables.get(0x10 | ac, 0) == 0 for _, _, ac in scan.components))


def _walk_entropy(file: BinaryIO, size: int, scan: Scan) -> None:
    """Find the end of a scan's entropy-coded bytes; count restart markers; note damage."""
    at, carry, expected = scan.start, b"", 0
    file.seek(at)
    while True:
        chunk = file.read(_CHUNK)
        data = carry + chunk
        base = at - len(carry)
        if not scan.zeros_allowed and scan.damage is None:
            zero = data.find(ZERO_RUN)
            if zero >= 0:
                scan.damage = base + zero
        array = np.frombuffer(data, np.uint8)
        marks = np.flatnonzero(array[:-1] == 0xFF)
        codes = array[marks + 1]
        real = (codes != 0x00) & (codes != 0xFF)
        for offset, code in zip((marks[real] + base).tolist(), codes[real].tolist(), strict=True):
            if offset < at - 1:
                continue  # seen in the chunk before
            if not 0xD0 <= code <= 0xD7:
                scan.end = offset
                if scan.damage is not None and scan.damage >= offset:
                    scan.damage = None
                return
            if code != 0xD0 + expected and scan.damage is None:
                scan.damage = offset
            expected = (expected + 1) & 7
            scan.restarts += 1
        at += len(chunk)
        if not chunk:
            scan.end = min(at, size) - data.endswith(b"\xff")  # half a marker
            return
        carry = data[-len(ZERO_RUN) :]
