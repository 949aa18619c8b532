"""How loops are written: the two decorators, and what the language lacks. Imported only by modules that hold loops.

A loop that is called from outside allocates nothing, raises nothing and answers an int; arrays come in. Numbers are integers, or
float64 with + - * / and the square root alone, so that every processor and the numpy twin get the same bits. Operands of bit
operations are uint64 throughout: one int64 among them would make the compiler fall back to floats.

An array of any length has length 1 inside a loop, as it comes as a pointer there: never slice it and never ask for its shape or
length, be told how much of it there is. Arrays of a given size ("f8[512]") may be sliced.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

# Not cached by numba: its cache does not see that a function of another file, compiled in, has changed.
loop: Callable[[Any], Any] = njit(nogil=True, error_model="numpy")
inlined: Callable[[Any], Any] = njit(nogil=True, error_model="numpy", inline="always")
instruction: Callable[[Any], Any] = intrinsic
pointer_to: Callable[..., Any] = cgutils.get_item_pointer


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
    """Square root of a float64: the processor's own, exact to the last bit; `math.sqrt` would call the system's library."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.call(builder.module.declare_intrinsic("llvm.sqrt", [ir.DoubleType()]), arguments)

    return types.float64(types.float64), code


@instruction
def prefetch(_: Any, rows: Any, i: Any) -> Any:
    """Ask for the line of the cache in which row i of an array begins, and do not wait for it. Nothing is read: any i will do."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, word = signature.args[0], ir.IntType(32)
        place = [arguments[1]] + [ir.Constant(ir.IntType(64), 0)] * (kind.ndim - 1)
        array = context.make_array(kind)(context, builder, arguments[0])
        item = pointer_to(context, builder, kind, array, place, wraparound=False)
        item = builder.bitcast(item, ir.IntType(8).as_pointer())
        ask = ir.FunctionType(ir.VoidType(), [item.type, word, word, word])
        to_read_into_every_cache = [ir.Constant(word, 0), ir.Constant(word, 3), ir.Constant(word, 1)]
        builder.call(builder.module.declare_intrinsic("llvm.prefetch", [item.type], ask), [item, *to_read_into_every_cache])
        return context.get_dummy_value()

    return types.void(rows, types.int64), code
