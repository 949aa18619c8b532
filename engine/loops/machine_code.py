"""Machine code of a group of loops: made by the compiler, kept in a file, loaded by the linker.

The file lies in a folder that only its user can write to; it is taken only if it was made by the same versions from the same
source for the same processor.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import re
import stat
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numpy as np

from engine.loops.words import Argument

if TYPE_CHECKING:
    from engine.loops.group import Group

MAGIC = b"imgfp loops 2\n"
DIGEST_BYTES = 32
MOST_BYTES = 1 << 25
PREFIX = "imgfp_"

_CALLED = re.compile(r"^declare ([^@\n]*@(?!llvm\.)[^(\n]+\([^\n]*\))[^)\n]*$", re.MULTILINE)
_NAMED = re.compile(r"^(@\S+) = external [^\n]*?global ([^,\n]+)[^\n]*$", re.MULTILINE)

_engines: list[Any] = []  # code lives as long as these


def load(group: Group, folder: Path) -> Any:
    """The loops from the disk, None where there are none that fit."""
    try:
        with open(os.open(folder / file_name(group), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            if not _is_ours(os.fstat(file.fileno())):
                return None
            data = file.read(MOST_BYTES)
    except OSError:
        return None
    digest, code = data[len(MAGIC) : len(MAGIC) + DIGEST_BYTES], data[len(MAGIC) + DIGEST_BYTES :]
    if not data.startswith(MAGIC) or hashlib.sha256(code).digest() != digest:
        return None
    return _linked(group, code)


def make(group: Group, folder: Path, cpu: str = "") -> Any:
    """Compile the loops, keep them below `folder` where that can be, and load them. Raises whatever the compiler raises."""
    code = _compiled(group, cpu)
    with contextlib.suppress(OSError):
        _store(folder / file_name(group, cpu), MAGIC + hashlib.sha256(code).digest() + code)
    return _linked(group, code)


def file_name(group: Group, cpu: str = "") -> str:
    """Tells what the code was made of: versions, processor, sources, signatures."""
    parts = [version("numba"), version("llvmlite"), llvm.get_default_triple(), cpu or llvm.get_host_cpu_name()]
    parts += [cpu or llvm.get_host_cpu_features().flatten(), *(loop.name + loop.signature for loop in group.loops)]
    parts += [_text(name) for name in (*group.sources, __name__, "engine.loops.compiler")]
    return f"{group.name}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}.code"


def _text(module: str) -> str:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise ImportError(module)
    path = Path(found.origin)
    return path.read_text(encoding="utf-8") if path.exists() else module


def _is_ours(found: os.stat_result) -> bool:
    """A file of this user's, or of the system's, that nobody else can write to."""
    own = not hasattr(os, "getuid") or found.st_uid in (os.getuid(), 0)
    return stat.S_ISREG(found.st_mode) and own and not found.st_mode & 0o022


def _store(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with open(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)


# ----------------------------------------------------------------------------------------------------------------- compiling


def _machine(cpu: str = "") -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_default_triple())
    features = "" if cpu else llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(opt=3, cpu=cpu or llvm.get_host_cpu_name(), features=features, jit=True)


def _compiled(group: Group, cpu: str) -> bytes:
    """One object file with the loops as plain C functions."""
    plain = group.plain()
    whole = llvm.parse_assembly("")
    for loop in group.loops:
        wrapper = _c_function(getattr(plain, loop.name), loop.arguments)
        whole.link_in(_alone(wrapper._library.get_llvm_str(), wrapper.native_name, PREFIX + loop.name))
    machine = _machine(cpu)
    whole.triple, whole.data_layout = llvm.get_default_triple(), str(machine.target_data)
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(whole, builder)
    code: bytes = machine.emit_object(whole)
    return code


def _c_function(function: Any, arguments: tuple[Argument, ...]) -> Any:
    """A loop behind pointers and numbers. Arrays have no length there: the loop is told what it needs to know."""
    import numba

    types, cfunc = cast(Any, numba).types, cast(Any, numba).cfunc
    given, values = [], []
    for number, argument in enumerate(arguments):
        kind = getattr(types, argument.name)
        given.append(kind if argument.shape is None else types.CPointer(kind))
        values.append(f"a{number}" if argument.shape is None else f"carray(a{number}, {argument.shape})")
    names = ", ".join(f"a{number}" for number in range(len(arguments)))
    text = f"def called({names}):\n    return int64(function({', '.join(values)}))\n"
    space: dict[str, Any] = {"function": function, "carray": cast(Any, numba).carray, "int64": np.int64}
    exec(compile(text, "<loop>", "exec"), space)
    return cfunc(types.int64(*given))(space["called"])


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


def _linked(group: Group, code: bytes) -> Any:
    """The loops, to be called with arrays like those of the group's module."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    loops = SimpleNamespace(__name__=f"imgfp_loops.{group.name}")
    for loop in group.loops:
        address = engine.get_function_address(PREFIX + loop.name)
        if not address:
            raise RuntimeError(f"{loop.name} is not in its code")
        setattr(loops, loop.name, _caller(loop.name, address, loop.arguments))
    return loops


def _caller(name: str, address: int, arguments: tuple[Argument, ...]) -> Callable[..., int]:
    """The function at `address`; it is called without the interpreter's lock. Raises TypeError for what does not fit."""
    kinds = [
        ctypes.c_double if argument.shape is None and argument.name == "float64" else ctypes.c_int64 for argument in arguments
    ]
    call = ctypes.CFUNCTYPE(ctypes.c_int64, *kinds)(address)

    def loop(*given: Any) -> int:
        if len(given) != len(arguments):
            raise TypeError(f"{name} takes {len(arguments)} arguments, not {len(given)}")
        values: list[Any] = []
        for number, (argument, value) in enumerate(zip(arguments, given, strict=True)):
            if not argument.fits(value):
                raise TypeError(f"argument {number} of {name} does not fit: {_told(value)} for {argument}")
            if argument.shape is not None:
                values.append(value.ctypes.data)
            else:
                values.append(float(value) if argument.name == "float64" else int(value))
        status: int = call(*values)
        return status

    return loop


def _told(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}{'' if value.flags.c_contiguous else ', not contiguous'}"
    return type(value).__name__
