"""difPy: similar pictures of any size."""

from __future__ import annotations

import json
import sys

import difPy


def main() -> None:
    """Build, search, write."""
    built = difPy.build(sys.argv[1], show_progress=False)
    found = difPy.search(built, similarity="similar", same_dim=False, rotate=False, show_progress=False)
    groups = [[name, match[0]] for name, matches in found.result.items() for match in matches]
    json.dump(groups, sys.stdout)


if __name__ == "__main__":
    main()
