"""An analysis as the report of the command line's contract."""

from __future__ import annotations

import resource
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine import __version__, fingerprint, match
from engine.config import ScanOptions
from engine.jobs.analysis import Analysis
from engine.jobs.library import Library, LibraryFile
from engine.names import path_fields, path_value
from engine.problems import problem_words
from engine.records import PAIR_DIFFERENT, PAIR_KEEP_ALL, PART_NAMES, Cluster, Tier, edit_labels


def report(analysis: Analysis, clusters: Sequence[Cluster], options: ScanOptions) -> dict[str, Any]:
    """The report, ready for `report.write_report`."""
    library = analysis.library
    return {
        "format": "imgfp-report",
        "version": 1,
        "app": __version__,
        "profile": fingerprint.PROFILE,
        "settings": settings(analysis, options),
        "roots": [path_value(root) for root in library.roots],
        "files": [file_record(file) for file in library.files],
        "shots": [
            {"id": n, "files": list(shot.files), "roles": [r.label for r in shot.roles]} for n, shot in enumerate(library.shots)
        ],
        "pairs": pair_records(analysis),
        "clusters": [cluster_record(number, cluster) for number, cluster in enumerate(clusters)],
        "problems": [problem_record(file) for file in library.files.where(library.table.problems())],
        "stats": stats(library),
    }


def settings(analysis: Analysis, options: ScanOptions) -> dict[str, Any]:
    """All that can change pairs, clusters or suggestions."""
    return {
        "preset": analysis.options.preset,
        "threshold": round(analysis.line, 4),
        "pass": "full",
        "protected": [path_value(path) for path in sorted(options.protected)],
    }


def file_record(file: LibraryFile) -> dict[str, Any]:
    """One entry of ``files``."""
    path, exact = path_fields(file.path)
    facts = file.facts
    return {
        "id": file.id,
        "path": path,
        "path_b64": exact,
        "size": file.stat.size,
        "mtime_ns": file.stat.mtime_ns,
        "status": file.status,
        "code": file.code,
        "format": facts.format if facts else None,
        "width": facts.width if facts else None,
        "height": facts.height if facts else None,
        "taken": facts.taken if facts else None,
        "frames": facts.frames if facts else None,
        "shot": file.shot,
        "same_as": file.same_as,
        "from_cache": file.from_cache,
    }


def pair_records(analysis: Analysis) -> list[dict[str, Any]]:
    """Every pair at or above the line, decided ones included, by (a, b)."""
    pairs = analysis.pairs[analysis.pairs["score"] >= np.float32(analysis.line)]
    ids = analysis.pictures.ids.tolist()
    return [{"a": ids[pair["a"]], "b": ids[pair["b"]], **pair_facts(pair)} for pair in pairs]


def pair_facts(pair: np.void) -> dict[str, Any]:
    """A pair without its two ends."""
    turn, mirror = match.turn_and_mirror(int(pair["pose"]))
    flags = int(pair["flags"])
    decision = "different" if flags & PAIR_DIFFERENT else "keep-all" if flags & PAIR_KEEP_ALL else None
    return {
        "tier": Tier(int(pair["tier"])).label,
        "similarity": round(float(pair["score"]), 4),
        "parts": {name: round(int(value) / 255, 4) for name, value in zip(PART_NAMES, pair["parts"], strict=False)},
        "edits": edit_labels(int(pair["edits"])),
        "transform": {"turn": turn, "mirror": mirror, "box": [round(float(edge), 4) for edge in pair["box"]]},
        "decision": decision,
    }


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


def problem_record(file: LibraryFile) -> dict[str, Any]:
    """One entry of ``problems``."""
    path, exact = path_fields(file.path)
    message, hint = problem_words(file.code or "decode.corrupt", file.path, partial=file.status == "partial")
    return {"path": path, "path_b64": exact, "code": file.code, "message": message, "hint": hint}


def stats(library: Library) -> dict[str, Any]:
    """What the run did; set aside when reports are compared."""
    return {
        "found": int((~library.table.has_text("status", "offline")).sum()),
        "computed": library.computed,
        "cached": library.cached,
        "folders_skipped": dict(sorted(library.folders_skipped.items())),
        "seconds": {name: library.seconds.get(name, 0) for name in ("walk", "read", "match")},
        "peak_rss_bytes": peak_rss_bytes(),
    }


def peak_rss_bytes() -> int:
    """Largest resident size of this process or of one of its children so far, in bytes."""
    factor = 1 if sys.platform == "darwin" else 1024
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(w).ru_maxrss for w in who) * factor
