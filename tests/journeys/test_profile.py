"""`scan --profile` tells what reading cost, on standard error, and the report does not depend on it."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Cli
from tests.support.library import Truth


def test_profile_tells_stages_formats_slow_files_and_routes(cli: Cli, small_library: Truth) -> None:
    done = cli("scan", small_library.root, "--profile", "--json", "-", code=0)
    told = done.err.decode()

    pictures = done.json["stats"]["computed"]
    row = next(line.split() for line in told.splitlines() if line.startswith("decode ") and " all " in line)
    assert int(row[2]) == pictures and float(row[3]) <= float(row[4])
    assert all(
        f"\n{stage} " in "\n" + told for stage in ("open", "metadata", "decode", "fingerprint", "features", "digest", "all")
    )
    assert "slowest files" in told and str(small_library.root) in told and "decoded by:" in told


def test_profile_of_a_known_library_says_that_nothing_was_read(cli: Cli, small_library: Truth, tmp_path: Path) -> None:
    cli("scan", small_library.root, code=0)

    assert b"No file was read" in cli("scan", small_library.root, "--profile", code=0).err
