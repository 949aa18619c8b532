"""Does a report agree with what was planted in a generated library? Used by ./test and by the journeys in pytest."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.support.library import EDITED, SAME_BYTES, SAME_DATA, SAME_PICTURE


def disagreements(report: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    """Sentences about everything in `report` that is not as `truth` (`Truth.to_json`) says; empty when all is well."""
    names = {file["id"]: file["path"] for file in report["files"]}
    clusters = [{names[member["file"]] for member in cluster["members"]} for cluster in report["clusters"]]
    return [
        *_every_file_answered(report, truth),
        *_families_are_whole(clusters, truth),
        *_nothing_foreign(clusters, truth),
        *_tiers_as_planted(report, names, truth),
    ]


def _planted(family: dict[str, Any]) -> list[str]:
    return [family["original"], *family["copies"].values()]


def _find(paths: Iterable[str], relative: str) -> str | None:
    return next((path for path in paths if path.endswith("/" + relative)), None)


def _every_file_answered(report: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    wanted = [name for family in truth["families"] for name in _planted(family)] + truth["alone"] + truth["flat"]
    status = {file["path"]: (file["status"], file["code"]) for file in report["files"]}
    said = []
    for name in wanted:
        path = _find(status, name)
        expected = ("ok", "decode.low-information" if name in truth["flat"] else None)
        if path is None or status[path] != expected:
            said.append(f"{name}: {status.get(path or '', 'not in the report')}, expected {expected}")
    if len(status) != len(wanted):
        said.append(f"{len(status)} files in the report, {len(wanted)} in the library")
    return said


def _families_are_whole(clusters: Sequence[set[str]], truth: dict[str, Any]) -> list[str]:
    said = []
    for family in truth["families"]:
        home = next((cluster for cluster in clusters if _find(cluster, family["original"])), set())
        missing = [name for name in family["copies"].values() if not _find(home, name)]
        said += [f"{name} is not in the cluster of {family['original']}" for name in missing]
    return said


def _nothing_foreign(clusters: Sequence[set[str]], truth: dict[str, Any]) -> list[str]:
    number = {name: i for i, family in enumerate(truth["families"]) for name in _planted(family)}
    said = []
    for cluster in clusters:
        owners = set()
        for path in cluster:
            known = [i for name, i in number.items() if path.endswith("/" + name)]
            owners.add(known[0] if known else path)
        if len(owners) > 1:
            said.append(f"unrelated pictures in one cluster: {sorted(cluster)}")
    return said


def _tiers_as_planted(report: dict[str, Any], names: dict[int, str], truth: dict[str, Any]) -> list[str]:
    """An exact copy is never called an edit, and an edit never the same picture."""
    planted = {
        **dict.fromkeys(SAME_BYTES, "identical"),
        **dict.fromkeys(SAME_DATA, "same-data"),
        **dict.fromkeys(SAME_PICTURE, "same-picture"),
        **dict.fromkeys(EDITED, "edited"),
    }
    tiers = {(names[pair["a"]], names[pair["b"]]): pair["tier"] for pair in report["pairs"]}
    said = []
    for family in truth["families"]:
        for kind, name in family["copies"].items():
            for (a, b), tier in tiers.items():
                ends = {a, b}
                if _find(ends, family["original"]) and _find(ends, name) and tier != planted[kind]:
                    said.append(f"{family['original']} and {name}: {tier}, planted as {kind} ({planted[kind]})")
    return said


def provisional_disagreements(report: dict[str, Any]) -> list[str]:
    """Sentences about everything in the report of a quick scan that the contract does not allow; empty when all is well."""
    said = [] if report["settings"]["pass"] == "quick" else ["it does not say that it is of a quick scan"]
    members = [member for cluster in report["clusters"] for member in cluster["members"]]
    said += [f"{m['file']} is {m['suggest']}, not undecided" for m in members if m["suggest"] != "undecided"]
    said += [f"cluster {c['id']} would free {c['reclaimable_bytes']}" for c in report["clusters"] if c["reclaimable_bytes"]]
    said += [
        f"{p['a']} and {p['b']} are {p['tier']} by a thumbnail"
        for p in report["pairs"]
        if p["tier"] in ("identical", "same-data")
    ]
    said += [
        f"{file['path']} is partial, but only its headers were read" for file in report["files"] if file["status"] == "partial"
    ]
    ends = [(pair["a"], pair["b"]) for pair in report["pairs"]]
    if ends != sorted(set(ends)) or any(a >= b for a, b in ends):
        said.append("pairs are not in order")
    pictures = {file["id"] for file in report["files"] if file["status"] == "ok"}
    said += [f"{end} is in a pair and no picture" for pair in ends for end in pair if end not in pictures]
    if len(members) != len({member["file"] for member in members}):
        said.append("a file is in two clusters")
    return said


def main(argv: Sequence[str]) -> int:
    """``python -m tests.support.check_report REPORT TRUTH``: one line per disagreement; status 1 if there is any."""
    report, truth = (json.loads(Path(name).read_text()) for name in argv)
    said = disagreements(report, truth)
    for sentence in said:
        print(sentence)
    found, planted = len(report["clusters"]), len(truth["families"])
    print(f"{len(report['files'])} files, {planted} families planted, {found} clusters found, {len(said)} disagreements")
    return 1 if said else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
