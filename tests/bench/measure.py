"""What a program costs: CPU seconds of it and of all processes that it started, and the most memory that each kind held."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOK_S = 0.1
FEW = 6
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """cpu_s: of the process and its children. wall_s: by the clock. parent_mib, child_mib: most resident memory of the process
    and of its largest child, 0 when it was too quick to be looked at. code: exit status."""

    cpu_s: float
    wall_s: float
    parent_mib: float = 0.0
    child_mib: float = 0.0
    code: int = 0


def run(command: Sequence[str], env: Mapping[str, str] | None = None, *, output: Path | None = None) -> Cost:
    """Run it to its end. env: variables beside those of this process. output: where its standard output goes."""
    with open(output or os.devnull, "wb") as out:
        begun = time.monotonic()
        process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
        parent = child = 0.0
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            parent = max(parent, _peak_mib(process.pid))
            child = max([child, *(_peak_mib(one) for one in children(process.pid))])
            time.sleep(LOOK_S)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - begun, parent, child, process.returncode)


def _peak_mib(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM")), 0.0)
    except OSError:
        return 0.0


def children(pid: int) -> list[int]:
    """Ids of the processes that this one started and that still run."""
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as children:
                found += map(int, children.read().split())
    except OSError:
        pass
    return found


def djpeg(files: Sequence[Path]) -> float:
    """CPU seconds of ``djpeg -scale 1/8 -grayscale`` over these files, one process each."""
    before = os.times()
    for file in files:
        subprocess.run(
            ["djpeg", "-scale", "1/8", "-grayscale", "-outfile", os.devnull, str(file)], check=False, stderr=subprocess.DEVNULL
        )
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def jpegs(photos: Path) -> list[Path]:
    """All JPEGs of a library."""
    return sorted(path for path in photos.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))


def read_through(photos: Path) -> None:
    """Have all files in the system's memory, so that no run waits for a disk."""
    for path in photos.rglob("*"):
        if path.is_file():
            with open(path, "rb") as file:
                while file.read(MIB):
                    pass


class Home:
    """Places of the program's own, new for each run but for the compiled loops, which stand since the first run ever."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs = 0
        self._kernels = folder / "kernels"

    def warm(self, library: Path) -> None:
        """Compile what is compiled once in a lifetime: a scan of copies of a few files that are alike."""
        env, few = self.fresh(), self._folder / "few"
        few.mkdir()
        alike = json.loads((library / "truth.json").read_text(encoding="utf-8"))[:FEW]
        for number, name in enumerate(name for picture in alike for names in picture.values() for name in names):
            shutil.copy(library / "photos" / name, few / f"{number}-{Path(name).name}")
        run(self.scan_command(few), env)
        for cache in Path(env["IMGFP_CACHE_DIR"]).rglob("*.nbi"):
            self._compiled(cache.parent, Path(env["IMGFP_CACHE_DIR"]))

    def _compiled(self, folder: Path, cache: Path) -> None:
        target = self._kernels / folder.relative_to(cache)
        if not target.exists():
            subprocess.run(["cp", "-r", "--parents", str(folder.relative_to(cache)), str(self._kernels)], cwd=cache, check=True)

    def fresh(self) -> dict[str, str]:
        """Variables of a run that knows no file yet."""
        self._runs += 1
        cache, data = self._folder / f"cache-{self._runs}", self._folder / f"data-{self._runs}"
        self._kernels.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", str(self._kernels), str(cache)], check=True)
        return {"IMGFP_CACHE_DIR": str(cache), "IMGFP_DATA_DIR": str(data), "QT_QPA_PLATFORM": "offscreen"}

    def scan_command(self, photos: Path, *options: str) -> list[str]:
        """A headless scan whose workers do not stand back for other programs: a run shall end on a busy machine, too."""
        settings = self._folder / "settings.toml"
        settings.write_text("whole_cpu = true\n", encoding="ascii")
        words = ("--settings", str(settings), "--progress", "none", *options)
        return [sys.executable, "-m", "engine", "scan", str(photos), *words]


def temporary_home() -> tuple[tempfile.TemporaryDirectory[str], Home]:
    """A `Home` and what takes it away again."""
    folder = tempfile.TemporaryDirectory(prefix="imgfp-bench-")
    return folder, Home(Path(folder.name))


def tell(bench: str, figure: str, value: float, unit: str, **more: object) -> None:
    """One figure, one JSON line."""
    print(json.dumps({"bench": bench, "figure": figure, "value": round(value, 4), "unit": unit, **more}), flush=True)
