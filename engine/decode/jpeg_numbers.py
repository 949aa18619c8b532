"""The numbers on which the loops of the JPEG route and their callers agree. Nothing of a compiler is loaded for them."""

from __future__ import annotations

RAW_BYTES = 1 << 18
"""Bytes of the file looked at in one go: small enough that they stay in the processor's second cache."""

SLACK = 4096
VECTOR = 32

FAST_BITS = 13  # of an AC look-up: 16 KiB a table, two of which stay in the first cache
DC_BITS = 10
FAST, SLOW, DC_FAST = 1 << FAST_BITS, 1 << 16, 1 << DC_BITS

# The numbers of `state`: all that a scan remembers between two pieces.
LEFT_OVER, BIT, ENDED, USED, COLUMN, ROW, TO_GO, MARKS, NEXT_MARK, RESTARTS, WILD, ZEROS, PREDICTION = range(13)
STATE = PREDICTION + 4

# The numbers of `plan`: what a scan is. BLOCKS: then six numbers a block of the MCU.
KIND, COLUMNS, ROWS, INTERVAL, LOW, BLOCK_COUNT, ZEROS_ALLOWED, BLOCKS = range(8)
COMPONENT, OFFSET, STEP_X, STEP_Y, DC_TABLE, AC_TABLE = range(6)
BLOCK_NUMBERS = 6
SEQUENTIAL, DC_FIRST, DC_REFINE, SKIP = range(4)

# What a call answers.
MORE, DONE = 0, 1
BAD_CODE, OVERRUN, SHORT, LEFT, RESTART, ZERO_RUN, CROWDED = -1, -2, -3, -4, -5, -6, -7

END_OF_BLOCK, NO_CODE = 128, 512
"""Added to the place in the block by entries that end it, or that are no code: one comparison tells all special cases."""

LONGEST_ZERO_RUN = 256
WILD_LIMIT = 8192
"""|DC| beyond this is no picture: sound values, times their divisor, lie within ±1,100."""
