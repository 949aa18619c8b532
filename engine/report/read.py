"""Reads a report as if by an enemy: every field typed, every id in range, every file in one place, or it is refused whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from engine.errors import UsageError
from engine.input_files import read_capped
from engine.names import display_text
from engine.records import AS_USUAL, Role, Suggest, Tier, Weights
from engine.records.weights import MOST
from engine.report import checks
from engine.report.model import (
    DECISIONS,
    STATUSES,
    Report,
    ReportCluster,
    ReportFile,
    ReportMember,
    ReportPair,
    ReportProblem,
    ReportSettings,
    ReportShot,
    Transform,
)
from engine.report.strict_json import parse_json
from engine.report.write import FORMAT, VERSION

SIZE_LIMIT = 1 << 30

_TIERS = {tier.label: tier for tier in Tier}
_ROLES = {role.label: role for role in Role}
_SUGGESTS = {suggest.label: suggest for suggest in Suggest}


def read_report(path: str | bytes | Path) -> Report:
    """The report in a file of at most 1 GiB. Unknown fields are ignored.

    Raises UsageError (exit 2) for a file that cannot be read, is huge, deep, cut, of another type or version, or contradicts
    itself.
    """
    value = parse_json(read_capped(path, SIZE_LIMIT, "report"), f"report {display_text(os.fsencode(path))}")
    return check_report(value)


def check_report(value: Any) -> Report:
    """The same for a value that was parsed already."""
    top = checks.table(value, "it")
    if top.get("format") != FORMAT:
        raise UsageError("This is not a report of imgfp.", hint="Name the file that imgfp scan --json wrote.")
    version = top.get("version")
    if version != VERSION or isinstance(version, bool) or not isinstance(version, int):
        newer = isinstance(version, int) and version > VERSION
        raise UsageError(
            "The report was written by a newer imgfp." if newer else "The report is of a version that imgfp does not know.",
            hint="Scan again with this version.",
        )
    files = _files(checks.items(checks.take(top, "files", "it"), "files"))
    shots = _shots(checks.items(checks.take(top, "shots", "it"), "shots"), files)
    pairs = checks.items(checks.take(top, "pairs", "it"), "pairs")
    clusters = checks.items(checks.take(top, "clusters", "it"), "clusters")
    problems = checks.items(checks.take(top, "problems", "it"), "problems")
    return Report(
        app=checks.text(top, "app", "it"),
        profile=checks.text(top, "profile", "it"),
        settings=_settings(checks.table(checks.take(top, "settings", "it"), "settings")),
        files=files,
        shots=shots,
        pairs=tuple(_pair(one, f"pairs[{i}]", len(files)) for i, one in enumerate(pairs)),
        clusters=_clusters(clusters, len(files)),
        problems=tuple(_problem(one, f"problems[{i}]") for i, one in enumerate(problems)),
        stats=checks.table(checks.take(top, "stats", "it"), "stats"),
        roots=_folders(top.get("roots", []), "roots"),
    )


def _folders(value: Any, place: str) -> tuple[bytes, ...]:
    """Folders of a list: plain text, or an object with the exact bytes."""
    found = checks.items(value, place)
    return tuple(
        checks.absolute_path(one if isinstance(one, dict) else {"path": one}, f"{place}[{i}]") for i, one in enumerate(found)
    )


def _settings(record: dict[str, Any]) -> ReportSettings:
    return ReportSettings(
        preset=checks.text(record, "preset", "settings"),
        threshold=checks.number(checks.take(record, "threshold", "settings"), "settings.threshold", low=0.0, high=1.0),
        moments=record.get("moments", False) is True,
        scan_pass=checks.one_of(record.get("pass", "full"), ("full", "quick"), "settings.pass"),
        protected=_folders(record.get("protected", []), "settings.protected"),
        weights=_weights(checks.table(record.get("weights", {}), "settings.weights")),
    )


def _weights(record: dict[str, Any]) -> Weights:
    known = [name for name in AS_USUAL.told() if name in record]
    return Weights(**{name: checks.number(record[name], f"settings.weights.{name}", low=0.0, high=MOST) for name in known})


def _files(records: list[Any]) -> tuple[ReportFile, ...]:
    files = tuple(_file(one, f"files[{i}]", i, len(records)) for i, one in enumerate(records))
    if len({file.path for file in files}) != len(files):
        raise checks.refuse("files", "names a path twice")
    return files


def _file(value: Any, place: str, position: int, count: int) -> ReportFile:
    record = checks.table(value, place)
    if checks.integer(record, "id", place) != position:
        raise checks.refuse(f"{place}.id", "does not count up from 0")
    same_as = checks.integer_or_none(record, "same_as", place, high=count - 1)
    if same_as == position:
        raise checks.refuse(f"{place}.same_as", "is the file itself")
    return ReportFile(
        id=position,
        path=checks.absolute_path(record, place),
        size=checks.integer(record, "size", place),
        mtime_ns=checks.integer(record, "mtime_ns", place, low=-(1 << 63)),
        status=checks.one_of(checks.take(record, "status", place), STATUSES, f"{place}.status"),
        code=checks.text_or_none(record, "code", place),
        format=checks.text_or_none(record, "format", place),
        width=checks.integer_or_none(record, "width", place, high=1 << 31),
        height=checks.integer_or_none(record, "height", place, high=1 << 31),
        taken=checks.text_or_none(record, "taken", place),
        frames=checks.integer_or_none(record, "frames", place, low=1),
        shot=checks.integer_or_none(record, "shot", place),
        same_as=same_as,
        from_cache=checks.flag(record, "from_cache", place),
    )


def _ids(value: Any, place: str, count: int) -> tuple[int, ...]:
    ids = checks.items(value, place)
    if not all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < count for one in ids):
        raise checks.refuse(place, "names a file that is not there")
    if len(set(ids)) != len(ids):
        raise checks.refuse(place, "names a file twice")
    return tuple(ids)


def _shots(records: list[Any], files: tuple[ReportFile, ...]) -> tuple[ReportShot, ...]:
    shots: dict[int, ReportShot] = {}
    owner: dict[int, int] = {}
    for i, value in enumerate(records):
        place = f"shots[{i}]"
        shot = _shot(checks.table(value, place), place, len(files))
        if shot.id in shots:
            raise checks.refuse(f"{place}.id", "is there twice")
        shots[shot.id] = shot
        for file in shot.files:
            if owner.setdefault(file, shot.id) != shot.id:
                raise checks.refuse(place, "shares a file with another shot")
    for file_record in files:
        if file_record.shot != owner.get(file_record.id):
            raise checks.refuse(f"files[{file_record.id}].shot", "contradicts the shots")
    return tuple(shots.values())


def _shot(record: dict[str, Any], place: str, count: int) -> ReportShot:
    files = _ids(checks.take(record, "files", place), f"{place}.files", count)
    roles = checks.items(checks.take(record, "roles", place), f"{place}.roles")
    if len(files) < 2 or len(roles) != len(files):
        raise checks.refuse(place, "does not have one role for each of two files or more")
    return ReportShot(
        checks.integer(record, "id", place),
        files,
        tuple(_ROLES[checks.one_of(role, _ROLES, f"{place}.roles")] for role in roles),
    )


def _tier(record: dict[str, Any], place: str) -> Tier:
    return _TIERS[checks.one_of(checks.take(record, "tier", place), _TIERS, f"{place}.tier")]


def _fraction(record: dict[str, Any], key: str, place: str) -> float:
    return checks.number(checks.take(record, key, place), f"{place}.{key}", low=0.0, high=1.0)


def _pair(value: Any, place: str, count: int) -> ReportPair:
    record = checks.table(value, place)
    a = checks.integer(record, "a", place, high=count - 1)
    b = checks.integer(record, "b", place, high=count - 1)
    if a >= b:
        raise checks.refuse(place, "does not have a below b")
    parts = checks.table(checks.take(record, "parts", place), f"{place}.parts")
    edits = checks.items(checks.take(record, "edits", place), f"{place}.edits")
    if not all(isinstance(edit, str) for edit in edits):
        raise checks.refuse(f"{place}.edits", "holds what is not text")
    decision = checks.take(record, "decision", place)
    return ReportPair(
        a=a,
        b=b,
        tier=_tier(record, place),
        similarity=_fraction(record, "similarity", place),
        parts={name: checks.number(part, f"{place}.parts") for name, part in parts.items()},
        edits=tuple(edits),
        transform=_transform(checks.take(record, "transform", place), f"{place}.transform"),
        decision=None if decision is None else checks.one_of(decision, DECISIONS, f"{place}.decision"),
    )


def _transform(value: Any, place: str) -> Transform | None:
    if value is None:
        return None
    record = checks.table(value, place)
    turn = checks.integer(record, "turn", place, high=270)
    box = checks.items(checks.take(record, "box", place), f"{place}.box")
    if turn % 90 or len(box) != 4:
        raise checks.refuse(place, "is not a turn with a box")
    left, top, right, bottom = (checks.number(side, f"{place}.box") for side in box)
    return Transform(turn, checks.flag(record, "mirror", place), (left, top, right, bottom))


def _clusters(records: list[Any], count: int) -> tuple[ReportCluster, ...]:
    clusters: dict[int, ReportCluster] = {}
    taken: set[int] = set()
    for i, value in enumerate(records):
        place = f"clusters[{i}]"
        cluster = _cluster(checks.table(value, place), place, count)
        members = {member.file for member in cluster.members}
        if cluster.id in clusters:
            raise checks.refuse(f"{place}.id", "is there twice")
        if taken & members:
            raise checks.refuse(place, "shares a file with another cluster")
        taken |= members
        clusters[cluster.id] = cluster
    return tuple(clusters.values())


def _cluster(record: dict[str, Any], place: str, count: int) -> ReportCluster:
    values = checks.items(checks.take(record, "members", place), f"{place}.members")
    members = tuple(_member(one, f"{place}.members[{i}]", count) for i, one in enumerate(values))
    if len(members) < 2 or len({member.file for member in members}) != len(members):
        raise checks.refuse(place, "does not have two different members or more")
    suggests = {member.suggest for member in members}
    if Suggest.REMOVE in suggests and Suggest.KEEP not in suggests:
        raise checks.refuse(place, "removes without keeping anything")
    return ReportCluster(
        id=checks.integer(record, "id", place),
        tier=_tier(record, place),
        weakest=_fraction(record, "weakest", place),
        strongest=_fraction(record, "strongest", place),
        reclaimable_bytes=checks.integer(record, "reclaimable_bytes", place),
        members=members,
    )


def _member(value: Any, place: str, count: int) -> ReportMember:
    record = checks.table(value, place)
    suggest = checks.one_of(checks.take(record, "suggest", place), _SUGGESTS, f"{place}.suggest")
    return ReportMember(
        file=checks.integer(record, "file", place, high=count - 1),
        tier=_tier(record, place),
        suggest=_SUGGESTS[suggest],
        reason=checks.text(record, "reason", place),
    )


def _problem(value: Any, place: str) -> ReportProblem:
    record = checks.table(value, place)
    return ReportProblem(
        path=checks.absolute_path(record, place),
        code=checks.text(record, "code", place),
        message=checks.text(record, "message", place),
        hint=checks.text(record, "hint", place),
    )
