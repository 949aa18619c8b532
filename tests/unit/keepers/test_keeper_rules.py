"""Each keeper rule: what it prefers, in which words; and what holds for every rule of the registry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.keepers import METADATA_KINDS, RULES, Candidate, UnitFile, make_candidate, metadata_kinds
from engine.keepers.name import copy_marks
from engine.records import PictureFacts

PLAIN = Candidate(
    files=(0,), paths=(b"/a/a.jpg",), name=b"a.jpg", pixels=3_000_000, mtime_ns=1_700_000_000 * 10**9, format="jpeg"
)


def candidates() -> st.SearchStrategy[Candidate]:
    return st.builds(
        Candidate,
        files=st.tuples(st.integers(0, 3)),
        paths=st.tuples(st.sampled_from([b"/a", b"/b", b"/b/c", b"/z"])),
        protected=st.booleans(),
        raw=st.booleans(),
        pixels=st.sampled_from([0, 1, 3_000_000, 3_000_001, 24_000_000]),
        metadata=st.frozensets(st.sampled_from(METADATA_KINDS)),
        keywords=st.integers(0, 2),
        sidecars=st.integers(0, 2),
        quantisation=st.sampled_from([None, 100, 101, 900]),
        format=st.sampled_from(["jpeg", "png"]),
        lossless=st.booleans(),
        has_camera_data=st.booleans(),
        taken=st.sampled_from([None, "2024-05-01T10:00:00", "2024-05-01T10:00:01", "2025-01-01T00:00:00"]),
        mtime_ns=st.sampled_from([-(10**18), 0, 1_600_000_000 * 10**9, 1_600_000_000 * 10**9 + 1, 2**62]),
        name=st.sampled_from([b"a.jpg", b"a copy.jpg", b"a copy (1).jpg", b"\xff~.jpg"]),
        blake3=st.sampled_from([None, b"1" * 32, b"2" * 32]),
        partial=st.booleans(),
        held=st.sampled_from(["", "look"]),
    )


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_rule_is_antisymmetric_transitive_and_gives_a_reason(name: str, data: st.DataObject) -> None:
    rule = RULES[name]
    a, b, c = data.draw(candidates()), data.draw(candidates()), data.draw(candidates())

    assert rule.prefer(a, a) == 0
    assert rule.prefer(a, b) == -rule.prefer(b, a)
    assert rule.prefer(a, b) in (-1, 0, 1)
    if rule.prefer(a, b) > 0 and rule.prefer(b, c) > 0:
        assert rule.prefer(a, c) > 0
    if rule.prefer(a, b) > 0:
        for reason in (rule.better(a, b), rule.worse(b, a)):
            assert reason.strip() and "\n" not in reason and not reason.endswith(".")
    assert rule.question.endswith("?") and rule.name == name


def test_default_order_is_the_one_promised() -> None:
    order = ["protected", "raw", "pixels", "metadata", "compression", "capture-date", "file-date", "name", "same-bytes"]

    assert list(RULES) == order


@pytest.mark.parametrize(
    ("rule", "winner", "loser", "better"),
    [
        ("protected", {"protected": True}, {}, "in a protected folder"),
        ("raw", {"raw": True}, {}, "RAW against a rendered picture"),
        ("pixels", {"pixels": 24_000_000}, {"pixels": 3_000_000}, "more pixels (24 MP against 3 MP)"),
        ("pixels", {"pixels": 24_200_000}, {"pixels": 24_000_000}, "more pixels (24.2 MP against 24.0 MP)"),
        ("pixels", {"pixels": 3_000_001}, {"pixels": 3_000_000}, "more pixels (3,000,001 against 3,000,000)"),
        ("pixels", {"pixels": 3_000}, {"pixels": 2_000}, "more pixels (3,000 against 2,000)"),
        (
            "metadata",
            {"metadata": frozenset({"rating", "GPS position"})},
            {"metadata": frozenset({"rating"})},
            "richer metadata (GPS position)",
        ),
        ("metadata", {"keywords": 3}, {"keywords": 1}, "richer metadata (keywords: 3 against 1)"),
        ("metadata", {"sidecars": 1}, {}, "richer metadata (a sidecar)"),
        ("compression", {"quantisation": 100}, {"quantisation": 900}, "less compressed"),
        ("compression", {"lossless": True, "has_camera_data": True}, {"quantisation": 100}, "stored without loss"),
        (
            "capture-date",
            {"taken": "2024-05-01T10:00:00"},
            {"taken": "2025-05-01T10:00:00"},
            "earlier capture date (2024-05-01 against 2025-05-01)",
        ),
        ("file-date", {"mtime_ns": 1_600_000_000 * 10**9}, {}, "earlier file date (2020-09-13 against 2023-11-14)"),
        ("name", {}, {"name": b"a copy.jpg"}, "cleaner name"),
        ("same-bytes", {"blake3": b"1"}, {"blake3": b"1", "paths": (b"/b",)}, "same bytes"),
    ],
)
def test_rule_prefers_and_says_why(rule: str, winner: dict[str, object], loser: dict[str, object], better: str) -> None:
    a, b = replace(PLAIN, **winner), replace(PLAIN, **loser)  # type: ignore[arg-type]

    assert RULES[rule].prefer(a, b) == 1
    assert RULES[rule].better(a, b) == better


@pytest.mark.parametrize(
    ("rule", "a", "b"),
    [
        ("pixels", {"pixels": 0}, {"pixels": 5}),
        ("compression", {"lossless": True, "format": "png"}, {"quantisation": 900}),
        ("compression", {"quantisation": 100}, {"format": "webp"}),
        ("compression", {"lossless": True, "has_camera_data": True}, {"lossless": True}),
        ("capture-date", {"taken": "2024-05-01T10:00:00"}, {"taken": None}),
        ("file-date", {"mtime_ns": 0}, {}),
        ("file-date", {"mtime_ns": -(10**15)}, {}),
        ("same-bytes", {"blake3": b"1"}, {"blake3": b"2", "paths": (b"/b",)}),
        ("same-bytes", {}, {"paths": (b"/b",)}),
    ],
)
def test_rule_has_no_opinion_where_it_cannot_know(rule: str, a: dict[str, object], b: dict[str, object]) -> None:
    assert RULES[rule].prefer(replace(PLAIN, **a), replace(PLAIN, **b)) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "IMG_1 copy.jpg",
            "IMG_1 copy 2.jpg",
            "IMG_1_copy.png",
            "IMG_1-copy.jpg",
            "IMG_1 - Copy.jpg",
            "Copy of IMG_1.jpg",
            "Copy (2) of IMG_1.jpg",
        ),
        *(
            "IMG_1 (1).jpg",
            "IMG_1(12).jpg",
            "IMG_1~.jpg",
            "IMG_1~2.jpg",
            "IMG_1.jpg~",
            "IMG_0001-1.jpg",
            "IMG_1 - Kopie.jpg",
            "Kopie von IMG_1.jpg",
        ),
    ],
)
def test_marks_of_copying_are_seen(name: str) -> None:
    assert copy_marks(name.encode()) >= 1


@pytest.mark.parametrize(
    "name",
    [
        "IMG_0001.jpg",
        "2024-05-01.jpg",
        "2024-05-12 10.11.12.jpg",
        "2024-5-1.jpg",
        "copyright.jpg",
        "copycat.jpg",
        "photocopy.jpg",
        ".jpg",
        "(family).jpg",
    ],
)
def test_ordinary_names_bear_no_mark(name: str) -> None:
    assert copy_marks(name.encode()) == 0


# ------------------------------------------------------------------------------------------------- candidates


def facts(**more: object) -> PictureFacts:
    return PictureFacts(**{"status": "ok", "kind": "picture", "format": "jpeg", "width": 300, "height": 200, **more})  # type: ignore[arg-type]


def test_metadata_counts_what_a_photographer_would_miss() -> None:
    assert metadata_kinds(facts()) == frozenset()
    assert metadata_kinds(facts(detail="a comment", exposure="1/60", rating=0)) == frozenset()
    full = facts(taken="2024-05-01T10:00:00", model="D3", gps=True, rating=4, keywords=2)
    assert metadata_kinds(full) == frozenset(METADATA_KINDS)


def test_shot_is_one_candidate_with_its_raw_in_front() -> None:
    raw = UnitFile(4, b"/a/x.NEF", facts(kind="raw", format="nef", width=6000, height=4000), 5, b"r")
    jpeg = UnitFile(3, b"/a/x.JPG", facts(width=6100, height=4000, gps=True, make="N", blake3=b"j"), 7)

    unit = make_candidate([jpeg, raw], companion_digests=[b"s"])

    assert unit == make_candidate([raw, jpeg], companion_digests=[b"s"])
    assert unit.files == (4, 3) and unit.paths == (b"/a/x.NEF", b"/a/x.JPG") and unit.name == b"x.NEF"
    assert unit.raw and unit.pixels == 24_000_000 and unit.sidecars == 1 and unit.mtime_ns == 5
    assert unit.metadata == {"camera", "GPS position"} and unit.has_camera_data
    assert unit.blake3 == b"jrs" and not unit.held and not unit.partial


def test_equal_bytes_of_a_shot_mean_every_file_of_it() -> None:
    raw = UnitFile(0, b"/a/x.NEF", facts(kind="raw"), 5)
    jpeg = UnitFile(1, b"/a/x.JPG", facts(blake3=b"j"), 7)

    assert make_candidate([raw, jpeg]).blake3 is None
    assert make_candidate([jpeg], companion_digests=[None]).blake3 is None
    assert make_candidate([jpeg], companion_digests=[b"s"]).blake3 != make_candidate([jpeg], companion_digests=[b"t"]).blake3


def test_shot_with_an_unreadable_file_is_held() -> None:
    broken = UnitFile(0, b"/a/x.NEF", facts(status="error", code="decode.corrupt", kind="raw"), 5)
    jpeg = UnitFile(1, b"/a/x.JPG", facts(), 7)

    unit = make_candidate([broken, jpeg])

    assert unit.held and unit.raw and unit.files == (1, 0) and not unit.partial


def test_unit_is_partial_only_if_no_picture_of_it_is_whole() -> None:
    damaged = UnitFile(0, b"/a/x.NEF", facts(status="partial", kind="raw"), 5)

    assert make_candidate([damaged]).partial
    assert not make_candidate([damaged, UnitFile(1, b"/a/x.JPG", facts(), 7)]).partial
