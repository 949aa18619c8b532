"""Random plans, with overlaps, repeats and contradictions, against a plain model: every cluster keeps a readable copy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.records import Tier
from tests.actions.faults import quick_folder
from tests.actions.scenario import contents_everywhere
from tests.actions.shelf import Shelf

NAMES = [f"{folder}{letter}.jpg" for folder in ("", "sub/") for letter in "abcde"]
SAFE = "sub/"


@dataclass(frozen=True)
class Item:
    """What an item of the plan names; a removal is a tuple of names that travel together, the picture first."""

    tier: Tier
    keep: tuple[str, ...]
    remove: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Case:
    """A library and a plan. text: content number of each file; links: name → name it is a hard link of; rest: what happens to
    files after the plan was made."""

    text: dict[str, int]
    rotten: frozenset[str]
    links: dict[str, str]
    items: tuple[Item, ...]
    gone: frozenset[str]
    changed: frozenset[str]
    protect: bool


def _items() -> st.SearchStrategy[Item]:
    name = st.sampled_from(NAMES)
    shot = st.lists(name, min_size=1, max_size=3).map(tuple)
    return st.builds(
        Item,
        st.sampled_from([Tier.IDENTICAL, Tier.SAME_PICTURE, Tier.EDITED]),
        st.lists(name, max_size=3).map(tuple),
        st.lists(shot, min_size=1, max_size=3).map(tuple),
    )


def _some(most: int) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(NAMES), max_size=most)


CASES = st.builds(
    Case,
    st.fixed_dictionaries({name: st.integers(0, 2) for name in NAMES}),
    _some(2),
    st.dictionaries(st.sampled_from(NAMES[5:]), st.sampled_from(NAMES[:5]), max_size=2),
    st.lists(_items(), min_size=1, max_size=4).map(tuple),
    _some(1),
    _some(1),
    st.booleans(),
)


class Model:
    """What must move, from the promises alone."""

    def __init__(self, case: Case) -> None:
        self.case = case
        kept = {self.same(name) for item in case.items for name in item.keep}
        self.removed = {self.same(name) for item in case.items for shot in item.remove for name in shot}
        self.kept = kept

    def same(self, name: str) -> str:
        """The file behind a name: a hard link is the file it links to; a name that is gone leads to no other's file."""
        return f"gone {name}" if name in self.case.gone else self._source(name)

    def _source(self, name: str) -> str:
        return self.case.links.get(name, name)

    def is_as_planned(self, name: str) -> bool:
        return name not in self.case.gone and self.same(name) not in {self.same(c) for c in self.case.changed - self.case.gone}

    def stands_for(self, keeper: str, item: Item, pictures: set[str]) -> bool:
        if self.same(keeper) in self.removed or not self.is_as_planned(keeper):
            return False
        source = self._source(keeper)
        equal = {self.content(picture) for picture in pictures} == {self.content(keeper)}
        return source not in self.case.rotten or (item.tier is Tier.IDENTICAL and equal)

    def content(self, name: str) -> tuple[int, bool]:
        source = self._source(name)
        return self.case.text[source], source in self.case.rotten

    def groups(self) -> list[set[str]]:
        found: list[set[str]] = []
        for item in self.case.items:
            for shot in item.remove:
                joined = set(shot)
                for group in [group for group in found if group & joined]:
                    joined |= group
                    found.remove(group)
                found.append(joined)
        return found

    def moves(self) -> set[str]:
        """Names that must be gone from the library afterwards."""
        moved: set[str] = set()
        for group in self.groups():
            touching = [(item, {shot[0] for shot in item.remove if shot[0] in group}) for item in self.case.items]
            touching = [(item, pictures) for item, pictures in touching if pictures]
            whole = all(
                self.is_as_planned(name)
                and self.same(name) not in self.kept
                and not (self.case.protect and name.startswith(SAFE))
                for name in group
            )
            if whole and all(any(self.stands_for(k, item, pictures) for k in item.keep) for item, pictures in touching):
                moved |= group
        return moved


def _build(case: Case, base: Path) -> Shelf:
    shelf = Shelf(base)
    for name in NAMES:
        if name not in case.links:
            shelf.put(name, b"content %d" % case.text[name], good=name not in case.rotten)
    for name, source in case.links.items():
        os.makedirs(os.path.dirname(shelf.path(name)), exist_ok=True)
        os.link(shelf.path(source), shelf.path(name))
    for item in case.items:
        shelf.item([shelf.file(name) for name in item.keep], [shelf.file(shot[0], *shot[1:]) for shot in item.remove], item.tier)
    for name in sorted(case.gone):
        os.unlink(shelf.path(name))
    for name in sorted(case.changed - case.gone):
        with open(shelf.path(name), "ab") as file:
            file.write(b"!")
    return shelf


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=CASES)
def test_every_cluster_keeps_a_readable_copy(case: Case) -> None:
    with quick_folder() as base:
        shelf = _build(case, base)
        before = shelf.snapshot()
        contents = contents_everywhere(shelf.root)
        expected = Model(case).moves()

        outcome = shelf.apply(protected=[shelf.path("sub")] if case.protect else [])

        left = {os.fsdecode(name) for name, facts in shelf.snapshot().items() if facts[0] != "folder"}
        assert {os.fsdecode(name) for name, facts in before.items() if facts[0] != "folder"} - left == expected
        for item in case.items:
            if any(shot[0] in expected for shot in item.remove):
                assert any(keeper in left for keeper in item.keep)
        named = {shelf.path(name) for item in case.items for shot in item.remove for name in shot}
        assert sorted(result.path for result in outcome.results) == sorted(named)
        assert {result.path for result in outcome.results if result.outcome == "moved"} == {shelf.path(name) for name in expected}
        assert outcome.exit_code == (0 if len(named) == len(expected) else 5)
        assert contents <= contents_everywhere(base)

        shelf.undo()
        assert shelf.snapshot() == before
