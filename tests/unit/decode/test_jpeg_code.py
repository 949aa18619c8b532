"""Machine code of the JPEG loops on the disk: it does what the loops do, and is not believed blindly."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.config import Limits
from engine.decode.jpeg_dc import small_picture
from engine.decode.jpeg_header import RefusedError
from engine.decode.loops import LOOPS
from engine.errors import DecodeError
from tests.support.jpeg_mutations import mutated, small_files

LIMITS = Limits()

ALONE = """
import sys
from pathlib import Path
from engine.decode import jpeg_kernels
assert jpeg_kernels.load(Path(sys.argv[1]))
print(jpeg_kernels.loaded().__name__, "numba" in sys.modules)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the code in it."""
    made: Path = tmp_path_factory.mktemp("code")
    LOOPS.compile_to(made)
    return made


@pytest.fixture(scope="module")
def linked(folder: Path) -> Any:
    """The loops as a worker has them."""
    loops = LOOPS.load_from(folder)
    assert loops is not None
    return loops


def outcome(data: bytes, loops: Any) -> str | np.ndarray:
    try:
        small = small_picture(io.BytesIO(data), LIMITS, kernels=loops)
    except (RefusedError, DecodeError) as error:
        return str(error)
    assert small is not None
    return small.pixels


def test_code_on_the_disk_does_what_the_loops_do(linked: Any) -> None:
    from engine.decode import kernels

    for data in (*small_files(), *(mutated(seed) for seed in range(20_000, 21_000))):
        assert np.array_equal(outcome(data, linked), outcome(data, kernels))


def test_worker_loads_it_without_the_compiler(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", ALONE, str(folder)], capture_output=True, text=True, timeout=120)

    assert done.stdout.split() == ["imgfp_loops.decode", "False"], done.stderr


@pytest.mark.parametrize("damage", ["cut", "changed", "link", "writable by others"])
def test_code_that_is_not_as_it_was_written_is_not_run(folder: Path, tmp_path: Path, damage: str) -> None:
    (code,) = folder.iterdir()
    data = bytearray(code.read_bytes())
    copy = tmp_path / code.name
    copy.write_bytes(bytes(data))
    copy.chmod(0o600)
    assert LOOPS.load_from(tmp_path) is not None

    if damage == "cut":
        copy.write_bytes(bytes(data[:-1]))
    elif damage == "changed":
        data[len(data) // 2] ^= 1
        copy.write_bytes(bytes(data))
    elif damage == "link":
        copy.unlink()
        copy.symlink_to(code)
    else:
        copy.chmod(0o666)

    assert LOOPS.load_from(tmp_path) is None


def test_code_made_at_set_up_is_taken_and_nothing_is_compiled_again(folder: Path, tmp_path: Path) -> None:
    alone = (
        "import sys\nfrom pathlib import Path\nfrom engine.decode import jpeg_kernels\nfrom engine.loops import group\n"
        "group.installed_kernels_dir = lambda: Path(sys.argv[1])\n"
        "assert jpeg_kernels.load(Path(sys.argv[2]))\nprint('numba' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", alone, folder, tmp_path], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "False"
    assert not list(tmp_path.iterdir())
