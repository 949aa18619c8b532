"""Entry of the child process; of no use by hand."""

from __future__ import annotations

import sys


def main() -> int:
    """Serve until the parent closes the socket."""
    from engine.worker import parent

    parent.die_with_parent()  # before the codecs are loaded: on a busy machine that takes its time
    if parent.has_hung_up(sys.stdin.fileno()):
        return 0

    from engine.worker import loop, preload, tasks
    from engine.worker.asking import asking

    return loop.run(asking(tasks.HANDLERS), preload.preload)


if __name__ == "__main__":
    sys.exit(main())
