"""Finds the files that are one shot: RAW with its camera JPEG or HEIC, sidecars, Live Photo movie. Pure: names and facts only.

Files of one folder and one stem (case and Unicode form aside) are looked at together, like this:

- Each RAW begins a shot; a RAW of another format joins it (CR2 beside its DNG). Pictures as cameras write them (JPEG, HEIF, AVIF,
  TIFF) join, one of each format. Capture times known on both sides agree to 2 s; where one is unknown, the cameras must agree.
- Pictures without RAW are each their own: a JPEG and a PNG of one stem are two pictures.
- A movie goes with the HEIF of its stem, else the JPEG, else the DNG (a Live Photo); a movie without one is no companion.
- ``IMG_1.CR2.xmp`` goes with IMG_1.CR2 (also darktable's ``IMG_1_01.CR2.xmp``). ``IMG_1.xmp`` goes with the RAW, ``IMG_1.AAE``
  and ``IMG_O1.AAE`` with the HEIF or JPEG as iPhones name them. Where several pictures could own such a file it goes with the
  first, and `shared_companions` names it, so that nobody proposes to remove a picture whose sidecar may be another's.
- Files that gave no picture (unreadable, damaged) keep their place in a shot, but a shot has at least one picture that did.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.formats import FORMATS
from engine.records import Role, Shot

TIME_TOLERANCE_S = 2
"""Cameras write the RAW and the JPEG of one press of the button some moments apart."""

_CAMERA_FORMATS = frozenset(("heif", "jpeg", "avif", "tiff"))  # what a camera writes beside a RAW
_STILL_FORMATS = ("heif", "jpeg", "avif", "dng")  # who owns a movie or an AAE, in order of preference
_LIVE_FORMATS = frozenset(("mov", "mp4"))
_ORIGINAL_NAME = re.compile(rb"^(img_)o(\d+)$", re.IGNORECASE)  # iPhone: IMG_O1234.AAE belongs to IMG_1234
_VERSION_NAME = re.compile(rb"^(.+)_\d\d(\.[^.]+)$")  # darktable: IMG_1_01.CR2.xmp is a further edit of IMG_1.CR2
_FORMAT_OF_SUFFIX = {suffix.encode(): entry.name for entry in FORMATS.values() for suffix in entry.suffixes}
_ROLES = {"raw": Role.RAW, "movie": Role.MOVIE, "sidecar": Role.SIDECAR}


@dataclass(frozen=True, slots=True)
class ShotFile:
    """What is needed of one file.

    index: its id, unique. path: raw absolute bytes. kind: ``picture`` ``raw`` ``movie`` ``sidecar`` ``other``, by content, or by
    name where the content could not be read. format: as in `formats.FORMATS`. taken: ``YYYY-MM-DDTHH:MM:SS``.
    is_picture: a picture came out of it.
    """

    index: int
    path: bytes
    kind: str
    format: str | None = None
    taken: str | None = None
    taken_fraction: str = ""
    make: str = ""
    model: str = ""
    is_picture: bool = False


@dataclass(slots=True, eq=False)
class _Draft:
    """A shot in the making: pictures first, then what joins them."""

    pictures: list[ShotFile]
    companions: list[ShotFile] = field(default_factory=list)

    def has_raw(self) -> bool:
        return any(file.kind == "raw" for file in self.pictures)

    def is_shot(self) -> bool:
        return len(self.pictures) + len(self.companions) >= 2 and any(file.is_picture for file in self.pictures)


def find_shots(files: Sequence[ShotFile]) -> tuple[Shot, ...]:
    """Shots of at least two files, ordered by their first file; each file is in at most one. Input order does not matter."""
    return _settle(files)[0]


def shared_companions(files: Sequence[ShotFile]) -> frozenset[int]:
    """Indices of the companions that could as well belong to another picture of their stem than the one they were given to."""
    return _settle(files)[1]


def _settle(files: Sequence[ShotFile]) -> tuple[tuple[Shot, ...], frozenset[int]]:
    folders: dict[bytes, list[ShotFile]] = {}
    for file in files:
        folders.setdefault(os.path.dirname(file.path), []).append(file)
    shots: list[Shot] = []
    shared: set[int] = set()
    for folder in folders.values():
        if len(folder) > 1:
            found = _Folder(sorted(folder, key=lambda file: (file.path, file.index)))
            shots += [_shot(draft) for draft in found.drafts if draft.is_shot()]
            shared |= found.shared
    shots.sort(key=lambda shot: shot.files)
    inside = {index for shot in shots for index in shot.files}
    return tuple(shots), frozenset(shared & inside)


def _shot(draft: _Draft) -> Shot:
    files = sorted(draft.pictures + draft.companions, key=lambda file: file.index)
    return Shot(tuple(file.index for file in files), tuple(_ROLES.get(file.kind, Role.RENDERED) for file in files))


class _Folder:
    """Settles the files of one folder, given sorted by path. drafts: all its pictures; shared: companions with several owners."""

    def __init__(self, files: list[ShotFile]) -> None:
        self.shared: set[int] = set()
        self.drafts: list[_Draft] = []
        self._by_stem: dict[str, list[_Draft]] = {}
        self._by_name: dict[bytes, ShotFile] = {_name(file): file for file in files}
        self._by_key: dict[str, list[ShotFile]] = {}
        for file in files:
            self._by_key.setdefault(_key(_name(file)), []).append(file)
        stems: dict[str, list[ShotFile]] = {}
        for file in files:
            if file.kind in ("raw", "picture"):
                stems.setdefault(_key(_stem(file)), []).append(file)
        for stem, pictures in stems.items():
            self._by_stem[stem] = _join_pictures(pictures)
            self.drafts += self._by_stem[stem]
        self._owner: dict[int, _Draft] = {file.index: draft for draft in self.drafts for file in draft.pictures}
        for file in files:
            if file.kind == "movie" and _format(file) in _LIVE_FORMATS:
                self._attach(file, self._movie_owners(file))
        for file in files:  # after the movies, which may own sidecars too
            if file.kind == "sidecar":
                self._attach(file, self._sidecar_owners(file))

    def _attach(self, file: ShotFile, owners: list[_Draft]) -> None:
        if owners:
            owners[0].companions.append(file)
            self._owner[file.index] = owners[0]
            if len(owners) > 1:
                self.shared.add(file.index)

    def _movie_owners(self, movie: ShotFile) -> list[_Draft]:
        drafts = self._by_stem.get(_key(_stem(movie)), [])
        return _best(drafts, lambda draft: _rank(draft, _STILL_FORMATS), _stem(movie), required=True)

    def _sidecar_owners(self, sidecar: ShotFile) -> list[_Draft]:
        base = _stem(sidecar)
        named = self._named(base)
        if named is None and (version := _VERSION_NAME.match(base)):
            named = self._named(version[1] + version[2])
        if named is not None:  # "IMG_1.CR2.xmp" is about that very file, whatever else bears the stem
            return named
        drafts = self._by_stem.get(_key(base), [])
        if _format(sidecar) != "aae":
            return _best(drafts, lambda draft: 0 if draft.has_raw() else 1, base)
        if not drafts and (original := _ORIGINAL_NAME.match(base)):
            base = original[1] + original[2]
            drafts = self._by_stem.get(_key(base), [])
        return _best(drafts, lambda draft: _rank(draft, _STILL_FORMATS), base)

    def _named(self, name: bytes) -> list[_Draft] | None:
        """Owners of a sidecar named after a whole file name; None where there is no such file."""
        exact = self._by_name.get(name)
        files = [exact] if exact is not None else self._by_key.get(_key(name), [])
        files = [file for file in files if file.kind != "sidecar"]
        if not files:
            return None
        owners: list[_Draft] = []
        for file in files:
            draft = self._owner.get(file.index)
            if draft is not None and draft not in owners:
                owners.append(draft)
        return owners


def _join_pictures(files: list[ShotFile]) -> list[_Draft]:
    """Pictures of one stem, sorted by path, as shots in the making: RAW first, then what stands alone."""
    drafts: list[_Draft] = []
    for file in files:
        if file.kind == "raw":
            home = next((draft for draft in drafts if _may_join(file, draft)), None)
            if home is None:
                drafts.append(_Draft([file]))
            else:
                home.pictures.append(file)
    rendered = [file for file in files if file.kind != "raw"]
    offers = [
        (_stem(draft.pictures[0]) != _stem(file), not _times_known(file, draft), number, file.path, file.index)
        for number, draft in enumerate(drafts)
        for file in rendered
        if _format(file) in _CAMERA_FORMATS
    ]
    by_index = {file.index: file for file in rendered}
    placed: set[int] = set()
    for *_, number, _path, index in sorted(offers):
        if index not in placed and _may_join(by_index[index], drafts[number]):
            drafts[number].pictures.append(by_index[index])
            placed.add(index)
    return drafts + [_Draft([file]) for file in rendered if file.index not in placed]


def _may_join(file: ShotFile, draft: _Draft) -> bool:
    return all(_format(file) != _format(other) and _agree(file, other) for other in draft.pictures)


def _times_known(file: ShotFile, draft: _Draft) -> bool:
    return _moment(file) is not None and any(_moment(other) is not None for other in draft.pictures)


def _agree(a: ShotFile, b: ShotFile) -> bool:
    """One press of the button, as far as the facts tell."""
    at_a, at_b = _moment(a), _moment(b)
    if at_a is not None and at_b is not None:
        return abs(at_a - at_b) <= TIME_TOLERANCE_S
    model_a, model_b = a.model.strip().casefold(), b.model.strip().casefold()
    return not model_a or not model_b or model_a in model_b or model_b in model_a


def _moment(file: ShotFile) -> float | None:
    """Capture time in seconds of the camera's clock, None if unknown."""
    if file.taken is None:
        return None
    try:
        whole = (datetime.fromisoformat(file.taken).replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds()
    except ValueError:
        return None
    digits = file.taken_fraction
    return whole + (float(f"0.{digits}") if digits.isascii() and digits.isdigit() else 0.0)


def _rank(draft: _Draft, formats: tuple[str, ...]) -> int:
    """Place of the draft's best picture in `formats`; their number if none is there."""
    return min((formats.index(name) for name in map(_format, draft.pictures) if name in formats), default=len(formats))


def _best(drafts: list[_Draft], rank: Callable[[_Draft], int], stem: bytes, *, required: bool = False) -> list[_Draft]:
    """The drafts that claim a companion with equal right, first by path first. required: those outside the rank have none."""
    claims: dict[tuple[int, bool], list[_Draft]] = {}
    for draft in sorted(drafts, key=lambda draft: min(file.path for file in draft.pictures)):
        place = rank(draft)
        if not (required and place == len(_STILL_FORMATS)):
            claims.setdefault((place, all(_stem(file) != stem for file in draft.pictures)), []).append(draft)
    return claims[min(claims)] if claims else []


def _name(file: ShotFile) -> bytes:
    return os.path.basename(file.path)


def _stem(file: ShotFile) -> bytes:
    return os.path.splitext(_name(file))[0]


def _format(file: ShotFile) -> str:
    """Its format, or what its suffix says where the content could not be read."""
    return file.format or _FORMAT_OF_SUFFIX.get(os.path.splitext(_name(file))[1].lower(), "")


def _key(name: bytes) -> str:
    """What names of one stem share: letters without case, in one Unicode form."""
    return unicodedata.normalize("NFC", name.decode("utf-8", "surrogateescape")).casefold()
