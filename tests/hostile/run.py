"""By hand: ``python -m tests.hostile.run N SEED [FOLDER]`` scans N hostile files or more twice and prints JSON lines.

The last line has the figures; the lines before tell what went wrong, one thing each. Exit 0 when nothing did.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.hostile.library import make_hostile
from tests.hostile.trial import try_out
from tests.support.cli import Cli


def main(argv: Sequence[str]) -> int:
    """Entry."""
    if len(argv) not in (2, 3) or not (argv[0].isdigit() and argv[1].isdigit()):
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="imgfp-hostile-", dir=argv[2] if len(argv) > 2 else None) as folder:
        made = make_hostile(Path(folder) / "library", int(argv[0]), int(argv[1]), heavy=True)
        home = Path(folder) / "home"
        home.mkdir()
        trial = try_out(Cli(home), made, home)
    for sentence in trial.wrong:
        print(json.dumps({"wrong": sentence}))
    print(json.dumps({"bench": "hostile", "seed": int(argv[1]), **trial.figures}))
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
