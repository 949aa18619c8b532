"""What plans are made of, whoever makes them: shots with all that travels along, which kept photo stands for one that goes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine import formats
from engine.actions import PlanFile
from engine.jobs.library import Library, LibraryFile


def whole_shot(library: Library, file: LibraryFile) -> list[LibraryFile]:
    """A file and all others of its shot, the file first."""
    return [file, *library.companions(file)]


def plan_file(unit: Sequence[LibraryFile], digests: Mapping[int, bytes]) -> PlanFile:
    """A shot as the plan names it: its first picture with everything that travels along. digests: by file id."""
    main, *rest = unit
    companions = tuple(PlanFile(c.path, c.stat.size, c.stat.mtime_ns, digests[c.id], ()) for c in rest)
    return PlanFile(main.path, main.stat.size, main.stat.mtime_ns, digests[main.id], companions)


def distance(kept: LibraryFile, gone: LibraryFile) -> tuple[bool, bool, int]:
    """How far a kept picture is from one that goes, of one nest: equal bytes, else the same kind, else the first by path."""
    same = kept.digest is not None and kept.digest == gone.digest
    return not same, (kept.facts and kept.facts.kind) != (gone.facts and gone.facts.kind), kept.id


def neighbours(paths: Iterable[bytes]) -> Iterator[bytes]:
    """Files beside these that may belong to the same shot: same stem, a suffix that photos and companions have.

    The folder is read anew: a sidecar written since the scan travels too.
    """
    stems: dict[bytes, set[bytes]] = {}
    for path in paths:
        folder, name = os.path.split(path)
        stems.setdefault(folder, set()).add(_stem(name))
    for folder, wanted in stems.items():
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if _stem(name) in wanted and formats.suffix_kind(name) is not None and not name.startswith(b"."):
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    yield path


def _stem(name: bytes) -> bytes:
    return name.split(b".", 1)[0].lower()
