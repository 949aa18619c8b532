"""What a scan knows of the folders it was given: the files in the order of the report, and the shots they form."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from engine.records import PictureFacts, Role, Shot, StatFacts


@dataclass(slots=True)
class LibraryFile:
    """One file met (or known from an absent volume). `id` is its place in raw path order.

    row: its row in the store, which keeps one in memory where it cannot write. provisional: facts and row are those of the
    embedded thumbnail, and the row lies in the quick store. stale_thumbnail: that one shows another picture than the file.
    """

    id: int
    path: bytes
    stat: StatFacts
    status: str
    code: str | None = None
    facts: PictureFacts | None = None
    row: int | None = None
    same_as: int | None = None
    shot: int | None = None
    role: Role | None = None
    from_cache: bool = False
    provisional: bool = False
    stale_thumbnail: bool = False

    @property
    def is_picture(self) -> bool:
        """It takes part in matching."""
        return self.facts is not None and self.facts.is_picture and self.status in ("ok", "partial")

    @property
    def is_problem(self) -> bool:
        """Worth telling: an error, a damaged picture, or one that was skipped for its size."""
        return self.status in ("error", "partial") or self.code == "decode.too-large"

    @property
    def digest(self) -> bytes | None:
        """BLAKE3 of the whole file where it is known."""
        return self.facts.blake3 if self.facts is not None else None


@dataclass(slots=True)
class Library:
    """The outcome of walking and reading. `final` is False for a look taken while reading goes on."""

    roots: tuple[bytes, ...]
    files: list[LibraryFile]
    shots: tuple[Shot, ...] = ()
    shared_companions: frozenset[int] = frozenset()
    folders_skipped: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    computed: int = 0
    cached: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    final: bool = False
    cancelled: bool = False

    def pictures(self) -> list[LibraryFile]:
        """The files that take part in matching, in path order."""
        return [file for file in self.files if file.is_picture]

    def find(self, path: bytes) -> LibraryFile | None:
        """The file of this raw path."""
        place = bisect_left(self.files, path, key=lambda file: file.path)
        found = self.files[place] if place < len(self.files) else None
        return found if found is not None and found.path == path else None

    def companions(self, file: LibraryFile) -> list[LibraryFile]:
        """The other files of this file's shot."""
        if file.shot is None:
            return []
        return [self.files[i] for i in self.shots[file.shot].files if i != file.id]
