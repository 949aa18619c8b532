"""Compiled loops of the JPEG route that does not decode: step over the AC codes, keep the DC value of each 8×8 block.

Imported inside the functions that need it, because loading the compiler costs most of a second. All kernels release the
interpreter lock, run on one thread and raise nothing: what they cannot follow is a negative status. Operands of shifts and
masks are uint64 throughout.

Why no access can leave its array
---------------------------------
* `raw` holds RAW_BYTES; vectors of 32 bytes are read only where offset + 32 <= filled <= RAW_BYTES, single bytes below `filled`.
* `buf` holds RAW_BYTES + 3 × SLACK. When a piece is handed in, at most SLACK bytes are left from before (`feed` refuses
  otherwise) and unstuffing writes at most one byte for each byte read, so that it ends at n <= SLACK + RAW_BYTES; a vector is
  written at o <= left + i with i + 32 <= filled, hence below the same bound. Zeros behind the end reach n + SLACK.
* An MCU starts only while its position is <= n (bytes). It takes at most 10 blocks × (27 bits of DC + 63 × 31 bits of AC), which
  is less than 2,500 bytes; loads reach 8 bytes beyond a position. 2,500 + 16 < SLACK, so that every load ends below n + SLACK.
* Tables are indexed by the top bits of a 64-bit word: 2^10, 2^13 or 2^16 entries, which is what they hold for each number that
  the plan names. `planes` is indexed by block row and column of the plan, for all of which `jpeg_dc` makes room.
* `marks` is written only below its length.
The tests run the same source with every one of these accesses checked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic

from engine.decode.jpeg_numbers import (
    AC_TABLE,
    BAD_CODE,
    BIT,
    BLOCK_COUNT,
    BLOCK_NUMBERS,
    BLOCKS,
    COLUMN,
    COLUMNS,
    COMPONENT,
    CROWDED,
    DC_BITS,
    DC_FAST,
    DC_FIRST,
    DC_REFINE,
    DC_TABLE,
    DONE,
    END_OF_BLOCK,
    ENDED,
    FAST,
    FAST_BITS,
    INTERVAL,
    KIND,
    LEFT,
    LEFT_OVER,
    LONGEST_ZERO_RUN,
    LOW,
    MARKS,
    MORE,
    NEXT_MARK,
    NO_CODE,
    OFFSET,
    OVERRUN,
    PREDICTION,
    RESTART,
    RESTARTS,
    ROW,
    ROWS,
    SHORT,
    SKIP,
    SLACK,
    SLOW,
    STEP_X,
    STEP_Y,
    TO_GO,
    USED,
    VECTOR,
    WILD,
    WILD_LIMIT,
    ZERO_RUN,
    ZEROS,
    ZEROS_ALLOWED,
)

_compiled: Callable[[Any], Any] = njit(nogil=True, cache=True)
_intrinsic: Callable[[Any], Any] = intrinsic

_0, _1, _3, _7, _56, _63 = (np.uint64(value) for value in (0, 1, 3, 7, 56, 63))
_FAST_SHIFT, _DC_SHIFT, _SLOW_SHIFT = np.uint64(64 - FAST_BITS), np.uint64(64 - DC_BITS), np.uint64(48)
_6, _11, _15, _31 = (np.uint64(value) for value in (6, 11, 15, 31))
_LAST = np.uint64(63)
_NO_CODE, _END = np.uint64(NO_CODE), np.uint64(END_OF_BLOCK)


def _place(context: Any, builder: Any, kind: Any, array: Any, offset: Any, element: Any) -> Any:
    from numba.np.arrayobj import make_array

    data = make_array(kind)(context, builder, array).data  # type: ignore[no-untyped-call]
    base = builder.bitcast(data, ir.IntType(8).as_pointer())
    return builder.bitcast(builder.gep(base, [offset]), element.as_pointer())


def _loaded(context: Any, builder: Any, kind: Any, array: Any, offset: Any, element: Any) -> Any:
    value = builder.load(_place(context, builder, kind, array, offset, element))
    value.align = 1
    return value


@_intrinsic
def load64(typing: Any, array: Any, offset: Any) -> Any:
    """The eight bytes from `offset` on as one number, first byte highest. array: uint8."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bswap(_loaded(context, builder, signature.args[0], args[0], args[1], ir.IntType(64)))

    return types.uint64(array, types.intp), generate


