"""Bounds that the robustness bench reports."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.bench.robustness.statistics import interval, limit_at_rate, upper_bound


def test_no_event_gives_the_rule_of_three() -> None:
    assert upper_bound(0, 30_000_000) == pytest.approx(-math.log(0.05) / 30_000_000, rel=1e-6)


def test_the_bound_is_the_rate_at_which_so_few_events_are_a_twentieth_of_all_outcomes() -> None:
    rate = upper_bound(8, 1_000)
    seen = sum(math.comb(1_000, k) * rate**k * (1 - rate) ** (1_000 - k) for k in range(9))
    assert seen == pytest.approx(0.05, rel=1e-6)
    assert rate == pytest.approx(0.01438, abs=1e-4)  # tables of Clopper and Pearson


def test_the_bound_of_certain_events_is_one() -> None:
    assert upper_bound(5, 5) == 1.0
    assert upper_bound(0, 0) == 1.0


def test_originals_and_not_pairs_are_drawn_for_the_interval() -> None:
    whole, half = np.ones((40, 100), bool), np.zeros((40, 100), bool)
    assert interval(whole) == (1.0, 1.0)
    half[:20] = True  # every original is found always or never: 4,000 pairs say no more than 40
    low, high = interval(half)
    assert low == pytest.approx(0.35, abs=0.03)
    assert high == pytest.approx(0.65, abs=0.03)


def test_the_limit_lies_before_the_first_distance_that_admits_too_much() -> None:
    counts = np.array([0, 0, 1, 0, 1, 5, 100], np.int64)
    assert limit_at_rate(counts, 1_000_000, 1e-6) == 3
    assert limit_at_rate(counts, 1_000_000, 2e-6) == 4
    assert limit_at_rate(np.array([9, 0], np.int64), 1_000_000, 1e-6) == -1
    assert limit_at_rate(np.zeros(5, np.int64), 10, 1e-6) == 4
