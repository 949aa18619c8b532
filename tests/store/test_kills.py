"""Killed at any moment, the store knows the truth or nothing, loses at most the batch at hand, and needs no repair."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

DRIVER = '''
"""Run one piece of work again and again in a child, killing it before its first, second, third … step; check after each."""
import json, os, shutil, signal, sys
from pathlib import Path
from engine.store import catalog, columns, files, opening, pairs
from tests.store.support import *

work, base, limit = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
KEY, NEW_KEY = bytes(32), bytes(range(32))
BATCH = 10
opening.may_map = lambda folder: True  # as on a disk: the folder lies in memory to be quick

def first_life(folder):
    with open_store(folder) as store:
        fill(store, range(20), batch=BATCH)
        store.forget([path(number) for number in range(8)])
        store.put_pairs(KEY, some_pairs(5))

def putting(folder, told):
    with open_store(folder) as store:
        for start in range(20, 40, BATCH):
            fill(store, range(start, start + BATCH))
            os.write(told, bytes([start]))
        store.put_pairs(NEW_KEY, some_pairs(9))

def compacting(folder, told):
    with open_store(folder) as store:
        store.compact()

def killing_at(step):
    """Every call that changes a file is one step; a long write is two, the kill falls in its middle."""
    count = 0
    def tick():
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
    def before(name, real):
        def call(*args):
            if name == "write_at" and len(args[1]) > 1:
                data, half = memoryview(args[1]), len(args[1]) // 2
                tick()
                real(args[0], data[:half], args[2])
                tick()
                return real(args[0], data[half:], args[2] + half)
            tick()
            return real(*args)
        return call
    for module in (files, columns, pairs):
        for name in ("write_at", "flush", "publish", "create_new", "remove_own", "flush_folder"):
            if hasattr(module, name):
                setattr(module, name, before(name, getattr(files, "real_" + name)))
    leave, enter = catalog._Transaction.__exit__, catalog._Transaction.__enter__
    catalog._Transaction.__exit__ = lambda self, *args: (tick(), leave(self, *args), tick())[1]
    catalog._Transaction.__enter__ = lambda self: (tick(), enter(self))[1]

for name in ("write_at", "flush", "publish", "create_new", "remove_own", "flush_folder"):
    setattr(files, "real_" + name, getattr(files, name))

def check(folder, committed):
    wrong = []
    with open_store(folder) as store:
        present = range(8, 20 + committed * BATCH)
        if store.notes or not store.writable:
            wrong.append(f"notes: {store.notes}")
        if store.verify():
            wrong.append(f"verify: {store.verify()}")
        wrong += wrong_answers(store, range(60))
        if work == "putting" and not knows(store, present):
            wrong.append("a committed batch is lost")
        if work == "compacting" and not knows(store, range(8, 20)):
            wrong.append("compacting lost a record")
        some = [store.load_pairs(KEY), store.load_pairs(NEW_KEY)]
        if all(one is None for one in some):
            wrong.append("both pair tables are gone")
        known = store.known([path(number) for number in range(60)])
        fill(store, [number for number in range(60) if path(number) not in known])
        if not knows(store, range(60)):
            wrong.append("cannot go on")
    with open_store(folder) as store:
        wrong += store.verify()
        if not knows(store, range(60)):
            wrong.append("not whole after the next run")
        if store.info()["rows"] > 60:
            wrong.append(f"rows are not used again: {store.info()['rows']}")
        store.compact()
        left = [file.name for file in folder.rglob("*.new")]
        if left:
            wrong.append(f"left behind: {left}")
    return wrong

first_life(base / "first")
answer = {"steps": 0, "wrong": []}
for step in range(1, limit):
    folder = base / f"step{step}"
    shutil.copytree(base / "first", folder)
    ours, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        killing_at(step)
        {"putting": putting, "compacting": compacting}[work](folder, told)
        os._exit(0)
    os.close(told)
    committed = 0
    while os.read(ours, 1):
        committed += 1
    os.close(ours)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        answer["exit"] = os.WEXITSTATUS(status)
        break
    answer["steps"] += 1
    answer["wrong"] += [f"step {step}: {one}" for one in check(folder, committed)]
    shutil.rmtree(folder)
print(json.dumps(answer))
'''


@pytest.mark.parametrize(("work", "least"), [("putting", 40), ("compacting", 20)])
def test_kill_before_every_step_leaves_a_true_store(tmp_path: Path, work: str, least: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, work, str(tmp_path), "400"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["wrong"] == []
    assert answer["exit"] == 0  # the last run was not killed and went to its end
    assert answer["steps"] >= least
