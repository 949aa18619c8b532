"""A report for a spreadsheet: one line a file, those of clusters first. No cell can be a formula, no name can break a line."""

from __future__ import annotations

import base64
import csv
import io
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from engine.names import display_text, path_fields
from engine.report.member_edits import member_edits
from engine.report.model import Report, ReportCluster, ReportFile, ReportMember

COLUMNS = (
    *("cluster", "cluster_tier", "weakest", "suggest", "reason", "tier", "path", "size", "modified_utc", "width", "height"),
    *("format", "frames", "taken", "status", "code", "shot", "same_as", "file", "path_b64", "edits"),
)

_FORMULA = frozenset("=+-@\u2212\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def safe_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet computes: ``'`` before what could be a formula, control characters as escapes."""
    shown = display_text(text)
    for char in text:
        if char in _FORMULA or char in "\t\r\n":
            return "'" + shown
        if not (char.isspace() or unicodedata.category(char) in ("Cf", "Cc", "Zs", "Zl", "Zp")):
            break
    return shown


CSV_HEAD = b"\xef\xbb\xbf" + ",".join(COLUMNS[:3]).encode()
"""What every exported CSV begins with: how an older export is told from a file of the user's."""


def export_csv(report: Report) -> bytes:
    """The report as RFC 4180 CSV: UTF-8 with a byte order mark (spreadsheets ask for it), CRLF, a line of column names first."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    edits = member_edits(report)
    for cluster, member, file in _rows(report):
        writer.writerow([*_cells(cluster, member, file), safe_cell(", ".join(edits.get(file.id, ())))])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _rows(report: Report) -> Iterator[tuple[ReportCluster | None, ReportMember | None, ReportFile]]:
    shown: set[int] = set()
    for cluster in report.clusters:
        for member in cluster.members:
            shown.add(member.file)
            yield cluster, member, report.files[member.file]
    for file in report.files:
        if file.id not in shown:
            yield None, None, file


def _cells(cluster: ReportCluster | None, member: ReportMember | None, file: ReportFile) -> list[str]:
    path, exact = path_fields(file.path)
    mine = [str(cluster.id), cluster.tier.label, f"{cluster.weakest:.4f}"] if cluster else ["", "", ""]
    mine += [member.suggest.label, safe_cell(member.reason), member.tier.label] if member else ["", "", ""]
    if exact is None and display_text(path) != path:
        exact = base64.b64encode(file.path).decode("ascii")  # the cell shows escapes, so give the exact name too
    return [
        *mine,
        safe_cell(path),
        str(file.size),
        _time(file.mtime_ns),
        _plain(file.width),
        _plain(file.height),
        safe_cell(file.format or ""),
        _plain(file.frames),
        safe_cell(file.taken or ""),
        file.status,
        safe_cell(file.code or ""),
        _plain(file.shot),
        _plain(file.same_as),
        str(file.id),
        exact or "",
    ]


def _plain(value: int | None) -> str:
    return "" if value is None else str(value)


def _time(mtime_ns: int) -> str:
    try:
        return (_EPOCH + timedelta(seconds=mtime_ns // 1_000_000_000)).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return ""
