"""Earlier file date: a copy is usually written later. Times of 1970 and before are no dates but the lack of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.keepers.candidate import Candidate
from engine.keepers.rule import Rule, by_size

_FIRST_NS = 31 * 86_400 * 1_000_000_000  # January 1970: archives and cameras without a clock
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _prefer(a: Candidate, b: Candidate) -> int:
    if a.mtime_ns < _FIRST_NS or b.mtime_ns < _FIRST_NS:
        return 0
    return by_size(b.mtime_ns, a.mtime_ns)


def _text(mtime_ns: int) -> str:
    try:
        return (_EPOCH + timedelta(seconds=mtime_ns // 1_000_000_000)).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return "far future"


def _dates(a: Candidate, b: Candidate) -> str:
    one, other = _text(a.mtime_ns), _text(b.mtime_ns)
    if one == other:
        return ""
    return f" ({one[:10]} against {other[:10]})" if one[:10] != other[:10] else f" ({one} against {other[11:]} UTC)"


RULE = Rule(
    "file-date",
    "Which file is older?",
    _prefer,
    lambda a, b: f"earlier file date{_dates(a, b)}",
    lambda a, b: f"later file date{_dates(a, b)}",
)
