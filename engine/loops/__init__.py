"""Hot loops as machine code: compiled once to a file, then loaded by LLVM's linker alone, without the compiler.

Loading the whole compiler costs a process 1.1 s and 115 MB, the linker 0.1 s and 55 MB. A room declares its loops as a `Group`;
each loop has a twin in numpy that gives the same answers, for where no compiler is installed and where there is little to do.
"""

from __future__ import annotations

from engine.loops.group import Group, Loop, compiler_installed

__all__ = ["Group", "Loop", "compiler_installed"]
