"""Plans are input from strangers: the exact round trip, and every hostile one refused as a whole."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.actions import Plan, PlanFile, PlanItem, parse_plan, plan_scope, plan_to_json, read_plan, write_plan
from engine.errors import UsageError
from engine.records import Tier

NAME = st.binary(min_size=1, max_size=30).filter(lambda name: b"/" not in name and b"\0" not in name)
PATH = st.lists(NAME, min_size=1, max_size=4).map(lambda names: b"/" + b"/".join(names))
INT64 = st.integers(-(2**63), 2**63 - 1)
LEAF = st.builds(PlanFile, PATH, st.integers(0, 2**63 - 1), INT64, st.binary(min_size=32, max_size=32))
FILE = st.builds(
    PlanFile, PATH, st.integers(0, 2**63 - 1), INT64, st.binary(min_size=32, max_size=32), st.lists(LEAF, max_size=2).map(tuple)
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
FILES = st.lists(FILE, max_size=2).map(tuple)
ITEM = st.builds(PlanItem, st.none() | st.integers(0, 10**6), st.sampled_from(Tier), FILES, FILES, TEXT)
PLAN = st.builds(
    Plan, st.lists(PATH, max_size=2).map(tuple), st.lists(PATH, max_size=2).map(tuple), st.lists(ITEM, max_size=3).map(tuple)
)


@given(plan=PLAN)
def test_any_path_makes_the_exact_round_trip(plan: Plan) -> None:
    text = json.dumps(plan_to_json(plan), allow_nan=False).encode("utf-8")

    assert parse_plan(text) == plan


def _plan() -> dict[str, Any]:
    file = {"path": "/r/a.jpg", "path_b64": None, "size": 1, "mtime_ns": 2, "blake3": "ab" * 32, "companions": []}
    item = {"cluster": 0, "tier": "identical", "keep": [file], "remove": [copy.deepcopy(file)], "reason": "x"}
    return {"format": "imgfp-plan", "version": 1, "app": "0.1.0", "made": "x", "roots": ["/r"], "protected": [], "items": [item]}


def test_unknown_fields_are_ignored_and_missing_optional_ones_filled() -> None:
    plan = _plan()
    plan["later"] = {"a": [1]}
    plan["items"][0]["later"] = 1
    plan["items"][0]["remove"][0]["later"] = None
    del plan["items"][0]["remove"][0]["companions"], plan["protected"], plan["items"][0]["reason"]

    assert parse_plan(json.dumps(plan).encode()).items[0].remove[0].path == b"/r/a.jpg"


def _set(*keys: Any, to: Any) -> Any:
    def change(plan: dict[str, Any]) -> None:
        at: Any = plan
        for key in keys[:-1]:
            at = at[key]
        at[keys[-1]] = to

    return change


_REMOVE = ("items", 0, "remove", 0)
BROKEN = {
    "format": _set("format", to="imgfp-report"),
    "newer": _set("version", to=2),
    "version text": _set("version", to="1"),
    "version true": _set("version", to=True),
    "roots null": _set("roots", to=None),
    "roots text": _set("roots", to="/r"),
    "root number": _set("roots", to=[1]),
    "root relative": _set("roots", to=["r"]),
    "root empty": _set("roots", to=[""]),
    "protected relative": _set("protected", to=["r"]),
    "protected too exact": _set("protected_b64", to=["L3I=", "L3I="]),
    "items object": _set("items", to={}),
    "item text": _set("items", to=["x"]),
    "tier unknown": _set("items", 0, "tier", to="alike"),
    "tier number": _set("items", 0, "tier", to=0),
    "cluster text": _set("items", 0, "cluster", to="0"),
    "reason number": _set("items", 0, "reason", to=1),
    "keep null": _set("items", 0, "keep", to=None),
    "path number": _set(*_REMOVE, "path", to=1),
    "path empty": _set(*_REMOVE, "path", to=""),
    "path surrogate": _set(*_REMOVE, "path", to="/r/\ud800.jpg"),
    "path_b64 bad": _set(*_REMOVE, "path_b64", to="***"),
    "path_b64 number": _set(*_REMOVE, "path_b64", to=1),
    "size negative": _set(*_REMOVE, "size", to=-1),
    "size float": _set(*_REMOVE, "size", to=1.0),
    "size true": _set(*_REMOVE, "size", to=True),
    "size huge": _set(*_REMOVE, "size", to=2**63),
    "mtime text": _set(*_REMOVE, "mtime_ns", to="2"),
    "no digest": _set(*_REMOVE, "blake3", to=None),
    "short digest": _set(*_REMOVE, "blake3", to="ab"),
    "spaced digest": _set(*_REMOVE, "blake3", to="ab " * 21 + "a"),
    "digest no hex": _set(*_REMOVE, "blake3", to="zz" * 32),
    "companions text": _set(*_REMOVE, "companions", to="x"),
    "companion of a companion": _set(*_REMOVE, "companions", to=[{**_plan()["items"][0]["keep"][0], "companions": [{}]}]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_plan_with_a_wrong_type_is_refused_whole(name: str) -> None:
    plan = _plan()
    BROKEN[name](plan)

    with pytest.raises(UsageError) as caught:
        parse_plan(json.dumps(plan).encode())
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"format": "imgfp-plan", "version": NaN}',
        b"[" * 100_000,
        b'{"format": "imgfp-plan", "version": 1, "roots": [], "items": [], "x": ' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"format": "imgfp-plan", "version": 1' + b"0" * 5000 + b"}",
        b"\xff\xd8\xff\xe0 JFIF",
    ],
)
def test_what_is_no_plan_is_refused(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(text)

    with pytest.raises(UsageError):
        read_plan(file)


def test_plan_cut_anywhere_is_refused() -> None:
    text = json.dumps(_plan()).encode()

    for length in range(len(text)):
        with pytest.raises(UsageError):
            parse_plan(text[:length])


def test_huge_folder_or_missing_plan_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate((256 << 20) + 1)

    for path in (huge, tmp_path, tmp_path / "none.json", Path("/dev/zero")):
        with pytest.raises(UsageError):
            read_plan(path)


def test_path_with_nul_costs_only_its_own_file() -> None:
    plan = _plan()
    plan["items"][0]["remove"][0]["path"] = "/r/a\0.jpg"

    assert parse_plan(json.dumps(plan).encode()).items[0].remove[0].path == b"/r/a\0.jpg"


def test_plan_is_written_anew_or_over_a_plan_but_over_nothing_else(tmp_path: Path) -> None:
    plan = parse_plan(json.dumps(_plan()).encode())
    target, photo = tmp_path / "plan.json", tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8 a photo")

    write_plan(plan, target)
    write_plan(plan, target)
    with pytest.raises(UsageError):
        write_plan(plan, photo)
    with pytest.raises(UsageError):
        write_plan(plan, tmp_path)

    assert read_plan(target) == plan
    assert photo.read_bytes() == b"\xff\xd8 a photo"


def test_brake_tells_folders_that_lose_more_than_half(tmp_path: Path) -> None:
    for folder, count in (("most", 10), ("half", 10), ("few", 9)):
        (tmp_path / folder).mkdir()
        for number in range(count):
            (tmp_path / folder / f"{number}.jpg").write_bytes(b"x")
        (tmp_path / folder / "notes.txt").write_bytes(b"x")

    def files(folder: str, count: int) -> tuple[PlanFile, ...]:
        return tuple(PlanFile(os.fsencode(tmp_path / folder / f"{number}.jpg"), 5, 0, bytes(32)) for number in range(count))

    item = PlanItem(0, Tier.IDENTICAL, (), (*files("most", 6), *files("half", 5), *files("few", 9)))
    scope = plan_scope(Plan((os.fsencode(tmp_path),), (), (item, item)))

    assert (scope.photos, scope.files, scope.bytes) == (20, 20, 100)
    assert [(share.folder, share.removed, share.photos) for share in scope.folders] == [(os.fsencode(tmp_path / "most"), 6, 10)]
    assert scope.needs_confirmation and "6 of 10" in scope.sentences()[0]


def test_brake_holds_for_more_than_a_thousand_photos() -> None:
    def plan(count: int) -> Plan:
        files = tuple(PlanFile(b"/r/%d/x.jpg" % number, 1, 0, bytes(32)) for number in range(count))
        return Plan((b"/r",), (), (PlanItem(0, Tier.IDENTICAL, (), files),))

    assert not plan_scope(plan(1000)).needs_confirmation
    assert plan_scope(plan(1001)).needs_confirmation
    assert plan_scope(plan(1001)).sentences() == ("This plan removes 1,001 photos.",)
