"""What the user says of files stands at once, is stored in order, outlives a session, and never speaks of a changed file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import StoreError
from engine.jobs.marks import Marks
from engine.records import StatFacts, Suggest
from engine.userdata import Mark, MarkTable, UserData

SEEN = StatFacts(size=10, mtime_ns=20, ctime_ns=30, device=1, inode=2)
A, B = b"/photos/a.jpg", b"/photos/\xff b.jpg"


def seen(path: bytes) -> StatFacts | None:
    return SEEN


@pytest.fixture
def user(tmp_path: Path) -> Iterator[UserData]:
    with UserData.open(tmp_path / "data") as opened:
        yield opened


def loaded(user: UserData) -> Marks:
    marks = Marks()
    marks.load(user.marks)
    return marks


def test_a_mark_is_known_at_once_and_by_the_next_session(user: UserData) -> None:
    marks = loaded(user)
    marks.set({A: Suggest.REMOVE, B: Suggest.KEEP}, seen)
    marks.set_aside("a key", True)
    assert (marks.said(A, SEEN), marks.said(B, SEEN), "a key" in marks.aside, marks.calls) == (
        Suggest.REMOVE,
        Suggest.KEEP,
        True,
        2,
    )

    marks.store(lambda: user.marks)

    again = loaded(user)
    assert (again.said(A, SEEN), again.said(B, SEEN), again.aside) == (Suggest.REMOVE, Suggest.KEEP, {"a key"})


@pytest.mark.parametrize("other", [replace(SEEN, size=11), replace(SEEN, mtime_ns=21)])
def test_a_file_that_changed_since_has_no_mark(user: UserData, other: StatFacts) -> None:
    marks = loaded(user)
    marks.set({A: Suggest.REMOVE}, seen)
    marks.store(lambda: user.marks)

    assert marks.said(A, other) is None
    assert loaded(user).said(A, other) is None
    assert marks.said(A, replace(SEEN, inode=9, ctime_ns=99)) is Suggest.REMOVE  # copied elsewhere and back: the same photo


def test_what_is_taken_back_is_gone_for_good(user: UserData) -> None:
    marks = loaded(user)
    marks.set({A: Suggest.REMOVE, B: Suggest.REMOVE}, seen)
    marks.set_aside("a key", True)
    marks.store(lambda: user.marks)
    marks.set({A: None}, seen)
    marks.set_aside("a key", False)
    marks.store(lambda: user.marks)

    for known in (marks, loaded(user)):
        assert (known.said(A, SEEN), known.said(B, SEEN), known.aside) == (None, Suggest.REMOVE, frozenset())


def test_a_file_that_is_in_no_library_gets_no_mark(user: UserData) -> None:
    marks = loaded(user)
    marks.set({A: Suggest.REMOVE}, lambda path: None)
    marks.store(lambda: user.marks)

    assert marks.said(A, SEEN) is None
    assert user.marks.marks() == {}


def test_what_is_said_before_the_old_marks_are_read_counts_more(user: UserData) -> None:
    user.marks.store({A: Mark(10, 20, Suggest.KEEP), B: Mark(10, 20, Suggest.KEEP)}, {"old": True})
    marks = Marks()
    marks.set({A: Suggest.REMOVE}, seen)
    marks.set_aside("old", False)

    marks.load(user.marks)
    assert (marks.said(A, SEEN), marks.said(B, SEEN), marks.aside) == (Suggest.REMOVE, Suggest.KEEP, frozenset())
    marks.store(lambda: user.marks)
    assert loaded(user).said(A, SEEN) is Suggest.REMOVE


class FullDisk(MarkTable):
    """Stores nothing while `full`."""

    full = True

    def store(self, marks: Mapping[bytes, Mark | None], aside: Mapping[str, bool]) -> None:
        if self.full:
            raise StoreError("The disk is full.")
        super().store(marks, aside)


def test_marks_that_could_not_be_stored_are_stored_with_the_next(user: UserData) -> None:
    table = FullDisk(user.database)
    marks = loaded(user)
    marks.set({A: Suggest.REMOVE}, seen)
    marks.set_aside("first", True)
    with pytest.raises(StoreError):
        marks.store(lambda: table)
    assert marks.said(A, SEEN) is Suggest.REMOVE

    table.full = False
    marks.set({B: Suggest.KEEP}, seen)
    marks.store(lambda: table)

    assert user.marks.marks() == {A: Mark(10, 20, Suggest.REMOVE), B: Mark(10, 20, Suggest.KEEP)}
    assert user.marks.aside() == {"first"}


def test_a_time_that_no_database_holds_lasts_as_long_as_the_session(user: UserData) -> None:
    strange = replace(SEEN, mtime_ns=1 << 70)
    marks = loaded(user)
    marks.set({A: Suggest.REMOVE, B: Suggest.KEEP}, lambda path: strange if path == A else SEEN)
    marks.store(lambda: user.marks)

    assert marks.said(A, strange) is Suggest.REMOVE
    assert user.marks.marks() == {B: Mark(10, 20, Suggest.KEEP)}


SAID = st.dictionaries(st.sampled_from([b"/%d" % n for n in range(5)]), st.none() | st.sampled_from(Suggest), max_size=4)


@given(st.lists(st.tuples(SAID, st.booleans()), max_size=8))
def test_the_last_word_counts_whenever_it_is_stored(calls: list[tuple[dict[bytes, Suggest | None], bool]]) -> None:
    with UserData.open_reading(Path("/nowhere")) as nothing:
        nothing.database.writable = True  # in memory
        marks = loaded(nothing)
        last: dict[bytes, Suggest | None] = {}
        for said, stored in calls:
            marks.set(said, seen)
            last.update(said)
            if stored:
                marks.store(lambda: nothing.marks)
            assert {path: marks.said(path, SEEN) for path in last} == last
        marks.store(lambda: nothing.marks)

        assert {path: mark.suggest for path, mark in nothing.marks.marks().items()} == {
            p: s for p, s in last.items() if s is not None
        }
        assert {path: loaded(nothing).said(path, SEEN) for path in last} == last


def test_protected_folders_keep_their_order(user: UserData) -> None:
    user.protected.set([b"/b", b"/a/\xff", b"/b"])
    user.protected.set([b"/c", b"/a/\xff", b"/b"])
    assert user.protected.all() == (b"/b", b"/a/\xff", b"/c")
    user.protected.set([b"/c"])
    assert user.protected.all() == (b"/c",)
