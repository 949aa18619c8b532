"""imagededup: PHash with its default distance of 10. Its other method, which alone needs torch, is stood in for by nothing."""

from __future__ import annotations

import json
import os
import sys
import types


class _Empty(types.ModuleType):
    """A module in which every name is a class: what is never called can be imported."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


for _name in ("imagededup.methods.cnn", "imagededup.utils.models", "imagededup.utils.data_generator"):
    sys.modules[_name] = _Empty(_name)


def main() -> None:
    """Encode, find, write."""
    from imagededup.methods import PHash

    root = sys.argv[1]
    method = PHash(verbose=False)
    found = method.find_duplicates(encoding_map=method.encode_images(root, recursive=True), max_distance_threshold=10)
    groups = [[os.path.join(root, name), os.path.join(root, other)] for name, others in found.items() for other in others]
    json.dump(groups, sys.stdout)


if __name__ == "__main__":
    main()
