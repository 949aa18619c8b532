"""Entry of the child process; of no use by hand."""

from __future__ import annotations

import json
import os
import sys
import time

TELL_S = 0.1


def main() -> int:
    """Read the task, search, write the pairs."""
    from engine.worker import parent

    parent.die_with_parent()

    import numpy as np

    from engine import match
    from engine.errors import EngineError
    from engine.searcher.rows import table_of
    from engine.searcher.task import Task
    from engine.store.files import DamageError

    started = os.getppid()
    task = Task.read(sys.stdin.buffer)
    teller = _Teller()
    try:
        found = match.search(
            table_of(task),
            task.options,
            lambda: os.getppid() != started,
            fresh=task.fresh,
            told=teller,
            threads=task.threads,
        )
    except (EngineError, DamageError, OSError) as error:
        teller.say({"error": str(error)})
        return 1
    np.ascontiguousarray(found.pairs).tofile(sys.stdout.buffer)
    sys.stdout.buffer.flush()
    teller.say(
        {
            "count": len(found.pairs),
            "crowded": found.crowded,
            "skipped": found.skipped,
            "independent": found.independent,
            "busiest": found.busiest,
        }
    )
    return 0


class _Teller:
    """Says how far the search is, ten times a second at most."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last >= TELL_S or done == total:
            self._last = now
            self.say({"done": done, "total": total})

    @staticmethod
    def say(what: dict[str, object]) -> None:
        """One line; nobody who listens means nobody who waits."""
        try:
            sys.stderr.write(json.dumps(what) + "\n")
            sys.stderr.flush()
        except OSError:
            os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
