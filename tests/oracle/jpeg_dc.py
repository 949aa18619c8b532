"""The picture of a JPEG at an eighth, plainly: bit by bit, one code after the other, as the standard says. Sound files only.

Twin of `engine.decode.kernels`: what that skips over in a hurry is read here symbol by symbol.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.decode.jpeg_header import Header, ScanHeader, Table

Codes = dict[tuple[int, int], int]


def _codes(table: Table | None) -> Codes:
    """(length, code) to symbol."""
    codes: Codes = {}
    code = number = 0
    for length, count in enumerate(table.counts if table else b"", 1):
        for _ in range(count):
            codes[length, code] = table.symbols[number] if table else 0
            code, number = code + 1, number + 1
        code *= 2
    return codes


class _Bits:
    """The entropy-coded bits from `at` on, up to the next marker."""

    def __init__(self, data: bytes, at: int) -> None:
        piece = bytearray()
        while not (data[at] == 0xFF and data[at + 1] != 0):
            piece.append(data[at])
            at += 2 if data[at] == 0xFF else 1
        self.end = at
        self._bits: Iterator[int] = iter("".join(f"{byte:08b}" for byte in piece).encode())

    def take(self, count: int) -> int:
        value = 0
        for _ in range(count):
            value = 2 * value + (next(self._bits) - 48)
        return value

    def symbol(self, codes: Codes) -> int:
        length = code = 0
        while (length, code) not in codes:
            length, code = length + 1, 2 * code + self.take(1)
        return codes[length, code]

    def difference(self, codes: Codes) -> int:
        size = self.symbol(codes)
        value = self.take(size)
        return value if not size or value >> (size - 1) else value - (1 << size) + 1

    def skip_ac(self, codes: Codes) -> None:
        k = 1
        while k < 64:
            symbol = self.symbol(codes)
            if symbol & 15 == 0 and symbol != 0xF0:
                return
            self.take(symbol & 15)
            k += (symbol >> 4) + 1


def _read_scan(data: bytes, header: Header, scan: ScanHeader, planes: list[NDArray[np.int64]]) -> None:
    h, v = header.h, header.v
    columns, rows = -(-header.width // (8 * h)), -(-header.height // (8 * v))
    factors = [(header.components[number].h, header.components[number].v) for number, _, _ in scan.components]
    if len(scan.components) == 1:
        columns, rows = -(-header.width * factors[0][0] // (8 * h)), -(-header.height * factors[0][1] // (8 * v))
        factors = [(1, 1)]
    tables = [(_codes(dc), _codes(ac)) for _, dc, ac in scan.components]
    bits, before = _Bits(data, header.at), [0] * len(tables)
    for mcu in range(columns * rows):
        if scan.interval and mcu and mcu % scan.interval == 0:
            bits, before = _Bits(data, bits.end + 2), [0] * len(tables)
        for place, (number, _, _) in enumerate(scan.components):
            for y in range(factors[place][1]):
                for x in range(factors[place][0]):
                    at = (mcu // columns * factors[place][1] + y, mcu % columns * factors[place][0] + x)
                    if scan.high:
                        planes[number][at] |= bits.take(1) << scan.low
                        continue
                    before[place] += bits.difference(tables[place][0])
                    planes[number][at] = before[place] << scan.low
                    if not header.progressive:
                        bits.skip_ac(tables[place][1])
    header.at = bits.end


def _past_scan(data: bytes, at: int) -> int:
    while data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
        at += 1
    return at


def small_picture(data: bytes, *, grey: bool = False) -> NDArray[np.uint8]:
    """uint8 (ceil(H / 8), ceil(W / 8), 1 or 3)."""
    header = Header()
    scan = header.next_scan(io.BytesIO(data))
    planes = [
        np.zeros((-(-header.height // (8 * header.v)) * c.v, -(-header.width // (8 * header.h)) * c.h), np.int64)
        for c in header.components
    ]
    while scan is not None:
        if scan.first:
            header.at = _past_scan(data, header.at)
        else:
            _read_scan(data, header, scan, planes)
        scan = header.next_scan(io.BytesIO(data))
    height, width = -(-header.height // 8), -(-header.width // 8)
    levels = []
    for number, component in enumerate(header.components):
        down, right = header.repeats(number)
        values = np.clip((planes[number] * component.divisor + 4) >> 3, -128, 127)
        levels.append(values.repeat(1 << down, 0).repeat(1 << right, 1)[:height, :width])
    if grey or len(levels) == 1:
        return (levels[0] + 128).astype(np.uint8)[..., None]
    y, cb, cr = levels
    red = y + ((91881 * cr + 32768) >> 16)
    green = y + ((-22554 * cb - 46802 * cr + 32768) >> 16)
    blue = y + ((116130 * cb + 32768) >> 16)
    return np.clip(np.stack([red, green, blue], -1) + 128, 0, 255).astype(np.uint8)
