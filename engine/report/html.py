"""A report for a browser: one self-contained page without script, remote address or trust in any name."""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Iterator, Mapping

from engine.names import display_text
from engine.report.member_edits import member_edits
from engine.report.model import Report, ReportCluster, ReportFile, ReportMember

CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
body { color: #1c1c1c; background: #fafafa }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; border-top: 1px solid #ccc; padding-top: 1rem }
ul.members { list-style: none; padding: 0; display: grid; gap: 1rem }
ul.members { grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)) }
.members li { background: #fff; border: 1px solid #ddd; border-radius: 6px; padding: .75rem; overflow-wrap: anywhere }
.members img { display: block; max-width: 100%; max-height: 12rem; margin: 0 auto .5rem }
.keep { border-left: 4px solid #2b7a3d !important } .remove { border-left: 4px solid #b3341f !important }
.folder, .facts { color: #595959; font-size: 13px } .reason { font-style: italic }
@media (prefers-color-scheme: dark) {
 body { color: #e6e6e6; background: #1b1b1b }
 .members li { background: #262626; border-color: #444 }
 .folder, .facts { color: #b0b0b0 } }
"""
_JPEG_START = b"\xff\xd8\xff"


def _text(value: str | bytes) -> str:
    return html.escape(display_text(value), quote=True)


HTML_HEAD = (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
).encode()
"""What every exported page begins with."""


def export_html(report: Report, thumbnails: Mapping[int, bytes] | None = None, title: str = "imgfp report") -> bytes:
    """The clusters and problems of a report as one UTF-8 page.

    thumbnails: JPEG bytes made by us, by file id; files without one are shown by name, anything but JPEG is left out.
    """
    return "\n".join(_page(report, thumbnails or {}, title)).encode("utf-8")


def _page(report: Report, thumbnails: Mapping[int, bytes], title: str) -> Iterator[str]:
    freed = sum(cluster.reclaimable_bytes for cluster in report.clusters)
    yield HTML_HEAD.decode()
    yield '<meta name="referrer" content="no-referrer">\n<meta name="viewport" content="width=device-width">'
    yield f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{_text(title)}</h1>"
    yield f"<p>{len(report.files)} files, {len(report.clusters)} clusters, {_size(freed)} could be freed.</p>"
    edits = member_edits(report)
    for cluster in report.clusters:
        yield from _cluster(report, cluster, thumbnails, edits)
    if report.problems:
        yield "<h2>Problems</h2>\n<ul>"
        for problem in report.problems:
            yield f'<li>{_text(problem.message)} {_text(problem.hint)} <span class="folder">{_text(problem.path)}</span></li>'
        yield "</ul>"
    yield "</body>\n</html>\n"


def _cluster(
    report: Report, cluster: ReportCluster, thumbnails: Mapping[int, bytes], edits: Mapping[int, tuple[str, ...]]
) -> Iterator[str]:
    low, high = f"{cluster.weakest:.0%}", f"{cluster.strongest:.0%}"
    similar = low if low == high else f"{low} to {high}"
    yield f"<h2>Cluster {cluster.id}: {cluster.tier.label}, {len(cluster.members)} files, {similar} similar</h2>"
    yield '<ul class="members">'
    for member in cluster.members:
        yield _member(report.files[member.file], member, thumbnails.get(member.file), edits.get(member.file, ()))
    yield "</ul>"


def _member(file: ReportFile, member: ReportMember, thumbnail: bytes | None, edits: tuple[str, ...]) -> str:
    name, folder = os.path.basename(file.path), os.path.dirname(file.path)
    image = ""
    if thumbnail is not None and thumbnail.startswith(_JPEG_START):
        image = f'<img alt="{_text(name)}" src="data:image/jpeg;base64,{base64.b64encode(thumbnail).decode("ascii")}">'
    facts = [f"{file.width} × {file.height}"] if file.width and file.height else []
    facts += [_size(file.size)] + [_text(one) for one in (file.format, file.taken) if one]
    return (
        f'<li class="{member.suggest.label}">{image}<strong>{_text(name)}</strong><br>'
        f'<span class="folder">{_text(folder)}</span><br>'
        f'<span class="facts">{", ".join(facts)}; {", ".join([member.tier.label, *map(_text, edits)])}</span><br>'
        f'{member.suggest.label}: <span class="reason">{_text(member.reason)}</span></li>'
    )


def _size(size: int) -> str:
    value = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"