@_intrinsic
def marked32(typing: Any, array: Any, offset: Any) -> Any:
    """Which of the 32 bytes from `offset` on are 0xFF, as bits, first byte lowest. array: uint8."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        vector = ir.VectorType(ir.IntType(8), VECTOR)
        value = _loaded(context, builder, signature.args[0], args[0], args[1], vector)
        equal = builder.icmp_unsigned("==", value, ir.Constant(vector, [255] * VECTOR))
        return builder.zext(builder.bitcast(equal, ir.IntType(VECTOR)), ir.IntType(64))

    return types.uint64(array, types.intp), generate


@_intrinsic
def copy32(typing: Any, target: Any, to: Any, source: Any, offset: Any) -> Any:
    """target[to:to + 32] = source[offset:offset + 32], both uint8."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        vector = ir.VectorType(ir.IntType(8), VECTOR)
        value = _loaded(context, builder, signature.args[2], args[2], args[3], vector)
        stored = builder.store(value, _place(context, builder, signature.args[0], args[0], args[1], vector))
        stored.align = 1
        return ir.Constant(ir.IntType(64), 0)

    return types.uint64(target, types.intp, source, types.intp), generate


@_intrinsic
def lowest_bit(typing: Any, value: Any) -> Any:
    """Number of the lowest bit set in a uint64 that is not 0."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.intp(types.uint64), generate


@_compiled
def build_tables(counts: Any, symbols: Any, lengths: Any, slow: Any, fast: Any, dc: Any) -> Any:
    """Fill look-up tables for one Huffman table. False where the table gives more codes than there are, or strange symbols.

    counts: uint8 (16,), symbols: uint8 (sum of counts,). lengths: uint8 (2^16,) to work in. slow, fast: uint16 of 2^16 and 2^10
    (DC) or 2^13 (AC) entries. AC: bits 0..5 length of code and value, above them the steps in the block; `fast` joins as many
    symbols as have their codes in the window (the value of the last may stick out). DC: length of both, length of the code << 6,
    category << 11; 0 is no code.
    """
    empty = 0 if dc else NO_CODE << 6
    for i in range(SLOW):
        slow[i] = empty
        lengths[i] = 0
    code = 0
    number = 0
    entry: Any
    for length in range(1, 17):
        for _ in range(counts[length - 1]):
            symbol = np.int64(symbols[number])
            size = symbol & 15
            if dc:
                if symbol > 11:
                    return False
                entry = (length + symbol) | (length << 6) | (symbol << 11)
            elif size:
                entry = (length + size) | (((symbol >> 4) + 1) << 6)
            else:
                entry = length | ((16 if symbol == 0xF0 else END_OF_BLOCK) << 6)
            first = code << (16 - length)
            last = first + (1 << (16 - length))
            if last > SLOW:
                return False
            for i in range(first, last):
                slow[i] = entry
                lengths[i] = length
            code += 1
            number += 1
        code <<= 1
    if dc:
        for i in range(DC_FAST):
            place = i << (16 - DC_BITS)
            fast[i] = slow[place] if lengths[place] <= DC_BITS else 0
    else:
        _join(slow, lengths, fast)
    return True


@_compiled
def _join(slow: Any, lengths: Any, fast: Any) -> Any:
    """Entries of as many whole codes as lie in FAST_BITS bits, up to the end of the block."""
    for i in range(FAST):
        bits: Any = 0
        steps: Any = 0
        while bits < FAST_BITS and steps < END_OF_BLOCK:
            place = (i << (16 - FAST_BITS) << bits) & 0xFFFF
            entry = np.int64(slow[place])
            step = entry >> 6
            if step == NO_CODE or bits + lengths[place] > FAST_BITS or (step < END_OF_BLOCK and steps + step > 63):
                break
            bits += entry & 63
            steps += step
        fast[i] = bits | (steps << 6) if steps else NO_CODE << 6


@_compiled
def feed(
    raw: Any,
    filled: Any,
    state: Any,
    buf: Any,
    marks: Any,
    plan: Any,
    dc_fast: Any,
    dc_slow: Any,
    ac_fast: Any,
    ac_slow: Any,
    planes: Any,
) -> Any:
    """Take the next piece of a scan's entropy-coded bytes. Returns MORE, DONE or why the route gives up.

    raw: uint8, `filled` bytes of the file. state: int64 (STATE,), zeros before the first piece. plan: int64, the scan.
    The tables: uint16, one after the other. planes: int16, DC values of all components. After DONE state[USED] is the offset in
    `raw` of the marker that ends the scan; after MORE the bytes behind state[USED] must be handed in again (at most one).
    """
    count = _begin(state, buf, marks)
    if count < 0:
        return count
    if plan[KIND] == SKIP:
        status = _skip(raw, filled, state)
        end = 0
    else:
        end = _unstuff(raw, filled, state, buf, count, marks, plan[INTERVAL] > 0)
        status = end if end < 0 else MORE
    if status < 0:
        return status
    if not plan[ZEROS_ALLOWED] and _zeros(raw, state[USED], state):
        return ZERO_RUN
    if plan[KIND] == SKIP:
        return DONE if state[ENDED] else MORE
    if plan[KIND] == DC_REFINE:
        status = _refine(buf, end, state, marks, plan, planes)
    else:
        status = _follow(buf, end, state, marks, plan, dc_fast, dc_slow, ac_fast, ac_slow, planes)
    state[LEFT_OVER] = end
    if status == DONE:
        if not state[ENDED] or (state[BIT] + 7) >> 3 != end or state[NEXT_MARK] != state[MARKS]:
            return LEFT
        if state[WILD] >= 2 * WILD_LIMIT:
            return BAD_CODE
    elif status == MORE and state[ENDED]:
        return SHORT
    return status


@_compiled
def _begin(state: Any, buf: Any, marks: Any) -> Any:
    """Move what is left of the piece before to the front of `buf`. Returns how many bytes, or CROWDED."""
    first = state[BIT] >> 3
    count = state[LEFT_OVER] - first
    if count < 0 or count > SLACK:
        return CROWDED
    for i in range(count):
        buf[i] = buf[first + i]
    kept = 0
    for i in range(state[NEXT_MARK], state[MARKS]):
        marks[kept] = marks[i] - first
        kept += 1
    state[MARKS] = kept
    state[NEXT_MARK] = 0
    state[BIT] &= 7
    return count


@_compiled
def _unstuff(raw: Any, filled: Any, state: Any, buf: Any, o: Any, marks: Any, restarts: Any) -> Any:
    """Copy raw bytes to buf[o:] without the 00 behind FF, noting restart markers. Returns the end in `buf`, or a refusal."""
    i = 0
    count = state[MARKS]
    seen = state[RESTARTS]
    while i < filled:
        if i + VECTOR <= filled:
            copy32(buf, o, raw, i)
            found = marked32(raw, i)
            if found == _0:
                i += VECTOR
                o += VECTOR
                continue
            plain = lowest_bit(found)
            i += plain
            o += plain
        elif raw[i] != 0xFF:
            buf[o] = raw[i]
            o += 1
            i += 1
            continue
        if i + 1 >= filled:
            break
        code = raw[i + 1]
        if code == 0:
            buf[o] = 0xFF
            o += 1
            i += 2
        elif code == 0xFF:
            i += 1
        elif 0xD0 <= code <= 0xD7:
            if not restarts or (code & 7) != (seen & 7):
                return RESTART
            if count >= marks.shape[0]:
                return CROWDED
            marks[count] = o
            count += 1
            seen += 1
            i += 2
        else:
            state[ENDED] = 1
            for j in range(SLACK):
                buf[o + j] = 0
            break
    state[USED] = i
    state[MARKS] = count
    state[RESTARTS] = seen
    return o


@_compiled
def _skip(raw: Any, filled: Any, state: Any) -> Any:
    """Find the end of a scan that is not needed; its restart markers must be in order."""
    i = 0
    seen = state[RESTARTS]
    while i < filled:
        if i + VECTOR <= filled:
            found = marked32(raw, i)
            if found == _0:
                i += VECTOR
                continue
            i += lowest_bit(found)
        elif raw[i] != 0xFF:
            i += 1
            continue
        if i + 1 >= filled:
            break
        code = raw[i + 1]
        if code == 0:
            i += 2
        elif code == 0xFF:
            i += 1
        elif 0xD0 <= code <= 0xD7:
            if (code & 7) != (seen & 7):
                return RESTART
            seen += 1
            i += 2
        else:
            state[ENDED] = 1
            break
    state[USED] = i
    state[RESTARTS] = seen
    return MORE


@_compiled
def _zeros(raw: Any, used: Any, state: Any) -> Any:
    """Whether half a disk sector of zeros ends in these bytes or the ones before."""
    before = state[ZEROS]
    lead = 0
    while lead < used and lead < LONGEST_ZERO_RUN and raw[lead] == 0:
        lead += 1
    if before + lead >= LONGEST_ZERO_RUN:
        return True
    step = LONGEST_ZERO_RUN // 2 - 8
    for i in range(0, used - 7, step):  # half of a run lies in one piece, and there it covers one of these places
        if load64(raw, i) == _0:
            first = i
            while first > 0 and raw[first - 1] == 0:
                first -= 1
            last = i + 8
            while last < used and last - first < LONGEST_ZERO_RUN and raw[last] == 0:
                last += 1
            if last - first >= LONGEST_ZERO_RUN:
                return True
    trail = 0
    while trail < used and trail < LONGEST_ZERO_RUN and raw[used - 1 - trail] == 0:
        trail += 1
    state[ZEROS] = trail + (before if trail == used else 0)
    return False


@_compiled
def _follow(
    buf: Any,
    end: Any,
    state: Any,
    marks: Any,
    plan: Any,
    dc_fast: Any,
    dc_slow: Any,
    ac_fast: Any,
    ac_slow: Any,
    planes: Any,
) -> Any:
    """Go on through the MCUs, sequential or of a first DC scan, as long as whole ones are certain to be in `buf`."""
    limit = 8 * end if state[ENDED] else 8 * (end - SLACK)
    columns, rows, interval, low, blocks = plan[COLUMNS], plan[ROWS], plan[INTERVAL], plan[LOW], plan[BLOCK_COUNT]
    dc_only = plan[KIND] == DC_FIRST
    column, row, to_go, wild = state[COLUMN], state[ROW], state[TO_GO], state[WILD]
    pos = state[BIT] >> 3
    skipped = np.uint64(state[BIT] & 7)
    if 8 * pos > limit:
        return MORE
    bits = load64(buf, pos) << skipped
    count = _56 - skipped
    pos += 7
    while row < rows:
        while column < columns:
            here = 8 * pos - np.int64(count)
            if here > limit:
                state[COLUMN], state[ROW], state[TO_GO], state[WILD], state[BIT] = column, row, to_go, wild, here
                return MORE
            if interval:
                if to_go == 0 and (column > 0 or row > 0):
                    at = (here + 7) >> 3
                    mark = state[NEXT_MARK]
                    if mark >= state[MARKS] or marks[mark] != at:
                        return RESTART
                    state[NEXT_MARK] = mark + 1
                    for c in range(4):
                        state[PREDICTION + c] = 0
                    pos, bits, count = at, _0, _0
                    to_go = interval
                elif to_go == 0:
                    to_go = interval
                to_go -= 1
            for block in range(blocks):
                b = BLOCKS + BLOCK_NUMBERS * block
                component = PREDICTION + plan[b + COMPONENT]
                bits |= load64(buf, pos) >> count
                pos += np.int64((_63 - count) >> _3)
                count |= _56
                entry = np.uint64(dc_fast[(np.uint64(plan[b + DC_TABLE]) << np.uint64(DC_BITS)) + (bits >> _DC_SHIFT)])
                if entry == _0:
                    entry = np.uint64(dc_slow[(np.uint64(plan[b + DC_TABLE]) << np.uint64(16)) + (bits >> _SLOW_SHIFT)])
                    if entry == _0:
                        return BAD_CODE
                size = entry >> _11
                value = bits << ((entry >> _6) & _31)
                mask = (_1 << size) - _1
                difference = ((value >> _1) >> (_63 - size)) - (mask & ~np.uint64(np.int64(value) >> 63))
                bits <<= entry & _63
                count -= entry & _63
                level = state[component] + np.int64(difference)
                state[component] = level
                level <<= low
                wild |= np.int64(np.uint64(level + WILD_LIMIT) & np.uint64(0x7FFFFFFFFFFFFFFF))
                planes[plan[b + OFFSET] + row * plan[b + STEP_Y] + column * plan[b + STEP_X]] = level
                if dc_only:
                    continue
                table = np.uint64(plan[b + AC_TABLE])
                fast, slow = table << np.uint64(FAST_BITS), table << np.uint64(16)
                k = _1
                while True:
                    # At least 29 bits are there: an entry takes up to 12 + 1 + 15.
                    entry = np.uint64(ac_fast[fast + (bits >> _FAST_SHIFT)])
                    reached = k + (entry >> _6)
                    if reached <= _LAST:
                        k = reached
                        bits <<= entry & _63
                        count -= entry & _63
                        bits |= load64(buf, pos) >> count
                        pos += np.int64((_63 - count) >> _3)
                        count |= _56
                        entry = np.uint64(ac_fast[fast + (bits >> _FAST_SHIFT)])
                        reached = k + (entry >> _6)
                        if reached <= _LAST:
                            k = reached
                            bits <<= entry & _63
                            count -= entry & _63
                            continue
                    if _END < reached <= _END + _LAST:
                        bits <<= entry & _63
                        count -= entry & _63
                        break
                    # One symbol alone: its code is long, or the block ends with its last coefficient.
                    bits |= load64(buf, pos) >> count
                    pos += np.int64((_63 - count) >> _3)
                    count |= _56
                    entry = np.uint64(ac_slow[slow + (bits >> _SLOW_SHIFT)])
                    step = entry >> _6
                    if step == _NO_CODE:
                        return BAD_CODE
                    bits <<= entry & _63
                    count -= entry & _63
                    if step == _END:
                        break
                    k += step
                    if k > _LAST:
                        if k > _LAST + _1:
                            return OVERRUN
                        break
                    bits |= load64(buf, pos) >> count
                    pos += np.int64((_63 - count) >> _3)
                    count |= _56
            column += 1
        column = 0
        row += 1
    state[COLUMN], state[ROW], state[TO_GO], state[WILD] = column, row, to_go, wild
    state[BIT] = 8 * pos - np.int64(count)
    return SHORT if state[BIT] > 8 * end else DONE


@_compiled
def _refine(buf: Any, end: Any, state: Any, marks: Any, plan: Any, planes: Any) -> Any:
    """One more bit for each DC value."""
    limit = 8 * end if state[ENDED] else 8 * (end - SLACK)
    interval, blocks, one = plan[INTERVAL], plan[BLOCK_COUNT], 1 << plan[LOW]
    column, row, to_go, bit = state[COLUMN], state[ROW], state[TO_GO], state[BIT]
    while row < plan[ROWS]:
        while column < plan[COLUMNS]:
            if bit > limit:
                state[COLUMN], state[ROW], state[TO_GO], state[BIT] = column, row, to_go, bit
                return MORE
            if interval:
                if to_go == 0 and (column > 0 or row > 0):
                    at = (bit + 7) >> 3
                    mark = state[NEXT_MARK]
                    if mark >= state[MARKS] or marks[mark] != at:
                        return RESTART
                    state[NEXT_MARK] = mark + 1
                    bit = 8 * at
                    to_go = interval
                elif to_go == 0:
                    to_go = interval
                to_go -= 1
            for block in range(blocks):
                b = BLOCKS + BLOCK_NUMBERS * block
                if (buf[bit >> 3] >> (7 - (bit & 7))) & 1:
                    planes[plan[b + OFFSET] + row * plan[b + STEP_Y] + column * plan[b + STEP_X]] |= one
                bit += 1
            column += 1
        column = 0
        row += 1
    state[COLUMN], state[ROW], state[TO_GO], state[BIT] = column, row, to_go, bit
    return SHORT if bit > 8 * end else DONE


@_compiled
def finish(planes: Any, shape: Any, shades: Any, out: Any) -> Any:
    """DC values to pixels. False where a value lies far outside of what a picture holds.

    shape: int64, height, width, number of components, then for each offset in `planes`, blocks a row, divisor, shift down,
    shift right. shades: int32 (3 × width,) to work in. out: uint8 (height × width × components), grey or RGB. Grey is
    (DC × divisor + 4) >> 3, which is libjpeg's 1×1 transform, colour its fixed-point YCbCr (JFIF), chroma repeated.
    """
    height, width, count = shape[0], shape[1], shape[2]
    wild: Any = 0
    grey: Any
    cb: Any
    cr: Any
    if count == 1:
        for y in range(height):
            at = shape[3] + y * shape[4]
            for x in range(width):
                grey = (np.int32(planes[at + x]) * np.int32(shape[5]) + np.int32(4)) >> 3
                wild |= grey + 512
                out[y * width + x] = min(max(grey + 128, 0), 255)
        return wild >> 10 == 0
    for y in range(height):
        blues = shape[8] + (y >> shape[11]) * shape[9]
        reds = shape[13] + (y >> shape[16]) * shape[14]
        for x in range(width):
            cb = (np.int32(planes[blues + (x >> shape[12])]) * np.int32(shape[10]) + np.int32(4)) >> 3
            cr = (np.int32(planes[reds + (x >> shape[17])]) * np.int32(shape[15]) + np.int32(4)) >> 3
            wild |= (cb + 512) | (cr + 512)
            cb = min(max(cb, -128), 127)
            cr = min(max(cr, -128), 127)
            shades[x] = (91881 * cr + 32768) >> 16
            shades[width + x] = (-22554 * cb - 46802 * cr + 32768) >> 16
            shades[2 * width + x] = (116130 * cb + 32768) >> 16
        at = shape[3] + y * shape[4]
        for x in range(width):
            grey = (np.int32(planes[at + x]) * np.int32(shape[5]) + np.int32(4)) >> 3
            wild |= grey + 512
            grey = min(max(grey + 128, 0), 255)
            o = 3 * (y * width + x)
            out[o] = min(max(grey + shades[x], 0), 255)
            out[o + 1] = min(max(grey + shades[width + x], 0), 255)
            out[o + 2] = min(max(grey + shades[2 * width + x], 0), 255)
    return wild >> 10 == 0
