"""Random work with the store against a dictionary: whatever the order of calls, the answers are those of the model."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from engine.store import FingerprintStore
from tests.store.support import entry, facts, open_store, packed, path, prints


class Model:
    """What the store must know: path number to the number of the content there."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.content: dict[int, int] = {}
        self.store = open_store(folder)

    def put_some(self) -> None:
        chosen = self.random.sample(range(60), self.random.randrange(1, 20))
        contents = {number: self.random.randrange(1000) for number in chosen}
        self.store.put([entry(number, facts=facts(content), prints=prints(content)) for number, content in contents.items()])
        self.content.update(contents)

    def move_some(self) -> None:
        sources = self.random.sample(sorted(self.content), min(4, len(self.content)))
        found = self.store.known([path(number) for number in sources])
        for source in sources:
            target = self.random.randrange(60)
            stored = found[path(source)]
            self.store.put([entry(target, facts=stored.facts, prints=None, row=stored.row)])
            self.content[target] = int.from_bytes(stored.facts.blake3 or b"", "big")

    def forget_some(self) -> None:
        chosen = self.random.sample(range(60), 10)
        self.store.forget([path(number) for number in chosen])
        for number in chosen:
            self.content.pop(number, None)

    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.folder)

    def crash(self) -> None:
        """As if killed: nothing is closed in order, only the locks go."""
        for lock in self.store._opened.locks:
            lock.release()
        self.store._opened.catalog.abandon()
        self.store = open_store(self.folder)

    def compact(self) -> None:
        self.store.compact()

    def check(self) -> None:
        found = self.store.known([path(number) for number in range(60)])
        assert {number for number in range(60) if path(number) in found} == set(self.content)
        rows = [found[path(number)].row for number in self.content]
        assert packed(self.store, rows) == [prints(content) for content in self.content.values()]  # type: ignore[arg-type]
        assert all(found[path(number)].facts == facts(content) for number, content in self.content.items())
        assert self.store.writable and self.store.notes == []


@pytest.mark.parametrize("seed", range(5))
def test_random_work_matches_the_model(tmp_path: Path, seed: int) -> None:
    model = Model(tmp_path, seed)
    steps = [model.put_some] * 4 + [model.move_some] * 2 + [model.forget_some, model.reopen, model.crash, model.compact]

    for _ in range(25):
        model.random.choice(steps)()
        model.check()

    assert model.store.verify() == []
    model.store.close()


def test_threads_share_one_store(tmp_path: Path) -> None:
    failures: list[object] = []

    def work(store: FingerprintStore, first: int) -> None:
        try:
            for start in range(first, first + 60, 6):
                rows = store.put([entry(number) for number in range(start, start + 6)])
                if packed(store, rows) != [prints(number) for number in range(start, start + 6)]:  # type: ignore[arg-type]
                    failures.append(start)
                store.known([path(number) for number in range(200)])
        except Exception as error:
            failures.append(error)

    with open_store(tmp_path) as store:
        threads = [threading.Thread(target=work, args=(store, first)) for first in (0, 60, 120)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert len(store.known([path(number) for number in range(180)])) == 180 and store.verify() == []
