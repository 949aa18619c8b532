"""The child process that searches a library for pairs: it is told row numbers and small columns, maps the rest, answers pairs.

Started as ``python -I -m engine.searcher`` with a `Task` as its standard input; standard output takes the pairs, standard error
one JSON object a line. It writes no file, and it ends with whoever started it.
"""

from __future__ import annotations

from engine.searcher.task import Task

__all__ = ["Task"]
