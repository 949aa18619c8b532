"""Reading against disks that are slow, hiccup, fall silent or go away: what is tried again, when, and what that costs others."""

from __future__ import annotations

import errno
from collections import Counter

import pytest

from engine.disks import DiskKind
from engine.jobs.errand import FileJob, FileResult
from tests.support.paced_world import STALL_S, Answer, World, files_on, good, later_good, refusing, silent

NETWORK = {1: DiskKind.SSD, 2: DiskKind.NETWORK}


def codes(results: list[FileResult]) -> Counter[str | None]:
    return Counter(result.code for result in results)


def test_every_file_is_read_once_and_comes_back_once() -> None:
    world, files = World(2, NETWORK), files_on({1: 50, 2: 30})

    results = world.read(files)

    assert sorted(r.token.path for r in results) == [file.path for file in files]
    assert len(world.began) == 80 and codes(results) == {None: 80}


@pytest.mark.parametrize("number", [errno.EIO, errno.ETIMEDOUT, errno.EAGAIN, errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN])
def test_a_hiccup_is_waited_out_while_others_go_on(number: int) -> None:
    world, files = World(2), files_on({1: 120})
    world.behaviour[files[0].path] = later_good(1.5, refusing(number))

    results = world.read(files)

    tries = [moment for moment, path in world.began if path == files[0].path]
    assert codes(results) == {None: 120}
    assert len(tries) == 2 and 2.0 <= tries[1] < 3.2, "after two seconds, and what was handed over before it"
    assert sum(moment < 2.0 for moment, _ in world.began) > 30


@pytest.mark.parametrize(("number", "code"), [(errno.ENOENT, "read.vanished"), (errno.EACCES, "read.denied")])
def test_what_will_not_pass_is_told_at_once(number: int, code: str) -> None:
    world, files = World(1), files_on({1: 3})
    world.behaviour[files[1].path] = refusing(number, code)

    results = world.read(files)

    assert [result.code for result in results] == [None, code, None]
    assert world.now < 1


def test_a_bad_sector_costs_its_own_file_and_a_few_seconds() -> None:
    world, files = World(2), files_on({1: 200})
    world.behaviour[files[7].path] = refusing(errno.EIO)

    results = world.read(files)

    assert codes(results) == {None: 199, "read.io": 1}
    assert world.now < 12 and not world.volumes.warnings()


def test_one_file_alone_that_cannot_be_read_is_a_bad_file_and_no_lost_disk() -> None:
    world, files = World(2), files_on({1: 1})
    world.behaviour[1] = refusing(errno.EIO)

    results = world.read(files)

    assert codes(results) == {"read.io": 1} and world.now < 32


def test_waits_double_and_end_at_five_minutes() -> None:
    from engine.jobs.retries import Backoff

    longest, shortest = Backoff(lambda: 0.0), Backoff(lambda: 1.0)

    assert [longest.wait_s(n) for n in range(1, 11)] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert longest.wait_s(10_000) == 300
    assert all(0.7 * longest.wait_s(n) < shortest.wait_s(n) < longest.wait_s(n) for n in range(1, 20))


# ---------------------------------------------------------------------------------------------------- a volume that is lost


def test_a_volume_that_only_fails_is_given_up_after_a_minute_and_the_rest_is_read() -> None:
    world, files = World(2, NETWORK), files_on({1: 100, 2: 400})
    world.behaviour[2] = refusing(errno.EHOSTDOWN)

    results = world.read(files)

    assert codes(results) == {None: 100, "scan.offline": 400}
    assert 60 <= world.now < 75
    assert max(world.ended_at[file.path] for file in files if file.stat.device == 1) < 15
    assert world.volumes.warnings() == [
        "The disk of /media/disk2 does not answer any more: 400 files were not read. "
        "Connect it again, then scan again; what was read is kept."
    ]
    assert sum(path.startswith(b"/media/disk2") for _, path in world.began) < 30, "it was besieged"


