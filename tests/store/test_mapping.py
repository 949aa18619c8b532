"""Files are mapped on local disks only."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.store import volumes

MOUNTS = b"""22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:40 / /home/me/cloud rw - fuse.rclone cloud rw
24 22 0:41 / /net rw shared:7 - nfs4 server:/x rw
25 22 8:17 / /media/my\\040stick rw - ext4 /dev/sdb1 rw
26 24 8:2 / /net/local rw - xfs /dev/sda2 rw
27 22 8:3 / /home/me/both rw - ext4 /dev/sda3 rw
28 22 0:50 / /home/me/both rw - tmpfs none rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "wanted"),
    [
        ("/home/me/.cache", True),
        ("/home/me/cloud/cache", False),
        ("/home/me/cloudy", True),
        ("/net/share", False),
        ("/net/local/cache", True),
        ("/media/my stick/cache", False),
        ("/home/me/both", False),
        ("/", True),
    ],
)
def test_only_local_disks_that_stay_are_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, wanted: bool
) -> None:
    (tmp_path / "mounts").write_bytes(MOUNTS)
    (tmp_path / "sdb" / "sdb1").mkdir(parents=True)
    (tmp_path / "sdb" / "removable").write_bytes(b"1\n")
    (tmp_path / "8:17").symlink_to(tmp_path / "sdb" / "sdb1")
    monkeypatch.setattr(volumes, "_MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(volumes, "_BLOCK_DEVICES", tmp_path)

    assert volumes.may_map(Path(folder)) is wanted


def test_without_a_mount_table_nothing_is_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "_MOUNTS", tmp_path / "none")

    assert not volumes.may_map(tmp_path)
