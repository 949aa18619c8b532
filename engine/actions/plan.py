"""The plan: which files are to go, each with the keepers that stay for it. Reads it as if an enemy had written it.

Reading and writing plans only; whether anything in a plan may be done is decided elsewhere, with the files in view.
"""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from engine import __version__
from engine.errors import UsageError
from engine.input_files import read_capped
from engine.names import MAX_PATH_BYTES, display_text, path_fields, path_of
from engine.records import Tier
from engine.userdata.identity import utc_now

FORMAT = "imgfp-plan"
VERSION = 1
MAX_BYTES = 256 << 20
MAX_DEPTH = 32
"""A plan needs seven levels; unknown fields of later versions may need a few more."""

_DIGEST_BYTES = 32
_INT64 = 1 << 63


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file of a plan: raw path, size in bytes, mtime in ns, 32-byte digest of all its bytes, and what travels with it."""

    path: bytes
    size: int
    mtime_ns: int
    blake3: bytes
    companions: tuple[PlanFile, ...] = ()

    def whole(self) -> tuple[PlanFile, ...]:
        """The file and its companions, the file first."""
        return (self, *self.companions)


@dataclass(frozen=True, slots=True)
class PlanItem:
    """Files to remove, the keepers they are copies of, and how close they are. cluster: the report's number, or None."""

    cluster: int | None
    tier: Tier
    keep: tuple[PlanFile, ...]
    remove: tuple[PlanFile, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done. roots: raw absolute paths of the scanned folders. protected: folders of which nothing may move."""

    roots: tuple[bytes, ...]
    protected: tuple[bytes, ...] = ()
    items: tuple[PlanItem, ...] = ()


def read_plan(path: str | bytes | Path) -> Plan:
    """Read a plan file. Raises UsageError (exit 2) for anything that is not a plan of this version, whole and well-formed."""
    data = read_capped(path, MAX_BYTES, "plan")
    return parse_plan(data, display_text(os.fsencode(path)))


def parse_plan(data: bytes, name: str = "The plan") -> Plan:
    """A plan from its JSON text. name: how it is called in sentences. Raises UsageError."""
    try:
        plan = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
        _check_depth(plan)
    except RecursionError:
        raise _not_a_plan(name, "it is nested too deeply") from None
    except ValueError as error:
        raise _not_a_plan(name, f"it is not valid JSON: {error}") from error
    return plan_from_json(plan, name)


def plan_from_json(plan: Any, name: str = "The plan") -> Plan:
    """A plan from what JSON gave; strict types, unknown fields ignored. Raises UsageError."""
    if not isinstance(plan, dict) or plan.get("format") != FORMAT:
        raise _not_a_plan(name, "its format is another one")
    version = plan.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version != VERSION:
        raise _not_a_plan(name, f"this imgfp knows version {VERSION} only")
    try:
        roots = _folders(plan, "roots")
        protected = _folders(plan, "protected")
        items = tuple(_item(item) for item in _list(plan, "items"))
    except ValueError as error:
        raise _not_a_plan(name, str(error)) from error
    return Plan(roots, protected, items)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as the contract writes it; inverse of `plan_from_json`, exact for any path."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "app": __version__,
        "made": utc_now(),
        **_folder_fields("roots", plan.roots),
        **_folder_fields("protected", plan.protected),
        "items": [
            {
                "cluster": item.cluster,
                "tier": item.tier.label,
                "keep": [_file_json(file) for file in item.keep],
                "remove": [_file_json(file) for file in item.remove],
                "reason": item.reason,
            }
            for item in plan.items
        ],
    }


def write_plan(plan: Plan, path: str | bytes | Path) -> None:
    """Write the plan to a file that the user named: a new one, or in place of an older plan, never over anything else.

    Raises UsageError when another file has that name or it cannot be written.
    """
    target = os.fsencode(path)
    text = json.dumps(plan_to_json(plan), indent=1, ensure_ascii=True).encode("ascii") + b"\n"
    try:
        if os.path.lexists(target):
            _check_replaceable(target)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
    except OSError as error:
        shown = display_text(target)
        raise UsageError(f"The plan {shown} cannot be written ({error.strerror}).", hint="Name another file.") from error


def _check_replaceable(target: bytes) -> None:
    if not stat.S_ISREG(os.stat(target).st_mode):
        return
    with open(target, "rb") as file:
        head = file.read(256)
    if head and not (head.lstrip().startswith(b"{") and FORMAT.encode() in head):
        shown = display_text(target)
        raise UsageError(f"{shown} exists and is no plan. It was left alone.", hint="Name a new file.")


# ------------------------------------------------------------------------------------------------------ strict parts


def _not_a_plan(name: str, why: str) -> UsageError:
    return UsageError(f"{name} is not a plan that can be used: {why}.", hint="Nothing was touched. Make one with: imgfp propose")


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not allowed")


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise ValueError("it is nested too deeply")


def _list(holder: Mapping[str, Any], name: str, *, optional: bool = False) -> list[Any]:
    value = holder.get(name, [] if optional else None)
    if not isinstance(value, list):
        raise ValueError(f"{name} is not a list")
    return value


def _folder_fields(name: str, folders: tuple[bytes, ...]) -> dict[str, Any]:
    both = [path_fields(folder) for folder in folders]
    fields: dict[str, Any] = {name: [text for text, _ in both]}
    if any(exact is not None for _, exact in both):
        fields[f"{name}_b64"] = [exact for _, exact in both]
    return fields


def _folders(plan: Mapping[str, Any], name: str) -> tuple[bytes, ...]:
    texts = _list(plan, name, optional=name == "protected")
    exact = _list(plan, f"{name}_b64", optional=True) or [None] * len(texts)
    if len(exact) != len(texts):
        raise ValueError(f"{name}_b64 does not fit {name}")
    folders = tuple(path_of({"path": text, "path_b64": raw}) for text, raw in zip(texts, exact, strict=True))
    if not all(folder.startswith(b"/") for folder in folders):
        raise ValueError(f"a folder in {name} is not absolute")
    return folders


def _path(fields: Mapping[str, Any]) -> bytes:
    """Like `path_of`, but a path with a NUL comes through: it costs only its own file, which is refused later."""
    text, exact = fields.get("path"), fields.get("path_b64")
    if isinstance(text, str) and isinstance(exact, str) and len(exact) <= MAX_PATH_BYTES:
        raw = base64.b64decode(exact.encode("ascii", "replace"), validate=True)
        if b"\0" in raw:
            return raw
    if isinstance(text, str) and exact is None and "\0" in text:
        return text.encode("utf-8")
    return path_of(fields)


def _item(value: Any) -> PlanItem:
    if not isinstance(value, dict):
        raise ValueError("an item is not an object")
    cluster, tier, reason = value.get("cluster"), value.get("tier"), value.get("reason", "")
    if cluster is not None and (not isinstance(cluster, int) or isinstance(cluster, bool)):
        raise ValueError("a cluster is not a number")
    if not isinstance(tier, str) or not isinstance(reason, str):
        raise ValueError("tier and reason are text")
    return PlanItem(
        cluster,
        Tier.from_label(tier),
        tuple(_file(file) for file in _list(value, "keep")),
        tuple(_file(file) for file in _list(value, "remove")),
        reason,
    )


def _file(value: Any, *, companion: bool = False) -> PlanFile:
    if not isinstance(value, dict):
        raise ValueError("a file is not an object")
    companions = _list(value, "companions", optional=True)
    if companion and companions:
        raise ValueError("a companion has companions")
    return PlanFile(
        _path(value),
        _integer(value, "size", 0),
        _integer(value, "mtime_ns", -_INT64),
        _digest(value.get("blake3")),
        tuple(_file(file, companion=True) for file in companions),
    )


def _integer(holder: Mapping[str, Any], name: str, least: int) -> int:
    value = holder.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < _INT64:
        raise ValueError(f"{name} is not a number in range")
    return value


def _digest(value: Any) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * _DIGEST_BYTES:
        raise ValueError("blake3 is not a digest of 64 hex digits")
    digest = bytes.fromhex(value)
    if len(digest) != _DIGEST_BYTES:  # fromhex skips spaces
        raise ValueError("blake3 is not a digest of 64 hex digits")
    return digest


def _file_json(file: PlanFile) -> dict[str, Any]:
    path, exact = path_fields(file.path)
    return {
        "path": path,
        "path_b64": exact,
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "blake3": file.blake3.hex(),
        "companions": [_file_json(companion) for companion in file.companions],
    }