def test_a_volume_that_falls_silent_is_given_up_after_four_stalls() -> None:
    world, files = World(4, NETWORK), files_on({1: 300, 2: 300})
    world.behaviour[2] = silent

    results = world.read(files)

    stalls = [path for _, path in world.began if path.startswith(b"/media/disk2")]
    assert codes(results) == {None: 300, "scan.offline": 300}
    assert 4 <= len(stalls) <= 8 and len(set(stalls)) == len(stalls), "no file twice before all had their turn"
    assert world.now <= 3 * STALL_S


def test_files_that_hang_a_decoder_cost_themselves_and_no_volume() -> None:
    world, files = World(2), files_on({1: 200})
    bad = [files[n].path for n in (10, 60, 110, 160)]
    world.behaviour.update(dict.fromkeys(bad, silent))

    results = world.read(files)

    assert codes(results) == {None: 196, "decode.timeout": 4}
    assert sorted(r.token.path for r in results if r.code) == bad


def test_what_stalled_has_its_second_turn_when_all_others_had_theirs() -> None:
    world, files = World(2), files_on({1: 500})
    world.behaviour[files[3].path] = silent

    world.read(files)

    assert [path for _, path in world.began].count(files[3].path) == 2
    assert world.began[-1][1] == files[3].path


def test_a_volume_that_answers_again_in_time_loses_nothing() -> None:
    world, files = World(2), files_on({1: 300})
    world.behaviour[1] = later_good(50.0, refusing(errno.ESTALE))

    results = world.read(files)

    assert codes(results) == {None: 300} and not world.volumes.warnings()


def test_an_unplugged_disk_is_offline_at_once_and_what_was_read_stays_read() -> None:
    world, files = World(2), files_on({1: 200})

    def unplug(world: World, job: FileJob) -> Answer:
        if world.now < 5:
            return good(world, job)
        world.disks.gone.add(1)
        return refusing(errno.ENOENT, "read.vanished")(world, job)

    world.behaviour[1] = unplug

    results = world.read(files)

    found = codes(results)
    assert set(found) == {None, "scan.offline"} and found[None] >= 90 and found.total() == 200
    assert world.now < 7


def test_a_volume_that_was_given_up_is_not_asked_again_by_the_same_scan() -> None:
    world, files = World(2), files_on({1: 20})
    world.behaviour[1] = silent
    world.read(files)
    tries = len(world.began)

    again = world.read(files)

    assert len(world.began) == tries and codes(again) == {"scan.offline": 20}


def test_a_large_file_that_takes_minutes_is_no_silence() -> None:
    world, files = World(1, {1: DiskKind.NETWORK}), files_on({1: 3})
    world.behaviour[files[0].path] = refusing(errno.EIO)
    world.behaviour[files[1].path] = lambda world, job: (200.0, good(world, job)[1])

    assert codes(world.read(files)) == {None: 2, "read.io": 1}


# ---------------------------------------------------------------------------------------------------- who waits for whom


def test_a_slow_volume_does_not_hold_up_a_fast_one() -> None:
    world, files = World(2, NETWORK), files_on({1: 100, 2: 40})
    world.behaviour[2] = lambda world, job: (5.0, good(world, job)[1])

    world.read(files)

    fast_done = max(world.ended_at[file.path] for file in files if file.stat.device == 1)
    assert fast_done <= 100 * 0.1 + 1, "one of two processes was its own all the time"
    assert world.now <= 40 * 5 / 2 + 10, "and the slow one had both afterwards"


@pytest.mark.parametrize(("kind", "most"), [(DiskKind.SSD, 8), (DiskKind.HDD, 2), (DiskKind.NETWORK, 4), (DiskKind.UNKNOWN, 8)])
def test_so_many_files_are_read_at_a_time(kind: DiskKind, most: int) -> None:
    world = World(8, {1: kind})

    world.read(files_on({1: 60}))

    assert world.most_at_once == {1: most}


