"""Every code of the contract has plain words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.problems import CODES, problem_words

CONTRACT = Path(__file__).parents[4] / "shared" / "contracts" / "command-line.md"


@pytest.mark.parametrize("code", sorted(CODES))
def test_words_are_sentences_that_blame_nobody(code: str) -> None:
    message, hint = problem_words(code, b"/card/IMG_0042.CR3")

    assert (message.endswith(".") and message[0].isupper()) or message.startswith("imgfp")
    assert not hint or hint.endswith(".")
    for word in ("error", "invalid", "oops", "!", "{", "codec", "bytes object"):
        assert word not in (message + hint).lower()
    if not code.startswith("store."):
        assert "IMG_0042.CR3" in message


def test_words_for_a_truncated_raw_are_those_a_photographer_needs() -> None:
    assert problem_words("decode.truncated", b"/card/IMG_0042.CR3") == (
        "IMG_0042.CR3 could not be read (the file ends early). It was left alone.",
        "Copy it again from the card.",
    )
    assert "only part" in problem_words("decode.truncated", b"/a.jpg", partial=True)[0]


def test_names_are_shown_safely_and_never_used_as_templates() -> None:
    assert problem_words("decode.empty", b"/a/\x1b[2J{name}{0}%s\xff.jpg")[0].startswith("\\x1b[2J{name}{0}%s\\xff.jpg is empty")


def test_unknown_code_still_gives_a_sentence() -> None:
    message, _ = problem_words("decode.of-tomorrow", b"/a/b.jpg")

    assert message == "b.jpg could not be used. It was left alone."


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract is not here")
def test_every_code_of_the_contract_has_words() -> None:
    named = set(re.findall(r"`((?:decode|read|scan|action)\.[a-z-]+)`", CONTRACT.read_text()))

    assert len(named) > 25 and named <= CODES
