"""What the user said holds by content, through renames, rescans and a cleared cache."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.records import PAIR_DIFFERENT, PAIR_DTYPE, PAIR_KEEP_ALL
from engine.userdata import DecisionFile, UserData

Digests = list[tuple[bytes | None, bytes | None]]


def digest(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")


def file(bytes_: str, picture: str | None = None) -> DecisionFile:
    return DecisionFile(digest(bytes_), None if picture is None else digest(picture), b"/r/" + bytes_.encode(), len(bytes_))


def library(*files: DecisionFile) -> Digests:
    return [(one.blake3, one.picture_digest) for one in files]


def flags(user: UserData, digests: Digests) -> dict[tuple[int, int], int]:
    """Flags of every pair of a library."""
    pairs = np.zeros(len(digests) * (len(digests) - 1) // 2, PAIR_DTYPE)
    for row, (a, b) in enumerate(itertools.combinations(range(len(digests)), 2)):
        pairs[row]["a"], pairs[row]["b"] = a, b
    found = user.decisions.flags(digests, pairs)
    assert found.dtype == np.uint16
    return {(int(pair["a"]), int(pair["b"])): int(flag) for pair, flag in zip(pairs, found, strict=True)}


@pytest.fixture
def user(tmp_path: Path) -> UserData:
    return UserData.open(tmp_path / "data")


X, Y, Z = file("x"), file("y"), file("z")


def test_different_holds_for_every_pair_and_no_other(user: UserData) -> None:
    user.decisions.remember("different", [X, Y])

    assert flags(user, library(X, Y, Z)) == {(0, 1): PAIR_DIFFERENT, (0, 2): 0, (1, 2): 0}


def test_decision_survives_a_new_start(tmp_path: Path) -> None:
    with UserData.open(tmp_path) as user:
        user.decisions.remember("keep-all", [X, Y])
    with UserData.open_reading(tmp_path) as user:
        assert flags(user, library(Y, X)) == {(0, 1): PAIR_KEEP_ALL}


def test_file_is_found_by_its_picture_data_after_its_metadata_changed(user: UserData) -> None:
    user.decisions.remember("different", [file("x", "picture x"), Y])

    assert flags(user, library(file("x edited", "picture x"), Y)) == {(0, 1): PAIR_DIFFERENT}


def test_file_is_found_by_its_bytes_where_there_is_no_picture_digest(user: UserData) -> None:
    user.decisions.remember("different", [file("x", "picture x"), Y])

    assert flags(user, [(X.blake3, None), (Y.blake3, None)]) == {(0, 1): PAIR_DIFFERENT}
    assert flags(user, [(None, None), (Y.blake3, None)]) == {(0, 1): 0}


def test_keep_all_comes_back_with_a_new_member(user: UserData) -> None:
    user.decisions.remember("keep-all", [X, Y])

    assert flags(user, library(X, Y, Z)) == {(0, 1): PAIR_KEEP_ALL, (0, 2): 0, (1, 2): 0}


def test_one_more_copy_is_a_new_member(user: UserData) -> None:
    user.decisions.remember("keep-all", [X, X, Y])

    assert set(flags(user, library(X, X, Y)).values()) == {PAIR_KEEP_ALL}
    with_copy = flags(user, library(X, X, X, Y))
    assert with_copy[0, 1] == with_copy[0, 2] == with_copy[1, 2] == 0
    assert set(flags(user, library(X, Y)).values()) == {PAIR_KEEP_ALL}


def test_copy_with_other_metadata_is_a_new_member_but_a_rewritten_file_is_not(user: UserData) -> None:
    first, second = file("x", "picture"), file("x2", "picture")
    user.decisions.remember("keep-all", [first, Y])

    assert flags(user, library(first, second, Y))[0, 1] == 0
    assert flags(user, library(second, Y)) == {(0, 1): PAIR_KEEP_ALL}


def test_equal_copies_can_be_different_by_decree(user: UserData) -> None:
    user.decisions.remember("different", [X, X])

    assert flags(user, library(X, X, X)) == {(0, 1): PAIR_DIFFERENT, (0, 2): PAIR_DIFFERENT, (1, 2): PAIR_DIFFERENT}


def test_copies_of_one_member_are_not_decided_by_a_decision_about_others(user: UserData) -> None:
    user.decisions.remember("different", [X, Y])

    assert flags(user, library(X, X)) == {(0, 1): 0}


def test_forget_takes_either_back(user: UserData) -> None:
    user.decisions.remember("different", [X, Y])
    user.decisions.remember("keep-all", [Y, Z])

    assert user.decisions.forget([X, Y, Z])
    assert set(flags(user, library(X, Y, Z)).values()) == {0}
    assert not user.decisions.forget([X, Y, Z])


def test_forget_of_a_part_leaves_the_rest(user: UserData) -> None:
    user.decisions.remember("different", [X, Y, Z])

    user.decisions.forget([X, Y])

    assert flags(user, library(X, Y, Z)) == {(0, 1): 0, (0, 2): PAIR_DIFFERENT, (1, 2): PAIR_DIFFERENT}


def test_newest_word_counts(user: UserData) -> None:
    user.decisions.remember("keep-all", [X, Y])
    user.decisions.remember("different", [X, Y])
    assert flags(user, library(X, Y)) == {(0, 1): PAIR_DIFFERENT}

    user.decisions.forget([X, Y])
    user.decisions.remember("keep-all", [X, Y])
    assert flags(user, library(X, Y)) == {(0, 1): PAIR_KEEP_ALL}


def test_decisions_stand_in_the_history_and_can_be_taken_back_there(user: UserData) -> None:
    first = user.decisions.remember("different", [X, Y])
    second = user.decisions.remember("keep-all", [Y, Z])

    assert user.decisions.take_back(first) and not user.decisions.take_back(first)

    entries = user.decisions.history()
    assert [(entry["id"], entry["kind"], entry["state"]) for entry in entries] == [
        (second, "decide", "done"),
        (first, "decide", "undone"),
    ]
    assert entries[1]["items"][0]["path"] == "/r/x" and entries[1]["files"] == 2
    assert flags(user, library(X, Y)) == {(0, 1): 0}
    assert user.decisions.known(first) and not user.decisions.known("other")


def test_sizes_tell_which_files_are_worth_a_digest(user: UserData) -> None:
    user.decisions.remember("different", [file("x"), file("longer")])

    assert user.decisions.sizes() == {1, 6}


def test_decision_needs_two_files(user: UserData) -> None:
    with pytest.raises(UsageError):
        user.decisions.remember("different", [X])


FILES = st.builds(file, st.sampled_from("abcd"), st.none() | st.sampled_from("pq"))


@settings(max_examples=150, deadline=None)
@given(
    said=st.lists(st.lists(FILES, min_size=2, max_size=4), max_size=3),
    present=st.lists(FILES, max_size=5),
    kind=st.integers(0, 1),
)
def test_flags_follow_the_definition(said: list[list[DecisionFile]], present: list[DecisionFile], kind: int) -> None:
    """Two files of one decision, each found by either digest; for keep-all unless a digest has more copies now."""
    connection = UserData.open_reading(Path("/nonexistent"))
    connection.database.writable = True
    word = ("different", "keep-all")[kind]
    for files in said:
        connection.decisions.remember(word, files)  # type: ignore[arg-type]

    found = flags(connection, library(*present))

    for (a, b), flag in found.items():
        assert bool(flag) == _is_decided(said, present, present[a], present[b], word), (a, b)
    connection.close()


def _is_decided(said: list[list[DecisionFile]], present: list[DecisionFile], a: DecisionFile, b: DecisionFile, word: str) -> bool:
    for files in reversed(said):
        pairs = [(i, j) for i, j in itertools.permutations(range(len(files)), 2) if _same(files[i], a) and _same(files[j], b)]
        if pairs:
            return word == "different" or not (_more(files, present, a) or _more(files, present, b))
    return False


def _same(one: DecisionFile, other: DecisionFile) -> bool:
    return one.blake3 == other.blake3 or (one.picture_digest is not None and one.picture_digest == other.picture_digest)


def _more(files: list[DecisionFile], present: list[DecisionFile], one: DecisionFile) -> bool:
    for key in ("blake3", "picture_digest"):
        value = getattr(one, key)
        then, now = ([getattr(each, key) for each in group].count(value) for group in (files, present))
        if value is not None and then and now > then:
            return True
    return False
