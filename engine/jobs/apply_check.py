"""What a move would do, in the words and figures of the window: made from a rehearsal in which every check was run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine import keepers
from engine.actions import ApplyOutcome, Plan, plan_scope
from engine.errors import ActionError
from engine.jobs.library import LibraryFile
from engine.jobs.marked_job import Going, Marked
from engine.jobs.trash_place import volumes_without_trash
from engine.names import display_text
from engine.records import ApplyCheck, ApplyFolder, ApplyLeft

_LACKS = {"rating": "rating", "keywords": "keywords", "GPS position": "gps"}
"""Kinds of metadata as the rules call them, and as `ApplyCheck.poorer` does."""


def without_refused(plan: Plan, outcome: ApplyOutcome) -> Plan:
    """The plan without the photos that a rehearsal refused."""
    stays = {result.path for result in outcome.refused}
    items = []
    for item in plan.items:
        going = tuple(photo for photo in item.remove if not any(file.path in stays for file in photo.whole()))
        if going:
            items.append(replace(item, remove=going))
    return replace(plan, items=tuple(items))


def check_of(number: int, marked: Marked, plan: Plan, outcome: ApplyOutcome, *, to_trash: bool) -> ApplyCheck:
    """The figures of a plan. number: its id. plan: without what was refused. outcome: of the rehearsal of the whole plan."""
    photos = {photo.path: photo for item in plan.items for photo in item.remove}
    going = [one for one in marked.going if one.unit[0].path in photos]
    companions = [file for photo in photos.values() for file in photo.companions]
    companion_bytes = sum(file.size for file in companions)
    return ApplyCheck(
        id=number,
        photos=len(going),
        clusters=len({one.cluster for one in going}),
        companions=len(companions),
        bytes=sum(photo.size for photo in photos.values()) + companion_bytes,
        companion_bytes=companion_bytes,
        folders=_folders(one.unit[0] for one in going),
        files=tuple(one.face.id for one in going),
        left=_left(marked, outcome),
        poorer=tuple((display_text(one.face.path), lacks) for one in going if (lacks := _lacks(one))),
        no_trash=volumes_without_trash((f.path, f.stat.device) for one in going for f in one.unit) if to_trash else (),
        scope=plan_scope(plan).sentences(),
    )


def _folders(faces: Iterable[LibraryFile]) -> tuple[ApplyFolder, ...]:
    found: dict[bytes, list[int]] = {}
    for face in faces:
        found.setdefault(os.path.dirname(face.path), []).append(face.stat.size)
    folders = [ApplyFolder(display_text(folder), len(sizes), sum(sizes)) for folder, sizes in found.items()]
    return tuple(sorted(folders, key=lambda folder: (-folder.bytes, folder.path)))


def _left(marked: Marked, outcome: ApplyOutcome) -> tuple[ApplyLeft, ...]:
    """One entry a photo: those of which no plan was made, then those that the rehearsal refused."""
    faces = {one.unit[0].path for one in marked.going}
    refused = [_left_by(error) for error in marked.refused]
    rehearsed = [result for result in outcome.refused if result.path in faces]
    return (*refused, *(ApplyLeft(display_text(r.path), r.code or "", r.message, r.hint) for r in rehearsed))


def _left_by(error: ActionError) -> ApplyLeft:
    return ApplyLeft(display_text(error.path or b""), error.code, error.message, error.hint)


def _lacks(going: Going) -> tuple[str, ...]:
    lost = _kinds(going.unit) - _kinds(going.keeper)
    return tuple(name for kind, name in _LACKS.items() if kind in lost)


def _kinds(unit: Sequence[LibraryFile]) -> set[str]:
    return {kind for file in unit if file.facts is not None for kind in keepers.metadata_kinds(file.facts)}
