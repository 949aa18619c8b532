"""A rules file changes what may be proposed for removal, and nothing else does."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.support.cli import Cli
from tests.support.scenes import scene


def test_edits_are_proposed_only_when_a_rules_file_names_them(cli: Cli, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    picture = Image.fromarray(scene(5, 900, 600))
    picture.save(photos / "a.jpg", quality=92)
    picture.resize((450, 300)).transpose(Image.Transpose.ROTATE_90).save(photos / "turned.jpg", quality=92)
    rules = tmp_path / "rules.toml"
    rules.write_text('remove = ["identical", "same-data", "same-picture", "edited"]\n')
    cli("scan", photos, "--json", tmp_path / "report.json", code=0)

    plain = cli("propose", tmp_path / "report.json", "--json", "-", code=0).json
    named = cli("propose", tmp_path / "report.json", "--rules", rules, "--json", "-", code=0).json

    assert plain["items"] == []
    (item,) = named["items"]
    assert item["tier"] == "edited"
    assert [file["path"] for file in item["remove"]] == [str(photos / "turned.jpg")]
    assert [file["path"] for file in item["keep"]] == [str(photos / "a.jpg")]
