"""Proposals for one nest: one keeper or doubt, never a loss."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_keeper_rules import PLAIN, candidates

from engine.errors import UsageError
from engine.keepers import DEFAULT_ORDER, RULES, Candidate, Choice, RuleOrder, propose_nest, read_rules
from engine.records import Suggest, Tier

KEEP, REMOVE, UNDECIDED = Suggest.KEEP, Suggest.REMOVE, Suggest.UNDECIDED


def unit(i: int, **more: object) -> Candidate:
    return replace(PLAIN, files=(i,), paths=(b"/a/%d.jpg" % i,), **more)  # type: ignore[arg-type]


def same(_keeper: int, _other: int) -> Tier:
    return Tier.SAME_PICTURE


def suggests(choices: list[Choice]) -> list[Suggest]:
    return [choice.suggest for choice in choices]


def test_larger_picture_is_kept_and_both_say_why() -> None:
    small, large = propose_nest([unit(0), unit(1, pixels=24_000_000)], same)

    assert (large.suggest, large.reason, large.tier, large.keeper) == (
        KEEP,
        "more pixels (24 MP against 3 MP)",
        Tier.IDENTICAL,
        1,
    )
    assert (small.suggest, small.reason, small.tier, small.keeper) == (
        REMOVE,
        "fewer pixels (3 MP against 24 MP)",
        Tier.SAME_PICTURE,
        1,
    )


def test_earlier_rules_decide_before_later_ones() -> None:
    raw = unit(0, raw=True, pixels=1_000_000, mtime_ns=2 * PLAIN.mtime_ns)
    large = unit(1, pixels=24_000_000, metadata=frozenset({"rating"}))

    assert suggests(propose_nest([raw, large], same)) == [KEEP, REMOVE]
    order = RuleOrder(("protected", "pixels", "raw"))
    assert suggests(propose_nest([raw, large], same, order)) == [REMOVE, KEEP]


def test_png_copy_without_camera_data_does_not_beat_its_jpeg() -> None:
    jpeg = unit(0, quantisation=300, mtime_ns=PLAIN.mtime_ns)
    png = unit(1, format="png", lossless=True, mtime_ns=PLAIN.mtime_ns + 1)

    assert suggests(propose_nest([png, jpeg], same)) == [REMOVE, KEEP]


@pytest.mark.parametrize(
    ("tier", "reason"),
    [
        (Tier.EDITED, "an edit: look first"),
        (Tier.SAME_MOMENT, "the same moment: look first"),
        (None, "not alike enough to the kept one"),
    ],
)
def test_only_the_same_picture_is_removed(tier: Tier | None, reason: str) -> None:
    choices = propose_nest([unit(0), unit(1, pixels=24_000_000)], lambda k, o: tier)

    assert suggests(choices) == [UNDECIDED, KEEP] and choices[0].reason == reason and choices[0].tier == tier


def test_rules_file_may_name_further_tiers_or_fewer() -> None:
    units = [unit(0), unit(1, pixels=24_000_000)]

    wide = RuleOrder(remove=frozenset({Tier.EDITED}))
    assert suggests(propose_nest(units, lambda k, o: Tier.EDITED, wide)) == [REMOVE, KEEP]
    none = RuleOrder(remove=frozenset())
    assert suggests(propose_nest(units, same, none)) == [UNDECIDED, KEEP]


def test_tie_leaves_the_whole_nest_undecided() -> None:
    choices = propose_nest([unit(0), unit(1), unit(2, pixels=1_000_000)], same)

    assert suggests(choices) == [UNDECIDED] * 3
    assert {choice.reason for choice in choices} == {"no rule tells them apart"}
    assert all(choice.keeper is None and choice.tier is None for choice in choices)


def test_equal_bytes_go_by_path() -> None:
    first, second, third = propose_nest(
        [unit(2, blake3=b"x"), unit(0, blake3=b"x"), unit(1, blake3=b"x")], lambda k, o: Tier.IDENTICAL
    )

    assert (second.suggest, second.reason) == (KEEP, "same bytes")
    assert (first.suggest, third.suggest, first.reason) == (REMOVE, REMOVE, "same bytes")


def test_equal_bytes_are_settled_even_where_the_nest_is_not() -> None:
    units = [unit(0, blake3=b"x"), unit(1, blake3=b"x"), unit(2, format="png", lossless=True, blake3=b"y")]

    choices = propose_nest(units, lambda k, o: Tier.IDENTICAL if {k, o} == {0, 1} else Tier.SAME_PICTURE)

    assert suggests(choices) == [KEEP, REMOVE, UNDECIDED]


def test_equal_bytes_with_contradicting_dates_still_keep_the_first() -> None:
    t = PLAIN.mtime_ns
    units = [unit(2, blake3=b"x", mtime_ns=t), unit(1, blake3=b"x", mtime_ns=0), unit(0, blake3=b"x", mtime_ns=t + 5)]

    assert suggests(propose_nest(units, lambda k, o: Tier.IDENTICAL)) == [REMOVE, REMOVE, KEEP]


def test_keepers_reason_names_its_closest_rival() -> None:
    units = [unit(0, pixels=9_000_000), unit(1, pixels=9_000_000, mtime_ns=2 * PLAIN.mtime_ns), unit(2)]

    assert propose_nest(units, same)[0].reason.startswith("earlier file date")


# ------------------------------------------------------------------------------------------------- protected


def test_protected_removes_what_no_rule_prefers() -> None:
    kept, other = propose_nest([unit(1, protected=True, blake3=b"x"), unit(0, blake3=b"x")], lambda k, o: Tier.IDENTICAL)

    assert (kept.suggest, kept.reason) == (KEEP, "in a protected folder")
    assert (other.suggest, other.reason) == (REMOVE, "the kept one is in a protected folder")


def test_protected_never_removes_what_any_later_rule_prefers() -> None:
    kept, larger, same_size = propose_nest(
        [unit(0, protected=True), unit(1, pixels=24_000_000), unit(2, mtime_ns=2 * PLAIN.mtime_ns)], same
    )

    assert kept.suggest is KEEP and same_size.suggest is REMOVE
    assert larger.suggest is UNDECIDED and "more pixels" in larger.reason
    older = propose_nest([unit(0, protected=True, pixels=24_000_000), unit(1, mtime_ns=1_600_000_000 * 10**9)], same)
    assert suggests(older) == [KEEP, UNDECIDED]


def test_all_protected_units_stay_and_any_of_them_may_remove() -> None:
    poor, rich = unit(0, protected=True, pixels=1_000_000), unit(1, protected=True, pixels=24_000_000)

    choices = propose_nest([poor, rich, unit(2)], same)

    assert suggests(choices) == [KEEP, KEEP, REMOVE] and choices[2].keeper == 1
    assert suggests(propose_nest([unit(0, protected=True), unit(1, protected=True), unit(2)], same)) == [KEEP, KEEP, REMOVE]


# ------------------------------------------------------------------------------------------------- damaged, held


def test_damaged_never_wins_and_goes_only_if_nothing_speaks_for_it() -> None:
    whole = unit(1)

    assert suggests(propose_nest([unit(0, partial=True), whole], same)) == [REMOVE, KEEP]
    larger = propose_nest([unit(0, partial=True, pixels=24_000_000), whole, unit(2, pixels=1_000)], same)
    assert suggests(larger) == [UNDECIDED, KEEP, REMOVE] and "damaged" in larger[0].reason


def test_nest_of_damaged_ones_is_undecided_protected_or_not() -> None:
    assert suggests(propose_nest([unit(0, partial=True), unit(1, partial=True, pixels=24_000_000)], same)) == [UNDECIDED] * 2
    assert suggests(propose_nest([unit(0, partial=True, protected=True), unit(1, partial=True)], same)) == [UNDECIDED] * 2


def test_damaged_protected_unit_stays_but_removes_nothing() -> None:
    choices = propose_nest([unit(0, partial=True, protected=True), unit(1), unit(2, pixels=1_000)], same)

    assert suggests(choices) == [KEEP, KEEP, REMOVE] and choices[2].keeper == 1


def test_held_unit_is_never_removed_but_may_be_kept() -> None:
    choices = propose_nest([unit(0, held="a file of this shot could not be read"), unit(1, pixels=24_000_000)], same)

    assert suggests(choices) == [UNDECIDED, KEEP] and choices[0].reason == "a file of this shot could not be read"
    assert suggests(propose_nest([unit(0), unit(1, pixels=24_000_000, held="look")], same)) == [REMOVE, KEEP]


# ------------------------------------------------------------------------------------------------- properties

TIERS = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.sampled_from([None, *Tier]))


@st.composite
def nests(draw: st.DrawFn) -> tuple[list[Candidate], Callable[[int, int], Tier | None], RuleOrder]:
    units = [
        replace(one, files=(i,), paths=(b"/%d" % i,))
        for i, one in enumerate(draw(st.lists(candidates(), min_size=2, max_size=6)))
    ]
    tiers = draw(TIERS)

    def tier_to(a: int, b: int) -> Tier | None:
        if units[a].blake3 is not None and units[a].blake3 == units[b].blake3:
            return Tier.IDENTICAL
        return tiers.get((min(a, b), max(a, b)), Tier.SAME_PICTURE)

    names = draw(st.permutations([name for name in RULES if name != "protected"]))
    order = RuleOrder(("protected", *names[: draw(st.integers(0, len(names)))]), draw(st.frozensets(st.sampled_from(Tier))))
    return units, tier_to, draw(st.sampled_from([DEFAULT_ORDER, order]))


@settings(max_examples=150, deadline=None)
@given(nests(), st.randoms(use_true_random=False))
def test_no_nest_loses_anything_and_input_order_does_not_matter(
    nest: tuple[list[Candidate], Callable[[int, int], Tier | None], RuleOrder], rng: random.Random
) -> None:
    units, tier_to, order = nest
    places = list(range(len(units)))
    rng.shuffle(places)

    choices = propose_nest(units, tier_to, order)
    moved = propose_nest([units[p] for p in places], lambda a, b: tier_to(places[a], places[b]), order)

    assert [(choices[p].suggest, choices[p].reason, choices[p].tier) for p in places] == [
        (c.suggest, c.reason, c.tier) for c in moved
    ]
    kept = {i for i, choice in enumerate(choices) if choice.suggest is KEEP}
    assert any(not units[i].partial for i in kept) or all(choice.suggest is UNDECIDED for choice in choices)
    for one, choice in zip(units, choices, strict=True):
        assert choice.reason.strip() and "\n" not in choice.reason
        if choice.suggest is REMOVE:
            assert not one.protected and not one.held
            assert choice.keeper in kept and not units[choice.keeper].partial
            assert choice.tier in order.remove and choice.tier == tier_to(choice.keeper, units.index(one))
    whole = [one for one in units if not one.partial]
    if any(one.protected for one in whole):
        assert all(choice.suggest is KEEP for one, choice in zip(units, choices, strict=True) if one.protected)


# ------------------------------------------------------------------------------------------------- rules file


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "rules.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_rules_file_sets_order_and_tiers(tmp_path: Path) -> None:
    order = read_rules(write(tmp_path, 'order = ["pixels", "same-bytes"]\nremove = ["identical", "edited"]'))

    assert order == RuleOrder(("protected", "pixels", "same-bytes"), frozenset({Tier.IDENTICAL, Tier.EDITED}))
    assert read_rules(write(tmp_path, "")) == DEFAULT_ORDER
    assert read_rules(write(tmp_path, 'order = ["protected", "name"]')).rules == ("protected", "name")


@pytest.mark.parametrize(
    "text",
    [
        *(
            'order = ["nonsense"]',
            'order = "pixels"',
            "order = [1]",
            'order = ["pixels", "pixels"]',
            'order = ["pixels", "protected"]',
        ),
        *(
            'remove = ["all"]',
            "remove = [true]",
            "other = 1",
            "order =",
            "[order]\na=1",
            b"\xff",
            "x = " + "[" * 5000,
            b"#" * (1 << 20) + b"#",
        ),
    ],
)
def test_rules_file_that_is_not_understood_whole_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read_rules(write(tmp_path, text))

    assert caught.value.exit_code == 2 and caught.value.message


def test_rules_file_must_be_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "nowhere", "a\0b"):
        with pytest.raises(UsageError):
            read_rules(path)
