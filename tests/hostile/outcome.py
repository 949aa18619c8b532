"""What a scan of a hostile folder must show, and everything in which one falls short, as sentences."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from collections import Counter
from pathlib import Path
from typing import Any

from tests.hostile.library import Hostile

CODES: dict[str, set[str | None]] = {
    "ok": {None, "decode.low-information"},
    "partial": {"decode.truncated", "decode.corrupt"},
    "error": {
        "decode.empty", "decode.corrupt", "decode.truncated", "decode.timeout", "decode.memory", "decode.crashed",
        "read.denied", "read.io", "read.vanished", "read.changed",
    },
    "skipped": {
        "scan.not-a-picture", "scan.companion", "scan.hidden", "scan.link", "scan.hard-link", "scan.not-regular",
        "decode.unsupported", "decode.too-large",
    },
    "offline": {"scan.offline"},
}  # fmt: skip
"""Status → codes, as the contract of the command line has them."""

HASHED_UP_TO = 100 << 20

Entry = tuple[object, ...]


def snapshot(root: Path) -> dict[bytes, Entry]:
    """Every entry below a folder with all that a reader must not change; content where it is no file of holes."""
    found: dict[bytes, Entry] = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name in (*folders, *files, b"."):
            path = os.path.join(folder, name)
            facts = os.lstat(path)
            content = b""
            if stat.S_ISREG(facts.st_mode) and facts.st_size <= HASHED_UP_TO:
                content = hashlib.sha256(Path(os.fsdecode(path)).read_bytes()).digest()
            found[path] = (
                facts.st_mode, facts.st_ino, facts.st_nlink, facts.st_uid, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns,
                content,
            )  # fmt: skip
    return found


def path_of(record: dict[str, Any]) -> bytes:
    """Raw path of a record of a report."""
    exact = record["path_b64"]
    return base64.b64decode(exact) if exact else record["path"].encode()


def shortcomings(report: dict[str, Any], made: Hostile) -> list[str]:
    """Everything in a report that is not as it must be."""
    records = [(path_of(record), record) for record in report["files"]]
    times = Counter(path for path, _ in records)
    wrong = [f"{path!r}: {times[path]} records" for path in {*made.hostile, *made.sound} if times[path] != 1]
    wrong += [f"{path!r}: nobody made it" for path in times if path not in {*made.hostile, *made.sound}]
    for _, record in records:
        if record["code"] not in CODES.get(record["status"], set()):
            wrong.append(f"{record['path']!r}: {record['status']} with {record['code']}")
    sound = set(made.sound)
    wrong += [
        f"sound and lost: {record['path']!r} is {record['status']} {record['code']}"
        for path, record in records
        if path in sound and record["status"] != "ok"
    ]
    skipped = Counter(record["code"] for _, record in records if record["status"] == "skipped")
    if report["stats"]["skipped"] != skipped:
        wrong.append(f"skipped files are counted as {report['stats']['skipped']}")
    listed = Counter(path_of(problem) for problem in report["problems"])
    for path, record in records:
        if listed[path] != (record["status"] in ("error", "partial") or record["code"] == "decode.too-large"):
            wrong.append(f"{record['path']!r}: {listed[path]} lines among the problems")
    return wrong


def comparable(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what may differ between two runs."""
    kept = {name: value for name, value in report.items() if name != "stats"}
    kept["files"] = [{k: v for k, v in file.items() if k != "from_cache"} for file in report["files"]]
    return kept


def differences(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """Where two reports of one folder say different things."""
    one, two = comparable(first), comparable(second)
    wrong = [
        f"{a['path']!r}: {a['status']} {a['code']}, then {b['status']} {b['code']}"
        for a, b in zip(one["files"], two["files"], strict=False)
        if a != b
    ]
    return wrong or [f"the two reports differ in their {name}" for name in one if one[name] != two.get(name)]


def counts(report: dict[str, Any]) -> dict[str, int]:
    """How many files ended how."""
    return dict(sorted(Counter(record["code"] or record["status"] for record in report["files"]).items()))
