"""Reports: equal content gives equal bytes, and what strangers hand in is checked whole or refused."""

from __future__ import annotations

import base64
import copy
import json
import math
import os
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.names import MAX_PATH_BYTES, display_text, is_plain_absolute, path_fields, path_of, path_value
from engine.records import Role, Suggest, Tier
from engine.report import check_report, parse_json, read_report, strict_json, write_json, write_report
from engine.report.strict_json import MAX_DEPTH, depth_and_values

SCHEMA = Path(__file__).parents[4] / "shared" / "contracts" / "report.schema.json"
PATHS = [b"/lib/a.jpg", b"/lib/b.jpg", b"/lib/c.NEF", b"/lib/c.jpg", b"/lib/\xff.jpg"]


def a_report() -> dict[str, Any]:
    files = []
    for i, path in enumerate(PATHS):
        text, exact = path_fields(path)
        files.append(
            {
                "id": i,
                "path": text,
                "path_b64": exact,
                "size": 10 * i,
                "mtime_ns": -5,
                "status": "ok",
                "code": None,
                "format": "jpeg",
                "width": 6000,
                "height": 4000,
                "taken": None,
                "frames": 1,
                "shot": 0 if i in (2, 3) else None,
                "same_as": None,
                "from_cache": False,
            }
        )
    pair = {
        "a": 0,
        "b": 1,
        "tier": "edited",
        "similarity": 0.97,
        "parts": {"structure": 0.5},
        "edits": ["crop"],
        "decision": None,
    }
    member = {"file": 0, "tier": "identical", "suggest": "keep", "reason": "same bytes"}
    return {
        "format": "imgfp-report",
        "version": 1,
        "app": "0.1.0",
        "profile": "p1",
        "settings": {"preset": "balanced", "threshold": 0.86, "pass": "full", "protected": ["/lib/safe"]},
        "files": files,
        "shots": [{"id": 0, "files": [2, 3], "roles": ["raw", "rendered"]}],
        "pairs": [
            pair | {"transform": {"turn": 90, "mirror": False, "box": [0.0, -0.1, 1.0, 1.1]}},
            pair | {"b": 4, "transform": None},
        ],
        "clusters": [
            {
                "id": 0,
                "tier": "edited",
                "weakest": 0.91,
                "strongest": 0.97,
                "reclaimable_bytes": 10,
                "members": [member, member | {"file": 1, "suggest": "remove"}, member | {"file": 4, "suggest": "undecided"}],
            }
        ],
        "problems": [{"path": "/lib/x.jpg", "path_b64": None, "code": "decode.empty", "message": "m", "hint": "h"}],
        "stats": {
            "found": 5,
            "computed": 5,
            "cached": 0,
            "folders_skipped": {"hidden": 1},
            "seconds": {"walk": 0.1},
            "peak_rss_bytes": 1,
        },
    }


def save(tmp_path: Path, value: bytes | dict[str, Any]) -> Path:
    path = tmp_path / "report.json"
    path.write_bytes(value if isinstance(value, bytes) else write_report(value))
    return path


# ------------------------------------------------------------------------------------------------- writing


def test_written_report_is_read_back_with_exact_paths(tmp_path: Path) -> None:
    report = read_report(save(tmp_path, a_report()))

    assert [file.path for file in report.files] == PATHS
    assert report.files[4].mtime_ns == -5 and report.files[2].shot == 0 and report.files[0].shot is None
    assert report.shots[0].files == (2, 3) and report.shots[0].roles == (Role.RAW, Role.RENDERED)
    assert report.pairs[0].transform is not None and report.pairs[0].transform.box == (0.0, -0.1, 1.0, 1.1)
    assert report.clusters[0].tier is Tier.EDITED
    assert [m.suggest for m in report.clusters[0].members] == [Suggest.KEEP, Suggest.REMOVE, Suggest.UNDECIDED]
    assert report.settings.protected == (b"/lib/safe",) and report.settings.scan_pass == "full"
    assert report.cluster(0) is report.clusters[0] and report.cluster(7) is None


