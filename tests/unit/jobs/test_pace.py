"""Decisions of the pace: kinds of disks, shares of the processes, the order on a spinning disk, power."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.disks import DiskKind, SystemDisks, kind_of
from engine.jobs.pace import Pace, PaceOptions, Shares, at_once, choose, processes
from engine.jobs.pace_order import FIRST, WINDOW, Untried, first_block
from engine.jobs.pace_rate import Rate
from engine.power import SystemPower
from engine.wire import Kind
from tests.support.paced_world import Power, files_on


def block_devices(folder: Path, **rotational: str) -> Path:
    """A /sys/dev/block with these disks, each with one partition; keys: name_major_minor."""
    numbers = folder / "dev" / "block"
    numbers.mkdir(parents=True)
    for key, spins in rotational.items():
        name, major, minor = key.split("_")
        disk = folder / "devices" / name
        (disk / "queue").mkdir(parents=True)
        (disk / "queue" / "rotational").write_text(spins + "\n")
        (disk / (name + "1")).mkdir()
        (numbers / f"{major}:{minor}").symlink_to(disk)
        (numbers / f"{major}:{int(minor) + 1}").symlink_to(disk / (name + "1"))
    return numbers


@pytest.mark.parametrize(("spins", "kind"), [("1", DiskKind.HDD), ("0", DiskKind.SSD)])
def test_the_system_says_whether_a_disk_turns_also_for_its_partitions(tmp_path: Path, spins: str, kind: DiskKind) -> None:
    devices = block_devices(tmp_path, sda_8_0=spins)

    assert kind_of(os.makedev(8, 0), "ext4", devices=devices) is kind
    assert kind_of(os.makedev(8, 1), "ext4", devices=devices) is kind


def test_what_a_virtual_disk_says_of_turning_is_not_believed(tmp_path: Path) -> None:
    assert kind_of(os.makedev(254, 0), "ext4", devices=block_devices(tmp_path, vda_254_0="1")) is DiskKind.UNKNOWN


@pytest.mark.parametrize(
    ("mounted", "kind"),
    [
        *((name, DiskKind.NETWORK) for name in ("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.rclone", "ceph")),
        *((name, DiskKind.UNKNOWN) for name in ("fuse.ntfs-3g", "fuseblk", "ext4", "overlay", "")),
        ("tmpfs", DiskKind.SSD),
    ],
)
def test_the_file_system_tells_what_lies_on_another_machine(tmp_path: Path, mounted: str, kind: DiskKind) -> None:
    assert kind_of(os.makedev(0, 99), mounted, devices=tmp_path) is kind


def test_the_disks_of_this_machine_have_a_kind_and_are_there() -> None:
    disks, device = SystemDisks(), os.stat(__file__).st_dev

    assert disks.kind(device) in DiskKind
    assert not disks.absent(device)


def test_a_volume_gets_as_many_files_at_a_time_as_its_kind_bears() -> None:
    assert [at_once(DiskKind.HDD, n) for n in (1, 2, 8)] == [1, 2, 2]
    assert [at_once(DiskKind.NETWORK, n) for n in (1, 2, 8)] == [1, 2, 4]
    assert [at_once(DiskKind.SSD, n) for n in (1, 2, 8)] == [1, 2, 8]


def test_there_is_a_process_for_every_volume_but_not_for_any_number() -> None:
    assert [processes(2, volumes) for volumes in (0, 1, 2, 3, 50)] == [2, 2, 2, 3, 6]


VOLUMES = st.lists(st.integers(0, 4), max_size=20)


@given(waiting=VOLUMES, running=VOLUMES, most=st.dictionaries(st.integers(0, 4), st.integers(1, 6)), extra=st.integers(0, 6))
def test_whoever_is_chosen_keeps_every_limit(waiting: list[int], running: list[int], most: dict[int, int], extra: int) -> None:
    shares, count = Shares(most), len(running) + extra
    for volume in running:
        shares.begin(volume)

    place = choose(waiting, shares.running, most, count)

    if place is None:
        assert all(shares.running.get(v, 0) >= most.get(v, count) or shares.running.get(v) for v in waiting)
    else:
        chosen = waiting[place]
        assert shares.running.get(chosen, 0) < most.get(chosen, count)
        assert chosen not in waiting[:place]
        left_alone = [v for v in most if v != chosen and not shares.running.get(v)]
        assert not shares.running.get(chosen) or extra > len(left_alone)


# ---------------------------------------------------------------------------------------------------- spinning disks


def test_files_of_a_spinning_disk_are_read_window_by_window_in_the_order_of_the_disk() -> None:
    files = files_on({1: FIRST + 3 * WINDOW + 10})
    place = {file.path: number * 7919 % 100_003 for number, file in enumerate(files)}
    untried = Untried(place.__getitem__)
    for file in files:
        untried.append((Kind.FINGERPRINT, file))

    order = []
    while untried:
        order.append(untried.pop()[1].path)
        if untried._sorting is not None:
            wait_for(untried._sorting)

    window = [place[path] for path in order[FIRST : FIRST + WINDOW]]
    assert sorted(order) == [file.path for file in files]
    assert window == sorted(window) and len(set(window)) == WINDOW


def test_an_order_that_comes_late_still_counts() -> None:
    files = files_on({1: FIRST + 500})
    known = threading.Event()
    place = {file.path: -number for number, file in enumerate(files)}
    untried = Untried(lambda path: place[path] if known.wait(60) else None)
    for file in files:
        untried.append((Kind.FINGERPRINT, file))

    order = [untried.pop()[1].path for _ in range(FIRST // 2)]
    known.set()
    wait_for(untried._sorting)
    order += [untried.pop()[1].path for _ in range(FIRST // 2 + 500)]

    assert order == [file.path for file in files[:FIRST]] + [file.path for file in reversed(list(files[FIRST:]))]


def wait_for(sorting: object) -> None:
    """Until its thread is done."""
    for thread in threading.enumerate():
        if thread.name == "disk-order":
            thread.join(10)


def test_nobody_waits_for_a_disk_that_does_not_tell_its_order() -> None:
    held = threading.Event()
    untried = Untried(lambda path: held.wait(60) and None)
    for file in files_on({1: 500}):
        untried.append((Kind.FINGERPRINT, file))

    order = [untried.pop()[1].path for _ in range(500)]
    held.set()

    assert len(set(order)) == 500 and len(untried) == 0


def test_where_a_file_begins_is_told_without_reading_it(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(os.urandom(100_000))
    os.sync()
    before = file.stat()

    where = first_block(os.fsencode(file))

    assert where is None or where > 0
    assert first_block(os.fsencode(tmp_path / "nothing")) is None
    assert (file.stat().st_atime_ns, file.stat().st_ctime_ns) == (before.st_atime_ns, before.st_ctime_ns)


# ---------------------------------------------------------------------------------------------------- power, speed


@pytest.mark.parametrize(("plugged", "on_battery"), [(False, True), (True, False), (None, False)])
def test_only_a_battery_that_is_being_emptied_counts(
    monkeypatch: pytest.MonkeyPatch, plugged: bool | None, on_battery: bool
) -> None:
    battery = SimpleNamespace(percent=50, secsleft=1, power_plugged=plugged)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)

    assert SystemPower().on_battery() is on_battery


def test_a_computer_without_a_battery_and_a_driver_that_fails_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert not SystemPower().on_battery()

    def fail() -> None:
        raise OSError(19, "no such device")

    monkeypatch.setattr(psutil, "sensors_battery", fail, raising=False)
    assert not SystemPower().on_battery()


def test_power_is_looked_at_every_five_seconds_and_only_when_asked_for() -> None:
    power = Power(lambda: True)
    pace = Pace(PaceOptions(pause_on_battery=True), power=power)

    answers = [pace.waits_for(now / 10) for now in range(100)]
    pace.set(pause_on_battery=False)

    assert set(answers) == {"Waiting for mains power."} and power.asked == 2
    assert pace.waits_for(10) == ""


def test_speed_is_that_of_the_last_seconds() -> None:
    rate = Rate(0.0)
    for tick in range(1, 101):
        rate.tell(tick / 10, tick * 10, tick * 1000)
    for tick in range(1, 101):
        rate.tell(10 + tick / 10, 1000 + tick, 100_000 + tick * 100)

    assert rate.files_per_second == pytest.approx(10, rel=0.05)
    assert rate.bytes_per_second == pytest.approx(1000, rel=0.05)
    assert rate.seconds_left(100, 20_000) == pytest.approx(20, rel=0.05)
    assert rate.seconds_left(0, 0) == 0


def test_nothing_is_promised_before_there_is_a_measure() -> None:
    rate = Rate(0.0)
    rate.tell(0.5, 10, 10)

    assert rate.seconds_left(100, 100) is None
