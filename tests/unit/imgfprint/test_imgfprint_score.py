"""Score, distance, what may be chosen, records and text, and every pair of a library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import imgfprint
from engine.errors import Cancelled, UsageError
from engine.imgfprint import Fingerprint, Hashes, MultiHashConfig, all_pairs, compare
from tests.unit.imgfprint.pictures import first_reference, second_reference

SHARES = st.floats(0.0, 1.0)
CONFIGS = st.builds(
    MultiHashConfig, SHARES, SHARES, SHARES, SHARES, SHARES, st.integers(0, 64), st.integers(0, 16)
)  # every combination that is allowed


def _hashes(seed: int, near: Hashes | None = None, flips: int = 0) -> Hashes:
    """51 random hashes, or those of `near` with about so many bits of 64 turned."""
    rng = np.random.default_rng(seed)
    if near is None:
        return rng.integers(0, 2**64, (3, 17), dtype=np.uint64)
    bits = (rng.random((3, 17, 64)) < flips / 64).astype(np.uint64)
    return near ^ (bits << np.arange(64, dtype=np.uint64)).sum(axis=2, dtype=np.uint64)


def test_the_two_reference_pictures_score_as_computed_by_hand() -> None:
    found = compare(imgfprint.fingerprint(first_reference()), imgfprint.fingerprint(second_reference()))

    assert (round(found.ahash, 6), round(found.phash, 6), round(found.dhash, 6)) == (0.573438, 0.535417, 0.535938)
    assert round(found.score, 6) == 0.539375
    assert found.distance == 32  # floor of 0.1 * 27 + 0.6 * 34 + 0.3 * 31
    assert not found.exact


def test_equal_bytes_score_one_whatever_the_weights() -> None:
    nothing = MultiHashConfig(0, 0, 0, 0, 0)

    assert compare(_hashes(1), _hashes(2), nothing, exact=True).score == 1.0
    assert compare(_hashes(1), _hashes(2), nothing, exact=True).distance == 0
    assert compare(_hashes(1), _hashes(1), nothing).score == 0.0
    assert compare(_hashes(1), _hashes(1)).score == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(CONFIGS, st.integers(0, 1000), st.integers(0, 40))
def test_a_score_lies_between_none_and_one_and_is_the_same_both_ways(config: MultiHashConfig, seed: int, flips: int) -> None:
    a = _hashes(seed)
    b = _hashes(seed + 1, a, flips)

    there, back = compare(a, b, config), compare(b, a, config)

    assert there == back
    assert 0.0 <= there.score <= 1.0
    assert 0 <= there.distance <= 64
    assert imgfprint.scores(np.bitwise_count(a ^ b)[None], config)[0] == there.score


def test_tiles_that_differ_too_much_are_left_out_of_the_mean() -> None:
    a = _hashes(5)
    b = a.copy()
    b[:, 1] = ~b[:, 1]  # 64 bits apart: dropped, not counted as zero

    assert compare(a, b).score == pytest.approx(1.0)
    assert compare(a, b, MultiHashConfig(block_distance_threshold=64)).score == pytest.approx(1 - 0.6 / 16)


def test_coverage_takes_one_accidentally_equal_tile_its_power() -> None:
    a, b = _hashes(8), _hashes(9)
    b[:, 3] = a[:, 3]
    lenient = MultiHashConfig(block_distance_threshold=8)
    careful = MultiHashConfig(block_distance_threshold=8, min_blocks=6)

    assert compare(a, b, lenient).score > 0.7
    assert compare(a, b, careful).score < 0.3


def test_is_similar_takes_any_number_and_says_no_to_nan() -> None:
    same = compare(_hashes(1), _hashes(1), exact=True)

    assert same.is_similar(1.0) and same.is_similar(7.0) and same.is_similar(-3.0)
    assert not same.is_similar(math.nan)
    assert not compare(_hashes(1), _hashes(2)).is_similar(0.7)


@pytest.mark.parametrize("field", ["ahash_weight", "phash_weight", "dhash_weight", "global_weight", "block_weight"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -0.01, 1.01, "1", True])
def test_weights_that_are_none_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        MultiHashConfig(**{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(("field", "value"), [("block_distance_threshold", 65), ("min_blocks", 17), ("min_blocks", 1.5)])
def test_bounds_of_tiles_hold(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        MultiHashConfig(**{field: value})  # type: ignore[arg-type]


def test_a_coarse_key_is_the_top_of_the_global_hash() -> None:
    assert imgfprint.coarse_key(0x84317BB46FC87C0B, 16) == 0x8431
    assert imgfprint.coarse_key(0x84317BB46FC87C0B, 64) == 0x84317BB46FC87C0B
    for bits in (0, 65):
        with pytest.raises(ValueError):
            imgfprint.coarse_key(1, bits)


# ---------------------------------------------------------------------------------------------------- records


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**32))
def test_a_record_and_its_texts_come_back_as_they_were(exact: bytes, seed: int) -> None:
    made = Fingerprint(exact, _hashes(seed))

    record = imgfprint.write_record(made)
    back = imgfprint.read_record(record)

    assert len(record) == 536
    assert (back.exact, back.hashes.tolist()) == (exact, made.hashes.tolist())
    for number, algorithm in enumerate(imgfprint.ALGORITHMS):
        line = imgfprint.single_text(made, algorithm)
        assert imgfprint.read_single_text(line) == (exact, made.hashes[number].tolist())
    assert imgfprint.unpack(imgfprint.pack(made.hashes)).tolist() == made.hashes.tolist()


def test_the_record_lies_as_its_layout_says() -> None:
    made = Fingerprint(bytes(range(32)), _hashes(1))

    record = imgfprint.write_record(made)

    for number in range(3):
        start = 32 + 168 * number
        assert record[start : start + 32] == record[:32] == bytes(range(32))
        assert record[start + 32 : start + 40] == int(made.hashes[number, 0]).to_bytes(8, "little")
        assert record[start + 40 : start + 48] == int(made.hashes[number, 1]).to_bytes(8, "little")
    assert imgfprint.text(made).split("|") == [bytes(range(32)).hex(), *(f"{int(row[0]):016x}" for row in made.hashes)]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=600))
def test_bytes_that_are_no_record_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        imgfprint.read_record(data)
    if len(data) != 408:
        with pytest.raises(ValueError):
            imgfprint.unpack(data)


def test_a_record_whose_exact_hashes_differ_is_refused() -> None:
    record = bytearray(imgfprint.write_record(Fingerprint(bytes(32), _hashes(1))))
    record[40 + 168] ^= 1

    with pytest.raises(ValueError, match="differ"):
        imgfprint.read_record(bytes(record))
    with pytest.raises(ValueError):
        imgfprint.read_single_text("00:11:22")


# ---------------------------------------------------------------------------------------------------- a library


@settings(max_examples=12, deadline=None)
@given(CONFIGS, st.integers(0, 10_000), st.sampled_from([0.3, 0.5, 0.65, 0.9]))
def test_every_pair_of_a_library_is_the_one_that_is_scored_alone(config: MultiHashConfig, seed: int, floor: float) -> None:
    base = [_hashes(seed + n) for n in range(12)]
    library = np.array([*base, *(_hashes(seed + 50 + n, base[n % 12], 4 * (n % 7)) for n in range(60))])

    first, second, score = all_pairs(library, config, floor)

    expected = {
        (i, j): compare(library[i], library[j], config).score for i in range(len(library)) for j in range(i + 1, len(library))
    }
    assert dict(zip(zip(first.tolist(), second.tolist(), strict=True), score.tolist(), strict=True)) == {
        pair: value for pair, value in expected.items() if value >= floor
    }


def test_pairs_across_blocks_are_found_and_stand_in_order() -> None:
    rng = np.random.default_rng(4)
    library = rng.integers(0, 2**64, (2500, 3, 17), dtype=np.uint64)
    planted = [(0, 2499), (31, 32), (31, 2100), (32, 2100)]
    library[2499] = library[0]
    library[32] = library[2100] = library[31]

    first, second, score = all_pairs(library, MultiHashConfig(), 0.65)

    assert list(zip(first.tolist(), second.tolist(), strict=True)) == planted
    assert score.min() == pytest.approx(1.0)


def test_a_library_too_large_for_every_pair_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.imgfprint.pairing.MOST_PICTURES", 10)

    with pytest.raises(UsageError, match="10 at most; here are 11"):
        all_pairs(np.zeros((11, 3, 17), np.uint64), MultiHashConfig(), 0.65)


def test_a_search_can_be_ended() -> None:
    with pytest.raises(Cancelled):
        all_pairs(np.zeros((11, 3, 17), np.uint64), MultiHashConfig(), 0.65, lambda: True)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_similarity_follows_the_score_and_comes_back(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = imgfprint.similarity(np.array([low, high]))

    assert 0.0 <= found[0] <= found[1] <= 1.0
    if low > 0.53:
        assert imgfprint.score_at(float(found[0])) == pytest.approx(low)
    assert imgfprint.similarity(np.array([0.53]))[0] == 0.0  # unrelated pictures in the mean
