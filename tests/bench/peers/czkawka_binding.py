"""czkawka's binding from PyPI, with its own core: similarity 5, as its program has it in the middle."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from czkawka import ImageSimilarity

finder = ImageSimilarity()
finder.set_directories([Path(sys.argv[1])])
finder.set_similarity(5)
json.dump([[str(path) for path in group] for group in finder.find_similar()], sys.stdout)
