"""Machine code of the loops: made once by the compiler, then loaded by LLVM's linker alone.

Loading the whole compiler costs a worker 1.1 s and 115 MB, the linker 0.1 s and 55 MB. The code lies beside numba's own, in a
folder that only its user can write to; it is taken only if it was made by the same versions from the same source for the same
processor.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numpy as np

from engine.decode import jpeg_numbers
from engine.decode.jpeg_numbers import RAW_BYTES

NAMES = ("build_tables", "feed", "finish")
SOURCES = (Path(__file__), Path(__file__).parents[1] / "kernels.py", Path(jpeg_numbers.__file__))
MAGIC = b"imgfp loops 1\n"
DIGEST_BYTES = 32
MOST_BYTES = 1 << 24
PREFIX = "imgfp_"

_CALLED = re.compile(r"^declare ([^@\n]*@(?!llvm\.)[^(\n]+\([^\n]*\))[^)\n]*$", re.MULTILINE)
_NAMED = re.compile(r"^(@\S+) = external [^\n]*?global ([^,\n]+)[^\n]*$", re.MULTILINE)

_engines: list[Any] = []  # code lives as long as these


def load(folder: Path) -> ModuleType | None:
    """The loops from the disk, None where there are none that fit."""
    try:
        with open(os.open(folder / _file_name(), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            if not _is_ours(os.fstat(file.fileno())):
                return None
            data = file.read(MOST_BYTES)
    except OSError:
        return None
    digest, code = data[len(MAGIC) : len(MAGIC) + DIGEST_BYTES], data[len(MAGIC) + DIGEST_BYTES :]
    if not data.startswith(MAGIC) or hashlib.sha256(code).digest() != digest:
        return None
    return _linked(code)


def _is_ours(found: os.stat_result) -> bool:
    """A file of this user's, or of the system's, that nobody else can write to."""
    own = not hasattr(os, "getuid") or found.st_uid in (os.getuid(), 0)
    return stat.S_ISREG(found.st_mode) and own and not found.st_mode & 0o022


def make(folder: Path) -> ModuleType:
    """Compile the loops, keep them below `folder` where that can be, and load them. Raises whatever the compiler raises."""
    code = _compiled()
    with contextlib.suppress(OSError):
        _store(folder / _file_name(), MAGIC + hashlib.sha256(code).digest() + code)
    return _linked(code)


def _file_name() -> str:
    parts = [version("numba"), version("llvmlite"), llvm.get_default_triple(), llvm.get_host_cpu_name()]
    parts += [llvm.get_host_cpu_features().flatten(), *(path.read_text(encoding="utf-8") for path in SOURCES)]
    return f"decode-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}.code"


def _store(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with open(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)


def _machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_default_triple())
    features = llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(opt=3, cpu=llvm.get_host_cpu_name(), features=features, jit=True)


def _compiled() -> bytes:
    """One object file with the three loops as plain C functions."""
    import numba

    from engine.decode import kernels

    types, carray, cfunc = cast(Any, numba).types, cast(Any, numba).carray, cast(Any, numba).cfunc
    u8, u16, i16, i32, i64 = (types.CPointer(getattr(types, name)) for name in ("uint8", "uint16", "int16", "int32", "int64"))
    build_loop, feed_loop, finish_loop, marks_size = kernels.build_tables, kernels.feed, kernels.finish, RAW_BYTES // 2

    # Only the length of `marks` is looked at; other accesses are bounded by the proof in `engine.decode.kernels`.
    @cfunc(types.int64(u8, u8, u8, u16, u16, types.int64))  # type: ignore[untyped-decorator]
    def build_tables(counts: Any, symbols: Any, lengths: Any, slow: Any, fast: Any, dc: Any) -> Any:
        return np.int64(
            build_loop(carray(counts, 1), carray(symbols, 1), carray(lengths, 1), carray(slow, 1), carray(fast, 1), dc != 0)
        )

    @cfunc(types.int64(u8, types.int64, i64, u8, i32, i64, u16, u16, u16, u16, i16))  # type: ignore[untyped-decorator]
    def feed(
        raw: Any,
        filled: Any,
        state: Any,
        buf: Any,
        marks: Any,
        plan: Any,
        dc_f: Any,
        dc_s: Any,
        ac_f: Any,
        ac_s: Any,
        planes: Any,
    ) -> Any:
        return feed_loop(
            carray(raw, 1),
            filled,
            carray(state, 1),
            carray(buf, 1),
            carray(marks, marks_size),
            carray(plan, 1),
            carray(dc_f, 1),
            carray(dc_s, 1),
            carray(ac_f, 1),
            carray(ac_s, 1),
            carray(planes, 1),
        )

    @cfunc(types.int64(i16, i64, i32, u8))  # type: ignore[untyped-decorator]
    def finish(planes: Any, shape: Any, shades: Any, out: Any) -> Any:
        return np.int64(finish_loop(carray(planes, 1), carray(shape, 1), carray(shades, 1), carray(out, 1)))

    whole = llvm.parse_assembly("")
    for name, wrapper in zip(NAMES, (build_tables, feed, finish), strict=True):
        whole.link_in(_alone(wrapper._library.get_llvm_str(), wrapper.native_name, PREFIX + name))
    machine = _machine()
    whole.triple, whole.data_layout = llvm.get_default_triple(), str(machine.target_data)
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(whole, builder)
    code: bytes = machine.emit_object(whole)
    return code


def _alone(text: str, native_name: str, name: str) -> Any:
    """The code of one function, which nobody else's code is called from: what reports errors of Python, which the loops cannot
    raise, ends the process instead."""
    text = _CALLED.sub(r"define internal \1 {\n  call void @llvm.trap()\n  unreachable\n}", text)
    text = _NAMED.sub(r"\1 = internal global \2 zeroinitializer", text)
    if "@llvm.trap()" in text and "declare void @llvm.trap()" not in text:
        text += "\ndeclare void @llvm.trap()\n"
    module = llvm.parse_assembly(text)
    for function in module.functions:
        if function.name == native_name:
            function.name = name
            function.linkage = "external"
        elif not function.is_declaration:
            function.linkage = "internal"
    for value in module.global_variables:
        value.linkage = "internal"
    return module


# ------------------------------------------------------------------------------------------------------------------- linking


def _linked(code: bytes) -> ModuleType:
    """The loops, to be called with arrays like the ones of `engine.decode.kernels`."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    loops = ModuleType("imgfp_loops")
    for name, arguments in (("build_tables", 6), ("feed", 11), ("finish", 4)):
        address = engine.get_function_address(PREFIX + name)
        if not address:
            raise RuntimeError("the loops are not in their code")
        setattr(loops, name, _caller(address, arguments))
    return loops


def _caller(address: int, arguments: int) -> Callable[..., int]:
    """The function at `address`; it is called without the interpreter's lock. Arrays must be contiguous and of the right type."""
    call = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * arguments)(address)

    def loop(*given: Any) -> int:
        status: int = call(*[x.__array_interface__["data"][0] if isinstance(x, np.ndarray) else int(x) for x in given])
        return status

    return loop