def test_a_spinning_disk_is_read_by_inode_and_any_other_by_path() -> None:
    for kind, backwards in ((DiskKind.HDD, True), (DiskKind.SSD, False)):
        world, files = World(1, {1: kind}), files_on({1: 40})
        world.read(files)
        order = [path for _, path in world.began]
        assert order == sorted(order, reverse=backwards)


def test_cancel_ends_a_wait_at_once() -> None:
    world, files = World(1), files_on({1: 5})
    world.behaviour[1] = refusing(errno.EIO)

    results = world.read(files, cancelled=lambda: world.now > 3)

    assert results == [] and world.now < 4


def test_time_that_was_paused_gives_no_volume_up() -> None:
    world, files = World(1), files_on({1: 50})
    world.behaviour[1] = later_good(3700, refusing(errno.ETIMEDOUT))

    def pause() -> None:
        if 20 < world.now < 3600:
            world.now = 3690.0

    assert codes(world.read(files, wait_while_paused=pause)) == {None: 50}


# ---------------------------------------------------------------------------------------------------- power and progress


def test_reading_waits_for_mains_power_and_goes_on_by_itself() -> None:
    world, files = World(2), files_on({1: 400})
    world.pace.set(pause_on_battery=True)
    world.power.battery = lambda: 1 < world.now < 600
    said: set[str] = set()

    def hear() -> None:
        said.add(world.volumes.standing().waits)

    results = world.read(files, wait_while_paused=hear)

    tries = [moment for moment, _ in world.began]
    assert codes(results) == {None: 400}
    assert not [moment for moment in tries if 8 < moment < 600] and max(tries) > 600
    assert said == {"", "Waiting for mains power."}
    assert world.power.asked < 200


def test_time_on_battery_gives_no_volume_up() -> None:
    world, files = World(1), files_on({1: 50})
    world.pace.set(pause_on_battery=True)
    world.behaviour[1] = later_good(615, refusing(errno.ETIMEDOUT))
    world.power.battery = lambda: 20 < world.now < 600

    assert codes(world.read(files)) == {None: 50}


def test_a_battery_is_nobodys_business_unless_asked_for() -> None:
    world = World(2)
    world.power.battery = lambda: True

    world.read(files_on({1: 10}))

    assert world.power.asked == 0 and world.now < 2


def test_the_whole_processor_is_used_from_the_moment_it_is_asked_for() -> None:
    world, seen = World(1), []

    def each(result: FileResult) -> None:
        seen.append(world.stands_back)
        if len(seen) == 5:
            world.pace.set(whole_cpu=True)

    world.read(files_on({1: 10}), each=each)

    assert seen == [True] * 5 + [False] * 5


def test_progress_tells_each_volume_its_speed_and_the_rest() -> None:
    world, files = World(2, NETWORK), files_on({1: 200, 2: 200}, size=2_000_000)
    world.behaviour[2] = lambda world, job: (0.5, good(world, job)[1])
    seen = []

    def each(result: FileResult) -> None:
        if world.now > 5 and not seen:
            seen.append(world.volumes.standing())

    world.read(files, each=each)

    ssd, network = seen[0].volumes
    assert (ssd.name, ssd.kind, network.kind, network.state) == ("/media/disk1", "ssd", "network", "reading")
    assert ssd.files_per_second == pytest.approx(10, rel=0.2) and network.files_per_second == pytest.approx(2, rel=0.3)
    assert ssd.bytes_per_second == pytest.approx(2e6 * ssd.files_per_second, rel=0.01)
    assert ssd.seconds_left == pytest.approx(15, rel=0.2) and network.seconds_left == pytest.approx(95, rel=0.3)
    assert seen[0].seconds_left >= network.seconds_left
    assert [volume.state for volume in world.volumes.standing().volumes] == ["done", "done"]


def test_progress_says_for_whom_it_waits() -> None:
    world, files = World(2), files_on({1: 50})
    world.behaviour[1] = refusing(errno.EHOSTDOWN)
    said = []

    world.read(files, wait_while_paused=lambda: said.append(world.volumes.standing().waits))

    assert "Waiting for /media/disk1 to answer again." in said
