"""The colours keep their promises: neutral around photos, and enough contrast for everyone."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from imgfp_gui.theme import DARK, LIGHT, Tokens

TEXT_GROUNDS = ("window", "panel", "raised", "hover", "selected", "field", "well")
SIGN_GROUNDS = ("window", "well", "selected", "hover")
COLOURED = {"accent", "trash"}


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_every_ground_it_stands_on(tokens: Tokens) -> None:
    colours = asdict(tokens)

    for ground in TEXT_GROUNDS:
        assert _contrast(tokens.text, colours[ground]) >= 4.5
        assert _contrast(tokens.dim, colours[ground]) >= 4.5
    assert _contrast(tokens.on_primary, tokens.primary) >= 4.5
    assert _contrast(tokens.on_accent, tokens.accent) >= 4.5


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_signs_and_focus_can_be_seen(tokens: Tokens) -> None:
    colours = asdict(tokens)

    for ground in SIGN_GROUNDS:
        for sign in ("accent", "trash", "focus"):
            assert _contrast(colours[sign], colours[ground]) >= 3


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_nothing_around_a_photo_has_a_hue(tokens: Tokens) -> None:
    coloured = {name for name, value in asdict(tokens).items() if len({value[1:3], value[3:5], value[5:7]}) > 1}

    assert coloured == COLOURED
