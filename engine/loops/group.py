"""A group of loops: what they are called with, where their code lies, and how it comes into a process."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from engine.locations import installed_kernels_dir, kernel_cache_dir
from engine.loops.words import Argument, arguments_of

log = logging.getLogger(__name__)

FOLDER_VARIABLE = "NUMBA_CACHE_DIR"


@dataclass(frozen=True, slots=True)
class Loop:
    """A function of the group's module. signature: its arguments as words (`engine.loops.words`); the answer is an int64."""

    name: str
    signature: str

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """One for each parameter. Raises ValueError for an unknown word."""
        return arguments_of(self.signature)


class Group:
    """Loops of one module that are compiled and loaded together. Safe to use from several threads."""

    def __init__(self, name: str, module: str, loops: tuple[Loop, ...], sources: tuple[str, ...] = ()) -> None:
        """name: of the file with the code. module: dotted, holds the loops; it is imported only to compile them.

        sources: dotted names of modules whose constants are compiled in; another text of any of them makes new code.
        """
        self.name = name
        self.module = module
        self.loops = loops
        self.sources = (module, *sources)
        self._lock = threading.Lock()
        self._loaded: Any = None
        self._failed = False

    def loaded(self, folder: Path | None = None, *, compiling: bool = True) -> Any:
        """The loops as attributes, loaded (or compiled) by the first who asks; None where they cannot be had.

        folder: where code is kept that did not come with the program; None for `default_folder`. compiling: False takes only what
        is compiled already.
        """
        if self._loaded is None and not self._failed:
            with self._lock:
                if self._loaded is None and not self._failed:
                    self._loaded = self._had(folder or default_folder(), compiling)
                    self._failed = compiling and self._loaded is None
        return self._loaded

    @property
    def is_loaded(self) -> bool:
        """Whether they are here already."""
        return self._loaded is not None

    def is_compiled(self, folder: Path | None = None) -> bool:
        """Whether there is a file with their code, so that loading them costs little."""
        return is_compiled(self.name, folder or default_folder())

    def compile_to(self, folder: Path, cpu: str = "") -> Any:
        """Make the code anew, keep it below `folder`, and load it. cpu: an LLVM name such as ``x86-64``; "" for this machine's.

        Raises whatever the compiler raises.
        """
        from engine.loops import machine_code

        return machine_code.make(self, folder, cpu)

    def load_from(self, folder: Path) -> Any:
        """The loops from the disk, None where there is no code that fits."""
        from engine.loops import machine_code

        return machine_code.load(self, folder)

    def plain(self) -> Any:
        """The loops as the compiler's own functions, to be called in the same way."""
        module = importlib.import_module(self.module)
        return SimpleNamespace(__name__=self.module, **{loop.name: getattr(module, loop.name) for loop in self.loops})

    def _had(self, folder: Path, compiling: bool) -> Any:
        if not compiler_installed():
            return None
        ways: tuple[Callable[[], Any], ...] = (lambda: self._linked(folder), self.plain)
        for way in ways if compiling else (lambda: self._kept(folder),):
            try:
                return way()
            except Exception as error:
                log.warning("event=no_loops group=%s error=%r", self.name, error)
        return None

    def _linked(self, folder: Path) -> Any:
        return self._kept(folder) or self.compile_to(folder)

    def _kept(self, folder: Path) -> Any:
        return self.load_from(installed_kernels_dir()) or self.load_from(folder)


def is_compiled(name: str, folder: Path) -> bool:
    """Whether there is a file with the code of the group of this name, in `folder` or where set-up left it."""
    return any(any(place.glob(f"{name}-*.code")) for place in (installed_kernels_dir(), folder))


def compiler_installed() -> bool:
    """Whether loops can be compiled here; nothing of the compiler is loaded."""
    return importlib.util.find_spec("numba") is not None


def default_folder() -> Path:
    """Where code is kept that was made on this machine: what `FOLDER_VARIABLE` names, else a folder of the cache."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else kernel_cache_dir()
