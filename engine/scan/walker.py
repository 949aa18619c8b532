"""Walks folders and tells every file met, each once, with one outcome. Opens no file but a quarantine's mark, writes nothing."""

from __future__ import annotations

import heapq
import os
import stat
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence

from engine.errors import Cancelled
from engine.names import display_text
from engine.records import Walk
from engine.scan.folders import inside_quarantine, is_hidden, pseudo_devices, refusal
from engine.scan.gathering import Gathering
from engine.scan.hard_links import mark_further_names
from engine.scan.listing import Failure, Listing, list_folder, read_code
from engine.scan.longpath import stat_long
from engine.scan.roots import Root, open_roots

_ATTRIBUTES = any(hasattr(os.stat_result, name) for name in ("st_file_attributes", "st_flags"))
"""This system hides files by an attribute, too."""


def _never() -> bool:
    return False


def walk(
    roots: Sequence[bytes],
    *,
    cancelled: Callable[[], bool] = _never,
    on_progress: Callable[[int], None] | None = None,
    offline_roots: Sequence[bytes] = (),
) -> Walk:
    """Every file below `roots` (raw paths of folders, or of single files), each once, under the first root given.

    cancelled: asked at least every 256 names. on_progress: told the number of files met so far, once a folder.
    offline_roots: those of `roots` whose volume is known to be absent; they stay in the answer's roots and hold no files.
    The answer's roots are those given, in that order, without those that others had reached already or that are a quarantine.
    Links are looked at after all else, in path order. Raises FolderMissing before anything is looked at, and Cancelled.
    """
    walker = _Walker(open_roots(roots, offline_roots), cancelled, on_progress)
    walker.walk_roots()
    walker.follow_links()
    return walker.result()


