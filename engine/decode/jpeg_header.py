"""The header of a JPEG, read strictly: whatever libjpeg would warn of, guess or repair is refused here, with a reason to count.

Unlike `jpeg_stream`, which finds out how much of a damaged file can be used, this reader wants a file of which nothing is odd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

MOST_SEGMENTS = 2_000
MOST_BLOCKS = 10
MOST_SIDE = 65_500  # px; libjpeg's own limit
MOST_PROFILE = 4 << 20
ICC, JFIF, ADOBE = b"ICC_PROFILE\0", b"JFIF\0", b"Adobe"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_RGB_NAMES = (82, 71, 66)
_REPEATS = {1: 0, 2: 1, 4: 2}  # how often a chroma value is repeated → as a shift


class RefusedError(Exception):
    """The route does not take this file. The text is the reason, a few words, the same for all files of a kind."""


@dataclass(frozen=True, slots=True)
class Table:
    """A Huffman table as the file holds it. counts: 16 bytes, codes of each length. symbols: in order."""

    counts: bytes
    symbols: bytes

    @property
    def zeros(self) -> int:
        """The symbol of the code of zeros."""
        return self.symbols[0]


@dataclass(frozen=True, slots=True)
class Component:
    """One colour of the frame. h, v: sampling factors. divisor: of its DC values."""

    name: int
    h: int
    v: int
    divisor: int


@dataclass(frozen=True, slots=True)
class ScanHeader:
    """One scan. components: (number in the frame, DC table, AC table), a table None where the scan needs none.

    first, last: coefficients. high, low: bits already sent, and sent now. interval: MCUs between restart markers, 0 none.
    """

    components: tuple[tuple[int, Table | None, Table | None], ...]
    first: int
    last: int
    high: int
    low: int
    interval: int


@dataclass(slots=True)
class Header:
    """What was read so far. components: empty until the frame was met. at: offset in the file of the next segment."""

    at: int = 2
    progressive: bool = False
    width: int = 0
    height: int = 0
    components: tuple[Component, ...] = ()
    interval: int = 0
    tables: dict[tuple[int, int], Table] = field(default_factory=dict)
    profile: bytes | None = None
    _frame: tuple[tuple[int, int, int, int], ...] = ()
    _divisors: dict[int, int] = field(default_factory=dict)
    _icc: list[bytes] = field(default_factory=list)
    _jfif: bool = False
    _adobe: int | None = None

    @property
    def h(self) -> int:
        """Blocks of the first component in a row of an MCU."""
        return self.components[0].h

    @property
    def v(self) -> int:
        """Rows of blocks of the first component in an MCU."""
        return self.components[0].v

    def next_scan(self, file: BinaryIO) -> ScanHeader | None:
        """Read on to the next scan, None at the end marker. `at` is then the offset of its first entropy-coded byte.

        Raises RefusedError, OSError.
        """
        if self.at == 2:
            file.seek(0)
            if file.read(2) != b"\xff\xd8":
                raise RefusedError("odd header")
        for _ in range(MOST_SEGMENTS):
            file.seek(self.at)
            head = file.read(4)
            while head[:2] == b"\xff\xff":  # fill bytes
                self.at += 1
                head = head[1:] + file.read(1)
            if head[:2] == b"\xff\xd9":
                self.at += 2
                return None
            if len(head) < 4:
                raise RefusedError("cut")
            length = int.from_bytes(head[2:], "big")
            if head[0] != 0xFF or head[1] in (0x00, 0x01) or 0xD0 <= head[1] <= 0xD8 or length < 2:
                raise RefusedError("odd header")
            self.at += 2 + length
            scan = self._segment(head[1], file, length - 2)
            if scan is not None:
                return scan
        raise RefusedError("odd header")

    def _segment(self, marker: int, file: BinaryIO, length: int) -> ScanHeader | None:
        wanted = length
        if marker == 0xFE or 0xE0 <= marker <= 0xEF:
            wanted = {0xE0: min(length, 14), 0xE2: length, 0xEE: min(length, 12)}.get(marker, 0)
        body = file.read(wanted)
        if len(body) < wanted:
            raise RefusedError("cut")
        if marker == 0xDA:
            return self._scan(body)
        if marker in _FRAMES:
            self._read_frame(marker, body)
        elif marker == 0xC4:
            self._read_tables(body)
        elif marker == 0xDB:
            self._read_divisors(body)
        elif marker == 0xDD:
            if length != 2:
                raise RefusedError("odd header")
            self.interval = int.from_bytes(body, "big")
        elif marker == 0xE0 and body.startswith(JFIF) and length >= 14:
            self._jfif = True
            if body[5] != 1:
                raise RefusedError("odd header")
        elif marker == 0xE2 and body.startswith(ICC):
            self._icc.append(body)
            if sum(map(len, self._icc)) > MOST_PROFILE:
                raise RefusedError("odd header")
        elif marker == 0xEE and body.startswith(ADOBE) and length >= 12:
            self._adobe = body[11]
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            raise RefusedError("odd header")
        return None

    # ------------------------------------------------------------------------------------------------ tables

    def _read_tables(self, body: bytes) -> None:
        at = 0
        while at < len(body):
            kind, counts = body[at], body[at + 1 : at + 17]
            total = sum(counts)
            symbols = body[at + 17 : at + 17 + total]
            if kind & 0xEC or len(counts) < 16 or not 0 < total <= 256 or len(symbols) < total or not _codes_fit(counts):
                raise RefusedError("odd tables")
            self.tables[kind >> 4, kind & 3] = Table(counts, symbols)
            at += 17 + total

    def _read_divisors(self, body: bytes) -> None:
        if self.components:
            raise RefusedError("odd header")
        at = 0
        while at < len(body):
            wide, number = body[at] >> 4, body[at] & 15
            values = body[at + 1 : at + 1 + 64 * (wide + 1)]
            if wide > 1 or number > 3 or len(values) < 64 * (wide + 1):
                raise RefusedError("odd tables")
            self._divisors[number] = int.from_bytes(values[: wide + 1], "big")
            at += 1 + 64 * (wide + 1)

    # ------------------------------------------------------------------------------------------------ frame

    def _read_frame(self, marker: int, body: bytes) -> None:
        if self._frame:
            raise RefusedError("odd header")
        if marker not in (0xC0, 0xC1, 0xC2):
            raise RefusedError("not Huffman")
        if len(body) < 6 or len(body) != 6 + 3 * body[5]:
            raise RefusedError("odd header")
        if body[0] != 8:
            raise RefusedError("not 8 bits")
        self.progressive = marker == 0xC2
        self.height, self.width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        if not 0 < self.height <= MOST_SIDE or not 0 < self.width <= MOST_SIDE:
            raise RefusedError("no size")
        if body[5] not in (1, 3):
            raise RefusedError("ink")
        self._frame = tuple((body[i], body[i + 1] >> 4, body[i + 1] & 15, body[i + 2]) for i in range(6, len(body), 3))

    def _settle_frame(self) -> None:
        """Judge the frame when the first scan begins, as tables and colour markers may follow it."""
        names = tuple(name for name, *_ in self._frame)
        if not names or len(set(names)) < len(names):
            raise RefusedError("odd header")
        if len(names) == 3:
            if self._adobe not in (None, 1):
                raise RefusedError("not YCbCr")
            if not self._jfif and self._adobe is None and names == _RGB_NAMES:
                raise RefusedError("not YCbCr")
        components = []
        for name, h, v, number in self._frame:
            if not 1 <= h <= 4 or not 1 <= v <= 4:
                raise RefusedError("odd sampling")
            if not 0 < self._divisors.get(number, 0) < 1 << 15:
                raise RefusedError("odd tables")
            components.append(Component(name, h, v, self._divisors[number]))
        if len(components) == 1:  # alone in its scan, a component is coded block by block whatever its factors say
            components = [Component(components[0].name, 1, 1, components[0].divisor)]
        first = components[0]
        shares = [(a, b) for c in components for a, b in ((first.h, c.h), (first.v, c.v))]
        if any(a % b or a // b not in _REPEATS for a, b in shares):
            raise RefusedError("odd sampling")
        if sum(c.h * c.v for c in components) > MOST_BLOCKS:
            raise RefusedError("odd sampling")
        self.components = tuple(components)
        self.profile = _joined(self._icc)

    def repeats(self, number: int) -> tuple[int, int]:
        """How often values of a component stand for pixels, as shifts (down, right)."""
        component = self.components[number]
        return _REPEATS[self.v // component.v], _REPEATS[self.h // component.h]

    # ------------------------------------------------------------------------------------------------ scans

    def _scan(self, body: bytes) -> ScanHeader:
        if not self.components:
            self._settle_frame()
        count = body[0] if body else 0
        if not 1 <= count <= len(self.components) or len(body) != 4 + 2 * count:
            raise RefusedError("odd header")
        first, last, bits = body[-3:]
        high, low = bits >> 4, bits & 15
        numbers = {component.name: number for number, component in enumerate(self.components)}
        needs_dc = first == 0 and high == 0
        needs_ac = last > 0 and not (self.progressive and first == 0)
        components: list[tuple[int, Table | None, Table | None]] = []
        for i in range(1, 1 + 2 * count, 2):
            number, tables = numbers.get(body[i], -1), body[i + 1]
            if number < 0 or (components and number <= components[-1][0]) or tables & 0xCC:
                raise RefusedError("odd header")
            dc = self._table(0, tables >> 4) if needs_dc else None
            ac = self._table(1, tables & 3) if needs_ac else None
            components.append((number, dc, ac))
        return ScanHeader(tuple(components), first, last, high, low, self.interval)

    def _table(self, kind: int, number: int) -> Table:
        if (kind, number) not in self.tables:
            raise RefusedError("odd tables")
        return self.tables[kind, number]


def _codes_fit(counts: bytes) -> bool:
    code = 0
    for length, count in enumerate(counts, 1):
        code += count
        if code > 1 << length:
            return False
        code <<= 1
    return True


def _joined(parts: Sequence[bytes]) -> bytes | None:
    """The colour profile that came in parts, None unless all are there."""
    ordered = sorted(parts)
    if not ordered or len(ordered[0]) < 14 or ordered[0][13] != len(ordered):
        return None
    return b"".join(part[14:] for part in ordered)
