"""Some versions of the Qt binding lose a reference to None or True at each call and abort after some thousands: caught here."""

from __future__ import annotations

import subprocess
import sys

CALLS = 5000
SLACK = 100

PROGRAM = f"""
import sys
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QRunnable, QThreadPool, QTimer, Signal, Slot

class Speaker(QObject):
    told = Signal()
    said = Signal(object)
    yes = Signal(bool)
    @Slot()
    def hear(self): return None

class Work(QRunnable):
    def run(self): return None

app = QCoreApplication([])
speaker = Speaker()
speaker.told.connect(speaker.hear)
speaker.told.connect(lambda: None)
speaker.said.connect(lambda value: None)
speaker.yes.connect(lambda value: None)
pool = QThreadPool()

def emit():
    for _ in range({CALLS}):
        speaker.told.emit(); speaker.said.emit(None); speaker.yes.emit(True)

def run():
    for _ in range({CALLS}):
        pool.start(Work())
    pool.waitForDone()

def connect():
    for _ in range({CALLS}):
        link = speaker.yes.connect(speaker.hear)
        speaker.yes.disconnect(link)

def tick():
    loop, left = QEventLoop(), [{CALLS}]
    def count():
        left[0] -= 1
        if not left[0]: loop.quit()
    timer = QTimer(); timer.timeout.connect(count); timer.start(0); loop.exec()

for work in (emit, run, connect, tick):
    before = [sys.getrefcount(x) for x in (None, True, False)]
    work()
    after = [sys.getrefcount(x) for x in (None, True, False)]
    print(work.__name__, *(b - a for a, b in zip(before, after)))
"""


def test_signals_and_runnables_keep_the_counts_of_none_and_true() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        kind, *drift = line.split()
        assert all(abs(int(number)) < SLACK for number in drift), f"{kind}: {drift} after {CALLS} calls"
    assert len(done.stdout.splitlines()) == 4