class _Walker:
    """State of one walk: what was met, which folders were read, which links wait."""

    def __init__(self, given: list[Root], cancelled: Callable[[], bool], on_progress: Callable[[int], None] | None) -> None:
        self._given = given
        self._cancelled = cancelled
        self._on_progress = on_progress
        self._roots: list[Root] = []
        self._files = Gathering()
        self._skipped: Counter[str] = Counter()
        self._warnings: list[str] = []
        self._read: dict[tuple[int, int], set[bytes]] = {}  # folders read: (device, inode) to digests of their names
        self._taken: set[bytes] = set()  # real paths of files that are a root or were reached by a link
        self._links: list[tuple[bytes, int, os.stat_result]] = []  # heap by path
        self._root_paths = {root.path for root in given}
        self._root_keys = {(r.facts.st_dev, r.facts.st_ino) for r in given if r.facts is not None and r.is_folder}
        self._file_roots = {root.real for root in given if root.facts is not None and not root.is_folder}
        self._file_root_names = {os.path.basename(real) for real in self._file_roots}
        self._quarantines: set[tuple[int, int]] = set()
        self._pseudo = pseudo_devices()

    # ----------------------------------------------------------------------------------------- the plain walk

    def walk_roots(self) -> None:
        """Every root in the order given; one that was reached already adds nothing and is dropped."""
        for root in self._given:
            if root.facts is None:
                self._roots.append(root)
            elif inside_quarantine(root.real if root.is_folder else os.path.dirname(root.real)):
                self._quarantines.add((root.facts.st_dev, root.facts.st_ino))
            elif root.is_folder:
                self._walk_root(root)
            else:
                self._take_root_file(root, root.facts)

    def _walk_root(self, root: Root) -> None:
        listing = self._list(root.path, follow=True)
        if listing is not None and self._was_read(listing):
            return
        self._roots.append(root)
        if listing is not None:
            self._walk_below(root.path, listing, len(self._roots) - 1)

    def _take_root_file(self, root: Root, facts: os.stat_result) -> None:
        if root.real in self._taken or self._folder_was_read(os.path.dirname(root.real)):
            return
        self._taken.add(root.real)
        self._roots.append(root)
        skip = None if stat.S_ISREG(facts.st_mode) else "scan.not-regular"
        self._files.add(root.path, len(self._roots) - 1, facts, skip)

    def _walk_below(self, path: bytes, listing: Listing, root: int) -> None:
        """Everything below a folder that was listed, depth first in byte order, without recursion."""
        stack = self._take_entries(path, listing, root)
        while stack:
            folder = stack.pop()
            below = self._list(folder, follow=False)
            if below is not None and not self._was_read(below):
                stack.extend(self._take_entries(folder, below, root))

    def _list(self, path: bytes, *, follow: bool) -> Listing | None:
        """The folder's listing, or None, counted and said, where it cannot or must not be entered."""
        if self._cancelled():
            raise Cancelled
        try:
            listing = list_folder(path, follow=follow, cancelled=self._cancelled)
        except OSError as error:
            self._folder_failed(path, read_code(error))
            return None
        if listing.quarantine:
            self._quarantines.add(listing.key)
            return None
        if not listing.complete:
            self._folder_failed(path, "read.io")
        return listing

    def _folder_failed(self, path: bytes, code: str) -> None:
        shown = display_text(path)
        if code == "read.vanished":
            self._warnings.append(f"The folder {shown} went away while it was scanned.")
        elif code == "read.denied":
            self._skipped["denied"] += 1
            self._warnings.append(f"The folder {shown} may not be opened, so its photos were left out.")
        else:
            self._skipped["unreadable"] += 1
            self._warnings.append(f"The folder {shown} could not be read to its end, so photos in it may be missing here.")

    def _was_read(self, listing: Listing) -> bool:
        """True if this very folder was read before, by whatever path; remembers it otherwise.

        Inodes alone are not believed (some network and FAT drivers invent them): the names inside must be the same too.
        """
        digests = self._read.setdefault(listing.key, set())
        if listing.digest in digests and listing.key[1] != 0:
            return True
        digests.add(listing.digest)
        return False

    def _take_entries(self, folder: bytes, listing: Listing, root: int) -> list[bytes]:
        """Records the folder's files; returns the subfolders to enter, the first in byte order last."""
        start = os.path.join(folder, b"")
        odd = self._odd_places(listing)
        below: list[bytes] = []
        if not odd:
            self._files.add_all([start + name for name in listing.names], root, listing.facts)  # type: ignore[arg-type]
        else:
            self._take_mixed(start, listing, root, odd, below)
        if self._on_progress is not None:
            self._on_progress(len(self._files))
        return below[::-1]

    def _odd_places(self, listing: Listing) -> list[int]:
        """Places of all names, ascending, that are more than a visible, regular file; the many others are taken as one."""
        names, plain = listing.names, stat.S_IFREG
        odd = {place for place, facts in enumerate(listing.facts) if facts is None or facts.st_mode & 0o170000 != plain}
        if _ATTRIBUTES:
            odd.update(place for place, name in enumerate(names) if is_hidden(name, listing.facts[place]))
        else:
            odd.update(range(bisect_left(names, b"."), bisect_left(names, b"/")))
        if self._file_root_names:
            odd.update(place for place, name in enumerate(names) if name in self._file_root_names)
        return sorted(odd)

    def _take_mixed(self, start: bytes, listing: Listing, root: int, odd: list[int], below: list[bytes]) -> None:
        """The odd names one by one, what lies between them as one; the subfolders to enter are added to `below`."""
        names, facts, done = listing.names, listing.facts, 0
        for count, place in enumerate([*odd, len(names)]):
            if count % 256 == 255 and self._cancelled():
                raise Cancelled
            if done < place:
                self._files.add_all([start + name for name in names[done:place]], root, facts[done:place])  # type: ignore[arg-type]
            done = place + 1
            if place == len(names):
                return
            name, own, failure = names[place], facts[place], listing.failures.get(place)
            if failure.is_folder if failure is not None else own is not None and stat.S_ISDIR(own.st_mode):
                if self._may_enter(name, own, failure, start + name, listing.key[0]):
                    below.append(start + name)
            else:
                self._take_file(start + name, name, own, failure, root)

    def _may_enter(self, name: bytes, facts: os.stat_result | None, failure: Failure | None, path: bytes, device: int) -> bool:
        if facts is None:
            self._folder_failed(path, failure.code if failure is not None else "read.io")
            return False
        reason = refusal(name, facts)
        if reason is None and facts.st_dev != device and facts.st_dev in self._pseudo:
            reason = "system"
        if reason is None:
            return True
        if (facts.st_dev, facts.st_ino) not in self._root_keys:  # a root of its own is walked as such
            self._skipped[reason] += 1
        return False

    def _take_file(self, path: bytes, name: bytes, facts: os.stat_result | None, failure: Failure | None, root: int) -> None:
        if facts is None:
            self._files.add(path, root, None, failure.code if failure is not None else "read.io")
            return
        named = name in self._file_root_names and os.path.realpath(path) in self._file_roots
        if stat.S_ISLNK(facts.st_mode):
            if is_hidden(name, facts) and path not in self._root_paths:
                self._files.add(path, root, facts, "scan.hidden")
            elif path not in self._root_paths:
                heapq.heappush(self._links, (path, root, facts))
            return
        if named and os.path.realpath(path) in self._taken:
            return
        code = None
        if is_hidden(name, facts) and not named:
            code = "scan.hidden"
        elif not stat.S_ISREG(facts.st_mode):
            code = "scan.not-regular"
        self._files.add(path, root, facts, code)

    # ----------------------------------------------------------------------------------------- links

    def follow_links(self) -> None:
        """Links in path order, those met on the way included. Each folder is read once, so no ring of links can hold us."""
        while self._links:
            if self._cancelled():
                raise Cancelled
            path, root, facts = heapq.heappop(self._links)
            if not self._follow(path, root):
                self._files.add(path, root, facts, "scan.link")

    def _follow(self, path: bytes, root: int) -> bool:
        """Takes what the link leads to; False where it is to be skipped."""
        try:
            target = os.path.realpath(path, strict=True)
            facts = stat_long(target)
        except OSError:
            return False
        if not self._is_ours(target, folder=stat.S_ISDIR(facts.st_mode)):
            return False
        if stat.S_ISDIR(facts.st_mode):
            return self._follow_to_folder(path, root)
        if not stat.S_ISREG(facts.st_mode) or target in self._taken or self._folder_was_read(os.path.dirname(target)):
            return False
        self._taken.add(target)
        self._files.add(path, root, facts)
        return True

    def _follow_to_folder(self, path: bytes, root: int) -> bool:
        try:
            listing = list_folder(path, follow=True, cancelled=self._cancelled)
        except OSError:
            return False
        if listing.quarantine or self._was_read(listing):
            return False
        self._walk_below(path, listing, root)
        return True

    def _is_ours(self, target: bytes, *, folder: bool) -> bool:
        """True if the real path lies under a root and not in a folder that is shut even for links.

        A visible link opens a hidden folder (its owner put it there); trash, caches and quarantines stay shut.
        """
        over = [root.real for root in self._given if root.facts is not None and _lies_under(target, root.real)]
        if not over:
            return False
        nearest = max(over, key=len)
        below = target[len(nearest) :].strip(b"/").split(b"/")
        folders = below if folder else below[:-1]
        if any(refusal(name) not in (None, "hidden") for name in folders):
            return False
        return not inside_quarantine(target if folder else os.path.dirname(target))

    def _folder_was_read(self, folder: bytes) -> bool:
        try:
            facts = stat_long(folder)
        except OSError:
            return False
        return (facts.st_dev, facts.st_ino) in self._read

    # ----------------------------------------------------------------------------------------- the answer

    def result(self) -> Walk:
        """All that was met, sorted by raw path."""
        files = self._files.found()
        mark_further_names(files)
        if self._quarantines:
            self._skipped["quarantine"] = len(self._quarantines)
        return Walk(
            roots=tuple(root.path for root in self._roots),
            files=files,
            folders_skipped=dict(sorted(self._skipped.items())),
            warnings=tuple(sorted(self._warnings)),
        )


def _lies_under(path: bytes, folder: bytes) -> bool:
    return path == folder or path.startswith(folder.rstrip(b"/") + b"/")
