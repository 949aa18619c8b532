"""The settings file is understood whole or refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.settings import Settings, read_settings


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return path


def test_settings_say_what_they_say_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    text = 'preset = "strict"\nthreshold = 0.9\nworkers = 2\nprotected = ["/a/b/", "sub", "~/x"]'

    assert read_settings(write(tmp_path, text)) == Settings(
        "strict", 0.9, False, (b"/a/b", os.fsencode(tmp_path / "sub"), b"/home/me/x"), 2
    )
    assert read_settings(write(tmp_path, "")) == Settings()
    assert read_settings(write(tmp_path, 'threshold = "auto"')) == Settings(auto_threshold=True)
    assert read_settings(write(tmp_path, "threshold = 1")).threshold == 1.0
    assert read_settings(write(tmp_path, "whole_cpu = true\npause_on_battery = false")) == Settings(
        whole_cpu=True, pause_on_battery=False
    )


@pytest.mark.parametrize(
    "text",
    [
        *(
            'preset = "wild"',
            "preset = 1",
            "threshold = 1.5",
            "threshold = -1",
            "threshold = nan",
            "threshold = inf",
            "threshold = true",
        ),
        *(
            'threshold = "0.5"',
            "workers = -1",
            "workers = 65",
            "workers = 1.0",
            "workers = true",
            'protected = "x"',
            "protected = [1]",
        ),
        *("whole_cpu = 1", 'pause_on_battery = "yes"', "pause_on_battery = []"),
        *('protected = [""]', 'colour = "red"', "[preset]\nx = 1", "preset"),
    ],
)
def test_anything_else_is_exit_2_with_a_hint(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(write(tmp_path, text))

    assert caught.value.exit_code == 2 and caught.value.hint
