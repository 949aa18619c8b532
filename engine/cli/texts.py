"""Answers in words, for a terminal. Every name from outside goes through `display_text`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from engine.names import display_text
from engine.report import values_of

SKIPPED_WORDS = {
    "scan.not-a-picture": "not a picture",
    "scan.companion": "beside a photo that it belongs to",
    "scan.hidden": "hidden",
    "scan.link": "a link",
    "scan.hard-link": "a second name of a file",
    "scan.not-regular": "a device or a pipe",
    "decode.unsupported": "of a kind that is not read",
    "decode.too-large": "too large",
}
"""Why a file was not looked at."""

UNITS = ("bytes", "KB", "MB", "GB", "TB")


def size(count: int) -> str:
    """Bytes in words: 1.4 GB."""
    value, unit = float(count), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{count} bytes" if unit == 0 else f"{value:.1f} {UNITS[unit]}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 photo, 2 photos."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def summary(report: dict[str, Any]) -> str:
    """What a scan found."""
    counts = Counter(values_of(report["files"], "status"))
    clusters = report["clusters"]
    members = sum(len(cluster["members"]) for cluster in clusters)
    lines = [
        f"{plural(len(report['files']), 'file')}: {plural(counts['ok'] + counts['partial'], 'picture')}, "
        f"{counts['skipped']:,} skipped, {plural(counts['error'] + counts['partial'], 'problem')}"
        + (f", {counts['offline']:,} offline" if counts["offline"] else ""),
        f"{plural(len(clusters), 'cluster')} with {plural(members, 'photo')}; " + _what_next(report),
    ]
    files = report["stats"].get("skipped", {})
    if files:
        lines.append("Files skipped: " + ", ".join(f"{count:,} {SKIPPED_WORDS.get(code, code)}" for code, count in files.items()))
    skipped = report["stats"]["folders_skipped"]
    if skipped:
        lines.append("Folders left out: " + ", ".join(f"{count} {reason}" for reason, count in skipped.items()))
    lines.extend(_left_out(report["stats"]))
    lines.extend(f"  {display_text(problem['message'])}" for problem in report["problems"][:10])
    if len(report["problems"]) > 10:
        lines.append(f"  … and {len(report['problems']) - 10} more; the report lists them all")
    return "\n".join(lines)


def _left_out(stats: dict[str, Any]) -> list[str]:
    """What matching did not go through because there was too much of it."""
    lines = []
    if crowded := stats.get("crowded", 0):
        lines.append(f"Too many look-alikes: {plural(crowded, 'weaker pair')} of photos that have 200 stronger ones left out")
    if stats.get("skipped_lists", 0):
        lines.append(f"Details that very many photos share were not compared everywhere ({stats['skipped_lists']:,} times)")
    return lines


def _what_next(report: dict[str, Any]) -> str:
    if report["settings"]["pass"] == "quick":
        return "provisional, by embedded thumbnails only: nothing is suggested, scan in full for that"
    return f"moving what is suggested would free {size(sum(c['reclaimable_bytes'] for c in report['clusters']))}"


def comparison(answer: dict[str, Any]) -> str:
    """One pair."""
    tier = answer["tier"] or "not alike"
    lines = [f"{tier}, similarity {answer['similarity']:.4f}"]
    if answer["edits"]:
        lines.append("edits: " + ", ".join(answer["edits"]))
    lines.extend(f"{name}: {a} · {b}" for name, (a, b) in ((n, _shown(v)) for n, v in answer["facts"].items()))
    return "\n".join(lines)


def _shown(values: list[Any]) -> tuple[str, str]:
    return display_text(str(values[0])), display_text(str(values[1]))


def inspection(answer: dict[str, Any]) -> str:
    """One file."""
    rows = {**answer["facts"], "route": answer["route"], **{f"digest {k}": v for k, v in answer["digests"].items()}}
    prints = {f"print {k}": v if len(v) <= 64 else v[:61] + "…" for k, v in answer["fingerprints"].items()}
    return "\n".join(
        f"{name}: {display_text(str(value))}" for name, value in {**rows, **prints}.items() if value not in (None, "")
    )


def found(answer: dict[str, Any]) -> str:
    """Matches of one picture."""
    if not answer["matches"]:
        return "Nothing like it was found."
    return "\n".join(f"{m['similarity']:.4f} {m['tier']:<12} {display_text(m['path'])}" for m in answer["matches"])


def found_related(answer: dict[str, Any]) -> str:
    """Matches, and apart from them what a model finds related."""
    lines = [f"{one['cosine']:+.4f} {display_text(one['path'])}" for one in answer["related"]]
    return "\n".join([found(answer), "Visually related by your model (cosine), no matches:", *(lines or ["none"])])


def plan(answer: dict[str, Any]) -> str:
    """What a plan would do."""
    going = [file for item in answer["items"] for file in item["remove"]]
    if not going:
        return "The rules propose nothing to remove."
    companions = sum(len(file["companions"]) for file in going)
    lines = [
        f"The rules propose to move {plural(len(going), 'photo')}"
        + (f" with {plural(companions, 'companion')}" if companions else "")
        + f", {size(sum(f['size'] + sum(c['size'] for c in f['companions']) for f in going))}."
    ]
    lines.extend(
        f"  {display_text(file['path'])}  ({display_text(item['reason'])})" for item in answer["items"] for file in item["remove"]
    )
    return "\n".join(lines)


def refusal(result: dict[str, Any]) -> str:
    """One file that did not move."""
    return f"{display_text(result['path'])}: {display_text(result['message'])} ({result['code']})"


def _results(answer: dict[str, Any], good: str, words: str) -> str:
    done = sum(1 for result in answer["results"] if result["outcome"] == good)
    bad = len(answer["results"]) - done
    return f"{plural(done, 'file')} {words}" + (f", {bad:,} left alone" if bad else "") + "."


def applied(answer: dict[str, Any]) -> str:
    """What apply did."""
    return _results(answer, "moved", "moved") + (f" imgfp undo {answer['run']} puts them back." if answer.get("run") else "")


def dry_run(answer: dict[str, Any]) -> str:
    """What apply would do."""
    return _results(answer, "moved", "would move")


def undone(answer: dict[str, Any]) -> str:
    """What undo did."""
    return _results(answer, "restored", "put back") if answer["results"] or answer.get("run") else "There is nothing to undo."


def history(answer: list[dict[str, Any]]) -> str:
    """Runs, newest first."""
    if not answer:
        return "Nothing was done yet."
    return "\n".join(
        f"{run['when']}  {run['id']}  {run['kind']:<6} {plural(run['files'], 'file')}, {size(run['bytes'])}, {run['state']}"
        + (f"  → {display_text(run['to'])}" if run.get("to") else "")
        for run in answer
    )


def store(answer: dict[str, Any]) -> str:
    """What a store command answered."""
    complaints = answer.get("complaints")
    if complaints is not None:
        return "\n".join(display_text(c) for c in complaints) or "The cache is sound."
    return "\n".join(f"{name}: {display_text(str(value))}" for name, value in answer.items())


def doctor(answer: dict[str, Any]) -> str:
    """Versions, codecs, folders."""
    lines = []
    for name, value in answer.items():
        if isinstance(value, dict):
            lines.append(f"{name}: " + ", ".join(f"{k} {display_text(str(v))}" for k, v in value.items()))
        elif isinstance(value, list):
            lines.extend(f"{name}: {display_text(str(one))}" for one in value)
        else:
            lines.append(f"{name}: {display_text(str(value))}")
    return "\n".join(lines)
