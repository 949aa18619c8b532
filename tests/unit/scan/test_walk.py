"""The walk: every file met once, with one outcome, and nothing touched."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Cancelled, FolderMissing
from engine.records import Walk
from engine.scan import is_quarantine, open_long, stat_long, walk
from engine.scan import listing as listing_module
from engine.scan import walker as walker_module
from engine.scan.hard_links import mark_hard_links

MARK = b"imgfp quarantine 1\n"


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def scan(*roots: Path | str | bytes, **more: object) -> Walk:
    return walk([os.fsencode(root) for root in roots], **more)  # type: ignore[arg-type]


def names(found: Walk, base: Path) -> dict[str, str | None]:
    """Relative path to outcome."""
    return {os.path.relpath(os.fsdecode(f.path), base): f.skip or f.error for f in found.files}


def identity(folder: Path) -> list[tuple[object, ...]]:
    facts = []
    for place, _folders, files in os.walk(folder):
        for one in [place, *(os.path.join(place, name) for name in files)]:
            s = os.lstat(one)
            facts.append((one, s.st_ino, s.st_mode, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_nlink))
    return sorted(facts)


# ------------------------------------------------------------------------------------------------- plain


def test_every_file_has_one_record_sorted_by_raw_path(tmp_path: Path) -> None:
    for name in ("b.jpg", "a/z.jpg", "a.jpg", "a-b/c.jpg", "Z.txt"):
        put(tmp_path / name)

    found = scan(tmp_path)

    paths = [f.path for f in found.files]
    assert paths == sorted(paths) and len(set(paths)) == 5
    assert found.roots == (os.fsencode(tmp_path),)
    assert set(names(found, tmp_path).values()) == {None}
    facts = os.stat(tmp_path / "b.jpg")
    of_b = next(f.stat for f in found.files if f.path.endswith(b"/b.jpg"))
    assert (of_b.size, of_b.mtime_ns, of_b.ctime_ns, of_b.device, of_b.inode, of_b.mode) == (
        *(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_dev, facts.st_ino, facts.st_mode),
    )


def test_names_outside_unicode_and_with_odd_characters_are_kept_exactly(tmp_path: Path) -> None:
    odd = [
        b"\xff\xfe.jpg",
        b"a\nb.jpg",
        b"-rf.jpg",
        b"\x1b[31m.jpg",
        b"%s{0}.jpg",
        "\u00e9.jpg".encode(),
        "e\u0301.jpg".encode(),
        b" .jpg",
    ]
    for name in odd:
        (tmp_path / os.fsdecode(name)).write_bytes(b"x")

    assert [f.path for f in scan(tmp_path).files] == sorted(os.fsencode(tmp_path) + b"/" + name for name in odd)


def test_walking_writes_nothing_and_leaves_access_times(tmp_path: Path) -> None:
    put(tmp_path / "a/b.jpg")
    os.utime(tmp_path / "a", ns=(10**18, 10**18))
    before, accessed = identity(tmp_path), os.stat(tmp_path / "a").st_atime_ns

    scan(tmp_path)

    assert os.stat(tmp_path / "a").st_atime_ns == accessed
    assert identity(tmp_path) == before


def test_missing_root_is_named_before_anything_is_scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a/b.jpg")
    monkeypatch.setattr(walker_module, "list_folder", lambda *_, **__: pytest.fail("looked although a root is missing"))

    with pytest.raises(FolderMissing) as caught:
        scan(tmp_path / "a", tmp_path / "no\x1bwhere")

    assert caught.value.exit_code == 3
    assert "no\\x1bwhere" in caught.value.message and "Nothing was scanned" in caught.value.message


@pytest.mark.parametrize("bad", [b"", b"\0", b"/nowhere/at/all", b"/" + b"n" * 300, b"/etc/hostname/below"])
def test_roots_that_cannot_be_are_missing(bad: bytes) -> None:
    with pytest.raises(FolderMissing):
        walk([bad])


def test_offline_root_is_not_missing_and_holds_nothing(tmp_path: Path) -> None:
    put(tmp_path / "here/a.jpg")
    gone = tmp_path / "gone"

    found = scan(gone, tmp_path / "here", offline_roots=[os.fsencode(gone)])

    assert found.roots == (os.fsencode(gone), os.fsencode(tmp_path / "here"))
    assert [f.root for f in found.files] == [1]


def test_relative_root_is_made_absolute_as_spelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "real/a.jpg")
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)

    assert [f.path for f in scan(b"./link/").files] == [os.fsencode(tmp_path) + b"/link/a.jpg"]


def test_dots_after_a_link_mean_what_the_system_says(tmp_path: Path) -> None:
    put(tmp_path / "far/away/b.jpg")
    put(tmp_path / "far/a.jpg")
    (tmp_path / "link").symlink_to("far/away")

    assert names(scan(tmp_path / "link" / ".."), tmp_path) == {"far/a.jpg": None, "far/away/b.jpg": None}


def test_cancel_is_obeyed_within_256_names(tmp_path: Path) -> None:
    for i in range(600):
        (tmp_path / f"{i}.jpg").touch()
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with pytest.raises(Cancelled):
        scan(tmp_path, cancelled=cancelled)
    assert asked == 3


def test_progress_counts_up_to_all_files(tmp_path: Path) -> None:
    for i in range(3):
        put(tmp_path / f"{i}/a.jpg")
    told: list[int] = []

    scan(tmp_path, on_progress=told.append)

    assert told == sorted(told) and told[-1] == 3


def test_thousand_folders_deep_is_walked_without_recursion(tmp_path: Path) -> None:
    folders = [os.fsencode(tmp_path)]
    for _ in range(1100):
        folders.append(folders[-1] + b"/d")
        os.mkdir(folders[-1])
    photo = folders[-1] + b"/p"
    Path(os.fsdecode(photo)).touch()

    found = scan(tmp_path)

    os.unlink(photo)
    for folder in folders[:0:-1]:  # by hand: the standard library removes trees by recursion
        os.rmdir(folder)
    assert [f.path for f in found.files] == [photo]


def test_paths_longer_than_the_system_takes_are_walked_and_can_be_opened(tmp_path: Path) -> None:
    deep = os.fsencode(tmp_path)
    at = os.open(tmp_path, os.O_RDONLY)
    for i in range(40):
        name = bytes([97 + i % 26]) * 250
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        deep, at = deep + b"/" + name, below
    os.close(os.open("photo.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)

    found = scan(tmp_path)

    (only,) = found.files
    assert len(only.path) > 10_000 and only.path == deep + b"/photo.jpg"
    assert only.skip is None and only.error is None and not found.warnings
    os.close(open_long(only.path, os.O_RDONLY))
    assert stat_long(only.path).st_ino == only.stat.inode
    with pytest.raises(FileNotFoundError):
        open_long(only.path + b"x", os.O_RDONLY)
    shutil.rmtree(tmp_path)


# ------------------------------------------------------------------------------------------------- roots


def test_repeated_and_overlapping_roots_are_merged_whatever_their_order(tmp_path: Path) -> None:
    put(tmp_path / "A/x.jpg")
    put(tmp_path / "A/sub/y.jpg")

    outer_first = scan(tmp_path / "A", tmp_path / "A/sub", tmp_path / "A")
    inner_first = scan(tmp_path / "A/sub", tmp_path / "A", tmp_path / "A/sub/")

    assert outer_first.roots == (os.fsencode(tmp_path / "A"),)
    assert inner_first.roots == (os.fsencode(tmp_path / "A/sub"), os.fsencode(tmp_path / "A"))
    assert [f.path for f in outer_first.files] == [f.path for f in inner_first.files]
    assert [f.root for f in inner_first.files] == [0, 1]  # sub/y.jpg, x.jpg


def test_roots_linked_to_each_other_are_merged_under_the_first_as_spelled(tmp_path: Path) -> None:
    put(tmp_path / "A/x.jpg")
    put(tmp_path / "A/sub/y.jpg")
    (tmp_path / "L").symlink_to("A")
    (tmp_path / "S").symlink_to("A/sub")

    assert names(scan(tmp_path / "L", tmp_path / "A"), tmp_path) == {"L/x.jpg": None, "L/sub/y.jpg": None}
    assert names(scan(tmp_path / "S", tmp_path / "A", tmp_path / "L"), tmp_path) == {"S/y.jpg": None, "A/x.jpg": None}


def test_root_that_is_a_link_inside_another_root_leaves_no_second_record(tmp_path: Path) -> None:
    put(tmp_path / "A/sub/y.jpg")
    (tmp_path / "A/L").symlink_to("sub")

    assert names(scan(tmp_path / "A/L", tmp_path / "A"), tmp_path) == {"A/L/y.jpg": None}


def test_single_file_as_root_is_that_one_file(tmp_path: Path) -> None:
    put(tmp_path / "A/.hidden.jpg")
    put(tmp_path / "A/b.jpg")
    (tmp_path / "l.jpg").symlink_to("A/b.jpg")

    assert names(scan(tmp_path / "A/.hidden.jpg"), tmp_path) == {"A/.hidden.jpg": None}
    assert names(scan(tmp_path / "A/b.jpg", tmp_path / "A", tmp_path / "A/.hidden.jpg"), tmp_path) == {
        "A/b.jpg": None,
        "A/.hidden.jpg": None,
    }
    assert names(scan(tmp_path / "l.jpg", tmp_path / "A"), tmp_path) == {"l.jpg": None, "A/.hidden.jpg": "scan.hidden"}
    assert names(scan(tmp_path / "A", tmp_path / "l.jpg"), tmp_path) == {"A/b.jpg": None, "A/.hidden.jpg": "scan.hidden"}


# ------------------------------------------------------------------------------------------------- folders left out


def test_hidden_system_and_trash_folders_are_counted_by_reason(tmp_path: Path) -> None:
    left_out = {
        "hidden": [".git", ".thumbnails"],
        "trash": ["$RECYCLE.BIN", ".Trash-1000", "sub/Trash", "#recycle"],
        "system": ["System Volume Information", "lost+found"],
        "lrdata": ["Catalog Previews.lrdata"],
        "eadir": ["sub/@eaDir"],
    }
    for folders in left_out.values():
        for folder in folders:
            put(tmp_path / folder / "in/x.jpg")
    put(tmp_path / ".hidden.jpg")
    put(tmp_path / "sub/a.jpg")

    found = scan(tmp_path)

    assert found.folders_skipped == {reason: len(folders) for reason, folders in left_out.items()}
    assert names(found, tmp_path) == {".hidden.jpg": "scan.hidden", "sub/a.jpg": None}


def test_hidden_folder_given_as_root_is_entered_and_not_counted(tmp_path: Path) -> None:
    put(tmp_path / ".photos/a.jpg")
    put(tmp_path / "b.jpg")

    for roots in ((tmp_path, tmp_path / ".photos"), (tmp_path / ".photos", tmp_path)):
        found = scan(*roots)
        assert found.folders_skipped == {}
        assert names(found, tmp_path) == {".photos/a.jpg": None, "b.jpg": None}


def test_quarantine_is_never_entered_even_as_root_or_from_below(tmp_path: Path) -> None:
    put(tmp_path / "lib/a.jpg")
    put(tmp_path / "lib/q/.imgfp-quarantine", MARK)
    put(tmp_path / "lib/q/run/b.jpg")
    (tmp_path / "lib/to-q").symlink_to("q/run/b.jpg")
    expected = {"lib/a.jpg": None, "lib/to-q": "scan.link"}

    for roots in (("lib",), ("lib", "lib/q"), ("lib/q", "lib")):
        found = scan(*(tmp_path / root for root in roots))
        assert names(found, tmp_path) == expected
        assert found.folders_skipped == {"quarantine": 1}
        assert found.roots == (os.fsencode(tmp_path / "lib"),)
    below = scan(tmp_path / "lib/q/run")
    assert not below.files and below.folders_skipped == {"quarantine": 1}
    assert is_quarantine(os.fsencode(tmp_path / "lib/q")) and not is_quarantine(os.fsencode(tmp_path / "lib"))


@pytest.mark.parametrize("mark", ["other line", "link", "folder", "fifo", "empty"])
def test_what_only_looks_like_a_quarantine_is_scanned(tmp_path: Path, mark: str) -> None:
    place = tmp_path / "q/.imgfp-quarantine"
    put(tmp_path / "q/a.jpg")
    if mark == "link":
        place.symlink_to(put(tmp_path / "real", MARK))
    elif mark == "folder":
        place.mkdir()
    elif mark == "fifo":
        os.mkfifo(place)
    else:
        place.write_bytes(b"something else\n" if mark == "other line" else b"")

    assert names(scan(tmp_path / "q"), tmp_path / "q")["a.jpg"] is None


# ------------------------------------------------------------------------------------------------- files left out


def test_pipes_and_sockets_are_recorded_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # a socket's path is short
        try:
            server.bind("socket.jpg")
        finally:
            os.chdir(here)

    found = scan(tmp_path, tmp_path / "pipe.jpg")

    assert names(found, tmp_path) == {"pipe.jpg": "scan.not-regular", "socket.jpg": "scan.not-regular"}


def test_further_names_of_an_inode_point_at_the_first_by_path(tmp_path: Path) -> None:
    original = put(tmp_path / "m.jpg")
    for name in ("z.jpg", "a/x.jpg", ".b.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        os.link(original, tmp_path / name)

    found = scan(tmp_path)

    assert names(found, tmp_path) == {
        ".b.jpg": "scan.hidden",
        "a/x.jpg": None,
        "m.jpg": "scan.hard-link",
        "z.jpg": "scan.hard-link",
    }
    assert {f.same_as for f in found.files if f.skip == "scan.hard-link"} == {os.fsencode(tmp_path / "a/x.jpg")}


def test_hard_link_written_to_between_two_looks_is_still_one_file(tmp_path: Path) -> None:
    os.link(put(tmp_path / "a.jpg"), tmp_path / "b.jpg")
    first, second = scan(tmp_path).files
    stale = replace(second, skip=None, same_as=None, stat=replace(second.stat, size=99))

    assert [f.skip for f in mark_hard_links([first, stale])] == [None, "scan.hard-link"]


def test_unrelated_files_with_an_invented_inode_stay_apart(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", b"one")
    put(tmp_path / "b.jpg", b"other")
    a, b = (replace(f, stat=replace(f.stat, inode=7)) for f in scan(tmp_path).files)

    assert [f.skip for f in mark_hard_links([a, b])] == [None, None]


# ------------------------------------------------------------------------------------------------- links


def test_links_below_a_root_are_skipped_unless_they_alone_lead_to_something_inside(tmp_path: Path) -> None:
    put(tmp_path / "out/o.jpg")
    put(tmp_path / "A/real/r.jpg")
    put(tmp_path / "A/.store/s.jpg")
    put(tmp_path / "A/.store/deep/t.jpg")
    put(tmp_path / "A/Trash/gone.jpg")
    put(tmp_path / "A/.h.jpg")
    for link, target in {
        "dangling": "nowhere",
        "ring": "ring",
        "outside.jpg": "../out/o.jpg",
        "outside": "../out",
        "again.jpg": "real/r.jpg",
        "folder": "real",
        "up": ".",
        "thrown.jpg": "Trash/gone.jpg",
        "hidden.jpg": ".h.jpg",
        "s1.jpg": ".store/s.jpg",
        "s2.jpg": ".store/s.jpg",
        "t": ".store/deep",
        "t2": ".store/deep",
        ".dotlink": ".store/s.jpg",
    }.items():
        (tmp_path / "A" / link).symlink_to(target)

    assert names(scan(tmp_path / "A"), tmp_path / "A") == {
        **dict.fromkeys(("dangling", "ring", "outside.jpg", "outside", "again.jpg", "folder", "up", "thrown.jpg"), "scan.link"),
        **dict.fromkeys(("hidden.jpg", "s2.jpg", "t2"), "scan.link"),
        **dict.fromkeys((".dotlink", ".h.jpg"), "scan.hidden"),
        **dict.fromkeys(("real/r.jpg", "s1.jpg", "t/t.jpg")),
    }


def test_link_to_another_root_is_skipped_for_it_is_reached_there(tmp_path: Path) -> None:
    put(tmp_path / "A/a.jpg")
    put(tmp_path / "B/b.jpg")
    (tmp_path / "A/to-b").symlink_to("../B")

    assert names(scan(tmp_path / "A", tmp_path / "B"), tmp_path) == {"A/a.jpg": None, "A/to-b": "scan.link", "B/b.jpg": None}
    assert names(scan(tmp_path / "A"), tmp_path) == {"A/a.jpg": None, "A/to-b": "scan.link"}


def test_rings_of_links_through_a_hidden_folder_end(tmp_path: Path) -> None:
    put(tmp_path / ".store/a.jpg")
    (tmp_path / ".store/back").symlink_to("..")
    (tmp_path / ".store/self").symlink_to("../.store")
    (tmp_path / "in").symlink_to(".store")

    assert names(scan(tmp_path), tmp_path) == {"in/a.jpg": None, "in/back": "scan.link", "in/self": "scan.link"}


def test_followed_link_to_a_hard_linked_file_is_a_further_name(tmp_path: Path) -> None:
    os.link(put(tmp_path / "a.jpg"), tmp_path / "b.jpg")
    (tmp_path / ".store").mkdir()
    os.link(tmp_path / "a.jpg", tmp_path / ".store/c.jpg")
    (tmp_path / "z.jpg").symlink_to(".store/c.jpg")

    assert names(scan(tmp_path), tmp_path) == {"a.jpg": None, "b.jpg": "scan.hard-link", "z.jpg": "scan.hard-link"}


# ------------------------------------------------------------------------------------------------- trouble


class _Failing:
    """Entries of a listing of which some fail to be looked up."""

    def __init__(self, entry: os.DirEntry[str], error: OSError | None) -> None:
        self._entry, self._error = entry, error
        self.name = entry.name

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        if self._error is not None:
            raise self._error
        return self._entry.stat(follow_symlinks=follow_symlinks)

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return self._entry.is_dir(follow_symlinks=follow_symlinks)


class _Listing:
    def __init__(self, inner: object, errors: dict[str, OSError], broken: bool) -> None:
        self._inner, self._errors, self._broken = inner, errors, broken

    def __enter__(self) -> _Listing:
        return self

    def __exit__(self, *_: object) -> None:
        self._inner.close()  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[_Failing]:
        for entry in self._inner:  # type: ignore[attr-defined]
            yield _Failing(entry, self._errors.get(entry.name))
        if self._broken:
            raise OSError(5, "input/output error")


def _fail(monkeypatch: pytest.MonkeyPatch, errors: dict[str, OSError], *, broken: bool = False) -> None:
    real = os.scandir
    monkeypatch.setattr(listing_module.os, "scandir", lambda place: _Listing(real(place), errors, broken))


def test_file_that_cannot_be_looked_up_has_an_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("gone.jpg", "shut.jpg", "ok.jpg", "bad.jpg"):
        put(tmp_path / name)
    (tmp_path / "folder").mkdir()
    denied = PermissionError(13, "denied")
    _fail(
        monkeypatch, {"gone.jpg": FileNotFoundError(2, "gone"), "shut.jpg": denied, "bad.jpg": OSError(5, "io"), "folder": denied}
    )

    found = scan(tmp_path)

    assert names(found, tmp_path) == {
        "bad.jpg": "read.io",
        "gone.jpg": "read.vanished",
        "ok.jpg": None,
        "shut.jpg": "read.denied",
    }
    assert found.folders_skipped == {"denied": 1} and len(found.warnings) == 1


def test_folder_whose_listing_breaks_off_keeps_what_was_seen_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.jpg")
    _fail(monkeypatch, {}, broken=True)

    found = scan(tmp_path)

    assert names(found, tmp_path) == {"a.jpg": None}
    assert found.folders_skipped == {"unreadable": 1} and "may be missing" in found.warnings[0]


@pytest.mark.parametrize(
    ("error", "skipped"), [(PermissionError(13, "denied"), {"denied": 1}), (FileNotFoundError(2, "gone"), {})]
)
def test_folder_that_cannot_be_opened_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, skipped: dict[str, int]
) -> None:
    put(tmp_path / "shut\x1b/a.jpg")
    put(tmp_path / "b.jpg")
    real = listing_module.open_long

    def opening(path: bytes, flags: int) -> int:
        if path.endswith(b"shut\x1b"):
            raise error
        return real(path, flags)

    monkeypatch.setattr(listing_module, "open_long", opening)

    found = scan(tmp_path)

    assert names(found, tmp_path) == {"b.jpg": None}
    assert found.folders_skipped == skipped
    assert len(found.warnings) == 1 and "shut\\x1b" in found.warnings[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_folder_without_permission_is_counted_as_denied(tmp_path: Path) -> None:
    put(tmp_path / "shut/a.jpg")
    os.chmod(tmp_path / "shut", 0)
    try:
        found = scan(tmp_path)
        itself = scan(tmp_path / "shut")
    finally:
        os.chmod(tmp_path / "shut", 0o700)

    assert found.folders_skipped == itself.folders_skipped == {"denied": 1}


def test_folder_swapped_for_a_link_while_walking_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "lib/sub/a.jpg")
    put(tmp_path / "secret/s.jpg")
    real = listing_module.open_long

    def opening(path: bytes, flags: int) -> int:
        if path.endswith(b"/sub"):
            os.rename(tmp_path / "lib/sub", tmp_path / "lib/was")
            (tmp_path / "lib/sub").symlink_to(tmp_path / "secret")
        return real(path, flags)

    monkeypatch.setattr(listing_module, "open_long", opening)

    assert all(b"s.jpg" not in f.path for f in scan(tmp_path / "lib").files)


# ------------------------------------------------------------------------------------------------- properties

NODES = st.sampled_from(["a", "b", "a/a", "a/b", "b/.c", "a/b/c", ".h", "b/Trash"])
STEPS = st.lists(st.tuples(st.sampled_from(["file", "folder", "link", "hard"]), NODES, NODES), max_size=14)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.permutations(["", "a", "b", "a/b"]), st.integers(1, 4))
def test_any_tree_and_roots_give_each_file_once_and_nothing_written(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]], order: list[str], count: int
) -> None:
    base = tmp_path_factory.mktemp("tree")
    for kind, where, target in steps:
        try:
            if kind == "file":
                put(base / (where + ".jpg"), where.encode())
            elif kind == "folder":
                (base / where).mkdir(parents=True, exist_ok=True)
            elif kind == "link":
                (base / where).symlink_to(base / target)
            else:
                os.link(base / (target + ".jpg"), base / (where + "2.jpg"))
        except OSError:
            continue
    roots = [base / name for name in order if (base / name).exists()][:count]
    before = identity(base)

    found = scan(*roots)

    assert identity(base) == before
    assert scan(*roots) == found
    paths = [f.path for f in found.files]
    assert paths == sorted(set(paths))
    real = [os.path.realpath(f.path) for f in found.files if f.skip != "scan.link" and not os.path.islink(f.path)]
    assert len(real) == len(set(real))
    inodes = [f.stat.inode for f in found.files if f.skip is None]
    assert len(inodes) == len(set(inodes))
    by_path = {f.path: f for f in found.files}
    for f in found.files:
        assert f.path.startswith(found.roots[f.root])
        if f.same_as is not None:
            assert by_path[f.same_as].skip is None and f.same_as < f.path
    shutil.rmtree(base)
