"""A table of files gives back what was put in, file by file and in columns."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.jobs.file_lists import fact_list
from engine.jobs.file_table import NewFile
from engine.jobs.library import Files, Library, LibraryFile, as_new, library_files
from engine.jobs.table import fact_columns, moment_ms
from engine.records import PictureFacts, Role, StatFacts

NUMBERS = st.one_of(st.integers(-5, 10_000), st.integers(-(2**63), 2**64))
TEXTS = st.one_of(st.sampled_from(["", "ok", "partial", "Canon", "2024-05-01T10:00:00"]), st.text(st.characters(), max_size=20))
DIGESTS = st.one_of(st.binary(min_size=32, max_size=32), st.just(bytes(32)), st.binary(max_size=40))
TIMES = st.one_of(TEXTS, st.datetimes().map(lambda t: t.replace(microsecond=0).isoformat()), st.just("2024-05-01T24:00:00"))


def value_of(name: str, declared: str) -> st.SearchStrategy:
    """Any value that a fact of this type may have, and some that it should not."""
    kinds = {part.strip() for part in declared.split("|")}
    digest = "bytes" in kinds and "None" in kinds
    known = {"int": NUMBERS, "bool": st.booleans(), "str": TIMES if name == "taken" else TEXTS, "None": st.none()}
    known["bytes"] = DIGESTS if digest else st.binary(max_size=24)
    return st.one_of(*(known[kind] for kind in sorted(kinds)))


FACTS = st.builds(PictureFacts, **{fact.name: value_of(fact.name, str(fact.type)) for fact in fields(PictureFacts)})
STATS = st.builds(StatFacts, **{fact.name: NUMBERS for fact in fields(StatFacts)})
PLACE = st.one_of(st.none(), st.integers(0, 30))
NEW = st.builds(
    NewFile, st.binary(min_size=1, max_size=12), STATS, TEXTS, st.one_of(st.none(), TEXTS), st.one_of(st.none(), FACTS),
    PLACE, PLACE, PLACE, st.one_of(st.none(), st.sampled_from(Role)), st.booleans(), st.booleans(),
)  # fmt: skip


@given(st.lists(NEW, max_size=6))
@settings(max_examples=150, deadline=None)
def test_what_is_put_into_a_table_comes_out_of_it(new: list[NewFile]) -> None:
    files = library_files(new)

    assert [as_new(file) for file in files] == new
    assert [(f.size, f.digest) for f in files] == [
        (min(max(n.stat.size, -(2**63)), 2**63 - 1), n.facts and n.facts.blake3) for n in new
    ]
    for name in ("width", "taken", "make", "blake3", "flat"):
        assert fact_list(files.table, np.arange(len(new)), name) == [n.facts and getattr(n.facts, name) for n in new]


@given(st.lists(st.tuples(NEW, NEW), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_row_that_is_written_again_keeps_nothing_of_before(pairs: list[tuple[NewFile, NewFile]]) -> None:
    files = library_files(before for before, _ in pairs)
    copy = Files(files.table.copy())

    for file, (_, after) in zip(files, pairs, strict=True):
        write(file, after)

    assert [as_new(file) for file in files] == [replace(after, path=before.path) for before, after in pairs]
    assert [as_new(file) for file in copy] == [before for before, _ in pairs]


def write(file: LibraryFile, new: NewFile) -> None:
    file.stat, file.status, file.code, file.facts, file.row = new.stat, new.status, new.code, new.facts, new.row
    file.same_as, file.shot, file.role = new.same_as, new.shot, new.role
    file.from_cache, file.provisional = new.from_cache, new.provisional


@given(st.lists(NEW, max_size=6))
@settings(max_examples=60, deadline=None)
def test_columns_say_what_the_files_say(new: list[NewFile]) -> None:
    files = library_files(new)

    assert files.table.pictures().tolist() == [file.is_picture for file in files]
    assert files.table.problems().tolist() == [file.is_problem for file in files]
    picked = files.where(files.table.has_text("status", "ok"))
    assert [file.id for file in picked] == [n for n, file in enumerate(new) if file.status == "ok"]


def test_dropping_files_moves_the_numbers_of_those_that_stay() -> None:
    stat = StatFacts(1, 1, 1, 1, 1)
    new = [NewFile(b"/%d" % n, stat, "unread" if n in (0, 3) else "ok", same_as={4: 1, 5: 3}.get(n)) for n in range(6)]
    library = Library((b"/",), library_files(new))

    library.keep(~library.table.has_text("status", "unread"))

    assert [(file.id, file.path, file.same_as) for file in library.files] == [
        (0, b"/1", None), (1, b"/2", None), (2, b"/4", 0), (3, b"/5", None),
    ]  # fmt: skip


SOME = st.sampled_from
SMALL_FACTS = st.builds(
    PictureFacts, st.just("ok"), kind=SOME(["raw", "picture"]), width=SOME([None, 0, 40]), orientation=st.integers(1, 8),
    frames=SOME([None, 0, 1, 5]), frame_hashes=SOME([b"", b"12345678", b"87654321"]), profile=SOME([b"", b"p" * 16]),
    taken=SOME([None, "2024-05-01T10:00:00", "1960-01-01T00:00:00", "2024-05-01"]), taken_fraction=SOME(["", "5", "1234", "x"]),
    make=SOME(["", "Canon"]), model=SOME(["", "5D"]), serial=SOME(["", "1"]), exposure=SOME(["", "1|2|3|4"]), flat=st.booleans(),
    blake3=SOME([None, bytes(32), bytes(31) + b"1", b"1" + bytes(31)]), picture_digest=SOME([None, bytes(32), b"2" * 32]),
)  # fmt: skip


@given(st.lists(st.tuples(SMALL_FACTS, st.one_of(st.none(), st.integers(0, 3))), max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_picture_table_numbers_equal_things_by_their_first_appearance(drawn: list[tuple[PictureFacts, int | None]]) -> None:
    facts = [one for one, _ in drawn]
    stat = StatFacts(1, 1, 1, 1, 1)
    files = library_files(NewFile(b"/%02d" % n, stat, "ok", facts=one, shot=shot) for n, (one, shot) in enumerate(drawn))

    columns, films = fact_columns(files)

    expected = {
        "bytes_id": numbered(f.blake3 for f in facts),
        "data_id": numbered(f.picture_digest for f in facts),
        "variant": numbered((f.orientation, f.profile) for f in facts),
        "camera": numbered((f.make, f.model, f.serial) if f.make or f.model else None for f in facts),
        "exposure": numbered(f.exposure or None for f in facts),
        "film": numbered(f.frame_hashes if (f.frames or 1) > 1 else None for f in facts),
        "moment": [moment_ms(f) for f in facts],
        "width": [f.width or 0 for f in facts],
        "frames": [f.frames or 1 for f in facts],
        "flat": [f.flat for f in facts],
        "raw": [f.kind == "raw" for f in facts],
    }
    alone = 1 + max((shot for _, shot in drawn if shot is not None), default=0)
    expected["shot"] = [alone + n if shot is None else shot for n, (_, shot) in enumerate(drawn)]
    assert {name: columns[name].tolist() for name in expected} == expected
    assert films == tuple(dict.fromkeys(f.frame_hashes for f in facts if (f.frames or 1) > 1))


def numbered(keys) -> list[int]:
    numbers: dict = {}
    return [-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys]
