"""How loops are written: the two decorators, and what the language lacks. Imported only by modules that hold loops.

A loop that is called from outside allocates nothing, raises nothing and answers an int; arrays come in. Numbers are integers, or
float64 with + - * / and the square root alone, so that every processor and the numpy twin get the same bits. Operands of bit
operations are uint64 throughout: one int64 among them would make the compiler fall back to floats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.extending import intrinsic

# Not cached by numba: its cache does not see that a function of another file, compiled in, has changed.
loop: Callable[[Any], Any] = njit(nogil=True, error_model="numpy")
inlined: Callable[[Any], Any] = njit(nogil=True, error_model="numpy", inline="always")
instruction: Callable[[Any], Any] = intrinsic


@instruction
def popcount(_: Any, x: Any) -> Any:
    """Set bits of a uint64, as uint64: one instruction where the processor has it."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


@instruction
def trailing_zeros(_: Any, x: Any) -> Any:
    """Zeros below the lowest set bit of a uint64, as uint64; 64 for 0."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), code


@instruction
def root(_: Any, x: Any) -> Any:
    """Square root of a float64: the processor's own, exact to the last bit; `math.sqrt` would be a call of the system's library."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.call(builder.module.declare_intrinsic("llvm.sqrt", [ir.DoubleType()]), arguments)

    return types.float64(types.float64), code
