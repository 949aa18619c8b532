"""A catalog that may only be read (or no longer written), and over it one in memory that takes what is put meanwhile."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.store.catalog import TROUBLE, Catalog, Record
from engine.store.stored_file import StoredFile

Rows = NDArray[np.int64]


class LayeredCatalog:
    """The same door as `Catalog`. What is put or forgotten hides what lies below; below nothing changes."""

    write = True

    def __init__(self, base: Catalog, profile: str, capacity: int) -> None:
        self._base: Catalog | None = base
        self._top = Catalog.memory(profile, capacity)
        self._hidden: set[tuple[bytes, str | None]] = set()  # path and volume; None: on every volume
        self.capacity = capacity

    def drop_base(self) -> bool:
        """Forget what lies below, because it proved damaged. False when that has been done already."""
        if self._base is None:
            return False
        self._base.abandon()
        self._base = None
        return True

    def _both(self, query: Callable[[Catalog], Iterator[StoredFile]]) -> Iterator[StoredFile]:
        below = query(self._base) if self._base is not None else iter(())
        for file in below:
            if (file.path, file.volume) not in self._hidden and (file.path, None) not in self._hidden:
                yield file
        yield from query(self._top)

    def by_paths(self, paths: Sequence[bytes]) -> Iterator[StoredFile]:
        """As `Catalog.by_paths`."""
        return self._both(lambda catalog: catalog.by_paths(paths))

    def by_identities(self, identities: Iterable[tuple[int, int, int, int]]) -> Iterator[StoredFile]:
        """As `Catalog.by_identities`."""
        wanted = list(identities)
        return self._both(lambda catalog: catalog.by_identities(wanted))

    def by_digests(self, digests: Iterable[bytes]) -> Iterator[StoredFile]:
        """As `Catalog.by_digests`."""
        wanted = list(digests)
        return self._both(lambda catalog: catalog.by_digests(wanted))

    def sampled(self, size: int, mtime_ns: int, but_device: int, sample: bytes | None) -> Iterator[StoredFile]:
        """As `Catalog.sampled`."""
        return self._both(lambda catalog: catalog.sampled(size, mtime_ns, but_device, sample))

    def below(self, root: bytes) -> Iterator[StoredFile]:
        """As `Catalog.below`."""
        return iter(sorted(self._both(lambda catalog: catalog.below(root)), key=lambda file: file.path))

    def all(self) -> Iterator[StoredFile]:
        """As `Catalog.all`."""
        return self._both(lambda catalog: catalog.all())

    def by_rows(self, rows: Sequence[int]) -> Iterator[StoredFile]:
        """As `Catalog.by_rows`."""
        return self._both(lambda catalog: catalog.by_rows(rows))

    def count(self) -> int:
        """As `Catalog.count`; reads all records."""
        return sum(1 for _ in self.all())

    def digest_sizes(self) -> Rows:
        """As `Catalog.digest_sizes`, some of them hidden by now."""
        return np.unique(np.concatenate([catalog.digest_sizes() for catalog in self._layers()]))

    def photo_bytes(self) -> int:
        """As `Catalog.photo_bytes`, those hidden by now included."""
        return sum(catalog.photo_bytes() for catalog in self._layers())

    def volumes(self) -> dict[str, int]:
        """As `Catalog.volumes`."""
        return dict(sorted(Counter(file.volume for file in self.all()).items()))

    def profiles(self) -> dict[str, int]:
        """As `Catalog.profiles`."""
        below = self._base.profiles() if self._base is not None else {}
        return below | dict.fromkeys(self._top.profiles(), self.count())

    def rows(self) -> Rows:
        """As `Catalog.rows`."""
        return np.unique(np.array([file.row for file in self.all() if file.row is not None], np.int64))

    def next_row(self) -> int:
        """As `Catalog.next_row`."""
        return max(catalog.next_row() for catalog in self._layers())

    def state(self) -> bytes:
        """As `Catalog.state`; that of what lies below as long as nothing was put or forgotten."""
        if self._base is not None and not self._hidden:
            return self._base.state()
        return hashlib.blake2b(b"".join(catalog.state() for catalog in self._layers()), digest_size=16).digest()

    def put(self, records: Sequence[Record], next_row: int) -> None:
        """As `Catalog.put`, into memory."""
        self._top.put(records, next_row)
        for record in records:
            path, volume = record.fields[:2]
            self._hidden.add((path, volume if isinstance(volume, str) else volume.decode("utf-8", "surrogatepass")))

    def forget(self, paths: Sequence[bytes], volume: str | None) -> None:
        """As `Catalog.forget`, in memory."""
        self._top.forget(paths, volume)
        self._hidden.update((path, volume) for path in paths)

    def complaints(self) -> list[str]:
        """As `Catalog.complaints`."""
        return [complaint for catalog in self._layers() for complaint in catalog.complaints()]

    def abandon(self) -> None:
        """As `Catalog.abandon`."""
        for catalog in self._layers():
            try:
                catalog.abandon()
            except TROUBLE:
                continue

    def _layers(self) -> list[Catalog]:
        return [self._top] if self._base is None else [self._base, self._top]