def shuffled(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {key: shuffled(value[key], rng) for key in keys}
    return [shuffled(one, rng) for one in value] if isinstance(value, list) else value


def test_order_of_keys_handed_in_changes_no_byte() -> None:
    expected = write_report(a_report())

    for seed in range(5):
        report = shuffled(a_report(), random.Random(seed))
        for free in ("parts",):  # named by whoever scores: kept as they come
            for pair, other in zip(report["pairs"], a_report()["pairs"], strict=True):
                pair[free] = other[free]
        report["stats"] = {**report["stats"], **{key: a_report()["stats"][key] for key in ("seconds", "folders_skipped")}}
        assert write_report(report) == expected


def test_numbers_are_rounded_plain_and_finite() -> None:
    report = a_report()
    report["pairs"][0]["similarity"] = np.float32(0.97123456)
    report["pairs"][0]["transform"]["box"] = [-0.00001, 1 / 3, 1.0, 2]
    report["files"][0]["size"] = np.int64(7)

    read = json.loads(write_report(report))

    assert read["pairs"][0]["similarity"] == 0.9712
    assert write_report(report).count(b"-0.0,") == 0 and read["pairs"][0]["transform"]["box"][1] == 0.3333
    assert read["files"][0]["size"] == 7
    report["pairs"][0]["similarity"] = math.nan
    with pytest.raises(ValueError, match="JSON"):
        write_report(report)


def test_lone_surrogates_never_reach_the_file() -> None:
    report = a_report()
    report["problems"][0]["message"] = "\udcff\ud800 broken"

    assert json.loads(write_report(report).decode("utf-8"))["problems"][0]["message"] == "\ufffd\ufffd broken"
    assert b"\\u" not in write_json({"a": "\udcff\u00e9"})


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema is not here")
def test_written_report_validates() -> None:
    import jsonschema

    jsonschema.validate(json.loads(write_report(a_report())), json.loads(SCHEMA.read_text()))


# ------------------------------------------------------------------------------------------------- paths


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw))
def test_any_name_makes_the_round_trip_through_json(raw: bytes) -> None:
    text, exact = path_fields(raw)

    through = json.loads(json.dumps({"path": text, "path_b64": exact}, ensure_ascii=False).encode("utf-8"))

    assert path_of(through) == raw
    value = path_value(raw)
    assert path_of(value if isinstance(value, dict) else {"path": value}) == raw
    try:
        assert exact is not None or raw.decode("utf-8") == text
    except UnicodeDecodeError:
        pytest.fail("a name outside of Unicode went without its bytes")


@pytest.mark.parametrize(
    "fields",
    [
        *(
            {},
            {"path": None},
            {"path": 3},
            {"path": ""},
            {"path": "a\0b"},
            {"path": "\ud800"},
            {"path": "x" * (MAX_PATH_BYTES + 1)},
        ),
        *(
            {"path": "a", "path_b64": "%%%"},
            {"path": "a", "path_b64": 3},
            {"path": "a", "path_b64": ""},
            {"path": "a", "path_b64": "é"},
        ),
        {"path": "a", "path_b64": base64.b64encode(b"a\0").decode()},
    ],
)
def test_paths_that_cannot_be_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        path_of(fields)


def test_only_paths_that_a_walk_makes_are_plain() -> None:
    assert all(map(is_plain_absolute, (b"/", b"/a", b"/a/.b/..c/d. ")))
    assert not any(map(is_plain_absolute, (b"", b"a", b"./a", b"/a/", b"//a", b"/a//b", b"/a/./b", b"/a/../b")))


def test_display_text_shows_no_control_or_direction_characters() -> None:
    nasty = "a\x1b[31m\n\r\t\x07\x7f\x9b\u2028\u2029\u202e\u2066\u2069\u200fb"

    shown = display_text(nasty)

    assert shown == "a\\x1b[31m\\n\\r\\t\\x07\\x7f\\x9b\\u2028\\u2029\\u202e\\u2066\\u2069\\u200fb"
    assert display_text(b"\xff\xfe.jpg") == "\\xff\\xfe.jpg" == display_text("\udcff\udcfe.jpg")
    assert display_text("\u00dcrlaub \u5199\u771f.jpg") == "\u00dcrlaub \u5199\u771f.jpg"
    every = "".join(map(chr, [*range(0xA0), *range(0x2000, 0x2100)]))
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", display_text(every))


# ------------------------------------------------------------------------------------------------- reading what strangers wrote


def refused(value: Any) -> str:
    with pytest.raises(UsageError) as caught:
        check_report(value)
    assert caught.value.exit_code == 2
    return caught.value.message


def at(report: dict[str, Any], *place: Any) -> Any:
    for key in place:
        report = report[key]
    return report


