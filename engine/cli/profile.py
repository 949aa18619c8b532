"""`scan --profile`: what reading cost, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from engine.names import display_text
from engine.records import ReadingStatistics

SHOWN_FILES = 10


def profile_lines(told: ReadingStatistics) -> Iterator[str]:
    """Processor time by stage and format, the slowest files, how pictures were decoded, what was left out."""
    if not told.stages:
        yield "No file was read: everything was known already."
        return
    yield f"{'stage':<12} {'format':<8} {'files':>8} {'p50 ms':>9} {'p95 ms':>9} {'CPU s':>9}"
    for row in told.stages:
        numbers = f"{row.count:>8,} {row.p50_ms:>9.2f} {row.p95_ms:>9.2f} {row.total_s:>9.2f}"
        yield f"{row.stage:<12} {row.format or 'all':<8} {numbers}"
    yield "slowest files, ms from request to answer:"
    for file in told.slowest[:SHOWN_FILES]:
        yield f"{file.ms:>9.0f}  {display_text(file.path)}"
    yield from _counted("decoded by:", told.routes)
    yield from _counted("left out:", told.skipped)


def _counted(title: str, rows: tuple[tuple[str, int], ...]) -> Iterator[str]:
    if rows:
        yield title
        yield from (f"{count:>9,}  {name}" for name, count in rows)
