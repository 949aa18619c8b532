"""An analysis as the report of the command line's contract."""

from __future__ import annotations

import resource
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine import __version__, fingerprint, imgfprint
from engine.config import ScanOptions
from engine.jobs.analysis import Analysis
from engine.jobs.imgfprint_pairs import config_of
from engine.jobs.library import Library, LibraryFile
from engine.jobs.provisional import all_waiting, is_quick
from engine.jobs.report_records import FileRecords, PairRecords, problem_record
from engine.names import path_value
from engine.records import Cluster, Shot
from engine.report import Made


def report(analysis: Analysis, clusters: Sequence[Cluster], options: ScanOptions) -> dict[str, Any]:
    """The report, ready for `report.write_report`."""
    library = analysis.library
    return {
        "format": "imgfp-report",
        "version": 1,
        "app": __version__,
        "profile": profile(analysis, options),
        "settings": settings(analysis, options),
        "roots": [path_value(root) for root in library.roots],
        "files": FileRecords(library.table),
        "shots": Made(library.shots, shot_record),
        "pairs": PairRecords(analysis),
        "clusters": Made(all_waiting(clusters, library, options), cluster_record),
        "problems": Made(library.files.where(library.table.problems()), problem_record),
        "stats": stats(library),
    }


def profile(analysis: Analysis, options: ScanOptions) -> str:
    """Id of the fingerprints by which the pairs were found."""
    if analysis.options.scheme:
        return imgfprint.PROFILE
    return ("q" if is_quick(analysis.library, options) else "") + fingerprint.PROFILE


def settings(analysis: Analysis, options: ScanOptions) -> dict[str, Any]:
    """All that can change pairs, clusters or suggestions."""
    return {
        "preset": analysis.options.preset,
        "threshold": round(analysis.line, 4),
        "moments": analysis.options.moments,
        "pass": "quick" if is_quick(analysis.library, options) else "full",
        "protected": [path_value(path) for path in sorted(options.protected)],
        **({} if analysis.weights.usual else {"weights": analysis.weights.told()}),
        **scheme_settings(analysis),
    }


def scheme_settings(analysis: Analysis) -> dict[str, Any]:
    """The scheme's name and its fields, with the line on its own scale; nothing where the pairs are ours."""
    options = analysis.options
    if not options.scheme:
        return {}
    line = round(imgfprint.score_at(analysis.line), 4)
    return {"scheme": options.scheme, options.scheme: {**config_of(options).told(), "line": line}}


def file_record(file: LibraryFile) -> dict[str, Any]:
    """One entry of ``files``."""
    return FileRecords(file.table)[file.id]


def shot_record(number: int, shot: Shot) -> dict[str, Any]:
    """One entry of ``shots``."""
    return {"id": number, "files": list(shot.files), "roles": [role.label for role in shot.roles]}


def cluster_record(number: int, cluster: Cluster) -> dict[str, Any]:
    """One entry of ``clusters``."""
    return {
        "id": number,
        "tier": cluster.tier.label,
        "weakest": cluster.weakest,
        "strongest": cluster.strongest,
        "reclaimable_bytes": cluster.reclaimable_bytes,
        "members": [
            {"file": v.file, "tier": v.tier.label, "suggest": v.suggest.label, "reason": v.reason} for v in cluster.verdicts
        ],
    }


def stats(library: Library) -> dict[str, Any]:
    """What the run did; set aside when reports are compared."""
    return {
        "found": int((~library.table.has_text("status", "offline")).sum()),
        "computed": library.computed,
        "cached": library.cached,
        "stale_thumbnails": int(library.table.files["stale_thumbnail"].sum()),
        "skipped": skipped_by_reason(library),
        "folders_skipped": dict(sorted(library.folders_skipped.items())),
        **{name: library.left_out.get(name, 0) for name in ("crowded", "skipped_lists")},
        "seconds": {name: library.seconds.get(name, 0) for name in ("walk", "read", "match")},
        "peak_rss_bytes": peak_rss_bytes(),
    }


def skipped_by_reason(library: Library) -> dict[str, int]:
    """How many files were not looked at, for each code that says why."""
    table = library.table
    places = np.flatnonzero(table.has_text("status", "skipped"))
    _, firsts, counts = np.unique(table.files["code"][places], return_index=True, return_counts=True)
    named = {table.text("code", int(places[first])) or "": int(count) for first, count in zip(firsts, counts, strict=True)}
    return dict(sorted(named.items()))


def peak_rss_bytes() -> int:
    """Largest resident size of this process or of one of its children so far, in bytes."""
    factor = 1 if sys.platform == "darwin" else 1024
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(w).ru_maxrss for w in who) * factor