WRONG: list[tuple[tuple[Any, ...], Any]] = [
    *[(("format",), bad) for bad in ("imgfp-plan", None, 1)],
    *[(("version",), bad) for bad in (2, 0, "1", True, 1.0, None)],
    *[((key,), bad) for key in ("files", "shots", "pairs", "clusters", "problems") for bad in (None, {}, "x")],
    *[((key,), bad) for key in ("settings", "stats") for bad in (None, [], 1)],
    *[((key,), 1) for key in ("app", "profile")],
    *[(("settings", "threshold"), bad) for bad in (None, 1.5, -0.1, "0.5", True, math.nan, math.inf, 10**400)],
    *[(("settings", "pass"), bad) for bad in ("half", 1)],
    *[(("settings", "protected"), bad) for bad in ("x", [1], ["relative"], ["/a/../b"])],
    *[(("files", 0, "id"), bad) for bad in (1, -1, 0.0, False, "0", None)],
    *[(("files", 0, "path"), bad) for bad in ("relative", "/a/../b", "/lib//a", "/lib/b.jpg", "", None, 5, "/\ud800", "/\0")],
    *[(("files", 0, "path_b64"), bad) for bad in ("%", 1, base64.b64encode(b"rel").decode())],
    *[(("files", 0, key), bad) for key in ("size", "mtime_ns") for bad in (None, "1", 1.5, True, 1 << 64)],
    (("files", 0, "size"), -1),
    *[(("files", 0, "status"), bad) for bad in ("fine", None, 1, ["ok"])],
    *[(("files", 0, key), bad) for key in ("code", "format", "taken") for bad in (1, [], "\udc00")],
    *[(("files", 0, key), bad) for key in ("width", "height", "frames") for bad in (-1, "1", 1.0)],
    *[(("files", 0, "same_as"), bad) for bad in (0, 5, -1, "1")],
    *[(("files", 0, "shot"), bad) for bad in (0, 1, "0")],
    (("files", 2, "shot"), None),
    *[(("files", 0, "from_cache"), bad) for bad in (None, 0, "false")],
    *[(("shots", 0, "files"), bad) for bad in ([2], [2, 2], [2, 5], [2, -1], [2, "3"], [2, True], None, [[2], 3])],
    *[(("shots", 0, "roles"), bad) for bad in (["raw"], ["raw", "master"], ["raw", 1], None)],
    *[(("pairs", 0, "a"), bad) for bad in (1, 2, -1, 5, "0", None)],
    *[(("pairs", 0, "b"), bad) for bad in (0, 5, 1.0)],
    *[(("pairs", 0, "tier"), bad) for bad in ("exact", None, [])],
    *[(("pairs", 0, "similarity"), bad) for bad in (1.1, -0.1, "1", None, True, math.nan)],
    *[(("pairs", 0, "parts"), bad) for bad in ([], {"x": "1"}, {"x": math.inf}, None)],
    *[(("pairs", 0, "edits"), bad) for bad in ({}, [1], None)],
    *[(("pairs", 0, "transform"), bad) for bad in ([], {}, {"turn": 45, "mirror": False, "box": [0, 0, 1, 1]})],
    *[(("pairs", 0, "transform", "box"), bad) for bad in ([0, 0, 1], None, [0, 0, 1, math.nan])],
    *[(("pairs", 0, "decision"), bad) for bad in ("same", 1)],
    *[(("clusters", 0, "id"), bad) for bad in (-1, "0")],
    *[(("clusters", 0, key), bad) for key in ("weakest", "strongest") for bad in (2, None)],
    *[(("clusters", 0, "reclaimable_bytes"), bad) for bad in (-1, 0.5)],
    *[(("clusters", 0, "members"), bad) for bad in ([], None, [1, 2])],
    *[(("clusters", 0, "members", 0, "file"), bad) for bad in (1, 5, -1, None, "0", True)],
    *[(("clusters", 0, "members", 0, "suggest"), bad) for bad in ("delete", None, "remove", "undecided")],
    *[(("clusters", 0, "members", 0, "reason"), bad) for bad in (None, 1)],
    *[(("problems", 0, key), bad) for key in ("path", "code", "message", "hint") for bad in (None, 1)],
]


@pytest.mark.parametrize(("place", "bad"), WRONG, ids=lambda value: str(value)[:40])
def test_wrong_value_anywhere_refuses_the_report(place: tuple[Any, ...], bad: Any) -> None:
    report = a_report()
    at(report, *place[:-1])[place[-1]] = bad

    assert refused(report)


