"""Entry of the process that runs a model; of no use by hand."""

from __future__ import annotations

import sys


def main() -> int:
    """Serve until the parent closes the socket."""
    from engine.worker import parent

    parent.die_with_parent()
    if parent.has_hung_up(sys.stdin.fileno()):
        return 0

    from engine.embedding.serving import Serving
    from engine.worker import loop

    return loop.run(Serving().handlers, _preload)


def _preload(_: str) -> dict[str, str]:
    """Everything that is imported later, before the walls go up; versions by library."""
    import numpy as np
    import onnxruntime

    np.einsum("i,i->", np.ones(2), np.ones(2))
    return {"onnxruntime": onnxruntime.__version__, "numpy": np.__version__}


if __name__ == "__main__":
    sys.exit(main())
