"""`--scheme`: another program's fingerprints and score, with its fields from the settings file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from engine import imgfprint
from engine.config import MatchOptions
from engine.errors import UsageError
from engine.imgfprint import MultiHashConfig
from engine.settings import Settings, read_settings

LINE = "line"


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings file of a command, checked whole; nothing where none is named."""
    settings = read_settings(options.settings) if options.settings else Settings()
    checked(settings.imgfprint)
    return settings


def matching(options: argparse.Namespace, settings: Settings, given: MatchOptions, *, line_given: bool = False) -> MatchOptions:
    """`given`, by the scheme that was asked for. line_given: its line was chosen on the scale of reports."""
    config, score = checked(settings.imgfprint)
    if options.scheme is None:
        return given
    line = given.line
    if score is not None and not line_given:
        line = round(float(imgfprint.similarity(np.array([score]))[0]), 4)
    fields_of_config = tuple(config.told().items())
    return replace(given, scheme=options.scheme, scheme_config=fields_of_config, line=line, floor=min(given.floor, line))


def checked(table: Mapping[str, Any] | None) -> tuple[MultiHashConfig, float | None]:
    """The configuration and the line (a score) that the table ``imgfprint`` of a settings file asks for. Raises UsageError."""
    given = dict(table or {})
    line = given.pop(LINE, None)
    if line is not None and (isinstance(line, bool) or not isinstance(line, (int, float)) or not 0.0 <= line <= 1.0):
        raise _refused("line must lie between 0 and 1")
    names = [field.name for field in fields(MultiHashConfig)]
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise _refused(f'it has the unknown key "{unknown[0]}"', f"Known keys: {', '.join([*names, LINE])}.")
    try:
        return MultiHashConfig(**given), line
    except ValueError as error:
        raise _refused(str(error)) from error


def _refused(why: str, hint: str = "docs/develop/imgfprint.md has the bounds.") -> UsageError:
    return UsageError(f"The table imgfprint of the settings file cannot be used: {why}.", hint=hint)