def test_missing_field_anywhere_refuses_the_report() -> None:
    def places(value: Any, here: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        if isinstance(value, dict):
            return [(*here, key) for key in value] + [p for key in value for p in places(value[key], (*here, key))]
        return [p for i, one in enumerate(value) for p in places(one, (*here, i))] if isinstance(value, list) else []

    optional = {"stats", "parts", "path_b64", "pass", "protected"}
    tried = 0
    for place in places(a_report(), ()):
        if place[-1] in optional - {"stats"} or (place[0] == "stats" and len(place) > 1) or "parts" in place:
            continue
        report = a_report()
        del at(report, *place[:-1])[place[-1]]
        assert refused(report)
        tried += 1
    assert tried > 100


def test_contradictions_are_refused() -> None:
    for change in ("cluster twice", "file in two clusters", "shot twice", "file in two shots", "member twice", "path twice"):
        report = a_report()
        if change in ("cluster twice", "file in two clusters"):
            report["clusters"].append(copy.deepcopy(report["clusters"][0]) | ({} if change == "cluster twice" else {"id": 1}))
        elif change in ("shot twice", "file in two shots"):
            report["shots"].append(
                {
                    "id": 0 if change == "shot twice" else 1,
                    "files": [0, 1] if change == "shot twice" else [0, 2],
                    "roles": ["raw"] * 2,
                }
            )
        elif change == "member twice":
            report["clusters"][0]["members"].append(copy.deepcopy(report["clusters"][0]["members"][0]))
        else:
            report["files"][4].update(path="/lib/a.jpg", path_b64=None)
        assert refused(report), change


def test_unknown_fields_and_codes_are_ignored() -> None:
    report = a_report()
    for record in (report, report["files"][0], report["pairs"][0], report["clusters"][0], report["settings"]):
        record["later"] = {"x": [1]}
    report["files"][0]["code"] = "decode.of-tomorrow"

    assert check_report(report).files[0].code == "decode.of-tomorrow"


def test_newer_version_says_so() -> None:
    assert "newer" in refused(a_report() | {"version": 2})


@pytest.mark.parametrize("value", [[], 1, "x", None, {}, {"format": "imgfp-plan", "version": 1}])
def test_other_json_is_no_report(value: Any) -> None:
    assert refused(value)


@pytest.mark.parametrize(
    "data",
    [
        *(
            b"",
            b"\xff\xd8\xff\xe0",
            b"{",
            b"{}x",
            b"NaN",
            b'{"format": NaN}',
            b"\xef\xbb\xbf{}",
            '{"a": 1}'.encode("utf-16"),
            b"[" * 100_000,
        ),
        *(
            b'{"a":' * 100 + b"1" + b"}" * 100,
            b"[" * 65 + b"]" * 65,
            b'{"a": ' + b"9" * 5000 + b"}",
            b'"\\ud800',
            b'{"a": Infinity}',
        ),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_not_sound_json_is_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read_report(save(tmp_path, data))

    assert caught.value.exit_code == 2 and caught.value.message.endswith(".")


def test_report_cut_anywhere_is_refused(tmp_path: Path) -> None:
    data = write_report(a_report()).rstrip()

    for length in range(0, len(data), 97):
        with pytest.raises(UsageError):
            read_report(save(tmp_path, data[:length]))


def test_huge_report_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)

    with pytest.raises(UsageError, match="larger"):
        read_report(path)


def test_pipe_folder_and_missing_file_are_no_reports(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "no\x1bwhere"):
        with pytest.raises(UsageError) as caught:
            read_report(path)
        assert "\x1b" not in caught.value.message


def test_depth_counts_brackets_outside_of_strings_only() -> None:
    assert depth_and_values(b'{"a": "[[[{{{", "b\\"[[": [1, {"c": []}], "\\\\": "["}')[0] == 4
    assert depth_and_values(b'"[[["')[0] == 0
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "file") is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('[]{}"\\,a\u00e9', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('[{"\\', max_size=3), inner, max_size=3),
    max_leaves=12,
)


def real_depth(value: Any) -> int:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(real_depth, inner), default=0)


@settings(max_examples=150, deadline=None)
@given(JSON, st.booleans(), st.sampled_from([1, 2, 7, 1 << 22]))
def test_depth_is_that_of_the_parsed_value_whatever_the_blocks(value: Any, ascii_only: bool, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "_BLOCK", block)

        assert depth_and_values(json.dumps(value, ensure_ascii=ascii_only).encode("utf-8"))[0] == real_depth(value)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_mutated_report_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    raw = bytearray(write_report(a_report()))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"[", b"}", b"-1", b"null", b'"'])
        )

    try:
        check_report(parse_json(bytes(raw), "report"))
    except UsageError:
        return
