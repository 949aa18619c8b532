"""How much work the computer does until the window is seen, and until it can be used: CPU seconds, with warm caches.

``python -m tests.bench.bench_start [TIMES]`` starts that many times (7), each in a process and a home of its own, and tells the
median and the worst. `SHOWN_S` is what was promised for the first; the exit status is 1 when the median is above it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SHOWN_S = 0.3
HEAVY = ("numba", "PIL", "rawpy", "pillow_heif")
ONE = """
import json, resource, sys, time
begun = time.monotonic()
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
from imgfp_gui.app import fill, show_frame
app, window = show_frame(["imgfp"])
assert window.isVisible() and not window.grab().isNull()
shown, early, seen = spent(), sorted(sys.modules), time.monotonic() - begun
fill(window)
app.processEvents()
start = spent()
window.make_ready()
for _ in range(3):
    app.processEvents()
ready = spent()
loaded = sorted(sys.modules)
window.close()
print(json.dumps([shown, start, ready, seen, early, loaded]))
"""


def once(home: Path) -> tuple[float, float, float, float, set[str], set[str]]:
    """One start: CPU seconds until the frame, the start page and everything was there, seconds until the frame, modules."""
    places = {f"XDG_{name}_HOME": str(home / name) for name in ("CACHE", "DATA", "CONFIG", "STATE")}
    env = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", ONE], cwd=root, env=env, capture_output=True, text=True, timeout=120, check=True)
    shown, start, ready, seen, early, loaded = json.loads(done.stdout.splitlines()[-1])
    return shown, start, ready, seen, set(early), set(loaded)


def main(times: int = 7) -> int:
    """Start, tell, and say whether the promise holds."""
    with tempfile.TemporaryDirectory() as home:
        once(Path(home))  # warms the caches of bytecode and files
        runs = [once(Path(home)) for _ in range(times)]
    names = ("frame shown", "start page there", "everything ready")
    for place, name in enumerate(names):
        values = [run[place] for run in runs]  # type: ignore[misc]
        print(f"{name:18} {statistics.median(values):.3f} s CPU, worst {max(values):.3f} s")
    print(f"{'frame shown':18} {statistics.median(run[3] for run in runs):.3f} s by the clock, after Python has begun")
    early, loaded = set.union(*(run[4] for run in runs)), set.union(*(run[5] for run in runs))
    print("imported by then: " + (", ".join(name for name in (*HEAVY, "numpy", "sqlite3") if name in early) or "nothing heavy"))
    print("imported in the end: " + (", ".join(name for name in HEAVY if name in loaded) or "no codec, no numba"))
    good = statistics.median(run[0] for run in runs) <= SHOWN_S and not early & set(HEAVY) and not loaded & set(HEAVY)
    print("as promised" if good else f"more than {SHOWN_S} s, or something heavy was imported")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main(*(int(word) for word in sys.argv[1:2])))
