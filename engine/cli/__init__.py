"""The commands of the command line, on the same `Session` that the window uses.

Data goes to standard output, everything else to standard error; exit codes are those of the contract.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

CANCELLED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Usage errors leave through SystemExit(2) with a sentence."""
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the command takes signals itself
        from engine.cli.parser import parse

        options = parse(sys.argv[1:] if argv is None else list(argv))

        from engine.cli.commands import run  # after parsing, so that --help and usage errors cost nothing

        return run(options)
    except KeyboardInterrupt:
        return CANCELLED
