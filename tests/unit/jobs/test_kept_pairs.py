"""What was compared before is not compared again, and what comes of it is what a search from nothing finds, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import match
from engine.config import MatchOptions
from engine.jobs import searching
from engine.jobs.library import Library
from engine.jobs.picture_keys import picture_keys
from engine.jobs.searching import PairSource, Question
from engine.jobs.table import lazy_table, matching_of, usable
from engine.records import Tier
from engine.store import FingerprintStore
from tests.support.scenes import scene
from tests.support.stored_pictures import open_store, packed, stored_library

OPTIONS = MatchOptions()

Pictures = list[tuple[bytes, bytes]]


@cache
def family(seed: int) -> tuple[bytes, ...]:
    """A picture, a brighter one, a smaller one and a turned one."""
    pixels = scene(seed, 240, 160)
    edits = (pixels, np.clip(pixels.astype(np.int16) + 20, 0, 255).astype(np.uint8), pixels[::2, ::2], np.rot90(pixels))
    return tuple(packed(np.ascontiguousarray(edit)) for edit in edits)


def some(families: range) -> Pictures:
    """Four pictures of each family, spread over the names."""
    return [(b"/photos/%02d-%02d.jpg" % (member, seed), data) for seed in families for member, data in enumerate(family(seed))]


class Searches:
    """Searches libraries and notes of which pictures pairs were wanted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, store: FingerprintStore) -> None:
        self.store = store
        self.source = PairSource()
        self.fresh: list[int] = []
        search = searching.search_library

        def noted(pictures: Any, *given: Any, fresh: Any = None, **named: Any) -> match.Found:
            self.fresh.append(len(pictures) if fresh is None else int(fresh.sum()))
            return search(pictures, *given, fresh=fresh, **named)

        monkeypatch.setattr(searching, "search_library", noted)

    def question(self, library: Library, options: MatchOptions = OPTIONS) -> Question:
        files = usable(library)
        matching = matching_of(files)
        return Question(files, matching, lazy_table(files, matching, self.store, None), self.store, None, options, lambda: False)

    def again(self, pictures: Pictures, facts: list[dict[str, Any]] | None = None, *, looking: bool = False) -> match.Found:
        question = replace(self.question(stored_library(self.store, pictures, facts)), looking=looking)
        found = self.source.searched(question)
        self.source.keep(question, found)
        return found

    def from_nothing(self, pictures: Pictures, facts: list[dict[str, Any]] | None = None) -> match.Found:
        return PairSource()._search(self.question(stored_library(self.store, pictures, facts)), None)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    with open_store(tmp_path) as store:
        yield Searches(monkeypatch, store)


def check(searches: Searches, pictures: Pictures, fresh: int, facts: list[dict[str, Any]] | None = None) -> match.Found:
    found = searches.again(pictures, facts)
    assert searches.fresh.pop() == fresh
    assert found.pairs.tobytes() == searches.from_nothing(pictures, facts).pairs.tobytes()
    return found


def test_a_file_more_costs_one_search_of_that_file(searches: Searches) -> None:
    searches.again(some(range(6)))

    found = check(searches, [*some(range(6)), (b"/photos/01-00-new.jpg", family(7)[1])], 1)

    assert len(found.pairs) >= 24


def test_a_file_less_costs_no_search(searches: Searches) -> None:
    whole = some(range(6))
    searches.again(whole)

    check(searches, whole[:7] + whole[8:], 0)


def test_a_file_that_changed_is_searched_alone(searches: Searches) -> None:
    whole = some(range(6))
    searches.again(whole)
    changed = [(path, family(50)[0] if place == 9 else data) for place, (path, data) in enumerate(whole)]

    check(searches, changed, 1)


def test_all_at_once_and_from_session_to_session(searches: Searches) -> None:
    searches.again(some(range(8)))
    searches.source = PairSource()  # only the store remembers

    after = [*some(range(1, 9)), (b"/photos/zz.jpg", family(2)[0])]
    found = check(searches, after, 4)  # the copy of a known picture is no new content

    assert Tier.IDENTICAL in found.pairs["tier"]


def test_pairs_that_are_seen_from_the_other_side_now_are_searched_again(searches: Searches) -> None:
    searches.again(some(range(6)))
    renamed = [(b"/photos/%02d-%02d.jpg" % (9 - int(path[8:10]), int(path[11:13])), data) for path, data in some(range(6))]

    found = searches.again(renamed)

    assert found.pairs.tobytes() == searches.from_nothing(renamed).pairs.tobytes()


@pytest.mark.parametrize(
    "facts",
    [
        {"taken": "2024-05-01T10:00:00", "make": "Maker"},
        {"orientation": 6},
        {"width": 900},
        {"frames": 4, "frame_hashes": b"12345678"},
        {"profile": b"p" * 16},
        {"decoder": "another"},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_another_fact_makes_it_another_picture(searches: Searches, facts: dict[str, Any]) -> None:
    whole, plain = some(range(3)), [{"blake3": bytes([place]) * 32} for place in range(12)]
    searches.again(whole, plain)

    check(searches, whole, 1, [each | facts if place == 4 else each for place, each in enumerate(plain)])


def test_keys_do_not_depend_on_the_run_or_on_the_company(searches: Searches) -> None:
    def keys(pictures: Pictures) -> dict[bytes, bytes]:
        files = usable(stored_library(searches.store, pictures))
        found = picture_keys(files, matching_of(files))
        return {file.path: key.tobytes() for file, key in zip(files, found, strict=True)}

    few, many = keys(some(range(2))), keys(some(range(5)))

    assert len(set(many.values())) == 20
    assert few.items() <= many.items()


def test_crowds_are_searched_from_nothing(searches: Searches) -> None:
    crowd = [(b"/photos/crowd-%03d.jpg" % number, family(1)[0]) for number in range(70)]
    facts: list[dict[str, Any]] = [{"blake3": bytes([number, 1]) * 16} for number in range(75)]
    searches.again([*crowd, *some(range(1))], facts[:74])
    searches.fresh.clear()

    again = searches.again([*crowd, *some(range(1)), (b"/photos/new.jpg", family(8)[0])], facts)

    assert searches.fresh == [75]
    assert again.skipped > 0


def test_other_limits_are_another_search(searches: Searches) -> None:
    library = stored_library(searches.store, some(range(3)))
    searches.source.searched(searches.question(library))
    searches.source.searched(searches.question(library, MatchOptions(floor=0.7)))

    assert searches.fresh == [12, 12]


def test_a_look_takes_over_what_it_can(searches: Searches, monkeypatch: pytest.MonkeyPatch) -> None:
    searches.again(some(range(3)))
    monkeypatch.setattr(match, "how", lambda table: ("other limits",))

    looked = searches.again(some(range(4)), looking=True)
    final = searches.again(some(range(4)))

    assert searches.fresh == [12, 4, 16]
    assert looked.pairs.tobytes() == final.pairs.tobytes()


@pytest.mark.parametrize("broken", ["about", "pairs", "keys"])
def test_a_store_that_kept_nonsense_costs_a_search_only(searches: Searches, broken: str) -> None:
    searches.again(some(range(3)))
    folder = searches.store.libraries()
    assert folder is not None
    place = searching.place_of_kept(folder.profile)
    about, arrays = folder.read(place) or ({}, {})
    if broken == "about":
        about = {"table": "zz", "how": 5}
    elif broken == "keys":
        arrays = {"keys": arrays["keys"][:3], "compared": arrays["compared"]}
    else:
        about |= {"table": bytes(32).hex()}
    folder.write(place, about, arrays)
    searches.source = PairSource()

    check(searches, some(range(4)), 16)
