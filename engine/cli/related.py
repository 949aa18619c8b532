"""`find --related`: which model, from the command line and the table ``related`` of the settings file."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any

from engine.embedding import ModelSpec
from engine.errors import UsageError
from engine.settings import Settings

KEYS = ("model", "sha256", "edge", "mean", "std", "most")
MOST = 20
MOST_OF_ALL = 1000


def related(options: argparse.Namespace, settings: Settings) -> tuple[ModelSpec, int] | None:
    """The model, and how many pictures to list; None where none is asked for. Raises UsageError.

    The file named on the command line counts more than that of the settings file; a pinned digest holds for either.
    """
    table = _checked(settings.related or {})
    if options.related is None:
        return None
    path = os.fsencode(options.related)
    if not path:
        path = os.fsencode(os.path.expanduser(table.get("model", "")))
        path = path and os.path.join(os.path.dirname(os.path.abspath(os.fsencode(options.settings))), path)
    if not path:
        raise UsageError("No model is named.", hint="Name an ONNX file after --related, or in the table related of the settings.")
    return _spec(table, os.path.abspath(path)), table.get("most", MOST)


def _checked(table: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = sorted(set(table) - set(KEYS))
    if unknown:
        raise _refused(f'it has the unknown key "{unknown[0]}"')
    if not isinstance(table.get("model", ""), str) or "\0" in table.get("model", ""):
        raise _refused("model is no file name")
    most = table.get("most", MOST)
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_OF_ALL:
        raise _refused(f"most must be a whole number from 1 to {MOST_OF_ALL}")
    _spec(table, b"model")
    return table


def _spec(table: Mapping[str, Any], path: bytes) -> ModelSpec:
    given: dict[str, Any] = {name: table[name] for name in ("sha256", "edge") if name in table}
    try:
        for name in ("mean", "std"):
            if name in table:
                if not isinstance(table[name], list) or any(isinstance(one, bool) for one in table[name]):
                    raise ValueError(f"{name} must be three numbers")
                given[name] = tuple(float(one) for one in table[name])
        if not isinstance(given.get("sha256", ""), str):
            raise ValueError("sha256 must be 64 digits 0-9 a-f")
        return ModelSpec(path, **given)
    except (ValueError, TypeError) as error:
        raise _refused(str(error)) from error


def _refused(why: str) -> UsageError:
    return UsageError(f"The table related of the settings file cannot be used: {why}.", hint=f"Known keys: {', '.join(KEYS)}.")
