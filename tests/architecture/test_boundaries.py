"""The walls that import-linter cannot see: parts of Qt, files of the window, where numba comes in, what a door drags along."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

from tests.support.sources import ROOT, calls, dotted, imports, trees

QT_ROOMS = ("engine/session.py", "engine/jobs/", "engine/actions/", "engine/cli/")
KERNELS = re.compile(r"engine/(decode/kernels|fingerprint/kernels\w*|match/\w+/kernels\w*|imgfprint/kernels|loops/\w+)\.py")
FILE_MODULES = {"os", "shutil", "mmap", "hashlib", "subprocess", "pathlib", "io", "glob", "fileinput", "sqlite3"}
FILE_CLASSES = {"QFile", "QDir", "QImageReader", "QImageWriter", "QFileInfo", "QSaveFile", "QDirIterator", "QTemporaryFile"}
PAINTED = {"QPixmap", "QImage", "QIcon", "QMovie"}
GUI_FILE_READERS = {"imgfp_gui/icons.py"}


def _qt_modules(path: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    for name, line in imports(tree):
        if name == "PySide6" or name.startswith("PySide6."):
            yield f"{path}: {name}", line


def test_engine_uses_only_the_core_of_qt_and_only_where_threads_live() -> None:
    strangers = [
        f"{where}:{line}"
        for path, tree in trees("engine").items()
        for where, line in _qt_modules(path, tree)
        if not path.startswith(QT_ROOMS) or not where.split(": ")[1].startswith("PySide6.QtCore")
    ]

    assert not strangers


def test_the_window_opens_no_file() -> None:
    found = []
    for path, tree in trees("imgfp_gui").items():
        if path in GUI_FILE_READERS:
            continue
        found += [f"{path}:{line} imports {name}" for name, line in imports(tree) if name.split(".")[0] in FILE_MODULES]
        found += [f"{path}:{line} imports {name}" for name, line in imports(tree) if name.rsplit(".", 1)[-1] in FILE_CLASSES]
        for call in calls(tree):
            name = dotted(call.func)
            first = call.args[0] if call.args else None
            text = isinstance(first, ast.JoinedStr) or (isinstance(first, ast.Constant) and isinstance(first.value, str))
            if name == "open" or (name.rsplit(".", 1)[-1] in PAINTED and text) or name.endswith((".addFile", ".fromTheme")):
                found.append(f"{path}:{call.lineno} calls {name}")

    assert not found


def test_pictures_of_the_window_are_made_from_pixels_only() -> None:
    makers = []
    for path, tree in trees("imgfp_gui").items():
        if path in GUI_FILE_READERS:
            continue
        for call in calls(tree):
            name = dotted(call.func)
            if name.rsplit(".", 1)[-1] in PAINTED and len(call.args) == 1 and not isinstance(call.args[0], ast.Call):
                makers.append(f"{path}:{call.lineno} {name} from one argument, which may be a path")
            if name.endswith((".load", ".loadFromData")) and not name.startswith(("json.", "tomllib.")):
                makers.append(f"{path}:{call.lineno} {name}")

    assert not makers


def test_numba_is_imported_in_kernel_files_only_and_those_inside_functions() -> None:
    wrong = []
    for package in ("engine", "imgfp_gui"):
        for path, tree in trees(package).items():
            wrong += [
                f"{path}:{n}"
                for name, n in imports(tree)
                if name.split(".")[0] in ("numba", "llvmlite") and not KERNELS.fullmatch(path)
            ]
            top = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
            wrong += [f"{path}:{n} loads {name} at once" for name, n in imports(top) if "kernels" in name.split(".")]

    assert not wrong


def _loaded_by(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_door_of_the_engine_loads_no_screen_and_no_compiler() -> None:
    loaded = _loaded_by("import engine.session")

    assert "PySide6.QtCore" in loaded
    assert not loaded & {"PySide6.QtGui", "PySide6.QtWidgets", "numba", "rawpy", "pillow_heif", "PIL"}


def test_the_window_is_up_before_any_codec_or_compiler_is_loaded() -> None:
    loaded = _loaded_by("import imgfp_gui.app")

    assert not loaded & {"numba", "rawpy", "pillow_heif", "PIL"}


def test_a_worker_loads_neither_qt_nor_the_store() -> None:
    loaded = _loaded_by("import engine.worker")

    assert not {
        name for name in loaded if name.startswith(("PySide6", "sqlite3", "engine.store", "engine.userdata", "engine.jobs"))
    }


def test_importing_the_package_costs_nothing() -> None:
    loaded = _loaded_by("import engine")

    assert not loaded & {"numpy", "PySide6", "platformdirs"}
