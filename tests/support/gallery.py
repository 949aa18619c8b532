"""Clusters of photos that differ in ways a test names: turned, mirrored, cut out, smaller, protected, unreadable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QRectF

from engine.records import Cluster, ClusterState, FileView, ImageReply, PairView, Suggest, Tier, Verdict
from imgfp_gui.parts.painting import upright
from tests.support.scenes import scene
from tests.support.scripted_session import ScriptedSession

PAINTED = 2000  # px of the longer side that a scene is painted at
WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Photo:
    """A photo. width, height: px as displayed. look: photos of one cluster with the same look show the same scene.

    turn, mirror: degrees clockwise, after mirroring, by which it must be turned to lie like the first. cut: part of the first
    one that it shows, as the first one lies. score: to the first one. trouble: why it cannot be shown.
    """

    name: str
    width: int = 6000
    height: int = 4000
    look: int = 1
    turn: int = 0
    mirror: bool = False
    cut: tuple[float, float, float, float] = WHOLE
    suggest: Suggest = Suggest.UNDECIDED
    reason: str = ""
    score: float = 0.97
    size: int = 12_000_000
    quality: int | None = 90
    trouble: str = ""
    protected: bool = False
    preview: bool = False
    companions: tuple[str, ...] = ()


class Gallery(ScriptedSession):
    """A session of these clusters; `open` shows them. File ids run through all photos, companions come after all photos."""

    def __init__(self, *clusters: Sequence[Photo]) -> None:
        super().__init__()
        self.library = 1
        self._photos = [photo for cluster in clusters for photo in cluster]
        self._extra = [(file, name) for file, photo in enumerate(self._photos) for name in photo.companions]
        self._clusters = []
        self._first_of: dict[int, int] = {}
        at = 0
        for number, cluster in enumerate(clusters):
            files = tuple(range(at, at + len(cluster)))
            self._first_of.update(dict.fromkeys(files, at))
            self._clusters.append(_cluster(number, files, cluster))
            at += len(cluster)

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """What is shown."""
        return tuple(self._clusters)

    def file(self, file_id: int) -> FileView:
        if file_id >= len(self._photos):
            owner, name = self._extra[file_id - len(self._photos)]
            path = f"/photos/{name}"
            return FileView(file_id, path, path.encode(), 9000, 0, "ok", None, None, None, None, None, (owner,))
        photo = self._photos[file_id]
        path = f"/photos/{'Raw' if photo.protected else 'Export'}/{photo.name}"
        kind = photo.name.rpartition(".")[2].lower().replace("jpg", "jpeg")
        along = tuple(len(self._photos) + n for n, (owner, _) in enumerate(self._extra) if owner == file_id)
        return FileView(
            file_id,
            path,
            path.encode(),
            photo.size,
            0,
            "ok",
            None,
            kind,
            photo.width,
            photo.height,
            "2024-05-14T20:41:07",
            along,
            quality=photo.quality if kind == "jpeg" else None,
            camera="Olympus E-M1",
            exposure="1/125 s  f/2.8  ISO 400",
            protected=photo.protected,
        )

    def pair(self, a: int, b: int) -> PairView | None:
        if a == b or self._first_of.get(a) != self._first_of.get(b):
            return None
        one, other = self._photos[a], self._photos[b]
        changed = other if a == self._first_of[a] else one
        turn, mirror = (one.turn, one.mirror) if changed is one else (_back(other.turn, other.mirror), other.mirror)
        edits = [n for n, on in (("turned", changed.turn), ("mirrored", changed.mirror), ("crop", changed.cut != WHOLE)) if on]
        left, top, right, bottom = changed.cut
        lying = upright(changed.turn, changed.mirror).inverted()[0].mapRect(QRectF(left, top, right - left, bottom - top))
        box = (lying.left(), lying.top(), lying.right(), lying.bottom())
        tier = Tier.EDITED if edits else Tier.SAME_PICTURE
        parts = {"structure": 0.98, "edges": 0.96, "colour": 0.91}
        return PairView(a, b, changed.score, tier, parts, tuple(edits), turn, mirror, box)

    def links(self, files: Sequence[int]) -> tuple[PairView, ...]:
        first = min(files)
        return tuple(pair for file in files if (pair := self.pair(first, file)))

    def request_image(self, file_id: int, edge: int, *, ahead: bool = False) -> int:
        token = self._note("request_image", file_id, edge)
        if self.draws and not ahead:
            self.draw(token, file_id, edge)
        return token

    def draw(self, token: int, file_id: int, edge: int) -> None:
        """Answer a request."""
        photo = self._photos[file_id]
        size = (photo.width, photo.height)
        if photo.trouble:
            self.image_ready.emit(ImageReply(token, file_id, edge, None, error=photo.trouble))
            return
        pixels = pixels_of(photo, edge)
        self.image_ready.emit(ImageReply(token, file_id, edge, pixels, size, preview=photo.preview))


def pixels_of(photo: Photo, edge: int) -> NDArray[np.uint8]:
    """A photo at a size as the session gives it: uint8 (height, width, 4), blue green red 255."""
    width, height = photo.width, photo.height
    if edge and max(width, height) > edge:
        width, height = (max(1, round(side * edge / max(photo.width, photo.height))) for side in (width, height))
    return _pixels(photo.look, photo.turn, photo.mirror, photo.cut, width, height)


@cache
def _pixels(
    look: int, turn: int, mirror: bool, cut: tuple[float, float, float, float], width: int, height: int
) -> NDArray[np.uint8]:
    lying = (height, width) if turn % 180 else (width, height)
    base = _scene(look, *_painted(lying, cut))
    image = base.crop(tuple(int(part * side) for part, side in zip(cut, base.size * 2, strict=True)))  # type: ignore[arg-type]
    image = image.resize(lying, Image.Resampling.BILINEAR)
    if turn:
        image = image.rotate(turn, expand=True)  # Pillow turns the other way round, which is what undoes it
    if mirror:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    pixels = np.full((*image.size[::-1], 4), 255, np.uint8)
    pixels[..., :3] = np.asarray(image)[..., ::-1]
    pixels.setflags(write=False)
    return pixels


def _painted(size: tuple[int, int], cut: tuple[float, float, float, float]) -> tuple[int, int]:
    """Shape of the whole scene of which `cut` has this size, at the size of painting."""
    wide, high = size[0] / (cut[2] - cut[0]), size[1] / (cut[3] - cut[1])
    scale = PAINTED / max(wide, high)
    return round(wide * scale / 20) * 20, round(high * scale / 20) * 20


@cache
def _scene(look: int, width: int, height: int) -> Image.Image:
    return Image.fromarray(scene(look, width, height))


def _back(turn: int, mirror: bool) -> int:
    """The turn that undoes one."""
    return turn if mirror else (360 - turn) % 360


def _cluster(number: int, files: tuple[int, ...], photos: Sequence[Photo]) -> Cluster:
    verdicts = tuple(
        Verdict(file, photo.suggest, photo.reason, Tier.SAME_PICTURE) for file, photo in zip(files, photos, strict=True)
    )
    proposed = any(photo.suggest is Suggest.REMOVE for photo in photos)
    scores = [photo.score for photo in photos[1:]] or [1.0]
    freed = sum(photo.size for photo in photos if photo.suggest is Suggest.REMOVE)
    state = ClusterState.PROPOSED if proposed else ClusterState.UNDECIDED
    units = tuple((file,) for file in files)
    kept: dict[str, Any] = {"nests": (files,), "units": units, "state": state}
    return Cluster(f"key-{number}", files, Tier.EDITED, min(scores), max(scores), verdicts, freed, **kept)


K, T, U = Suggest.KEEP, Suggest.REMOVE, Suggest.UNDECIDED


def shop() -> tuple[Photo, ...]:
    """An upright photo with a crop, a turned scan and a small copy."""
    return (
        Photo("P5140211.ORF", 3888, 5184, 11, suggest=K, reason="RAW, more pixels", protected=True, preview=True,
              companions=("P5140211.JPG", "P5140211.XMP"), size=17_800_000),
        Photo("P5140211-Edit.jpg", 3072, 4070, 11, cut=(0.19, 0.12, 0.98, 0.905), reason="your crop", score=0.93),
        Photo("scan_0211.jpg", 5184, 3888, 11, turn=270, suggest=T, reason="turned copy", score=0.98),
        Photo("IMG-20240514-WA0007.jpg", 1327, 1769, 11, suggest=T, reason="2.9 × smaller, q 58", score=0.99, quality=58),
    )  # fmt: skip


def range_of_hills() -> tuple[Photo, ...]:
    """A wide photo, an edit of it and a mirrored copy."""
    return (
        Photo("_MG_2231.CR2", 6000, 3100, 23, suggest=K, reason="RAW, earlier"),
        Photo("_MG_2231-2.jpg", 6000, 3100, 23, score=0.96),
        Photo("_MG_2231-flip.jpg", 6000, 3100, 23, mirror=True, suggest=T, reason="mirrored copy", score=0.91),
    )


def many(count: int) -> tuple[Photo, ...]:
    """As many copies of one photo."""
    return tuple(
        Photo(f"DSC_{n:04}.jpg", 6000 - 90 * n, 4000 - 60 * n, 35, suggest=T if n else K, reason="smaller copy" if n else "best")
        for n in range(count)
    )


def unreadable() -> tuple[Photo, ...]:
    """A photo and one that is gone."""
    gone = "This photo is not there any more. Connect its disk, or look for it again with Rescan."
    return (
        Photo("IMG_0042.jpg", 4000, 3000, 47, suggest=K, reason="larger"),
        Photo("IMG_0042 (1).jpg", 4000, 3000, 47, trouble=gone),
    )
