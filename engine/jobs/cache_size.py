"""How large the cache is beside the photos it is of, and keeping it within its bound."""

from __future__ import annotations

import os
from typing import Any

from engine.config import cache_bound
from engine.store import FingerprintStore
from engine.store.thumbnails import Thumbnails
from engine.volumes import Volumes


def told(info: dict[str, Any]) -> dict[str, Any]:
    """What `FingerprintStore.info` says, with all bytes together, the bound, and the share of the photos (None: no photos)."""
    total, photos = _total(info), info.get("photo_bytes", 0)
    return info | {"all_bytes": total, "bound": cache_bound(photos), "share": round(total / photos, 4) if photos else None}


def made_smaller(store: FingerprintStore, small: Thumbnails, bound: int | None = None) -> dict[str, int]:
    """Compact; above the bound (bytes; None: what the photos allow) small pictures go, then what is known of files long gone.

    Raises StoreLocked and StoreError.
    """
    answer = store.compact()
    pictures, info = small.compact(), store.info()
    most = cache_bound(info.get("photo_bytes", 0)) if bound is None else bound
    over = _total(info) - most
    if over > 0:
        taken = info["sizes"]["thumbnails"]
        pictures += small.compact(max(taken - over, 0))
        over = _total(store.info()) - most
    gone = store.drop_gone(_Gone(), over) if over > 0 else 0
    if gone:
        again = store.compact()
        answer = {name: value + again[name] for name, value in answer.items()} | {
            "bytes_before": answer["bytes_before"],
            "bytes_after": again["bytes_after"],
        }
    return answer | {"thumbnails_dropped": pictures, "files_dropped": gone}


def _total(info: dict[str, Any]) -> int:
    return sum(info.get("sizes", {}).values())


class _Gone:
    """Says of a file that it is no more: its volume is there and it is not."""

    def __init__(self) -> None:
        self._volumes = Volumes()
        self._absent: dict[str, bool] = {}

    def __call__(self, path: bytes, volume: str) -> bool:
        if volume not in self._absent:
            self._absent[volume] = self._volumes.is_absent(volume)
        if self._absent[volume]:
            return False
        try:
            os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except (OSError, ValueError):
            pass  # it may be there: we only cannot look
        return False
